"""Find the levels that lose least while every class keeps the models: the optimum, with its proof.

Invariants:
- every candidate has a lower bound of its loss before it is checked, and they are checked in its
  order; when the least bound of what is open passes the best score found, that score is optimal;
- a candidate's monotone models suppress at least what any candidate above it (more general in every
  column) suppresses: so a candidate over the limit condemns all below it, and what a checked one
  suppressed tightens the bound of all below it;
- the same holds of every projection onto two or three columns, which are cheap to count: they are
  looked at first.

The search sees only distinct tuples: its cost does not grow with the rows.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.loss import Discernibility, Loss, Tuples
from commonseal.anonymize.models import Classes, Mask, Model, Units
from commonseal.table import Grouping, group_codes

Ints = NDArray[np.int64]

PROVABLE_NODES = 4_000_000  # above this the lattice is climbed down greedily, without a proof
PROJECTION_BUDGET = 4_000  # projections counted before the search; each costs one pass of the tuples


@dataclass(frozen=True, slots=True)
class Problem:
    """A compressed table and what is asked of it. `suppressed_max`: rows that may be suppressed."""

    tuples: Tuples
    units: Units
    models: tuple[Model, ...]
    loss: Loss
    suppressed_max: int


@dataclass(frozen=True, slots=True)
class Checked:
    """One candidate after its check. `kept` bool[m] says which tuples stay."""

    levels: tuple[int, ...]
    score: float
    suppressed: int
    suppressed_monotone: int
    classes: int
    kept: Mask
    squares: float  # sum of squared class sizes, before suppression


@dataclass(frozen=True, slots=True)
class Solution:
    """The best candidate, or None where none passes; `optimal` where that is proved."""

    best: Checked | None
    nodes_total: int
    nodes_checked: int
    optimal: bool


def search(problem: Problem) -> Solution:
    """Return the candidate of least loss that keeps the models within the suppression limit."""
    heights = [hierarchy.height for hierarchy in problem.tuples.hierarchies]
    nodes = math.prod(heights)
    if nodes > PROVABLE_NODES:
        return _climb_down(problem, heights, nodes)
    lattice = _Lattice(problem, heights)
    lattice.project()
    best: Checked | None = None
    count = 0
    while (node := lattice.next(best)) is not None:
        checked = check(problem, tuple(int(level) for level in lattice.levels[node]))
        count += 1
        lattice.learn(node, checked)
        if checked.suppressed <= problem.suppressed_max and (best is None or _better(checked, best)):
            best = checked
    return Solution(best, nodes, count, optimal=True)


def check(problem: Problem, levels: tuple[int, ...]) -> Checked:
    """Count the classes of one candidate, apply the models, and score what stays."""
    grouping = _group(problem.tuples, range(len(levels)), levels)
    rows = grouping.total(problem.tuples.rows)
    classes = Classes(grouping, rows, problem.units)
    monotone = np.zeros(grouping.count, dtype=bool)
    failing = np.zeros(grouping.count, dtype=bool)
    for model in problem.models:
        failed = model.failing(classes)
        failing |= failed
        if model.monotone:
            monotone |= failed
    kept = ~failing[grouping.of]
    return Checked(
        levels=levels,
        score=problem.loss.score(levels, kept, grouping.of, rows, failing),
        suppressed=int(rows[failing].sum()),
        suppressed_monotone=int(rows[monotone].sum()),
        classes=int((~failing).sum()),
        kept=kept,
        squares=float(rows.astype(np.float64) @ rows),
    )


class _Lattice:
    """The open candidates with what is known of each: least suppression and least loss."""

    def __init__(self, problem: Problem, heights: Sequence[int]) -> None:
        self._problem = problem
        self._heights = heights
        axes = np.indices(heights, dtype=np.int64).reshape(len(heights), -1)
        self.levels: Ints = np.ascontiguousarray(axes.T)
        self._suppressed: Ints = np.zeros(len(self.levels), dtype=np.int64)
        self._squares: NDArray[np.float64] = np.zeros(len(self.levels))
        self._discern = isinstance(problem.loss, Discernibility)
        self._open: Mask = np.ones(len(self.levels), dtype=bool)
        self._bound: NDArray[np.float64] = problem.loss.bound(self.levels, self._suppressed)

    def next(self, best: Checked | None) -> int | None:
        """Return the open candidate of least bound, or None when none can be better than `best`."""
        if not len(self._bound):
            return None
        node = int(np.argmin(self._bound))
        if not self._open[node] or (best is not None and self._bound[node] > best.score * (1 + 1e-12)):
            return None
        return node

    def learn(self, node: int, checked: Checked) -> None:
        """Close a checked candidate and tell its neighbours what it showed."""
        self._close(np.array([node]))
        levels = self.levels[node]
        if checked.suppressed_monotone:
            below = np.flatnonzero(self._open & (self.levels <= levels).all(axis=1))
            self._raise_suppressed(below, checked.suppressed_monotone)
        if self._discern:
            above = np.flatnonzero(self._open & (self.levels >= levels).all(axis=1))
            self._squares[above] = np.maximum(self._squares[above], checked.squares)
            self._rebound(above)

    def project(self) -> None:
        """Count the projections onto two and three columns for what they must suppress."""
        monotone = [model for model in self._problem.models if model.monotone]
        columns = range(len(self._heights))
        if not monotone or len(self._heights) < 3:
            return
        budget = PROJECTION_BUDGET
        for width in (2, 3):
            for subset in itertools.combinations(columns, width):
                spans = [range(self._heights[column]) for column in subset]
                budget -= math.prod(len(span) for span in spans)
                if budget < 0 or width == len(self._heights):
                    return
                for at in itertools.product(*spans):
                    self._learn_projection(subset, at, monotone)

    def _learn_projection(self, subset: tuple[int, ...], at: tuple[int, ...], models: list[Model]) -> None:
        under = self._open.copy()
        for column, level in zip(subset, at, strict=True):
            under &= self.levels[:, column] == level
        affected = np.flatnonzero(under)
        if len(affected):
            self._raise_suppressed(affected, _suppressed_by(self._problem, models, subset, at))

    def _raise_suppressed(self, nodes: Ints, least: int) -> None:
        nodes = nodes[self._suppressed[nodes] < least]
        self._suppressed[nodes] = least
        if least > self._problem.suppressed_max:
            self._close(nodes)
        else:
            self._rebound(nodes)

    def _rebound(self, nodes: Ints) -> None:
        fresh = self._problem.loss.bound(self.levels[nodes], self._suppressed[nodes])
        self._bound[nodes] = np.maximum(fresh, self._squares[nodes])

    def _close(self, nodes: Ints) -> None:
        self._open[nodes] = False
        self._bound[nodes] = np.inf


def _climb_down(problem: Problem, heights: Sequence[int], nodes: int) -> Solution:
    """Go down from the most general candidate while something passes and loses less; no proof."""
    top = tuple(height - 1 for height in heights)
    best = check(problem, top)
    count = 1
    if best.suppressed > problem.suppressed_max:
        return Solution(None, nodes, count, optimal=False)
    while True:
        steps = [check(problem, step) for step in _one_below(best.levels)]
        count += len(steps)
        steps = [step for step in steps if step.suppressed <= problem.suppressed_max and _better(step, best)]
        if not steps:
            return Solution(best, nodes, count, optimal=False)
        best = min(steps, key=lambda step: step.score)


def _one_below(levels: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [(*levels[:c], level - 1, *levels[c + 1 :]) for c, level in enumerate(levels) if level]


def _better(one: Checked, other: Checked) -> bool:
    """Tell whether a candidate loses less; equal losses go to fewer levels, earlier columns first to give."""
    if not math.isclose(one.score, other.score, rel_tol=1e-12, abs_tol=1e-15):
        return one.score < other.score
    return (sum(one.levels), other.levels) < (sum(other.levels), one.levels)


def _group(tuples: Tuples, columns: Sequence[int], levels: Sequence[int]) -> Grouping:
    chosen = [tuples.hierarchies[column] for column in columns]
    codes = [
        hierarchy.codes[:, level][tuples.codes[column]]
        for column, hierarchy, level in zip(columns, chosen, levels, strict=True)
    ]
    return group_codes(codes, [len(h.labels[level]) for h, level in zip(chosen, levels, strict=True)])


def _suppressed_by(
    problem: Problem, models: list[Model], subset: tuple[int, ...], at: tuple[int, ...]
) -> int:
    grouping = _group(problem.tuples, subset, at)
    rows = grouping.total(problem.tuples.rows)
    classes = Classes(grouping, rows, problem.units)
    failing = np.zeros(grouping.count, dtype=bool)
    for model in models:
        failing |= model.failing(classes)
    return int(rows[failing].sum())
