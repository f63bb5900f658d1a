"""What a class tells beyond the whole: delta-disclosure and beta-likeness, value by value.

p is a value's share in a class, q its share in the reference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from commonseal.judge.models.counted import Counted, Spread
from commonseal.judge.models.held import NEAR, Floats, Given, Held, Mask, exactly, of_classes, within


@dataclass(frozen=True, slots=True)
class DeltaDisclosure:
    """For every class and every value of `column` in the reference: |log(p / q)| < `delta`, natural log.

    A value that a class has none of has p = 0, so that class fails: not to have it is knowledge too.
    ARX and pycanon pass over such values; `present_only` does as they do. ARX takes the logarithm to
    base 2: its delta is ours divided by log 2.

    Measured: the greatest |log(p / q)|, infinite where a value is missing. Postcondition: it is < delta.
    Source: Brickell, Shmatikov, "The Cost of Privacy", KDD 2008, definition 1.
    """

    name: ClassVar[str] = "delta_disclosure"
    column: str
    delta: float
    present_only: bool = False

    def __post_init__(self) -> None:
        within(self.name, "delta", self.delta, 0, math.inf, above=True)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare the shares of each class with the reference's."""
        spread = counted.spread(self.column, given.reference)
        far = np.zeros(len(spread.totals))
        np.maximum.at(far, spread.of, np.abs(np.log(_ratio(spread))))
        if not self.present_only:
            known = np.bincount(spread.of, weights=spread.whole[spread.value] > 0, minlength=len(far))
            far[known < np.count_nonzero(spread.whole)] = np.inf
        return of_classes(self.name, self.column, far >= self.delta, far.max(), "<", self.delta)


@dataclass(frozen=True, slots=True)
class BasicBetaLikeness:
    """For every class and every value of `column` that it has more of: (p - q) / q <= `beta`.

    Near the limit fractions decide. Measured: the greatest (p - q) / q, infinite for a value that the
    reference has none of. Postcondition: it is <= beta.
    Source: Cao, Karras, "Publishing Microdata with a Robust Privacy Guarantee", VLDB 2012, definition 2.
    """

    name: ClassVar[str] = "basic_beta_likeness"
    column: str
    beta: float

    def __post_init__(self) -> None:
        within(self.name, "beta", self.beta, 0, math.inf, above=True)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare each value's gain with beta."""
        spread = counted.spread(self.column, given.reference)
        gain = _ratio(spread) - 1
        return of_classes(
            self.name,
            self.column,
            _by_class(spread, _gains_more(spread, gain, self.beta)),
            gain.max(),
            "<=",
            self.beta,
        )


@dataclass(frozen=True, slots=True)
class EnhancedBetaLikeness:
    """For every class and every value of `column` that it has more of: (p - q) / q <= min(`beta`, -ln q).

    Frequent values may gain less. Measured: the least beta that would pass, infinite where the part
    -ln q fails and none would. Postcondition: it is <= beta. Source: Cao, Karras 2012, definition 3.
    """

    name: ClassVar[str] = "enhanced_beta_likeness"
    column: str
    beta: float

    def __post_init__(self) -> None:
        within(self.name, "beta", self.beta, 0, math.inf, above=True)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare each value's gain with beta and with -ln q."""
        spread = counted.spread(self.column, given.reference)
        gain = _ratio(spread) - 1
        with np.errstate(divide="ignore"):  # a value that the reference has none of: no gain is too much
            cap = -np.log(spread.whole / spread.whole.sum())[spread.value]
        # a value that all have gains nothing and may gain nothing: 0 <= 0, whatever its rounding
        over = (gain > cap + 1e-15) | np.isinf(gain)
        failing = _by_class(spread, over | _gains_more(spread, gain, self.beta))
        worst = math.inf if over.any() else gain.max()
        return of_classes(self.name, self.column, failing, worst, "<=", self.beta)


def _ratio(spread: Spread) -> Floats:
    """Return p / q of each pair that occurs, infinite where q is 0: float64[p]."""
    whole = spread.whole[spread.value]
    upper = spread.count * float(spread.whole.sum())
    lower = spread.totals[spread.of] * whole.astype(np.float64)
    ratio: Floats = np.divide(upper, lower, out=np.full(len(upper), np.inf), where=whole > 0)
    return ratio


def _gains_more(spread: Spread, gain: Floats, beta: float) -> Mask:
    """Tell of each pair whether (p - q) / q > beta; fractions decide near the limit."""
    more = gain > beta
    total = int(spread.whole.sum())
    for pair in np.flatnonzero(np.abs(gain - beta) <= NEAR * max(1.0, beta)):
        size = int(spread.totals[spread.of[pair]]) * int(spread.whole[spread.value[pair]])
        more[pair] = Fraction(int(spread.count[pair]) * total, size) - 1 > exactly(beta)
    return more


def _by_class(spread: Spread, pairs: Mask) -> Mask:
    return np.bincount(spread.of, weights=pairs, minlength=len(spread.totals)) > 0
