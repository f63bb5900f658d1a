"""Settle rules that contradict each other: rank, then speciality, then the later one.

Rules accumulate unless they speak of the same `matter` and come to different outcomes. All duties that
treat a column are one matter: a column has one treatment. Between treatments of equal rank and
speciality the stronger one wins, whichever is later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commonseal.law.rule import RANKS, Rule
from commonseal.law.treat import OPERATORS, stronger
from commonseal.law.why import reason
from commonseal.model import Considered

_ONE_STANDS = {"deadline", "competence", "sanction"}  # of these on one matter only one stands
_Standing = tuple[int, tuple[int, int], date]


def settle(fired: Sequence[Rule]) -> tuple[list[Rule], list[Considered]]:
    """Return the rules that stand, and a note for each that yields, which says to which and why."""
    treating = [rule for rule in fired if rule.then.treatment is not None]
    chosen = _most_special_treatment(treating) if treating else None
    notes: dict[str, Considered] = {}
    for rule in fired:
        if chosen is not None and rule.then.treatment is not None and rule is not chosen:
            notes[rule.id] = _yields(rule, chosen, by_strength=True)
        elif chosen is not None and rule.then.unless_treated:
            notes[rule.id] = Considered(rule.id, False, reason("treated", rule=chosen.id))
        elif rule.then.treatment is None and rule.matter is not None:
            winner = max((other for other in fired if _of_one_matter(rule, other)), key=_standing)
            if winner is not rule and (rule.kind in _ONE_STANDS or winner.then.outcome != rule.then.outcome):
                notes[rule.id] = _yields(rule, winner)
    return [rule for rule in fired if rule.id not in notes], list(notes.values())


def _of_one_matter(rule: Rule, other: Rule) -> bool:
    """Say whether two rules speak of one matter: a deadline only with deadlines, and so on."""
    alike = rule.kind == other.kind or not {rule.kind, other.kind} & _ONE_STANDS
    return rule.matter == other.matter and alike


def _standing(rule: Rule) -> _Standing:
    return RANKS.index(rule.rank), rule.speciality, rule.effective.start


def _most_special_treatment(treating: Sequence[Rule]) -> Rule:
    """Return the rule of highest rank, then speciality; among those the strongest, then the latest."""
    top = max((RANKS.index(rule.rank), rule.speciality) for rule in treating)
    level = [rule for rule in treating if (RANKS.index(rule.rank), rule.speciality) == top]
    chosen = max(level, key=_strength)
    for rule in level:
        asked, best = rule.then.treatment, chosen.then.treatment
        if asked is not None and best is not None and asked != best and stronger(asked, best):
            chosen = rule
    return chosen


def _strength(rule: Rule) -> tuple[int, date]:
    asked = rule.then.treatment
    return OPERATORS[asked.operator] if asked is not None else -1, rule.effective.start


def _yields(rule: Rule, winner: Rule, *, by_strength: bool = False) -> Considered:
    """Note why `rule` yields to `winner`."""
    if RANKS.index(winner.rank) != RANKS.index(rule.rank):
        ground = "higher"
    elif winner.speciality != rule.speciality:
        ground = "special"
    elif by_strength:
        ground = "stronger"
    else:
        ground = "later"
    return Considered(rule.id, False, reason(ground, rule=winner.id))
