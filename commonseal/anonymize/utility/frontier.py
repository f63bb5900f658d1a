"""What each choice of k costs and brings: risk against utility, so that a person can choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from commonseal.anonymize.asked import Aids, Asked
from commonseal.anonymize.loss import Ints, Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.plan import Plan, decide
from commonseal.anonymize.utility.figures import Utility, utility_of
from commonseal.anonymize.utility.recoding import Recoding, recoding_of_plan
from commonseal.errors import BadInput
from commonseal.table import pair_counts

CHOICES = (2, 3, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Choice:
    """One k: the levels of least loss, and what the release would be like. All but `k` None: no levels pass."""

    k: int
    levels: tuple[int, ...] | None = None
    utility: Utility | None = None
    highest_risk: float | None = None
    average_risk: float | None = None
    optimal: bool | None = None


def frontier(
    tuples: Tuples,
    solve: Callable[[int], Plan],
    *,
    choices: Sequence[int] = CHOICES,
    person: tuple[Ints, Ints] | None = None,
) -> tuple[Choice, ...]:
    """Return what each k brings.

    Args:
        solve: the plan for one k; a BadInput means that no levels pass.
        person: (tuple, person) of each unit, where risks are of persons and not of rows.
    """
    return tuple(_choice(tuples, solve, k, person) for k in choices)


def solve_each(
    tuples: Tuples, units: Units, asked: Asked, *, sensitive: str | None = None, aids: Aids | None = None
) -> Callable[[int], Plan]:
    """Return the search for one k, all else as asked: the one place here that knows how a plan is found."""
    others = tuple(model for model in asked.models if model.name != "k_anonymity")

    def solve(k: int) -> Plan:
        return decide(
            tuples, units, replace(asked, k=k, models=others), sensitive=sensitive, aids=aids or Aids()
        )

    return solve


def class_sizes(recoding: Recoding, person: tuple[Ints, Ints] | None = None) -> tuple[tuple[int, int], ...]:
    """Return (size, number of classes of that size), ascending; in persons where `person` is given."""
    grouping, rows = recoding.classes()
    if person is not None:
        of = np.full(len(recoding.kept), -1, dtype=np.int64)
        of[recoding.kept] = grouping.of
        tuple_of, who = person
        left = of[tuple_of] >= 0
        classes, _, _ = pair_counts(of[tuple_of[left]], who[left], int(who.max(initial=0)) + 1)
        rows = np.bincount(classes, minlength=grouping.count)
    return tuple(sorted(Counter(rows.tolist()).items()))


def _choice(tuples: Tuples, solve: Callable[[int], Plan], k: int, person: tuple[Ints, Ints] | None) -> Choice:
    try:
        plan = solve(k)
    except BadInput:
        return Choice(k)
    recoding = recoding_of_plan(tuples, plan, plan.levels)
    sizes = class_sizes(recoding, person)
    held = sum(size * count for size, count in sizes)
    return Choice(
        k=k,
        levels=plan.levels,
        utility=utility_of(recoding),
        highest_risk=1.0 / sizes[0][0] if sizes else 0.0,
        average_risk=sum(count for _, count in sizes) / held if held else 0.0,
        optimal=plan.optimal,
    )
