"""Find the levels that lose least while every class keeps the models: the optimum, with its proof.

Invariants:
- every candidate has a lower bound of its loss before it is checked; the open candidate of least bound
  is next, and when that bound passes the best score found, that score is optimal;
- a candidate suppresses, by the models that condemn, at least what any candidate above it (more general in
  every column) suppresses: one over the limit closes all below it, and what it suppressed raises
  the bound of all below it.

So a candidate is not checked itself while a cheaper one above it may close it: first those that leave only
two or three columns special (the projections), then the end of the way up on which the bound
grows least. The search sees only distinct tuples: its cost does not grow with the rows.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.loss import Discernibility, squares
from commonseal.anonymize.search.candidate import Checked, Problem, Solution, assess, better, check, tied
from commonseal.anonymize.search.rollup import Rollup
from commonseal.anonymize.search.wide import search_wide

__all__ = ["Checked", "Problem", "Solution", "check", "search"]

Ints = NDArray[np.int64]
Levels = tuple[int, ...]

PROVABLE_NODES = 4_000_000  # laid out as arrays; a larger lattice is searched by `wide`
PROJECTIONS = 3_000  # checked before the search, at the most
_TRIED, _PAID = 32, 0.25  # ways up tried before asking whether they pay; the share that must


def search(problem: Problem, *, checks_max: int | None = None) -> Solution:
    """Return the candidate of least loss that keeps the models within the suppression limit.

    Args: checks_max: candidates to check at the most; the best so far and a bound where that is not enough.
    """
    nodes = math.prod(high - low + 1 for low, high in zip(problem.bottom, problem.top, strict=True))
    if nodes > PROVABLE_NODES:
        return search_wide(problem, nodes, checks_max=checks_max)
    run = _Run(problem, nodes, checks_max or nodes + 1)
    if run.descend():
        run.project()
        run.prove()
    return run.solution()


class _Run:
    """One search: the lattice as arrays, what is known of each candidate, and the best so far."""

    def __init__(self, problem: Problem, nodes: int, checks_max: int) -> None:
        self._problem = problem
        self._rollup = Rollup(problem.tuples, problem.units)
        self._limit = problem.suppressed_max
        self._nodes = nodes
        self._checks_left = checks_max
        self._low, self._top = problem.bottom, problem.top
        self._grounded = not any(self._low)  # then a candidate's levels are its place in the arrays
        self._shape = tuple(high - low + 1 for low, high in zip(self._low, self._top, strict=True))
        self._bounded = _bounds(problem, self._shape)
        self._suppressed: Ints = np.zeros(self._shape, dtype=np.int64)  # at least so many rows
        self._seen = np.zeros(self._shape, dtype=bool)
        self._squares = np.zeros(self._shape) if isinstance(problem.loss, Discernibility) else None
        self._best: Checked | None = None
        self._tied = False
        self._checked = 0
        self._ways = self._ways_paid = 0  # ways up that were tried, and that closed something
        self._proved = float(self._bounded.min())  # no candidate loses less
        self._done = False

    def descend(self) -> bool:
        """Go down from the most general candidate while something passes: a first score to beat.

        Returns: False where the most general candidate closes everything.
        """
        at = self._check(self._top)
        if at.least_suppressed > self._limit:
            self._done = True
            return False
        while at.suppressed <= self._limit:
            below = sorted(
                (self._bound(step), step) for step in self._steps(at.levels, -1) if self._open(step)
            )
            passing = (self._check(step) for _, step in below if self._checks_left > 0)
            found = next((one for one in passing if one.suppressed <= self._limit), None)
            if found is None:
                break
            at = found
        return True

    def project(self) -> None:
        """Check what must be suppressed when only two or three columns are special."""
        if not self._problem.condemning or len(self._shape) < 3:
            return
        columns = range(len(self._shape))
        budget = PROJECTIONS
        for width in (2, 3):
            for special in itertools.combinations(columns, width):
                budget -= math.prod(self._shape[column] for column in special)
                if budget < 0 or width == len(self._shape):
                    return
                for node in self._projections(special):
                    if self._checks_left > 0 and self._open(node) and self._promises(special, node):
                        self._check(node)

    def prove(self) -> None:
        """Check in the order of the bounds until none that is open can be better than the best."""
        order = np.argsort(self._bounded, axis=None, kind="stable")
        waiting = iter(order.tolist())
        fresh = next(waiting, None)
        raised: list[tuple[float, int]] = []
        direct: set[int] = set()
        flat, seen, suppressed = (each.reshape(-1) for each in (self._bounded, self._seen, self._suppressed))
        while self._checks_left > 0:
            if fresh is not None and (not raised or flat[fresh] <= raised[0][0]):
                known, node = float(flat[fresh]), fresh
                fresh = next(waiting, None)
            elif raised:
                known, node = heapq.heappop(raised)
            else:
                self._done = True
                return
            self._proved = known
            if self._best is not None and known > self._best.score * (1 + 1e-12):
                self._done = True
                return
            if seen[node] or suppressed[node] > self._limit:
                continue
            levels = self._levels_of(node)
            bound = self._bound(levels)
            if bound > known * (1 + 1e-12) + 1e-300:
                heapq.heappush(raised, (bound, node))
            elif node in direct or not self._closes_from_above(levels):
                self._check(levels)
            elif self._open(levels):
                direct.add(node)
                heapq.heappush(raised, (self._bound(levels), node))

    def solution(self) -> Solution:
        """Return what was found."""
        score = self._best.score if self._best else math.inf
        bound = score if self._done else min(self._proved, score)
        return Solution(self._best, bound, self._nodes, self._checked, self._done, self._tied)

    def _closes_from_above(self, levels: Levels) -> bool:
        """Check the end of the way up on which the bound grows least; False where that does not pay."""
        if not self._problem.condemning or not self._ways_pay():
            return False
        at = levels
        while True:
            # the bound without suppression tells the direction; it lies ready for every candidate
            above = [
                (self._bounded[self._place(step)], step) for step in self._steps(at, 1) if self._open(step)
            ]
            _, step = min(above, default=(0.0, at))
            if step == at or (self._best is not None and self._bound(step) > self._best.score):
                break
            at = step
        if at == levels:
            return False
        self._ways += 1
        self._ways_paid += self._check(at).least_suppressed > self._limit
        return True

    def _ways_pay(self) -> bool:
        return self._ways < _TRIED or self._ways_paid >= _PAID * self._ways

    def _check(self, levels: Levels) -> Checked:
        """Check a candidate and tell its neighbours what it showed."""
        beaten = self._best.score if self._best else math.inf
        checked = assess(self._problem, self._rollup.at(levels), beaten=beaten)
        self._checks_left -= 1
        self._checked += 1
        at = self._place(levels)
        self._seen[at] = True
        if checked.least_suppressed:
            below = self._suppressed[tuple(slice(0, place + 1) for place in at)]
            np.maximum(below, checked.least_suppressed, out=below)
        if self._squares is not None:
            above = self._squares[tuple(slice(place, None) for place in at)]
            np.maximum(above, squares(self._rollup.at(levels).rows), out=above)
        if checked.suppressed <= self._limit:
            self._tied = self._best is not None and (
                tied(checked, self._best) or (self._tied and checked.score > self._best.score)
            )
            if better(checked, self._best):
                self._best = checked
        return checked

    def _bound(self, levels: Levels) -> float:
        at = self._place(levels)
        bound = self._problem.loss.bound_of(levels, int(self._suppressed[at]))
        return bound if self._squares is None else max(bound, float(self._squares[at]))

    def _open(self, levels: Levels) -> bool:
        at = self._place(levels)
        return not self._seen[at] and bool(self._suppressed[at] <= self._limit)

    def _promises(self, special: Sequence[int], node: Levels) -> bool:
        """Tell whether something below a projection could still be better than the best."""
        if self._best is None:
            return True
        lowest = tuple(level if column in special else self._low[column] for column, level in enumerate(node))
        return bool(self._bounded[self._place(lowest)] <= self._best.score)

    def _projections(self, special: Sequence[int]) -> Iterator[Levels]:
        ranges = [
            range(low, high + 1) if column in special else (high,)
            for column, (low, high) in enumerate(zip(self._low, self._top, strict=True))
        ]
        return itertools.product(*ranges)

    def _steps(self, levels: Levels, by: int) -> Iterator[Levels]:
        for column, level in enumerate(levels):
            if self._low[column] <= level + by <= self._top[column]:
                yield (*levels[:column], level + by, *levels[column + 1 :])

    def _place(self, levels: Levels) -> Levels:
        if self._grounded:
            return levels
        return tuple(level - low for level, low in zip(levels, self._low, strict=True))

    def _levels_of(self, node: int) -> Levels:
        at = []
        for size, low in zip(reversed(self._shape), reversed(self._low), strict=True):
            node, place = divmod(node, size)
            at.append(place + low)
        return tuple(reversed(at))


def _bounds(problem: Problem, shape: Levels) -> NDArray[np.float64]:
    axes = np.indices(shape, dtype=np.int64).reshape(len(shape), -1).T + np.array(problem.bottom)
    return problem.loss.bound(axes, np.zeros(len(axes), dtype=np.int64)).reshape(shape)
