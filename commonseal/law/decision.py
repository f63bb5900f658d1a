"""Ask a lawbook: which rules apply to these facts today, and what do they say together?

The invariants:
- the same book, facts, day, adopted packs and jurisdiction give the same decision: no clock, no randomness;
- every rule of the subject in that jurisdiction stands in `considered`, with the reason why it did or did not
  apply;
- `model` rules decide only where their pack is adopted, and never where they conflict with national
  law; `needs_review` rules warn: their findings are CONDITIONAL and leave the outcome alone;
- a rule that cannot be told (a fact is missing) makes the outcome UNDETERMINED, which counts as no;
- what only informs (permission, deadline, competence, sanction, definition) is not used where it cannot be
  told, so it makes nothing undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from commonseal.errors import BadInput
from commonseal.law.conflict import settle
from commonseal.law.consequence import INFORMING
from commonseal.law.docket import Ready
from commonseal.law.effect import obligation_of, sanction_of
from commonseal.law.facts import lists_of
from commonseal.law.finding import finding_of, measured, missing_note, threshold_of, undetermined
from commonseal.law.question import Question, ask
from commonseal.law.rule import Book
from commonseal.law.why import reason
from commonseal.model import (
    Considered,
    Decision,
    Fact,
    Finding,
    Jurisdiction,
    Obligation,
    Outcome,
    Sanction,
    Text,
    Threshold,
)

_GRAVITY = (Outcome.FORBIDDEN, Outcome.UNDETERMINED, Outcome.CONDITIONAL, Outcome.ALLOWED)


def decide(
    book: Book,
    subject: str,
    facts: Mapping[str, Fact],
    *,
    as_of: date,
    adopted: frozenset[str],
    jurisdiction: Jurisdiction = "cn",
) -> Decision:
    """Decide on one subject, such as `agreement`, `share_request` or `incident` (`FACTS` lists them).

    Args:
        facts: by name, of the types in `FACTS`; a fact left out is missing, not false.
        as_of: the day whose law decides.
        adopted: packs whose model rules decide; `city` adopts all packs under it.
        jurisdiction: `cn`: national law and what is adopted; `city`: that and all packs of the city;
            `eu`: the pack `eu` alone.

    Returns: the outcome (the gravest: forbidden, undetermined, conditional, allowed), findings gravest
        first, obligations soonest first, and every rule considered, in the order of the book. A measure
        that a threshold or retention in force speaks of and that is missing or null makes it undetermined.
    Raises: BadInput: a fact that is not declared or not of its type.
    """
    question = ask(book, subject, facts, as_of, adopted, jurisdiction)
    notes = list(question.docket.notes)
    findings: list[Finding] = []
    fired: dict[str, Ready] = {}
    for ready, holds in question.answers():
        notes[ready.place], found, stands = _weighed(ready, holds, question)
        findings += found
        if stands:
            fired[ready.rule.id] = ready
    settled, yielded = settle([ready.rule for ready in fired.values()])
    for note in yielded:
        notes[fired[note.rule].place] = note
    standing = [fired[rule.id] for rule in settled]
    findings += [_finding(ready, question) for ready in standing]
    return Decision(
        outcome=_together(findings),
        as_of=as_of,
        findings=_gravest_first(findings),
        considered=tuple(notes),
        facts={subject: _kept(question), "adopted": tuple(sorted(question.adopted))},
        jurisdiction=jurisdiction,
        obligations=_obligations(standing, question),
        authorities=tuple(ready.competence for ready in standing if ready.competence is not None),
        sanctions=_sanctions(standing, question),
    )


def thresholds(
    book: Book, facts: Mapping[str, Fact], *, as_of: date, adopted: frozenset[str]
) -> tuple[Threshold, ...]:
    """Return the limits that a release must meet: for each measure the strictest in force.

    Args: facts: of `release`, known before it is measured (sharing_mode, has_sensitive, linked, ...).
    Raises: BadInput: a fact that is not declared; or one is missing that a threshold in force needs,
        for a limit that cannot be told must not be left out.
    """
    question = ask(book, "release", facts, as_of, adopted)
    strictest: dict[tuple[str, bool], Threshold] = {}
    untold: set[str] = set()
    for ready, holds in question.answers():
        rule, measure = ready.rule, ready.rule.then.measured
        if rule.kind != "threshold" or measure is None or rule.citation.status == "needs_review":
            continue
        if holds is None:
            untold |= rule.condition.reads - question.facts.keys()
            continue
        found = threshold_of(rule, measure, question.facts, ready.params)
        other = strictest.get((found.measure, found.at_least))
        if other is None or _stricter(found, other):
            strictest[(found.measure, found.at_least)] = found
    if untold:
        names = ", ".join(f"release.{name}" for name in sorted(untold))
        raise BadInput(
            Text(en=f"thresholds: not given: {names}; give them", zh=f"阈值：缺少事实 {names}，请补充")
        )
    return tuple(strictest.values())


def _weighed(
    ready: Ready, holds: bool | None, question: Question
) -> tuple[Considered, Sequence[Finding], bool]:
    """Return the note on a rule that holds or cannot be told, its findings so far, and whether it fired."""
    rule, facts = ready.rule, question.facts
    then = rule.then
    warns = rule.citation.status == "needs_review"
    if holds is None:
        silent = warns or rule.kind in INFORMING
        return missing_note(rule, facts), () if silent else (undetermined(rule, facts),), False
    if then.deadline is not None and facts.get(then.deadline.start) is None:
        why = reason("not started", fact=f"{question.subject}.{then.deadline.start}")
        return Considered(rule.id, False, why), (), False
    if then.measured is not None:
        note, broken = measured(rule, then.measured, facts, ready.params)
        if not warns or broken is None or broken.outcome == Outcome.UNDETERMINED:
            return note, (broken,) if broken is not None and not warns else (), False
    if warns:
        return ready.note, (_finding(ready, question),), False
    return ready.note, (), True


def _finding(ready: Ready, question: Question) -> Finding:
    if ready.finding is not None:
        return ready.finding
    warns = ready.rule.citation.status == "needs_review"
    outcome = Outcome.CONDITIONAL if warns else ready.rule.then.outcome
    return finding_of(ready.rule, question.facts, ready.params, outcome)


def _obligations(standing: Iterable[Ready], question: Question) -> tuple[Obligation, ...]:
    owed = (
        obligation_of(
            ready.rule, ready.rule.then.deadline, question.facts, ready.params, question.jurisdiction
        )
        for ready in standing
        if ready.rule.then.deadline is not None
    )
    return tuple(sorted((found for found in owed if found is not None), key=_soonest))


def _sanctions(standing: Iterable[Ready], question: Question) -> tuple[Sanction, ...]:
    return tuple(
        ready.sanction or sanction_of(ready.rule, ready.rule.then.sanction, question.facts, ready.params)
        for ready in standing
        if ready.rule.then.sanction is not None
    )


def _soonest(owed: Obligation) -> tuple[str, str]:
    return str(owed.due_at), owed.rule


def _gravest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    sorted_: list[Finding] = []
    for outcome in _GRAVITY:
        sorted_ += [found for found in findings if found.outcome is outcome]
    return tuple(sorted_)


def _together(findings: Sequence[Finding]) -> Outcome:
    deciding = [found.outcome for found in findings if found.citation.status != "needs_review"]
    return next((outcome for outcome in _GRAVITY if outcome in deciding), Outcome.ALLOWED)


def _stricter(a: Threshold, b: Threshold) -> bool:
    return a.limit > b.limit if a.at_least else a.limit < b.limit


def _kept(question: Question) -> dict[str, Fact]:
    kept: dict[str, Fact] = dict(question.facts)  # type: ignore[arg-type]
    for name in lists_of(question.subject):
        if isinstance(value := question.facts.get(name), list):
            kept[name] = tuple(value)
    return kept
