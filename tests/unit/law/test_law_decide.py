from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from commonseal.errors import BadInput
from commonseal.law import FACTS, Book, Rule, decide, thresholds, treatment
from commonseal.law import question as asking
from commonseal.law.build import build_rule
from commonseal.law.schema import check_shape
from commonseal.law.yaml_file import YamlFile
from commonseal.model import Decision, Outcome, Treatment

DAY = date(2026, 3, 2)
MODEL: dict[str, Any] = {"status": "model", "rank": "model", "stands": "adds"}


@pytest.fixture
def book_of(rule_file: Callable[..., YamlFile]) -> Callable[..., Book]:
    """Build a book of the small rule, once for each set of changes; pack `town`."""

    def build(*changes: dict[str, Any]) -> Book:
        rules: list[Rule] = []
        for number, change in enumerate(changes):
            file = rule_file({"id": f"town.r{number}", **change})
            assert check_shape(file), file.faults
            rule = build_rule(file, "town", f"town/r{number}.yaml")
            assert rule is not None, file.faults
            rules.append(rule)
        by_subject = {subject: tuple(r for r in rules if r.subject == subject) for subject in FACTS}
        return Book(("town",), tuple(rules), "", by_subject)

    return build


def ask(book: Book, *, as_of: date = DAY, adopted: tuple[str, ...] = ("town",), **facts: Any) -> Decision:
    return decide(book, "column", {"name": "c", **facts}, as_of=as_of, adopted=frozenset(adopted))


def whys(decision: Decision) -> list[str]:
    return [note.why for note in decision.considered]


def treat(operator: str, **params: Any) -> dict[str, Any]:
    return {"treatment": {"operator": operator, "params": params}}


def test_the_gravest_outcome_decides_and_stands_first(book_of: Callable[..., Book]) -> None:
    book = book_of({}, {"then": {"outcome": "forbidden"}}, {"when": "column.minors"})
    decision = ask(book, level=3)
    assert decision.outcome == Outcome.FORBIDDEN
    assert [found.outcome for found in decision.findings] == ["forbidden", "undetermined", "conditional"]
    assert not decision.allowed


def test_a_missing_fact_is_undetermined_only_where_it_matters(book_of: Callable[..., Book]) -> None:
    book = book_of({"when": "column.level >= 3 && column.minors"})
    assert ask(book, level=3).outcome == Outcome.UNDETERMINED
    assert ask(book, level=2).outcome == Outcome.ALLOWED
    (found,) = ask(book, level=3).findings
    assert "column.minors" in found.message.en
    assert "column.level" not in found.message.en
    assert found.remedy is not None
    assert whys(ask(book, level=3)) == ["cannot be told; not given: column.minors"]


def test_a_permission_that_cannot_be_told_is_not_needed(book_of: Callable[..., Book]) -> None:
    book = book_of({"kind": "permission", "then": {"outcome": "allowed"}})
    assert ask(book).outcome == Outcome.ALLOWED


def test_a_rule_speaks_from_its_first_day_to_its_last(book_of: Callable[..., Book]) -> None:
    book = book_of({"effective": {"from": "2025-01-01", "to": "2025-12-31"}})
    for day, applies, why in (
        (date(2024, 12, 31), False, "not yet in force: from 2025-01-01"),
        (date(2025, 1, 1), True, "applies"),
        (date(2025, 12, 31), True, "applies"),
        (date(2026, 1, 1), False, "no longer in force: ended 2025-12-31"),
    ):
        (note,) = ask(book, as_of=day, level=3).considered
        assert (note.applied, note.why) == (applies, why)


def test_a_model_rule_decides_only_where_its_pack_is_adopted(book_of: Callable[..., Book]) -> None:
    book = book_of(MODEL)
    assert whys(ask(book, level=3, adopted=())) == ["pack not adopted: town"]
    assert whys(ask(book, level=3, adopted=("tow", "town/part"))) == ["pack not adopted: town"]
    assert ask(book, level=3).outcome == Outcome.CONDITIONAL


def test_a_model_rule_that_conflicts_with_the_law_decides_nothing(book_of: Callable[..., Book]) -> None:
    book = book_of({**MODEL, "stands": "conflicts", "then": {"outcome": "forbidden"}})
    assert ask(book, level=3).outcome == Outcome.ALLOWED
    assert whys(ask(book, level=3)) == ["conflicts with national law and decides nothing"]


def test_a_rule_that_needs_review_warns_and_never_decides(book_of: Callable[..., Book]) -> None:
    book = book_of({"status": "needs_review", "then": {"outcome": "forbidden"}})
    decision = ask(book, level=3)
    assert decision.outcome == Outcome.ALLOWED
    assert [found.outcome for found in decision.findings] == [Outcome.CONDITIONAL]
    assert decision.findings[0].citation.status == "needs_review"
    assert ask(book).outcome == Outcome.ALLOWED


@pytest.mark.parametrize(
    ("winner", "loser", "why"),
    [
        ({}, {"rank": "departmental_rule"}, "of higher rank"),
        ({"when": 'column.category == "c"'}, {}, "more special"),
        ({"effective": {"from": "2025-06-01"}}, {}, "later"),
    ],
)
def test_rules_on_one_matter_yield(
    book_of: Callable[..., Book], winner: dict[str, Any], loser: dict[str, Any], why: str
) -> None:
    book = book_of(
        {**winner, "matter": "m", "kind": "permission", "then": {"outcome": "allowed"}},
        {**loser, "matter": "m", "then": {"outcome": "forbidden"}},
    )
    decision = ask(book, level=3, category="c")
    assert decision.outcome == Outcome.ALLOWED
    assert whys(decision) == ["applies", f"yields to town.r0: {why}"]


