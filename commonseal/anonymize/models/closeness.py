"""Models on how far a class's sensitive values may lie from those of the whole table.

p_s: the share of value s in the class; q_s: in the whole input, before suppression, as in ARX (the
judge also reports them against what was released). None is monotone; all are closed, since each limits
a convex function of p.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.models.classes import Classes, Floats, Ints, Mask
from commonseal.anonymize.models.size import class_totals

Apart = NDArray[Any]  # floats, or Python integers as objects
_CELLS = 4_000_000  # class x value cells laid out at once
_NEAR = 1e-9  # closer to the limit than this, floating point does not decide
Work = Callable[[Apart], Apart]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How far values lie apart: the distance is `work(p - q)` / `divisor`.

    `work` takes [classes, values], floats or whole numbers, and returns [classes] of the same kind.
    """

    work: Work
    divisor: int


@dataclass(frozen=True, slots=True, eq=False)
class TCloseness:
    """In every class the earth mover's distance between p and q is at most `t`.

    `ground` is None for equal ground distance (half the L1 distance). A class exactly at t passes: t = 0.1 is
    one tenth, not the double nearest to it. Source: Li, Li, Venkatasubramanian 2007.
    After: who learns a person's class learns at most t about the value.
    """

    column: str
    t: float
    counts: Ints  # int64[values]: persons or rows with each value in the input
    ground: Ground | None = None
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes farther than t from the whole: bool[c]; at the limit by whole numbers."""
        of, value, count = self._sorted(classes)
        far = self._distance(classes, of, value, count)
        failing = far > self.t
        for near in np.flatnonzero(np.abs(far - self.t) < _NEAR):
            here = slice(*np.searchsorted(of, [near, near + 1]))
            failing[near] = here.start < here.stop and self._farther(value[here], count[here])
        return failing

    def distance(self, classes: Classes) -> Floats:
        """Return each class's distance from the whole: float64[c]."""
        return self._distance(classes, *self._sorted(classes))

    def _sorted(self, classes: Classes) -> tuple[Ints, Ints, Ints]:
        spread = classes.spread(self.column)
        order = np.argsort(spread.class_of, kind="stable")
        return spread.class_of[order], spread.value[order], spread.count[order]

    def _distance(self, classes: Classes, of: Ints, value: Ints, count: Ints) -> Floats:
        whole = self.counts / max(1, int(self.counts.sum()))
        share = count / class_totals(of, count, classes.count)[of]
        if self.ground is None:
            present = whole[value]
            apart = np.bincount(of, weights=np.abs(share - present) - present, minlength=classes.count)
            return np.asarray((apart + 1.0) / 2.0, dtype=np.float64)
        found = np.empty(classes.count)
        step = max(1, _CELLS // max(1, len(whole)))
        for low in range(0, classes.count, step):
            high = min(classes.count, low + step)
            here = slice(*np.searchsorted(of, [low, high]))
            laid = np.tile(-whole, (high - low, 1))
            laid[of[here] - low, value[here]] += share[here]
            found[low:high] = self.ground.work(laid) / self.ground.divisor
        return found

    def _farther(self, value: Ints, count: Ints) -> bool:
        """Tell whether one class is farther than t, written as a fraction, in whole numbers."""
        inside, everybody = int(count.sum()), int(self.counts.sum())
        apart = -self.counts.astype(object) * inside
        apart[value] += count.astype(object) * everybody
        ground = self.ground or _EQUAL
        work = int(ground.work(apart[None, :])[0])
        return Fraction(work, ground.divisor * inside * everybody) > Fraction(str(self.t))


_EQUAL = Ground(lambda apart: np.abs(apart).sum(axis=1), 2)


def ordered_ground(order: Sequence[int]) -> Ground:
    """Return the ground of values in a line, neighbours 1 / (values - 1) apart (the source, sec. 4.1).

    Args: order: for each place of the line the value that stands there.
    """
    line = np.array(order, dtype=np.int64)
    return Ground(lambda apart: np.abs(np.cumsum(apart[:, line], axis=1)).sum(axis=1), max(1, len(line) - 1))


def hierarchical_ground(codes: Ints) -> Ground:
    """Return the ground of values in a hierarchy: the level where two meet over its height (sec. 4.2).

    Args: codes: int64[values, levels], a value's label at each level; one label at the top.
    """
    height = codes.shape[1] - 1

    def work(apart: Apart) -> Apart:
        below, cost = apart, np.zeros(len(apart), dtype=apart.dtype)
        of = codes[:, 0]
        for level in range(1, height + 1):
            parent = np.zeros(below.shape[1], dtype=np.int64)
            parent[of] = codes[:, level]
            labels = int(codes[:, level].max(initial=0)) + 1
            more, less = (np.zeros((len(apart), labels), dtype=apart.dtype) for _ in range(2))
            for place, up in enumerate(parent):
                more[:, up] += np.maximum(below[:, place], 0)
                less[:, up] += np.maximum(-below[:, place], 0)
            cost = cost + np.minimum(more, less).sum(axis=1) * level
            below, of = more - less, codes[:, level]
        return cost

    return Ground(work, max(1, height))


@dataclass(frozen=True, slots=True, eq=False)
class DeltaDisclosure:
    """In every class |ln(p_s / q_s)| < `delta` for every value s of the table; one that is absent fails.

    Source: Brickell, Shmatikov 2008, def. 2. After: no value is delta likelier or unlikelier than in the whole.
    """

    column: str
    delta: float
    input: Floats
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes in which a value is too likely, too unlikely or absent: bool[c]."""
        of, value, share = _shares_of(classes, self.column)
        within = np.abs(np.log(share / self.input[value])) < self.delta
        held = np.bincount(of, weights=within, minlength=classes.count)
        return np.asarray(held < np.count_nonzero(self.input))


@dataclass(frozen=True, slots=True, eq=False)
class BetaLikeness:
    """In every class (p_s - q_s) / q_s <= `beta` for every s; enhanced: <= min(beta, -ln q_s).

    Source: Cao, Karras 2012, defs. 2 and 3. After: no value's likelihood grows by more than that share.
    """

    column: str
    beta: float
    input: Floats
    enhanced: bool
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes in which a value gains too much: bool[c]."""
        of, value, share = _shares_of(classes, self.column)
        before = self.input[value]
        limit = np.minimum(self.beta, -np.log(before)) if self.enhanced else np.full(len(before), self.beta)
        over = (share - before) / before > limit + 1e-12
        return np.bincount(of, weights=over, minlength=classes.count) > 0


def _shares_of(classes: Classes, column: str) -> tuple[Ints, Ints, Floats]:
    spread = classes.spread(column)
    size = class_totals(spread.class_of, spread.count, classes.count)
    return spread.class_of, spread.value, spread.count / size[spread.class_of]
