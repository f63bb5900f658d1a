from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import commonseal
from commonseal.errors import BadInput, BadPack
from commonseal.law import (
    OUTCOMES,
    Book,
    Overlay,
    Simulation,
    Stored,
    decide,
    decision_json,
    lay_over,
    load_book,
    read_decisions,
    simulate_change,
)
from commonseal.model import Outcome

LAWBOOK = Path(commonseal.__file__).parent / "lawbook"
DAY = date(2025, 6, 1)
FORBIDS = {"then": {"outcome": "forbidden"}}


def of(number: int) -> str:
    return f"town.columns.rule-{number}"


def stored(book: Book, **facts: Any) -> Stored:
    given = {"name": "c", **facts}
    decision = decide(book, "column", given, as_of=DAY, adopted=frozenset())
    return Stored("one", decision_json(decision, "en"))


def tried(base: Book, change: Book, *levels: int) -> tuple[Overlay, Simulation]:
    overlay = lay_over(base, change)
    return overlay, simulate_change(overlay, [stored(base, level=level) for level in levels])


def test_a_rule_of_the_same_id_replaces_and_a_new_one_adds(pack: Callable[..., Path]) -> None:
    base = load_book([pack({}, {})])
    change = load_book([pack(FORBIDS, {"id": "town.columns.new"}, name="change")])
    overlay = lay_over(base, change)
    assert overlay.replaced == (of(0),)
    assert overlay.added == ("town.columns.new",)
    assert [rule.id for rule in overlay.book.rules] == ["town.columns.new", of(0), of(1)]
    assert {rule.pack for rule in overlay.book.rules} == {"town"}
    assert base.rule(of(0)) is not overlay.book.rule(of(0))
    assert overlay.book.digest != base.digest


def test_decisions_turn_with_the_rule_that_turns_them(pack: Callable[..., Path]) -> None:
    base = load_book([pack({})])
    change = load_book([pack(FORBIDS, name="change")])
    _, found = tried(base, change, 1, 3, 4)
    assert found.decisions == 3
    assert found.flows == {
        (Outcome.ALLOWED, Outcome.ALLOWED): 1,
        (Outcome.CONDITIONAL, Outcome.FORBIDDEN): 2,
    }
    assert [(turn.before, turn.after, turn.rules, turn.graver) for turn in found.turns] == [
        (Outcome.CONDITIONAL, Outcome.FORBIDDEN, (of(0),), True)
    ] * 2
    assert found.by_rule == {of(0): (2, 0)}
    assert found.drifted == ()


def test_a_rule_that_is_ended_makes_decisions_milder(pack: Callable[..., Path]) -> None:
    base = load_book([pack({})])
    change = load_book([pack({"effective": {"to": "2025-05-31"}}, name="change")])
    _, found = tried(base, change, 3)
    assert [(turn.after, turn.graver) for turn in found.turns] == [(Outcome.ALLOWED, False)]
    assert found.by_rule == {of(0): (0, 1)}


def test_only_the_rule_that_turns_by_itself_is_named(pack: Callable[..., Path]) -> None:
    base = load_book([pack({}, {"when": "column.level >= 2"})])
    harsher = {**FORBIDS, "when": "column.level >= 2"}
    milder = {"when": "column.level >= 3"}
    change = load_book([pack(harsher, milder, name="change")])
    _, found = tried(base, change, 2)
    assert found.turns[0].rules == (of(0),)


def test_where_rules_turn_only_together_all_are_named(pack: Callable[..., Path]) -> None:
    base = load_book([pack({}, {})])
    ended = {"effective": {"to": "2025-05-31"}}
    change = load_book([pack(ended, ended, name="change")])
    _, found = tried(base, change, 3)
    assert found.turns[0].rules == (of(0), of(1))


