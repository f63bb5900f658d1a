"""Search a lattice that is too large to lay out: good levels, and how far they can be from the best.

The bound: columns are dealt into groups; on the columns of one group alone every candidate can be tried,
and what they must give up at the least, all candidates of the whole table give up too.
The levels: up from there by the column that gives most for what it costs, then down wherever
the models allow, then one column down for another up, as long as less is lost. No randomness.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from commonseal.anonymize.loss import Discernibility, squares
from commonseal.anonymize.search.candidate import Checked, Problem, Solution, assess, better
from commonseal.anonymize.search.rollup import Rollup

Levels = tuple[int, ...]
CHECKS = 2_000  # candidates checked, where the caller does not say
_GROUP = 400  # candidates of a group of columns, at the most


def search_wide(problem: Problem, nodes: int, *, checks_max: int | None = None) -> Solution:
    """Return the best candidate found with at most `checks_max` checks, and a lower bound of any loss."""
    run = _Wide(problem, checks_max or CHECKS)
    floor = run.floor()
    bound = run.bound(floor)
    run.rise(floor)
    run.settle()
    best = run.best
    done = best is not None and best.score <= bound * (1 + 1e-12)
    return Solution(best, bound, nodes, run.checked, optimal=done)


class _Wide:
    """One heuristic search, with its budget of checks."""

    def __init__(self, problem: Problem, checks_max: int) -> None:
        self._problem = problem
        self._rollup = Rollup(problem.tuples, problem.units)
        self._low, self._top = problem.bottom, problem.top
        self._seen: dict[Levels, Checked] = {}
        self._left = checks_max
        self._entropy = _entropies(problem)
        self.best: Checked | None = None
        self.checked = 0

    def floor(self) -> Levels:
        """Return for each group of columns the levels it must have at the least, by loss."""
        floor = list(self._low)
        if not self._problem.condemning:
            return tuple(floor)
        for group in self._groups():
            ranges = [
                range(self._low[c], self._top[c] + 1) if c in group else (self._top[c],)
                for c in range(len(floor))
            ]
            found = self._cheapest(group, [tuple(node) for node in itertools.product(*ranges)])
            for column in group:
                floor[column] = found[column]
        return tuple(floor)

    def bound(self, floor: Levels) -> float:
        """Return a lower bound of the loss of any candidate that passes."""
        if isinstance(self._problem.loss, Discernibility):
            return squares(self._rollup.at(self._low).rows)
        return self._problem.loss.bound_of(floor, 0)

    def rise(self, floor: Levels) -> None:
        """Go up from `floor` until something passes, each time where most is gained for what is lost."""
        at = floor
        while self._left > 0 and self._check(at).suppressed > self._problem.suppressed_max:
            steps = list(self._steps(at, 1))
            if not steps:
                return
            at = max(steps, key=lambda step: self._worth(at, step))
        if self.best is None:
            self._check(self._top)

    def settle(self) -> None:
        """Go down, then trade levels between columns, while less is lost."""
        moved = self.best is not None
        while moved and self._left > 0 and self.best is not None:
            before = self.best
            self._try(self._steps(before.levels, -1), first=False)
            if self.best is before:
                self._try(self._trades(before.levels), first=True)
            moved = self.best is not before

    def _try(self, steps: Iterator[Levels], *, first: bool) -> None:
        """Check the steps that may lose less than the best, cheapest first; with `first` stop at one that does."""
        before = self.best
        for step in sorted(steps, key=self._cost):
            if self._left <= 0 or (before is not None and self._cost(step) >= before.score):
                return
            self._check(step)
            if first and self.best is not before:
                return

    def _cheapest(self, group: tuple[int, ...], nodes: list[Levels]) -> Levels:
        """Return the cheapest candidate of a group that is not condemned; the top where all are."""
        low = self._low
        own = {node: tuple(level if c in group else low[c] for c, level in enumerate(node)) for node in nodes}
        condemned: list[Levels] = []
        for node in sorted(nodes, key=lambda node: (self._cost(own[node]), node)):
            if any(all(a <= b for a, b in zip(node, other, strict=True)) for other in condemned):
                continue
            if self._left <= 0:
                return own[node]  # all cheaper ones are condemned: still a bound
            if self._check(node).least_suppressed <= self._problem.suppressed_max:
                return own[node]
            condemned.append(node)
        return nodes[-1]

    def _groups(self) -> Iterator[tuple[int, ...]]:
        columns = sorted(range(len(self._low)), key=lambda column: -self._entropy[column][self._low[column]])
        group: list[int] = []
        space = 1
        for column in columns:
            height = self._top[column] - self._low[column] + 1
            if group and space * height > _GROUP:
                yield tuple(sorted(group))
                group, space = [], 1
            group.append(column)
            space *= height
        yield tuple(sorted(group))

    def _check(self, levels: Levels) -> Checked:
        if levels not in self._seen:
            checked = assess(self._problem, self._rollup.at(levels))
            self._seen[levels] = checked
            self._left -= 1
            self.checked += 1
            if checked.suppressed <= self._problem.suppressed_max and better(checked, self.best):
                self.best = checked
        return self._seen[levels]

    def _cost(self, levels: Levels) -> float:
        return self._problem.loss.bound_of(levels, 0)

    def _worth(self, at: Levels, step: Levels) -> float:
        column = next(c for c, (a, b) in enumerate(zip(at, step, strict=True)) if a != b)
        gained = self._entropy[column][at[column]] - self._entropy[column][step[column]]
        return (gained + 1e-12) / (max(0.0, self._cost(step) - self._cost(at)) + 1e-12)

    def _steps(self, at: Levels, by: int) -> Iterator[Levels]:
        for column, level in enumerate(at):
            if self._low[column] <= level + by <= self._top[column]:
                yield (*at[:column], level + by, *at[column + 1 :])

    def _trades(self, at: Levels) -> Iterator[Levels]:
        for step in self._steps(at, 1):
            yield from (trade for trade in self._steps(step, -1) if trade != at)


def _entropies(problem: Problem) -> list[list[float]]:
    """Return the entropy of each column's labels at each level, in bits."""
    tuples = problem.tuples
    found = []
    for codes, hierarchy in zip(tuples.codes, tuples.hierarchies, strict=True):
        of_value = np.bincount(codes, weights=tuples.rows, minlength=len(hierarchy.codes))
        of_level = []
        for level in range(hierarchy.height):
            share = np.bincount(hierarchy.codes[:, level], weights=of_value) / max(1, tuples.total)
            share = share[share > 0]
            of_level.append(-math.fsum((share * np.log2(share)).tolist()))
        found.append(of_level)
    return found
