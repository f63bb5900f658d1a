"""What holds of every decision, whatever the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.law import FACTS, Kind, decide, decision_json, load_book, replay
from commonseal.law.facts import FactType
from commonseal.model import Outcome

BOOK = load_book()
TEXTS = ["", "pipl13_1", "pipl13_3", "pipl13_7", "mobile", "password", "income", "diagnosis", "anything"]


def values(fact: FactType) -> st.SearchStrategy[Any]:
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: st.sampled_from(TEXTS),
        Kind.CHOICE: st.sampled_from(fact.choices or ("",)),
        Kind.FLAG: st.booleans(),
        Kind.LEVEL: st.integers(1, 4),
        Kind.COUNT: st.integers(0, 30),
        Kind.RATE: st.floats(0, 1),
        Kind.DATE: st.dates(date(2024, 1, 1), date(2027, 1, 1)),
        Kind.LIST: st.lists(st.sampled_from(["city", "city/desensitization", "age"]), max_size=3).map(tuple),
    }
    made = by_kind[fact.kind]
    return st.none() | made if fact.nullable else made


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, dict[str, Any], date, frozenset[str]]:
    subject = draw(st.sampled_from(list(FACTS)))
    facts = {name: draw(values(fact)) for name, fact in FACTS[subject].items() if name != "today"}
    day = draw(st.dates(date(2021, 1, 1), date(2027, 1, 1)))
    return subject, facts, day, draw(st.sampled_from([frozenset(), frozenset({"city"})]))


@settings(max_examples=150, deadline=None)
@given(questions(), st.data())
def test_to_say_less_never_helps(
    asked: tuple[str, dict[str, Any], date, frozenset[str]], data: st.DataObject
) -> None:
    subject, facts, day, adopted = asked
    whole = decide(BOOK, subject, facts, as_of=day, adopted=adopted)
    kept = data.draw(st.sets(st.sampled_from(list(facts))))
    part = decide(BOOK, subject, {n: facts[n] for n in kept}, as_of=day, adopted=adopted)
    assert whole.allowed or not part.allowed


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_decision_is_whole_and_can_be_taken_again(
    asked: tuple[str, dict[str, Any], date, frozenset[str]],
) -> None:
    subject, facts, day, adopted = asked
    decision = decide(BOOK, subject, facts, as_of=day, adopted=adopted)
    assert [note.rule for note in decision.considered] == [rule.id for rule in BOOK.by_subject[subject]]
    assert subject == "release" or decision.outcome != Outcome.UNDETERMINED
    assert replay(decision_json(decision, "zh"), BOOK) == decision
    assert all(found.treatment is None or subject == "column" for found in decision.findings)
    assert sum(found.treatment is not None for found in decision.findings) <= 1
