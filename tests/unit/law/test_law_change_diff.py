from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from commonseal.errors import BadInput
from commonseal.law import InstrumentDiff, diff_days, load_book

OLD = {"from": "2025-01-01", "to": "2025-12-31"}
NEW = {"from": "2026-01-01", "to": None}


def dated(*values: tuple[str, float]) -> dict[str, object]:
    return {
        "sure": {
            "unit": "share",
            "values": [{"from": day, "value": value, "reference": [{"title": day}]} for day, value in values],
        }
    }


def only(found: tuple[InstrumentDiff, ...]) -> InstrumentDiff:
    assert len(found) == 1
    return found[0]


def test_a_rule_that_begins_and_one_that_ends(pack: Callable[..., Path]) -> None:
    folder = pack(
        {"effective": OLD, "when": "column.level >= 2"},
        {"effective": NEW, "when": "column.level >= 4"},
        {},
    )
    part = only(diff_days(load_book([folder]), date(2025, 6, 1), date(2026, 6, 1)))
    assert [rule.id for rule in part.ends] == ["town.columns.rule-0"]
    assert [rule.id for rule in part.begins] == ["town.columns.rule-1"]
    assert part.changes == part.replaces == ()


def test_both_days_are_in_the_time_that_a_rule_holds(pack: Callable[..., Path]) -> None:
    book = load_book([pack({"effective": OLD}, {"effective": NEW, "when": "column.level >= 4"})])
    assert diff_days(book, date(2025, 1, 1), date(2025, 12, 31)) == ()
    part = only(diff_days(book, date(2025, 12, 31), date(2026, 1, 1)))
    assert len(part.begins) == len(part.ends) == 1


def test_a_rule_that_came_and_went_between_is_in_neither(pack: Callable[..., Path]) -> None:
    book = load_book([pack({"effective": OLD})])
    assert diff_days(book, date(2024, 12, 31), date(2026, 1, 1)) == ()


def test_a_number_that_changes_is_told_with_its_day_and_source(pack: Callable[..., Path]) -> None:
    change = {
        "when": "column.confidence >= param.sure",
        "parameters": dated(("2025-01-01", 0.5), ("2026-01-01", 0.75), ("2027-01-01", 0.9)),
    }
    book = load_book([pack(change)])
    change_2026 = only(diff_days(book, date(2025, 6, 1), date(2026, 6, 1))).changes[0].numbers[0]
    assert (change_2026.name, change_2026.before, change_2026.after) == ("sure", 0.5, 0.75)
    assert change_2026.since == date(2026, 1, 1)
    assert [reference.title for reference in change_2026.references] == ["2026-01-01"]
    assert diff_days(book, date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_a_renumbered_rule_is_told_as_one_that_takes_the_others_place(pack: Callable[..., Path]) -> None:
    folder = pack(
        {"id": "town.law.59.graver.until-2025", "effective": OLD, "citation": {"article": "art. 59"}},
        {"id": "town.law.61.graver", "effective": NEW, "citation": {"article": "art. 61"}},
    )
    part = only(diff_days(load_book([folder]), date(2025, 12, 31), date(2026, 1, 1)))
    assert part.begins == part.ends == ()
    pair = part.replaces[0]
    assert pair.before is not None
    assert (pair.before.citation.article, pair.rule.citation.article) == ("art. 59", "art. 61")


def test_one_name_pairs_rules_whose_text_changed(pack: Callable[..., Path]) -> None:
    folder = pack(
        {"id": "town.law.21.kept.until-2025", "effective": OLD, "when": "column.level >= 2"},
        {"id": "town.law.23.kept", "effective": NEW, "kind": "prohibition", "when": "column.level >= 3"},
    )
    part = only(diff_days(load_book([folder]), date(2025, 12, 31), date(2026, 1, 1)))
    assert [pair.rule.id for pair in part.replaces] == ["town.law.23.kept"]


def test_a_gap_of_a_day_makes_two_rules_of_it(pack: Callable[..., Path]) -> None:
    later = {"from": "2026-01-02", "to": None}
    folder = pack({"effective": OLD}, {"effective": later})
    part = only(diff_days(load_book([folder]), date(2025, 6, 1), date(2026, 6, 1)))
    assert len(part.begins) == len(part.ends) == 1


def test_of_several_that_say_the_same_each_is_matched_once_with_the_nearest(
    pack: Callable[..., Path],
) -> None:
    folder = pack(
        {"id": "town.law.59.graver-unit.until-2025", "effective": OLD},
        {"id": "town.law.59.graver-person.until-2025", "effective": OLD},
        {"id": "town.law.61.graver-person", "effective": NEW},
        {"id": "town.law.61.graver-unit", "effective": NEW},
    )
    part = only(diff_days(load_book([folder]), date(2025, 12, 31), date(2026, 1, 1)))
    pairs = {pair.before.id: pair.rule.id for pair in part.replaces if pair.before is not None}
    assert pairs == {
        "town.law.59.graver-unit.until-2025": "town.law.61.graver-unit",
        "town.law.59.graver-person.until-2025": "town.law.61.graver-person",
    }


def test_the_days_come_in_order() -> None:
    with pytest.raises(BadInput, match="the earlier day first"):
        diff_days(load_book(["city/agreement"]), date(2026, 1, 1), date(2025, 1, 1))


def test_the_cybersecurity_law_is_renumbered_on_the_first_day_of_2026() -> None:
    book = load_book(["cn/csl"])
    found = diff_days(book, date(2025, 12, 31), date(2026, 1, 1))
    pairs = {
        (pair.before.citation.article, pair.rule.citation.article)
        for part in found
        for pair in part.replaces
        if pair.before is not None
    }
    assert ("CSL art. 21", "CSL art. 23") in pairs
    assert ("CSL art. 59(1)", "CSL art. 61(1)") in pairs
    assert [rule for part in found for rule in part.ends] == []