def test_a_permission_that_makes_a_prohibition_yield_is_named(pack: Callable[..., Path]) -> None:
    matter = {"matter": "levels"}
    base = load_book([pack({**FORBIDS, **matter})])
    permits = {"id": "town.columns.permit", "kind": "permission", "matter": "levels",
               "when": "column.level >= 3 && column.confidence >= 0",
               "then": {"outcome": "allowed", "message": {"zh": "可以", "en": "may"}}}  # fmt: skip
    change = load_book([pack(permits, name="change")])
    overlay = lay_over(base, change)
    found = simulate_change(overlay, [stored(base, level=3, confidence=0.5)])
    assert [(turn.after, turn.rules) for turn in found.turns] == [(Outcome.ALLOWED, ("town.columns.permit",))]


def test_a_change_with_a_pack_of_its_own_is_tried_as_adopted(pack: Callable[..., Path]) -> None:
    base = load_book([pack({})])
    model = {"id": "ours.strict", "status": "model", "rank": "model", "stands": "adds", **FORBIDS}
    change = load_book([pack(model, name="ours")])
    overlay, found = tried(base, change, 3)
    assert overlay.adopts == {"ours"}
    assert found.by_rule == {"ours.strict": (1, 0)}


def test_a_new_rule_stands_in_the_pack_that_its_id_names(pack: Callable[..., Path]) -> None:
    base = load_book(["city/sharing", "eu/wp216"])
    names = ("city.sharing.own", "eu.wp216.own", "eu.dga.own", "city.parking.own", "ours.own")
    change = load_book([pack(*({"id": name} for name in names), name="change")])
    overlay = lay_over(base, change)
    placed = {rule.id: rule.pack for rule in overlay.book.rules if rule.id in names}
    assert placed == {
        "city.sharing.own": "city/sharing",
        "eu.wp216.own": "eu/wp216",
        "eu.dga.own": "eu/change",
        "city.parking.own": "change",
        "ours.own": "change",
    }


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_change_laid_over_decides_as_if_it_were_written_there(
    pack: Callable[..., Path], level: int
) -> None:
    rules: list[dict[str, Any]] = [{}, {"when": "column.level >= 2"}]
    changed = [{**FORBIDS, "when": "column.level >= 4"}, rules[1]]
    overlay = lay_over(load_book([pack(*rules)]), load_book([pack(changed[0], name="change")]))
    written = load_book([pack(*changed, name="other")])
    facts = {"name": "c", "level": level}
    laid, plain = (
        decide(book, "column", facts, as_of=DAY, adopted=frozenset()) for book in (overlay.book, written)
    )
    assert (laid.outcome, laid.findings, laid.considered) == (plain.outcome, plain.findings, plain.considered)


def test_what_the_book_answers_otherwise_already_has_drifted(pack: Callable[..., Path]) -> None:
    base = load_book([pack({})])
    overlay = lay_over(base, load_book([pack(FORBIDS, name="change")]))
    kept = stored(base, level=3)
    other = Stored("old", {**kept.document, "outcome": "allowed"})
    found = simulate_change(overlay, [kept, other])
    assert found.drifted == ("old",)
    assert len(found.turns) == 2


def test_a_due_day_that_moves_is_told_though_no_outcome_turns(tmp_path: Path) -> None:
    base = load_book(["cn/gds"])
    rule = base.rule("cn.gds.21-1.answer-conditional")
    assert rule is not None
    text = (LAWBOOK / rule.file).read_text(encoding="utf-8")
    (tmp_path / "faster").mkdir()
    (tmp_path / "faster" / "answer.yaml").write_text(
        text.replace("value: 10,", "value: 5,"), encoding="utf-8"
    )
    overlay = lay_over(base, load_book([tmp_path / "faster"]))
    facts = {"attribute": "conditional", "received_at": "2026-03-02"}
    decision = decide(base, "share_request", facts, as_of=date(2026, 3, 3), adopted=frozenset())
    found = simulate_change(overlay, [Stored("one", decision_json(decision, "en"))])
    assert found.turns == ()
    assert [(shift.kind, shift.rule, shift.before, shift.after) for shift in found.shifts] == [
        ("obligation", rule.id, "2026-03-16", "2026-03-09")
    ]


