"""l-diversity in three forms: how many sensitive values a class hides each person among.

Source: Machanavajjhala, Kifer, Gehrke, Venkitasubramaniam, "l-Diversity: Privacy beyond k-anonymity",
ACM TKDD 1(1), 2007. Several sensitive columns are judged one by one; where somebody may know one of
them, name it among the quasi-identifiers when the other is judged (ibid., section 4.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

import numpy as np

from commonseal.judge.models.counted import Counted, Spread
from commonseal.judge.models.held import NEAR, Given, Held, exactly, of_classes, within

WHOLE_NUMBERS = 4096  # up to so many persons in a class (its counts reduced) integers decide
_DIGITS = 80


@dataclass(frozen=True, slots=True)
class DistinctLDiversity:
    """Every class holds at least `l` distinct values of `column`.

    Measured: the fewest distinct values in a class. A null is a value.
    Postcondition: it is >= l. Source: ibid., section 4.1 (the form without probabilities).
    """

    name: ClassVar[str] = "distinct_l_diversity"
    column: str
    l: int  # noqa: E741 - the literature's name

    def __post_init__(self) -> None:
        within(self.name, "l", self.l, 1, math.inf)

    def check(self, counted: Counted, given: Given) -> Held:
        """Count the values of each class."""
        values = np.bincount(counted.spread(self.column).of)
        return of_classes(self.name, self.column, values < self.l, values.min(), ">=", self.l)


@dataclass(frozen=True, slots=True)
class EntropyLDiversity:
    """In every class the entropy of `column` is at least log `l`.

    With counts c of a class of n: - sum of c/n log(c/n) >= log l, or n^n >= l^n * product of c^c.
    Near the limit the second form decides, in whole numbers (or, in a class of more than
    `WHOLE_NUMBERS`, to 80 digits), so that counts (2, 2, 2) have l = 3 and not a hair less.

    Measured: exp of the least entropy, the "effective number" of values. Postcondition: it is >= l.
    Source: ibid., definition 4.1.
    """

    name: ClassVar[str] = "entropy_l_diversity"
    column: str
    l: float  # noqa: E741

    def __post_init__(self) -> None:
        within(self.name, "l", self.l, 1, math.inf)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare each class's entropy with log l."""
        spread = counted.spread(self.column)
        share = spread.count / spread.totals[spread.of]
        entropy = np.bincount(spread.of, weights=-share * np.log(share))
        limit = math.log(self.l)
        failing = entropy < limit
        least = exactly(self.l)
        for number in np.flatnonzero(np.abs(entropy - limit) <= NEAR):
            failing[number] = not enough_entropy(spread.present(int(number)), least)
        worst = math.exp(entropy.min())
        if not failing.any():  # what the exact test has passed is not shown a hair below
            worst = max(worst, self.l)
        return of_classes(self.name, self.column, failing, worst, ">=", self.l)


@dataclass(frozen=True, slots=True)
class RecursiveCLDiversity:
    """In every class the most frequent value of `column` is less than `c` times the rest from the l-th on.

    With counts r1 >= r2 >= ... >= rm: r1 < c * (rl + ... + rm). A class of fewer than l values fails.
    Near the limit fractions decide.

    Measured: the greatest r1 / (rl + ... + rm), infinite where a class has fewer than l values.
    Postcondition: it is < c. Source: ibid., definition 4.2.
    """

    name: ClassVar[str] = "recursive_cl_diversity"
    column: str
    c: float
    l: int  # noqa: E741

    def __post_init__(self) -> None:
        within(self.name, "c", self.c, 0, math.inf, above=True)
        within(self.name, "l", self.l, 1, math.inf)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare the first count of each class with its tail."""
        first, tail = _first_and_tail(counted.spread(self.column), self.l)
        ratio = np.divide(first, tail, out=np.full(len(first), np.inf), where=tail > 0)
        failing = ~(ratio < self.c)
        limit = exactly(self.c)
        for number in np.flatnonzero(np.abs(ratio - self.c) <= NEAR * self.c):
            failing[number] = not Fraction(int(first[number]), int(tail[number])) < limit
        return of_classes(self.name, self.column, failing, ratio.max(), "<", self.c)


@lru_cache(maxsize=65536)  # near the limit many classes have the same counts
def enough_entropy(counts: tuple[int, ...], least: Fraction) -> bool:
    """Tell whether the entropy of `counts` is at least log `least`, without rounding.

    >>> enough_entropy((2, 2, 2), Fraction(3)), enough_entropy((2, 2, 3), Fraction(3))
    (True, False)
    """
    divisor = math.gcd(*counts)  # the entropy is of shares alone
    counts = tuple(count // divisor for count in counts)
    n = sum(counts)
    if n <= WHOLE_NUMBERS:
        product = math.prod(count**count for count in counts)
        return bool(n**n * least.denominator**n >= least.numerator**n * product)
    with localcontext(prec=_DIGITS):
        each = (Decimal(count) * Decimal(count).ln() for count in counts)
        limit = Decimal(least.numerator).ln() - Decimal(least.denominator).ln()
        apart = Decimal(n).ln() - sum(each, Decimal(0)) / n - limit
        return apart >= Decimal(10) ** (20 - _DIGITS) * -1


def _first_and_tail(
    spread: Spread,
    l: int,  # noqa: E741
) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((-spread.count, spread.of))
    of, count = spread.of[order], spread.count[order]
    start = np.searchsorted(of, np.arange(len(spread.totals)))
    rank = np.arange(len(of)) - start[of]  # 0: the most frequent value of its class
    tail = np.bincount(of, weights=np.where(rank >= l - 1, count, 0), minlength=len(spread.totals))
    return count[start], tail.astype(np.int64)
