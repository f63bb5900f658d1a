"""Give a share its confidence interval, and the difference of two shares theirs.

Sources: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927);
Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
Medicine 17 (1998), method 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

METHOD = "wilson"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share `hits` / `of` and its interval; `value`, `low`, `high` are None of nothing."""

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def wilson(hits: int, of: int, confidence: float) -> Rate:
    """Return a share with its Wilson score interval.

    Args: 0 <= hits <= of. confidence: in (0, 1), two-sided.

    >>> rate = wilson(9, 10, 0.95)
    >>> rate.value, round(rate.low, 4), round(rate.high, 4)
    (0.9, 0.5958, 0.9821)
    """
    if of == 0:
        return Rate(0, 0, None, None, None)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # at either end the bound is exact, and rounding must not step over it
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == of else min(1.0, middle + half)
    return Rate(hits, of, share, low, high)


def newcombe(one: Rate, other: Rate) -> tuple[float, float] | None:
    """Return the interval of `one` minus `other`, two independent shares; None where one is of nothing."""
    if one.value is None or other.value is None:
        return None
    assert one.low is not None and one.high is not None  # noqa: S101, PT018 - they go with the value
    assert other.low is not None and other.high is not None  # noqa: S101, PT018
    between = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return between - down, between + up
