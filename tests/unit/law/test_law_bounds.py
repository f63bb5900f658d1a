"""A pack is input from strangers: of whatever kind its rules are, it is bounded before it runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonseal.errors import BadInput, BadPack
from commonseal.law import FACTS, Kind, decide, load_book
from commonseal.law.scan import scan_condition
from commonseal.law.trial import Trial, try_conditions

WORDS = {"zh": "事", "en": "it"}
CASES = [
    {"name": n, "as_of": "2025-06-01", "given": {}, "expect": {"applies": False, "outcome": "allowed"}}
    for n in "ab"
]
HELD: dict[str, tuple[str, dict[str, Any]]] = {
    "deadline": (
        "conditional",
        {"deadline": {"what": WORDS, "by": "provider", "from": "received_at", "within": "n"}},
    ),
    "retention": ("forbidden", {"retention": {"measure": "record_days", "at_least": "n", "what": WORDS}}),
    "competence": ("allowed", {"authority": {"who": "court", "tier": "any", "for": WORDS}}),
    "sanction": ("allowed", {"sanction": {"on": "unit", "currency": "CNY", "fine_max": "n"}}),
    "definition": ("allowed", {"defines": WORDS}),
    "threshold": ("forbidden", {"measure": "record_days", "at_least": "n"}),
}


def rule(kind: str, when: str, value: float = 3) -> dict[str, Any]:
    outcome, block = HELD[kind]
    return {
        "kind": kind,
        "subject": "share_request",
        "when": when,
        "parameters": {
            "n": {
                "unit": "day",
                "values": [{"from": "2025-01-01", "value": value, "reference": [{"title": "Law"}]}],
            }
        },
        "then": {"outcome": outcome, "message": WORDS, **block},
        "tests": CASES,
    }


@pytest.mark.parametrize("kind", HELD)
def test_a_stranger_s_rule_of_any_kind_is_tried_and_loads(pack: Callable[..., Path], kind: str) -> None:
    (loaded,) = load_book([pack(rule(kind, "share_request.sensitive"))]).rules
    assert loaded.kind == kind


@pytest.mark.parametrize("kind", HELD)
def test_a_stranger_s_rule_of_any_kind_is_killed_when_it_takes_long(
    pack: Callable[..., Path], kind: str
) -> None:
    started = time.monotonic()
    with pytest.raises(BadPack, match=r"took over 0\.01 s"):
        load_book([pack(rule(kind, "share_request.sensitive"))], trial_seconds=0.01)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("kind", HELD)
def test_a_stranger_s_rule_of_any_kind_is_bounded(pack: Callable[..., Path], kind: str) -> None:
    long = " && ".join(["share_request.sensitive"] * 200)
    deep = "share_request.record_items.exists(a, share_request.record_items.exists(b, share_request.record_items.exists(c, a == b)))"
    with pytest.raises(BadPack) as fault:
        load_book([pack(rule(kind, long), rule(kind, deep), rule(kind, "share_request.use_basis > param.n"))])
    said = fault.value.message.en
    assert "expected at most 4096" in said
    assert "comprehensions nest 3 deep, expected at most 2" in said
    assert "guard a nullable fact" in said


@pytest.mark.parametrize("kind", ["deadline", "retention"])
def test_a_period_is_no_longer_than_a_life(pack: Callable[..., Path], kind: str) -> None:
    with pytest.raises(BadPack, match="n"):
        load_book([pack(rule(kind, "share_request.sensitive", value=10**9))])


def test_four_kilobytes_are_let_through_and_one_byte_more_is_not() -> None:
    fits = "share_request.sensitive" + " " * (4096 - len("share_request.sensitive"))
    assert not scan_condition(fits, "share_request", ())[1]
    assert scan_condition(f"{fits} ", "share_request", ())[1]


def test_twenty_thousand_terms_crash_only_the_process_that_tries_them() -> None:
    crashing = "1" + "+1" * 200_000
    (fault,) = try_conditions([Trial("town/bomb.yaml", "share_request", crashing, {})], seconds=30)
    assert "crashed" in fault.en


def test_the_lists_of_a_case_are_bounded() -> None:
    name = next(name for name, fact in FACTS["collection"].items() if fact.kind == Kind.LIST)
    book = load_book(["cn/pipl"])
    most = {name: ("x",) * 10_000}
    assert decide(book, "collection", most, as_of=date(2026, 3, 2), adopted=frozenset())
    with pytest.raises(BadInput, match="10001 entries"):
        decide(book, "collection", {name: ("x",) * 10_001}, as_of=date(2026, 3, 2), adopted=frozenset())


def test_looking_for_an_entry_within_a_loop_counts_as_a_loop() -> None:
    agreed, packs = "agreement.columns_agreed", "agreement.adopted_packs"
    looking = f"{agreed}.all(a, a in {packs}) && {packs}.exists(b, b == 'x')"
    assert scan_condition(looking, "agreement", ())[0].steps == (0, 2, 1)
    written = f"['a', 'b', 'c'].all(a, a in {packs})"
    assert scan_condition(written, "agreement", ())[0].steps == (0, 3)


def test_many_cheap_conditions_are_bounded_together(pack: Callable[..., Path]) -> None:
    slow = " && ".join(["share_request.record_items.all(a, a != 'y')"] * 60)
    book = load_book([pack(*[rule("sanction", slow)] * 6)])
    facts = {"record_items": ("x",) * 10_000}
    with pytest.raises(BadInput, match="3000000 of all"):
        decide(book, "share_request", facts, as_of=date(2026, 3, 2), adopted=frozenset({"town"}))


def test_a_text_that_steers_a_terminal_is_refused(pack: Callable[..., Path]) -> None:
    for steering in ("\x1b[31mred", "\x9b2J", "\u202eback", "\x07"):
        folder = pack({}, name=f"town{ord(steering[0])}")
        file = folder / "r0.yaml"
        escaped = "".join(f"\\u{ord(c):04x}" if not c.isprintable() else c for c in steering)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("matter:", "x:") + f'\nmatter: "{escaped}"\n', encoding="utf-8")
        with pytest.raises(BadPack, match="control and direction characters"):
            load_book([folder])


def test_a_link_out_of_a_pack_is_not_followed(pack: Callable[..., Path], tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text("a: secret", encoding="utf-8")
    folder = pack({})
    (folder / "link.yaml").symlink_to(outside)
    with pytest.raises(BadPack, match="leads out of the pack") as fault:
        load_book([folder])
    assert "secret" not in fault.value.message.en.replace("link.yaml", "")
