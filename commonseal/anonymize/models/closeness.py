"""Models on how far a class's sensitive values may lie from those of the whole table.

p_s: the share of value s in the class; q_s: in the whole input, before suppression, as in ARX (the
judge also reports them against what was released). None is monotone; all are closed, since each limits
a convex function of p.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from commonseal.anonymize.models.classes import Classes, Floats, Ints, Mask
from commonseal.anonymize.models.size import class_totals

_CELLS = 4_000_000  # class x value cells laid out at once
Distance = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class TCloseness:
    """In every class the earth mover's distance between p and q is at most `t`.

    `ground` is None for equal ground distance (half the L1 distance), else it turns p - q, float64
    [classes, values], into distances. Source: Li, Li, Venkatasubramanian 2007.
    After: who learns a person's class learns at most t about the value.
    """

    column: str
    t: float
    input: Floats  # float64[values]: q
    ground: Distance | None = None
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes farther than t from the whole: bool[c]."""
        return self.distance(classes) > self.t

    def distance(self, classes: Classes) -> Floats:
        """Return each class's distance from the whole: float64[c]."""
        of, value, share = _shares_of(classes, self.column)
        if self.ground is None:
            present = self.input[value]
            apart = np.bincount(of, weights=np.abs(share - present) - present, minlength=classes.count)
            return np.asarray((apart + 1.0) / 2.0, dtype=np.float64)
        found = np.empty(classes.count)
        step = max(1, _CELLS // max(1, len(self.input)))
        order = np.argsort(of, kind="stable")
        of, value, share = of[order], value[order], share[order]
        for low in range(0, classes.count, step):
            high = min(classes.count, low + step)
            here = slice(*np.searchsorted(of, [low, high]))
            laid = np.tile(-self.input, (high - low, 1))
            laid[of[here] - low, value[here]] += share[here]
            found[low:high] = self.ground(laid)
        return found


def ordered_distance(order: Sequence[int]) -> Distance:
    """Return the distance of values in a line, neighbours 1 / (values - 1) apart (the source, sec. 4.1).

    Args: order: for each place of the line the value that stands there.
    """
    line = np.array(order, dtype=np.int64)

    def distance(apart: Floats) -> Floats:
        moved = np.abs(np.cumsum(apart[:, line], axis=1)).sum(axis=1)
        return np.asarray(moved / max(1, len(line) - 1))

    return distance


def hierarchical_distance(codes: Ints) -> Distance:
    """Return the distance of values in a hierarchy: the level where two meet over its height (sec. 4.2).

    Args: codes: int64[values, levels], a value's label at each level; one label at the top.
    """
    height = codes.shape[1] - 1

    def distance(apart: Floats) -> Floats:
        below, cost = apart, np.zeros(len(apart))
        of = codes[:, 0]
        for level in range(1, height + 1):
            parent = np.zeros(below.shape[1], dtype=np.int64)
            parent[of] = codes[:, level]
            labels = int(codes[:, level].max(initial=0)) + 1
            more, less = (np.zeros((len(apart), labels)) for _ in range(2))
            for place, up in enumerate(parent):
                more[:, up] += np.maximum(below[:, place], 0.0)
                less[:, up] += np.maximum(-below[:, place], 0.0)
            cost += np.minimum(more, less).sum(axis=1) * level / height
            below, of = more - less, codes[:, level]
        return cost

    return distance


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
