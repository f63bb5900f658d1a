"""Write a decision down as JSON, and take it again from what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from commonseal.errors import BadInput
from commonseal.law.decision import decide
from commonseal.law.rule import Book
from commonseal.law.subjects import FACTS
from commonseal.law.why import told
from commonseal.model import (
    Competence,
    Decision,
    Fact,
    Finding,
    Jurisdiction,
    Lang,
    Obligation,
    Sanction,
    Text,
)

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


class ObligationJson(TypedDict):
    """Something to be done; `due_at` is a day, or a moment with its offset."""

    rule: str
    instrument: str
    article: str
    what: str
    by: str
    due_at: str | None
    provisional: bool


class CompetenceJson(TypedDict):
    """An authority that has a say."""

    rule: str
    instrument: str
    article: str
    who: str
    tier: str
    purpose: str


class SanctionJson(TypedDict):
    """What a breach may cost."""

    rule: str
    instrument: str
    article: str
    on: str
    currency: str
    fine_min: float | None
    fine_max: float | None
    open_ended: bool
    measures: list[str]


class DecisionJson(TypedDict):
    """A decision as it is stored and shown; `facts` holds the subject's facts and `adopted`."""

    outcome: str
    as_of: str
    jurisdiction: str
    findings: list[FindingJson]
    obligations: list[ObligationJson]
    authorities: list[CompetenceJson]
    sanctions: list[SanctionJson]
    considered: list[ConsideredJson]
    facts: Json


def decision_json(decision: Decision, lang: Lang) -> DecisionJson:
    """Return a decision as plain JSON data, its sentences in `lang`; stable, and replayable."""
    return {
        "outcome": str(decision.outcome),
        "as_of": decision.as_of.isoformat(),
        "jurisdiction": decision.jurisdiction,
        "findings": [_finding(found, lang) for found in decision.findings],
        "obligations": [_obligation(owed, lang) for owed in decision.obligations],
        "authorities": [_competence(named, lang) for named in decision.authorities],
        "sanctions": [_sanction(costs, lang) for costs in decision.sanctions],
        "considered": [
            {"rule": note.rule, "applied": note.applied, "why": told(note.why, lang)}
            for note in decision.considered
        ],
        "facts": _plain(dict(decision.facts)),
    }


def replay(stored: Mapping[str, object], book: Book) -> Decision:
    """Take a stored decision again: the same facts, day, adopted packs and jurisdiction, under `book`.

    A decision stored before there was a `jurisdiction` is one of China's law.

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
    law: Jurisdiction = stored.get("jurisdiction", "cn")  # type: ignore[assignment]  # `decide` checks it
    return decide(
        book, subject, given, as_of=as_of, adopted=frozenset(str(name) for name in adopted), jurisdiction=law
    )


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


def _obligation(owed: Obligation, lang: Lang) -> ObligationJson:
    return {
        "rule": owed.rule,
        "instrument": owed.citation.instrument.in_(lang),
        "article": owed.citation.article,
        "what": owed.what.in_(lang),
        "by": owed.by,
        "due_at": owed.due_at.isoformat() if owed.due_at is not None else None,
        "provisional": owed.provisional,
    }


def _competence(named: Competence, lang: Lang) -> CompetenceJson:
    return {
        "rule": named.rule,
        "instrument": named.citation.instrument.in_(lang),
        "article": named.citation.article,
        "who": named.who,
        "tier": named.tier,
        "purpose": named.purpose.in_(lang),
    }


def _sanction(costs: Sanction, lang: Lang) -> SanctionJson:
    return {
        "rule": costs.rule,
        "instrument": costs.citation.instrument.in_(lang),
        "article": costs.citation.article,
        "on": costs.on,
        "currency": costs.currency,
        "fine_min": costs.fine_min,
        "fine_max": costs.fine_max,
        "open_ended": costs.open_ended,
        "measures": list(costs.measures),
    }


def _plain(fact: Fact | dict[str, Fact]) -> Json:
    if isinstance(fact, Mapping):
        return {name: _plain(value) for name, value in fact.items()}
    if isinstance(fact, tuple | list):
        return [_plain(value) for value in fact]
    return fact.isoformat() if isinstance(fact, date) else fact
