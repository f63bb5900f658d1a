"""Check one candidate: count its classes, ask the models, score what stays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from commonseal.anonymize.loss import Loss, Outcome, Tuples
from commonseal.anonymize.models.classes import Classes, Mask, Units
from commonseal.anonymize.models.size import Model
from commonseal.anonymize.search.rollup import Counted, Narrow
from commonseal.table import Grouping, group_codes


@dataclass(frozen=True, slots=True)
class Problem:
    """A compressed table and what is asked of it.

    `suppressed_max`: rows that may be suppressed. `least`, `most`: the levels allowed, a column each;
    all of them where None.
    """

    tuples: Tuples
    units: Units
    models: tuple[Model, ...]
    loss: Loss
    suppressed_max: int
    least: tuple[int, ...] | None = None
    most: tuple[int, ...] | None = None

    @property
    def bottom(self) -> tuple[int, ...]:
        """The most special candidate."""
        return self.least or (0,) * len(self.tuples.hierarchies)

    @property
    def top(self) -> tuple[int, ...]:
        """The most general candidate."""
        return self.most or tuple(hierarchy.height - 1 for hierarchy in self.tuples.hierarchies)

    @property
    def condemning(self) -> tuple[Model, ...]:
        """The models by which a candidate that suppresses too much condemns all that are more special."""
        return tuple(m for m in self.models if m.monotone or (self.suppressed_max == 0 and m.closed))


@dataclass(frozen=True, slots=True)
class Checked:
    """One candidate after its check.

    `suppressed` and `least_suppressed` are rows: what it loses, and what anything more special loses at
    the least. `lost` int32[...]: one tuple of each class that is suppressed.
    """

    levels: tuple[int, ...]
    score: float
    suppressed: int
    least_suppressed: int
    classes: int
    lost: Narrow


@dataclass(frozen=True, slots=True)
class Solution:
    """The best candidate, or None where none passes.

    `bound`: no candidate loses less than this; the score itself where `optimal`. `tied`: another candidate
    that was checked loses the same.
    """

    best: Checked | None
    bound: float
    nodes_total: int
    nodes_checked: int
    optimal: bool
    tied: bool = False


def assess(problem: Problem, counted: Counted, *, beaten: float = math.inf) -> Checked:
    """Ask the models about counted classes, and score what stays.

    Args: beaten: a candidate that must lose more than this is not scored; its score is infinite, as is that of one
        that does not pass.
    """
    rows, levels = counted.rows, counted.levels
    failing, condemned = _failing(problem, counted.classes)
    lost = np.flatnonzero(failing)
    suppressed = int(rows[lost].sum())
    least = suppressed if condemned is failing else int(rows[condemned].sum())
    if problem.units.population is not None and not rows[lost].all():
        suppressed = problem.tuples.total + 1  # people who are not in the table cannot be suppressed
    over = suppressed > problem.suppressed_max or (
        beaten < math.inf and problem.loss.bound_of(levels, suppressed) > beaten * (1 + 1e-9)
    )
    member = counted.member[lost]
    score = math.inf if over else problem.loss.score(Outcome(levels, rows, lost, member))
    return Checked(levels, score, suppressed, least, int(np.count_nonzero(rows)) - len(lost), member)


def _failing(problem: Problem, classes: Classes) -> tuple[Mask, Mask]:
    """Return the classes that may not leave, and those of them by which more special candidates are condemned."""
    condemning = problem.condemning
    if len(problem.models) == 1:
        failing = problem.models[0].failing(classes)
        return failing, failing if condemning else np.zeros_like(failing)
    failing = condemned = np.zeros(classes.count, dtype=bool)
    # models on the whole table come last: what the others suppress counts for them
    for model in sorted(problem.models, key=lambda model: (not model.monotone, model.whole)):
        failed = model.failing(classes, failing)
        failing = failing | failed
        if model in condemning:
            condemned = condemned | failed
    return failing, condemned


def check(problem: Problem, levels: tuple[int, ...]) -> Checked:
    """Check one candidate from the tuples themselves: slower than a search, and independent of its ways."""
    tuples = problem.tuples
    codes = [
        h.codes[:, level][of] for of, h, level in zip(tuples.codes, tuples.hierarchies, levels, strict=True)
    ]
    sizes = [len(h.labels[level]) for h, level in zip(tuples.hierarchies, levels, strict=True)]
    grouping: Grouping = group_codes(codes, sizes)
    member = np.zeros(grouping.count, dtype=np.int32)
    member[grouping.of] = np.arange(len(grouping.of), dtype=np.int32)
    classes = Classes(grouping, grouping.total(tuples.rows), problem.units)
    return assess(problem, Counted(levels, member, classes))


def better(one: Checked, other: Checked | None) -> bool:
    """Tell whether a candidate loses less; equal losses go to fewer levels, earlier columns first to give."""
    if other is None:
        return True
    if not tied(one, other):
        return one.score < other.score
    return (sum(one.levels), other.levels) < (sum(other.levels), one.levels)


def tied(one: Checked, other: Checked) -> bool:
    """Tell whether two candidates lose the same, up to rounding."""
    return math.isclose(one.score, other.score, rel_tol=1e-12, abs_tol=1e-15)