def test_the_book_laid_over_itself_changes_nothing() -> None:
    base = load_book(["cn/gds"])
    overlay = lay_over(base, base)
    facts = {"attribute": "conditional", "received_at": "2026-03-02"}
    decision = decide(base, "share_request", facts, as_of=date(2026, 3, 3), adopted=frozenset())
    found = simulate_change(overlay, [Stored("one", decision_json(decision, "zh"))])
    assert found.turns == found.shifts == found.drifted == ()
    assert len(overlay.replaced) == len(base.rules)


def test_faults_of_all_stored_decisions_are_told_at_once(pack: Callable[..., Path]) -> None:
    base = load_book([pack({})])
    overlay = lay_over(base, base)
    bad = {"outcome": "allowed", "as_of": "2025-06-01", "facts": {"column": {"nose": 1}, "adopted": []}}
    worse = {"outcome": "allowed", "as_of": "someday", "facts": {}}
    with pytest.raises(BadInput) as fault:
        simulate_change(overlay, [Stored("a.json", bad), Stored("b.json", worse)])
    assert "a.json: column.nose" in fault.value.message.en
    assert "b.json: stored decision" in fault.value.message.en


def test_decisions_are_read_from_files_lists_lines_and_packages(tmp_path: Path) -> None:
    one = {
        "outcome": "allowed",
        "as_of": "2025-06-01",
        "facts": {"column": {}, "adopted": []},
        "considered": [],
    }
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.json").write_text(json.dumps(one))
    (tmp_path / "b.json").write_text(json.dumps([one, one]))
    (tmp_path / "c.jsonl").write_text(f"{json.dumps(one)}\n\n{json.dumps(one)}\n")
    (tmp_path / "inner" / "manifest.json").write_text(json.dumps({"format": "x", "decisions": [one]}))
    (tmp_path / "inner" / "refusal-001.json").write_text(json.dumps({"refusal": {"decisions": [one]}}))
    (tmp_path / "inner" / "receipt.json").write_text("{}")
    (tmp_path / "readme.txt").write_text("no")
    shelf = read_decisions(tmp_path)
    assert [each.where for each in shelf.decisions] == [
        "a.json", "b.json[0]", "b.json[1]", "c.jsonl:1", "c.jsonl:3",
        "inner/manifest.json[0]", "inner/refusal-001.json[0]",
    ]  # fmt: skip
    assert shelf.passed_over == ["inner/receipt.json"]
    assert "considered" not in shelf.decisions[0].document


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "{", "a.json: not JSON"),
        ("a.json", "[" * 100_000, "a.json: not JSON"),
        ("a.jsonl", '{"outcome"', "a.jsonl:1: not JSON"),
        ("a.json", "{}", "no stored decision"),
        ("a.jsonl", "", "no stored decision"),
    ],
)
def test_files_that_hold_no_decision(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(BadInput, match=said):
        read_decisions(tmp_path / name)
    with pytest.raises(BadInput, match=said):
        read_decisions(tmp_path)


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonseal.law.stored.MAX_LINE", 10)
    monkeypatch.setattr("commonseal.law.stored.MAX_BYTES", 10)
    (tmp_path / "a.jsonl").write_text("[]\n" + "x" * 20)
    (tmp_path / "b.json").write_text("x" * 20)
    for name in ("a.jsonl", "b.json"):
        with pytest.raises(BadInput, match="split it into JSON lines"):
            read_decisions(tmp_path / name)


def test_a_broken_change_is_refused_as_any_pack(pack: Callable[..., Path]) -> None:
    with pytest.raises(BadPack, match=r"change/r0\.yaml:18 when: got 'column\.nose'"):
        load_book([pack({"when": "column.nose >= 1"}, name="change")])


def test_outcomes_stand_by_gravity() -> None:
    assert list(OUTCOMES) == ["allowed", "conditional", "undetermined", "forbidden"]
