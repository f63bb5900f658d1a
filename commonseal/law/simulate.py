"""Try a change of the law on decisions that were taken: which of them would turn, and which rule turns them.

Each stored decision is taken twice, on its own day and facts: under the book as it is, and under the book with the
change laid over it. What differs is the change's doing alone; where the book as it is no longer says what was
stored, the decision has *drifted*, which is counted and told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commonseal.errors import BadInput
from commonseal.law.overlay import Overlay
from commonseal.law.record import replay
from commonseal.law.rule import Book
from commonseal.law.stored import Stored, all_faults
from commonseal.model import Decision, Outcome, Sanction, Text

OUTCOMES = (Outcome.ALLOWED, Outcome.CONDITIONAL, Outcome.UNDETERMINED, Outcome.FORBIDDEN)  # by gravity


@dataclass(frozen=True, slots=True)
class Turn:
    """One decision whose outcome turns, and the rules of the change that turn it."""

    where: str
    subject: str
    as_of: date
    before: Outcome
    after: Outcome
    rules: tuple[str, ...]

    @property
    def graver(self) -> bool:
        """True where the law becomes stricter on this case."""
        return OUTCOMES.index(self.after) > OUTCOMES.index(self.before)


@dataclass(frozen=True, slots=True)
class Shift:
    """One consequence that changes: `kind` is obligation, authority or sanction; None: there is none."""

    where: str
    kind: str
    rule: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a change does to decisions. `flows`: how many go from which outcome to which."""

    decisions: int
    flows: Mapping[tuple[Outcome, Outcome], int]
    turns: tuple[Turn, ...]
    shifts: tuple[Shift, ...]
    drifted: tuple[str, ...]

    @property
    def by_rule(self) -> dict[str, tuple[int, int]]:
        """How many decisions each rule makes graver and milder, the most telling first."""
        counts: dict[str, list[int]] = {}
        for turn in self.turns:
            for rule in turn.rules:
                counts.setdefault(rule, [0, 0])[0 if turn.graver else 1] += 1
        ordered = sorted(counts.items(), key=lambda each: (-sum(each[1]), each[0]))
        return {rule: (graver, milder) for rule, (graver, milder) in ordered}


def simulate_change(overlay: Overlay, decisions: Sequence[Stored]) -> Simulation:
    """Take every decision again without and with the change; what is found keeps the order of the decisions.

    Raises: BadInput: what is stored cannot be taken again (no facts, a fact that is not declared); all listed.
    """
    found, faults = dict[int, _Again](), dict[int, Text]()
    alone: dict[str, Book] = {}
    # day by day, because a book works out the law of a day once and keeps only so many days
    for place in sorted(range(len(decisions)), key=lambda n: str(decisions[n].document.get("as_of"))):
        stored = decisions[place]
        try:
            found[place] = _again(stored, overlay, alone)
        except BadInput as fault:
            what = fault.message
            faults[place] = Text(en=f"{stored.where}: {what.en}", zh=f"{stored.where}：{what.zh}")
    if faults:
        raise all_faults([faults[place] for place in sorted(faults)])
    ordered = [found[place] for place in sorted(found)]
    return Simulation(
        decisions=len(ordered),
        flows=Counter(each.flow for each in ordered),
        turns=tuple(each.turn for each in ordered if each.turn is not None),
        shifts=tuple(shift for each in ordered for shift in each.shifts),
        drifted=tuple(each.where for each in ordered if each.drifted),
    )


@dataclass(frozen=True, slots=True)
class _Again:
    """What became of one decision."""

    where: str
    flow: tuple[Outcome, Outcome]
    drifted: bool
    turn: Turn | None
    shifts: tuple[Shift, ...]


def _again(stored: Stored, overlay: Overlay, alone: dict[str, Book]) -> _Again:
    before = replay(stored.document, overlay.base)
    after = replay(_under_change(stored.document, overlay), overlay.book)
    turned = before.outcome != after.outcome
    return _Again(
        where=stored.where,
        flow=(before.outcome, after.outcome),
        drifted=stored.document.get("outcome") != before.outcome,
        turn=_turn(stored, before, after, overlay, alone) if turned else None,
        shifts=tuple(_shifts(stored.where, before, after)),
    )


def _under_change(document: Mapping[str, object], overlay: Overlay) -> Mapping[str, object]:
    """Return the stored decision with the change's own packs adopted too."""
    facts = document.get("facts")
    adopted = facts.get("adopted") if isinstance(facts, Mapping) else None
    if not overlay.adopts or not isinstance(facts, Mapping) or not isinstance(adopted, list | tuple):
        return document
    return {**document, "facts": {**facts, "adopted": [*adopted, *sorted(overlay.adopts)]}}


def _turn(
    stored: Stored, before: Decision, after: Decision, overlay: Overlay, alone: dict[str, Book]
) -> Turn:
    subject = next(name for name in before.facts if name != "adopted")
    return Turn(
        where=stored.where,
        subject=subject,
        as_of=before.as_of,
        before=before.outcome,
        after=after.outcome,
        rules=_made_by(stored, before, after, overlay, alone),
    )


def _made_by(
    stored: Stored, before: Decision, after: Decision, overlay: Overlay, alone: dict[str, Book]
) -> tuple[str, ...]:
    """Return the rules that turn it each by itself; where none does alone, all that speak differently."""
    changed, was, now = set(overlay.changed), _spoken(before), _spoken(after)
    differ = [
        rule for rule in dict.fromkeys((*was, *now)) if rule in changed and was.get(rule) != now.get(rule)
    ]
    if len(differ) < 2:
        return tuple(differ)
    document = _under_change(stored.document, overlay)
    by_itself = []
    for rule in differ:
        if rule not in alone:
            alone[rule] = overlay.only(rule)
        if replay(document, alone[rule]).outcome == after.outcome:
            by_itself.append(rule)
    return tuple(by_itself or differ)


def _spoken(decision: Decision) -> dict[str, tuple[bool, frozenset[Outcome]]]:
    """Return what each rule made of the case: whether it applied, and to what outcome."""
    said: dict[str, set[Outcome]] = {}
    for found in decision.findings:
        said.setdefault(found.citation.rule, set()).add(found.outcome)
    return {note.rule: (note.applied, frozenset(said.get(note.rule, ()))) for note in decision.considered}


def _shifts(where: str, before: Decision, after: Decision) -> Iterator[Shift]:
    was, now = _follows(before), _follows(after)
    for kind, rule in dict.fromkeys((*was, *now)):
        if was.get((kind, rule)) != now.get((kind, rule)):
            yield Shift(where, kind, rule, was.get((kind, rule)), now.get((kind, rule)))


def _follows(decision: Decision) -> dict[tuple[str, str], str]:
    """Return what follows beside the outcome, as short texts that can be compared."""
    if not (decision.obligations or decision.authorities or decision.sanctions):
        return {}
    return {
        **{
            ("obligation", each.rule): each.due_at.isoformat() if each.due_at else ""
            for each in decision.obligations
        },
        **{("authority", each.rule): f"{each.who}, {each.tier}" for each in decision.authorities},
        **{("sanction", each.rule): _range(each) for each in decision.sanctions},
    }


def _range(sanction: Sanction) -> str:
    amounts: Sequence[float | None] = (sanction.fine_min, sanction.fine_max)
    least, most = ("" if amount is None else f"{amount:,.10g}" for amount in amounts)
    fine = f"{least}–{most} {sanction.currency}" if least or most else ""
    return ", ".join(part for part in (fine, *sanction.measures) if part)
