from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from commonseal.errors import BadInput
from commonseal.law import Book, decide, decision_json, load_book, replay, told
from commonseal.law.why import REASONS, reason

DAY = date(2026, 3, 2)
FACTS: dict[str, Any] = {
    "recipient_kind": "department",
    "purpose": "",
    "columns_agreed": ("a", "b"),
    "valid_to": date(2026, 3, 1),
}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(["cn"])


def test_a_decision_is_stored_as_the_contract_says(book: Book) -> None:
    decision = decide(book, "agreement", FACTS, as_of=DAY, adopted=frozenset({"city"}))
    stored = decision_json(decision, "zh")
    assert list(stored) == [
        "outcome", "as_of", "jurisdiction", "findings", "obligations", "authorities", "sanctions", "considered", "facts",
    ]  # fmt: skip
    assert (stored["outcome"], stored["as_of"]) == ("forbidden", "2026-03-02")
    first = stored["findings"][0]
    assert {"rule", "instrument", "article", "message", "remedy", "status", "subject"} <= set(first)
    assert first["instrument"] == "政务数据共享条例"
    assert len(stored["considered"]) == len(book.by_subject["agreement"])
    assert "适用" in {note["why"] for note in stored["considered"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stored_decision_is_taken_again_the_same(book: Book, lang: Any) -> None:
    decision = decide(book, "agreement", FACTS, as_of=DAY, adopted=frozenset({"city"}))
    through_json = json.loads(json.dumps(decision_json(decision, lang)))
    assert replay(through_json, book) == decision


def test_a_decision_stored_before_there_was_a_jurisdiction_is_one_of_china(book: Book) -> None:
    decision = decide(book, "agreement", FACTS, as_of=DAY, adopted=frozenset())
    stored = {name: value for name, value in decision_json(decision, "en").items() if name != "jurisdiction"}
    assert replay(stored, book) == decision
    with pytest.raises(BadInput, match="jurisdiction"):
        replay({**stored, "jurisdiction": "moon"}, book)


def test_another_book_may_decide_otherwise(book: Book) -> None:
    decision = decide(book, "agreement", {"purpose": ""}, as_of=DAY, adopted=frozenset())
    again = replay(decision_json(decision, "en"), load_book(["city"]))
    assert {note.rule for note in again.considered}.isdisjoint(note.rule for note in decision.considered)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"as_of": "2026-03-02", "facts": {}},
        {"as_of": "yesterday", "facts": {"column": {}, "adopted": []}},
        {"as_of": "2026-03-02", "facts": {"column": {}, "release": {}, "adopted": []}},
        {"as_of": "2026-03-02", "facts": {"column": {"colour": 1}, "adopted": []}},
    ],
)
def test_what_is_no_decision_is_not_replayed(book: Book, stored: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        replay(stored, book)


def test_every_reason_is_told_in_both_languages() -> None:
    put = {
        "day": "2026-01-01",
        "pack": "p",
        "facts": "f",
        "rule": "r",
        "measure": "m",
        "got": "1",
        "limit": ">= 2",
        "fact": "share_request.received_at",
    }
    for name, text in REASONS.items():
        why = reason(name, **put)
        assert told(why, "en") == why
        assert told(why, "zh") == text.zh.format_map(put)
    assert told("something else", "zh") == "something else"
