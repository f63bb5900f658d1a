"""The rules of one subject that have a say on one day under the packs adopted; made once, then kept.

What does not hang on the facts is worked out here: which rules are in force, why the others are silent, the
numbers of that day, the tables of simple tests (`gate`), and whatever a rule says that no fact changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from commonseal.law.effect import competence_of, fixed_sanction
from commonseal.law.finding import fixed_finding
from commonseal.law.gate import Gates, gates
from commonseal.law.rule import Book, Number, Rule
from commonseal.law.subjects import FACTS
from commonseal.law.why import reason
from commonseal.model import Competence, Considered, Finding, Jurisdiction, Outcome, Sanction

_KEPT = 256  # dockets a book keeps: days x subjects x adopted packs


@dataclass(frozen=True, slots=True)
class Ready:
    """What a rule in force says in any case; None where it hangs on the facts, or is not there."""

    rule: Rule
    place: int  # among the rules of the docket
    params: Mapping[str, Number]
    note: Considered  # where it applies
    finding: Finding | None
    competence: Competence | None
    sanction: Sanction | None


@dataclass(frozen=True, slots=True)
class Docket:
    """`notes`: one for each rule of the jurisdiction, in the order of the book, as if none of them fired."""

    rules: tuple[Rule, ...]
    notes: tuple[Considered, ...]
    live: tuple[Ready, ...]  # the rules in force and adopted
    gates: Gates  # bit n is live[n]
    steps: tuple[int, ...]  # of all conditions together: steps[p] parts cost n^p for lists of n entries


def docket_of(
    book: Book, subject: str, as_of: date, adopted: frozenset[str], jurisdiction: Jurisdiction
) -> Docket:
    """Return the docket, from the book's own store where it was made before."""
    key = (subject, as_of, adopted, jurisdiction)
    kept = book.dockets.get(key)
    if isinstance(kept, Docket):
        return kept
    if len(book.dockets) >= _KEPT:
        book.dockets.clear()
    made = _made(book, subject, as_of, adopted, jurisdiction)
    book.dockets[key] = made
    return made


def _made(
    book: Book, subject: str, as_of: date, adopted: frozenset[str], jurisdiction: Jurisdiction
) -> Docket:
    rules = tuple(rule for rule in book.by_subject[subject] if _within(rule, jurisdiction))
    covered = frozenset(pack for pack in book.packs if _covered(pack, adopted))
    silent = [_why_silent(rule, as_of, covered) for rule in rules]
    live = tuple(_ready(rules[n], n, as_of) for n, why in enumerate(silent) if why is None)
    notes = (
        Considered(rule.id, False, why or reason("not met")) for rule, why in zip(rules, silent, strict=True)
    )
    conditions = [(ready.rule.condition.source, ready.params) for ready in live]
    return Docket(
        rules=rules,
        notes=tuple(notes),
        live=live,
        gates=gates(conditions, subject, FACTS[subject]),
        steps=_all_steps(ready.rule.condition.steps for ready in live),
    )


def _all_steps(each: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(counts) for counts in zip_longest(*each, fillvalue=0))


def _ready(rule: Rule, place: int, as_of: date) -> Ready:
    params = rule.params_on(as_of)
    warns = rule.citation.status == "needs_review"
    outcome = Outcome.CONDITIONAL if warns else rule.then.outcome
    return Ready(
        rule=rule,
        place=place,
        params=params,
        note=Considered(rule.id, True, reason("warns" if warns else "applies")),
        finding=fixed_finding(rule, params, outcome),
        competence=competence_of(rule),
        sanction=fixed_sanction(rule, params),
    )


def _within(rule: Rule, jurisdiction: Jurisdiction) -> bool:
    """Say whether a rule is of that law: the pack `eu` is the Union's, every other one China's."""
    return (rule.pack == "eu" or rule.pack.startswith("eu/")) == (jurisdiction == "eu")


def _covered(pack: str, adopted: frozenset[str]) -> bool:
    """Say whether a pack or one around it is adopted."""
    return any(pack == name or pack.startswith(f"{name}/") for name in adopted)


def _why_silent(rule: Rule, as_of: date, covered: frozenset[str]) -> str | None:
    """Return why a rule has no say on that day, or None where it has."""
    period = rule.effective
    if as_of < period.start:
        return reason("not yet", day=period.start.isoformat())
    if period.end is not None and as_of > period.end:
        return reason("ended", day=period.end.isoformat())
    if rule.citation.status != "model":
        return None
    if rule.pack not in covered:
        return reason("not adopted", pack=rule.pack)
    return reason("conflicts") if rule.stands == "conflicts" else None
