"""What holds of every decision, whatever the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from law_values import FILLED, values

from commonseal.law import FACTS, Rule, decide, decision_json, load_book, replay
from commonseal.model import Outcome

BOOK = load_book()
Question = tuple[str, dict[str, Any], date, frozenset[str], Any]


def book_rule(name: str) -> Rule:
    rule = BOOK.rule(name)
    assert rule is not None
    return rule


@st.composite
def questions(draw: st.DrawFn) -> Question:
    subject = draw(st.sampled_from(list(FACTS)))
    facts = {name: draw(values(fact)) for name, fact in FACTS[subject].items() if name not in FILLED}
    day = draw(st.dates(date(2021, 1, 1), date(2027, 1, 1)))
    law = draw(st.sampled_from(["cn", "city", "eu"]))
    return subject, facts, day, draw(st.sampled_from([frozenset(), frozenset({"city"})])), law


@settings(max_examples=150, deadline=None)
@given(questions(), st.data())
def test_to_say_less_never_helps(asked: Question, data: st.DataObject) -> None:
    subject, facts, day, adopted, law = asked
    whole = decide(BOOK, subject, facts, as_of=day, adopted=adopted, jurisdiction=law)
    kept = data.draw(st.sets(st.sampled_from(list(facts))))
    part = decide(BOOK, subject, {n: facts[n] for n in kept}, as_of=day, adopted=adopted, jurisdiction=law)
    assert whole.allowed or not part.allowed


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_decision_is_whole_and_can_be_taken_again(
    asked: Question,
) -> None:
    subject, facts, day, adopted, law = asked
    decision = decide(BOOK, subject, facts, as_of=day, adopted=adopted, jurisdiction=law)
    of_the_law = [rule for rule in BOOK.by_subject[subject] if rule.pack.startswith("eu") == (law == "eu")]
    assert [note.rule for note in decision.considered] == [rule.id for rule in of_the_law]
    untold = {found.citation.rule for found in decision.findings if found.outcome == Outcome.UNDETERMINED}
    assert all(
        book_rule(name).then.measure for name in untold
    )  # every fact is given, but a measure may be null
    applied = {note.rule for note in decision.considered if note.applied}
    assert {owed.rule for owed in decision.obligations} <= applied
    assert {named.rule for named in decision.authorities} | {
        costs.rule for costs in decision.sanctions
    } <= applied
    for costs in decision.sanctions:
        assert costs.fine_min is None or costs.fine_max is None or costs.fine_min <= costs.fine_max
    assert replay(decision_json(decision, "zh"), BOOK) == decision
    assert all(found.treatment is None or subject == "column" for found in decision.findings)
    assert sum(found.treatment is not None for found in decision.findings) <= 1
