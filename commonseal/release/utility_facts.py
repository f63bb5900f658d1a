"""Gather what the utility page shows: figures before and after, classes, levels, and each choice of k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonseal.anonymize import Asked, Plan
from commonseal.anonymize.asked import Aids
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.recode.recoded import Recoded
from commonseal.anonymize.utility.figures import Utility, granularity_by_column, utility_of
from commonseal.anonymize.utility.frontier import CHOICES, Choice, class_sizes, frontier, solve_each
from commonseal.anonymize.utility.prediction import Accuracy
from commonseal.anonymize.utility.recoding import Recoding, recoding_of_plan, untouched

ClassSizes = tuple[tuple[int, int], ...]  # (persons in a class, classes of that size), ascending


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One quasi-identifier after the recoding.

    `level` is None where rows have levels of their own. `rows_at`: share of the rows that left at each
    level, then of hidden cells. `values`, `labels`: distinct ones before and after. `kept`: granularity.
    """

    name: str
    top: int
    level: int | None
    rows_at: tuple[float, ...]
    values: int
    labels: int
    kept: float


@dataclass(frozen=True, slots=True)
class UtilityFacts:
    """All that the page shows. `k`: what was asked, where it was; `persons`: classes are counted in persons."""

    table: str
    k: int | None
    persons: bool
    before: Utility
    after: Utility
    sizes_before: ClassSizes
    sizes_after: ClassSizes
    columns: tuple[ColumnFacts, ...]
    choices: tuple[Choice, ...]
    accuracy: Accuracy | None = None


def utility_facts(
    table: str,
    tuples: Tuples,
    units: Units,
    done: Plan | Recoded,
    asked: Asked,
    *,
    k: int | None = None,
    choices: Sequence[int] = CHOICES,
    accuracy: Accuracy | None = None,
    sensitive: str | None = None,
    aids: Aids | None = None,
) -> UtilityFacts:
    """Measure a finished anonymization, and what every other k would have brought.

    Args:
        table: its name, as the page shows it.
        tuples, units: the compressed input. done: the plan, or the recoding, that was applied.
        asked: what was asked; the choices ask the same with another k.
        k: the k that was asked, marked on the page; `asked.k` where None and above 1.
        choices: each costs one search. accuracy: of a target, where one was named.
    """
    levels = done.levels if isinstance(done, Plan) else None
    before, after = untouched(tuples), recoding_of_plan(tuples, done, levels)
    person = None if units.person is None else (units.tuple_of, units.person)
    k = k or (asked.k if asked.k > 1 else None)
    wanted = sorted({*choices, *([k] if k and levels is not None else [])})
    solve = solve_each(tuples, units, asked, sensitive=sensitive, aids=aids)
    return UtilityFacts(
        table=table,
        k=k,
        persons=person is not None,
        before=utility_of(before),
        after=utility_of(after),
        sizes_before=class_sizes(before, person),
        sizes_after=class_sizes(after, person),
        columns=_columns(after, levels),
        choices=frontier(tuples, solve, choices=wanted, person=person),
        accuracy=accuracy,
    )


def _columns(recoding: Recoding, levels: Sequence[int] | None) -> tuple[ColumnFacts, ...]:
    rows = np.where(recoding.kept, recoding.tuples.rows, 0)
    found = []
    for column, (hierarchy, kept) in enumerate(
        zip(recoding.tuples.hierarchies, granularity_by_column(recoding), strict=True)
    ):
        at = np.bincount(recoding.levels[column], weights=rows, minlength=hierarchy.height + 1)
        found.append(
            ColumnFacts(
                name=hierarchy.column,
                top=hierarchy.height - 1,
                level=None if levels is None else levels[column],
                rows_at=tuple((at / max(1, rows.sum())).tolist()),
                values=len(np.unique(recoding.tuples.codes[column][recoding.tuples.rows > 0])),
                labels=len(np.unique(recoding.labels(column)[recoding.kept])),
                kept=kept,
            )
        )
    return tuple(found)