def test_rules_on_different_matters_both_stand(book_of: Callable[..., Book]) -> None:
    book = book_of({"matter": "m"}, {"matter": "n", "rank": "standard", "then": {"outcome": "forbidden"}})
    assert len(ask(book, level=3).findings) == 2


def test_a_category_beats_a_level_though_it_is_weaker(book_of: Callable[..., Book]) -> None:
    book = book_of(
        {"then": treat("hmac_sha256")},
        {"when": 'column.category == "mobile"', "then": treat("mask", keep_from=3, keep_to=7)},
    )
    decision = ask(book, level=3, category="mobile")
    assert treatment(decision) == Treatment("mask", {"keep_from": 3, "keep_to": 7})
    assert whys(decision)[0] == "yields to town.r1: more special"
    assert treatment(ask(book, level=3, category="plate")) == Treatment("hmac_sha256")


def test_of_equally_special_treatments_the_stronger_stands(book_of: Callable[..., Book]) -> None:
    book = book_of(
        {"then": treat("mask", keep_from=3, keep_to=7)},
        {"then": treat("mask", keep_from=4, keep_to=6)},
        {"then": treat("keep"), "effective": {"from": "2025-06-01"}},
    )
    decision = ask(book, level=3)
    assert treatment(decision) == Treatment("mask", {"keep_from": 4, "keep_to": 6})
    assert whys(decision)[0] == whys(decision)[2] == "yields to town.r1: asks for more"


def test_a_duty_to_treat_is_met_by_any_treatment(book_of: Callable[..., Book]) -> None:
    duty = {"then": {"outcome": "forbidden", "unless": "treated"}}
    assert ask(book_of(duty), level=3).outcome == Outcome.FORBIDDEN
    decision = ask(book_of(duty, {"then": treat("keep")}), level=3)
    assert decision.outcome == Outcome.CONDITIONAL
    assert whys(decision)[0] == "met: town.r1 says how to treat it"


def test_sentences_are_filled_and_reach_nothing_else(book_of: Callable[..., Book]) -> None:
    low = {"low": {"unit": "share", "values": [{"from": "2025-01-01", "value": "1/3", "reference": []}]}}
    message = {"en": "{column.name} {param.low} {column.minors}", "zh": "{column.level}"}
    book = book_of({"parameters": low, "then": {"message": message}})
    (found,) = decide(
        book, "column", {"name": "{param.low}", "level": 3}, as_of=DAY, adopted=frozenset()
    ).findings
    assert found.message.en == "{param.low} 0.3333 —"
    assert found.message.zh == "3"


def test_a_number_is_the_one_in_force_on_the_day(book_of: Callable[..., Book]) -> None:
    values = [{"from": f, "value": v, "reference": []} for f, v in (("2025-01-01", 3), ("2026-01-01", 5))]
    strict = {
        "kind": "threshold",
        "subject": "release",
        "when": "release.rows > 0",
        "parameters": {"k": {"unit": "persons", "values": values}},
        "then": {"outcome": "forbidden", "message": {"en": "x", "zh": "x"}, "measure": "smallest_class", "at_least": "k"},
        "tests": [
            {"name": n, "as_of": "2025-06-01", "given": {}, "expect": {"applies": False, "outcome": "undetermined"}}
            for n in "ab"
        ],
    }  # fmt: skip
    milder = {**strict, "parameters": {"k": {"unit": "persons", "values": [{**values[0], "value": 2}]}}}
    book = book_of(milder, strict)
    for day, limit in ((date(2025, 12, 31), 3), (date(2026, 1, 1), 5)):
        (found,) = thresholds(book, {"rows": 9}, as_of=day, adopted=frozenset())
        assert (found.limit, found.citation.rule) == (limit, "town.r1")
    facts = {"rows": 9, "smallest_class": 4}
    decision = decide(book, "release", facts, as_of=DAY, adopted=frozenset())
    assert decision.outcome == Outcome.FORBIDDEN
    assert whys(decision) == [
        "holds: smallest_class 4, limit >= 2",
        "broken: smallest_class 4, limit >= 5",
    ]
    assert (
        decide(book, "release", {"rows": 9}, as_of=DAY, adopted=frozenset()).outcome == Outcome.UNDETERMINED
    )
    with pytest.raises(BadInput, match=r"release\.rows"):
        thresholds(book, {}, as_of=DAY, adopted=frozenset())


def test_lists_are_bounded_by_how_deep_the_rules_loop(
    book_of: Callable[..., Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MAX_STEPS", 100)
    loops = "agreement.columns_agreed.exists(a, agreement.adopted_packs.exists(b, a == b))"
    then = {"outcome": "forbidden", "message": {"en": "x", "zh": "x"}}
    tests = [
        {
            "name": n,
            "as_of": "2025-06-01",
            "given": {},
            "expect": {"applies": False, "outcome": "undetermined"},
        }
        for n in "ab"
    ]
    book = book_of({"subject": "agreement", "when": loops, "then": then, "tests": tests})
    for length in (10, 11):
        facts = {"columns_agreed": tuple("a" * length), "adopted_packs": ("b",)}
        if length == 10:
            assert decide(book, "agreement", facts, as_of=DAY, adopted=frozenset()).outcome == Outcome.ALLOWED
        else:
            with pytest.raises(BadInput, match="11 entries in rules that loop 2 deep"):
                decide(book, "agreement", facts, as_of=DAY, adopted=frozenset())
