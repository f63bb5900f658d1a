from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from commonseal.errors import BadInput
from commonseal.law import Book, compare_laws, load_book
from commonseal.model import Outcome

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "two-laws-incident.json"
DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def test_a_leak_is_reported_in_four_hours_there_and_in_seventy_two_here(book: Book) -> None:
    facts = json.loads(EXAMPLE.read_text(encoding="utf-8"))["facts"]
    found = compare_laws(book, "incident", facts, ["cn", "eu"], as_of=DAY, adopted=frozenset())
    china, union = found.decisions
    assert (china.jurisdiction, union.jurisdiction) == ("cn", "eu")
    assert china.outcome == union.outcome == Outcome.CONDITIONAL
    assert found.agrees
    discovered = datetime.fromisoformat("2026-03-02T22:15:00+08:00")
    assert [owed.due_at for owed in china.obligations] == [discovered + timedelta(hours=4)]
    assert [owed.due_at for owed in union.obligations] == [discovered + timedelta(hours=72)]
    assert {each.who for each in union.authorities} == {"data_protection_authority"}


def test_an_inner_camera_differs_between_the_laws(book: Book) -> None:
    facts = {"place": "private_interior", "purpose": "public_security"}
    found = compare_laws(book, "device_application", facts, ["eu", "cn"], as_of=DAY, adopted=frozenset())
    assert [decision.jurisdiction for decision in found.decisions] == ["eu", "cn"]
    assert found.decisions[1].outcome == Outcome.FORBIDDEN
    assert not found.agrees


def test_the_city_is_national_law_with_its_own_packs(book: Book) -> None:
    facts = {"devices": 300, "households": 1000}
    found = compare_laws(book, "device_application", facts, ["cn", "city"], as_of=DAY, adopted=frozenset())
    rule = "city.collection.proportion-ceiling"
    spoke = [rule in {f.citation.rule for f in decision.findings} for decision in found.decisions]
    assert spoke == [False, True]


@pytest.mark.parametrize("asked", [[], ["cn"], ["cn", "cn"], ["cn", "us"], ["cn", "eu", "us"]])
def test_two_or_more_that_are_known_and_each_once(book: Book, asked: list[str]) -> None:
    with pytest.raises(BadInput, match="two or more of cn, city, eu, each once"):
        compare_laws(book, "incident", {}, asked, as_of=DAY, adopted=frozenset())


def test_facts_that_are_none_of_the_subject(book: Book) -> None:
    with pytest.raises(BadInput, match=r"incident\.nose: no such fact"):
        compare_laws(book, "incident", {"nose": 1}, ["cn", "eu"], as_of=DAY, adopted=frozenset())
