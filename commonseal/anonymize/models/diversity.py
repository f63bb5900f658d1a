"""Models on how many sensitive values a class holds, and how evenly: the l-diversities.

Source of all: Machanavajjhala, Kifer, Gehrke, Venkitasubramaniam 2007. p_s is the share of value s
among a class's persons. After: nobody's value is known before l - 1 values are ruled out (distinct,
recursive), or it is as uncertain as among l equally likely ones (entropy).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from commonseal.anonymize.models.classes import Classes, Ints, Mask, Spread
from commonseal.anonymize.models.size import class_totals

_NEAR = 1e-9  # closer to the limit than this, floating point does not decide
_EXACT_UP_TO = 20_000  # persons in a class up to which the integers are written out


@dataclass(frozen=True, slots=True)
class DistinctLDiversity:
    """Every class holds at least `l` distinct sensitive values (def. 4). Monotone: values only add up."""

    column: str
    l: int  # noqa: E741 - the literature's name
    monotone: ClassVar[bool] = True
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes with fewer than l distinct sensitive values: bool[c]."""
        return np.bincount(classes.spread(self.column).class_of, minlength=classes.count) < self.l


@dataclass(frozen=True, slots=True)
class EntropyLDiversity:
    """In every class -sum p_s log p_s >= log l (def. 5), decided in exact arithmetic.

    A class of n persons with counts c_s passes where n^n >= l^n prod c_s^c_s: three values twice each
    pass at l = 3, which floating point denies. Not monotone: an even and a lopsided part may make a
    lopsided whole. Closed: entropy is concave.
    """

    column: str
    l: int  # noqa: E741 - the literature's name
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes of too little entropy: bool[c]."""
        spread = classes.spread(self.column)
        size = class_totals(spread.class_of, spread.count, classes.count)
        share = spread.count / size[spread.class_of]
        entropy = np.bincount(spread.class_of, weights=-share * np.log(share), minlength=classes.count)
        below = entropy < math.log(self.l)
        spread = _falling(spread)
        start = np.searchsorted(spread.class_of, np.arange(classes.count + 1))
        values = np.diff(start)
        filled = np.flatnonzero(values)
        even = np.zeros(classes.count, dtype=bool)  # all values equally often: decided by their number
        even[filled] = spread.count[start[filled]] == spread.count[start[filled + 1] - 1]
        below[even] = values[even] < self.l
        for near in np.flatnonzero((values > 0) & ~even & (np.abs(entropy - math.log(self.l)) < _NEAR)):
            below[near] = not _even_enough(spread.count[start[near] : start[near + 1]], self.l)
        return np.asarray(below)


def _even_enough(counts: Ints, l: int) -> bool:  # noqa: E741 - the literature's name
    """Tell whether n^n >= l^n prod c^c, in integers.

    >>> _even_enough(np.array([2, 2, 2]), 3), _even_enough(np.array([3, 2, 1]), 3)
    (True, False)
    """
    n = int(counts.sum())
    if n > _EXACT_UP_TO:
        return False  # undecided within 1e-9: counts as no
    return bool(n**n >= l**n * math.prod(int(c) ** int(c) for c in counts))


@dataclass(frozen=True, slots=True)
class RecursiveCLDiversity:
    """In every class r_1 < c (r_l + ... + r_m), the counts in falling order (def. 6).

    Not monotone for the class as it stands: two lopsided parts may make an even whole, and an even part
    beside a lopsided one a lopsided whole. Closed: shown in the source.
    """

    column: str
    c: float
    l: int  # noqa: E741 - the literature's name
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes whose commonest value weighs too much: bool[c]."""
        spread = _falling(classes.spread(self.column))
        start = np.searchsorted(spread.class_of, np.arange(classes.count))
        rank = np.arange(len(spread.class_of)) - start[spread.class_of]
        tail = class_totals(spread.class_of, np.where(rank >= self.l - 1, spread.count, 0), classes.count)
        top = np.zeros(classes.count, dtype=np.int64)
        first = rank == 0
        top[spread.class_of[first]] = spread.count[first]
        c = Fraction(str(self.c))  # 1.1 is eleven tenths, not the double nearest to it
        return np.asarray(~(top * c.denominator < c.numerator * tail))


def _falling(spread: Spread) -> Spread:
    order = np.lexsort((-spread.count, spread.class_of))
    return Spread(spread.class_of[order], spread.value[order], spread.count[order], spread.labels)
