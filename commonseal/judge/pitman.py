"""Fit Pitman's sampling formula to the classes of a sample.

Source: Hoshino, "Applying Pitman's Sampling Formula to Microdata Disclosure Risk Assessment", Journal of
Official Statistics 17(4), 2001. s: the sizes that occur, f: classes of each size, n = sum of s f, u = sum
of f; theta and alpha are the formula's parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pitman_uniqueness(s: Floats, f: Floats, population: int) -> float | None:
    """Maximize the likelihood of theta and alpha; Gamma(theta+1) / Gamma(theta+alpha) N^alpha are unique."""
    from scipy.special import gammaln  # type: ignore[import-untyped] # 0.1 s to import

    n, u = float((s * f).sum()), float(f.sum())
    for start in _starts(s, f, n, u):
        found = _climb(s, f, n, u, *start)
        if found is not None:
            theta, alpha = found
            log = gammaln(theta + 1) - gammaln(theta + alpha) + (alpha - 1) * math.log(population)
            return math.exp(log) if log <= 0 else None
    return None


def _starts(s: Floats, f: Floats, n: float, u: float) -> Iterator[tuple[float, float]]:
    """Yield Hoshino's first guess (2001, section 4), then others."""
    f1 = float(f[0])
    f2 = float(f[1]) if len(s) > 1 and s[1] == 2 else 1.0
    c = f1 * (f1 - 1) / f2
    lower = 2 * f1 * u + f1 * c - n * c
    if lower != 0:
        theta = (n * u * c - f1 * (n - 1) * (2 * u + c)) / lower
        yield theta, (theta * (f1 - n) + (n - 1) * f1) / (n * u)
    for alpha in (0.1, 0.3, 0.5, 0.7, 0.9):
        for theta in (1.0, n / 100, n):
            yield theta, alpha


def _climb(
    s: Floats, f: Floats, n: float, u: float, theta: float, alpha: float
) -> tuple[float, float] | None:
    """Solve the two likelihood equations by Newton's method, with steps halved until they come nearer."""
    if not (0 < alpha < 1 and theta > -alpha):
        return None
    value, slope = _likelihood(s, f, n, u, theta, alpha)
    for _ in range(200):
        try:
            step = np.linalg.solve(slope, value)
        except np.linalg.LinAlgError:
            return None
        length = 1.0
        while length > 1e-12:
            t, a = theta - length * step[0], alpha - length * step[1]
            if 0 < a < 1 and t > -a:
                new, new_slope = _likelihood(s, f, n, u, t, a)
                if np.abs(new).sum() < np.abs(value).sum():
                    break
            length /= 2
        else:  # no step comes nearer: this is it, or nothing is
            return (theta, alpha) if np.abs(value).sum() < 1e-6 * u else None
        theta, alpha, value, slope = t, a, new, new_slope
    return (theta, alpha) if np.abs(value).sum() < 1e-6 * u else None


def _likelihood(
    s: Floats, f: Floats, n: float, u: float, theta: float, alpha: float
) -> tuple[Floats, Floats]:
    """Return the gradient of the log likelihood in (theta, alpha), and its matrix of derivatives.

    sum over 0 < i < u of log(theta + i alpha) - sum over 0 < i < n of log(theta + i)
    + sum over classes and 0 < j < s of log(j - alpha); sums of 1/x are differences of digamma.
    """
    from scipy.special import polygamma, psi

    x = theta / alpha
    one = float(psi(u + x) - psi(1 + x)) / alpha  # sum of 1 / (theta + i alpha)
    two = float(polygamma(1, 1 + x) - polygamma(1, u + x)) / alpha**2  # of its square
    with_i = (u - 1 - theta * one) / alpha  # sum of i / (theta + i alpha)
    cross = (one - theta * two) / alpha  # of i / square
    i_squared = (with_i - theta * cross) / alpha  # of i^2 / square
    value = np.array(
        [
            one - float(psi(n + theta) - psi(1 + theta)),
            with_i - float((f * (psi(s - alpha) - psi(1 - alpha))).sum()),
        ]
    )
    rows = float(polygamma(1, 1 + theta) - polygamma(1, n + theta))
    within = float((f * (polygamma(1, 1 - alpha) - polygamma(1, s - alpha))).sum())
    return value, np.array([[rows - two, -cross], [-cross, -i_squared - within]])
