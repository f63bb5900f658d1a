"""Write a decision down as JSON, and take it again from what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from commonseal.errors import BadInput
from commonseal.law.decision import decide
from commonseal.law.facts import FACTS
from commonseal.law.rule import Book
from commonseal.law.why import told
from commonseal.model import Decision, Fact, Finding, Lang, Text

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class FindingJson(TypedDict):
    """One finding, in one language."""

    rule: str
    instrument: str
    article: str
    outcome: str
    message: str
    remedy: str | None
    status: str
    subject: str | None
    treatment: Json


class ConsideredJson(TypedDict):
    """One rule that was looked at."""

    rule: str
    applied: bool
    why: str


class DecisionJson(TypedDict):
    """A decision as it is stored and shown; `facts` holds the subject's facts and `adopted`."""

    outcome: str
    as_of: str
    findings: list[FindingJson]
    considered: list[ConsideredJson]
    facts: Json


def decision_json(decision: Decision, lang: Lang) -> DecisionJson:
    """Return a decision as plain JSON data, its sentences in `lang`; stable, and replayable."""
    return {
        "outcome": str(decision.outcome),
        "as_of": decision.as_of.isoformat(),
        "findings": [_finding(found, lang) for found in decision.findings],
        "considered": [
            {"rule": note.rule, "applied": note.applied, "why": told(note.why, lang)}
            for note in decision.considered
        ],
        "facts": _plain(dict(decision.facts)),
    }


def replay(stored: Mapping[str, object], book: Book) -> Decision:
    """Take a stored decision again: the same facts, day and adopted packs, under `book`.

    Raises: BadInput: what is stored is no decision.
    """
    facts = stored.get("facts")
    subjects = [name for name in FACTS if isinstance(facts, Mapping) and isinstance(facts.get(name), Mapping)]
    adopted = facts.get("adopted") if isinstance(facts, Mapping) else None
    try:
        as_of = date.fromisoformat(str(stored.get("as_of")))
    except ValueError:
        as_of = None
    if (
        not isinstance(facts, Mapping)
        or len(subjects) != 1
        or not isinstance(adopted, list | tuple)
        or as_of is None
    ):
        raise BadInput(
            Text(
                en="stored decision: expected as_of, and facts with one subject and adopted",
                zh="已存判定：应有 as_of，且 facts 含一个对象和 adopted",
            )
        )
    subject = subjects[0]
    given: Mapping[str, Fact] = facts[subject]
    return decide(book, subject, given, as_of=as_of, adopted=frozenset(str(name) for name in adopted))


def _finding(found: Finding, lang: Lang) -> FindingJson:
    asked = found.treatment
    return {
        "rule": found.citation.rule,
        "instrument": found.citation.instrument.in_(lang),
        "article": found.citation.article,
        "outcome": str(found.outcome),
        "message": found.message.in_(lang),
        "remedy": found.remedy.in_(lang) if found.remedy is not None else None,
        "status": found.citation.status,
        "subject": found.subject,
        "treatment": {"operator": asked.operator, "params": dict(asked.params)}
        if asked is not None
        else None,
    }


def _plain(fact: Fact | dict[str, Fact]) -> Json:
    if isinstance(fact, Mapping):
        return {name: _plain(value) for name, value in fact.items()}
    if isinstance(fact, tuple | list):
        return [_plain(value) for value in fact]
    return fact.isoformat() if isinstance(fact, date) else fact
