"""Estimate how many people are unique in the population, from the classes of a sample alone.

f_s is the number of classes of s persons, n the persons of the sample, u its classes, N the population
and pi = n / N. Each estimator is a model of how the population's classes are made; none is a measurement.

- Zayatz: a class of the sample comes from classes of the population of the sizes seen in the sample.
  Source: Zayatz 1991, "Estimation of the Percent of Unique Population Elements on a Microdata File".
- SNB, slide negative binomial: sizes of the population's classes less one are negative binomial.
  Source: Chen, Keller-McNulty 1998, "Estimation of Identification Disclosure Risk in Microdata", J. Official
  Statistics 14; the classes of the population by Shlosser's estimator as changed in Haas, Stokes, "Estimating
  the Number of Classes in a Finite Population", JASA 93, 1998.
- Pitman: classes are drawn as in Pitman's sampling formula, its two parameters by greatest likelihood.
  Source: Hoshino 2001, "Applying Pitman's Sampling Formula to Microdata Disclosure Risk Assessment", JOS 17.
- Dankar's choice among them. Source: Dankar, El Emam, Neisa, Roffey, "Estimating the re-identification
  risk of clinical data sets", BMC Medical Informatics and Decision Making 12:66, 2012.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commonseal.errors import BadInput, BadTable
from commonseal.judge.pitman import pitman_uniqueness
from commonseal.model import Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Estimator = Literal["dankar", "zayatz", "snb", "pitman"]

SMALL_FRACTION = 0.1  # Dankar et al. 2012: up to here Pitman, above it SNB or Zayatz
_LONG = 1 << 20  # sizes up to this have their probabilities summed, larger ones by the gamma function


@dataclass(frozen=True, slots=True)
class Uniqueness:
    """Share of the population that is unique in it, by estimator; None: no solution, or not valid here."""

    population: int
    sampling_fraction: float
    zayatz: float | None
    snb: float | None
    pitman: float | None
    choice: str  # Dankar's: "pitman", "snb", "zayatz"; "none" where nobody is alone in the sample

    @property
    def dankar(self) -> float | None:
        """Return the estimate that Dankar's rule chooses."""
        return 0.0 if self.choice == "none" else self.of(self.choice)

    def of(self, estimator: str) -> float | None:
        """Return the estimate of one estimator."""
        estimate: float | None = getattr(self, estimator)
        return estimate


def estimate_uniqueness(sizes: Ints, population: int, *, snb_above: float = SMALL_FRACTION) -> Uniqueness:
    """Estimate the share of the population that is unique in it.

    Args:
        sizes: int64[c], persons in each class of the sample.
        population: N, at least the persons of the sample.
        snb_above: SNB is None at sampling fractions up to this one. The number of classes in the
            population, on which it rests, cannot be told from so little; Dankar's rule never asks it there.
    Raises: BadTable without classes; BadInput where N is less than the sample.
    """
    if len(sizes) == 0:
        raise BadTable(Text(en="no rows to judge", zh="没有可供评判的行"))
    s, f = np.unique(sizes, return_counts=True)
    n = int(sizes.sum())
    if population < n:
        raise BadInput(
            Text(
                en=f"population: got {population:,}, expected at least the {n:,} persons of the table",
                zh=f"总体人数：得到 {population:,}，应不小于表中的 {n:,} 人",
            )
        )
    pi = n / population
    alone = int((sizes == 1).sum())
    if alone == 0:
        return Uniqueness(population, pi, 0.0, 0.0, 0.0, "none")
    if population == n:  # the sample is everybody: nothing is left to estimate
        return Uniqueness(population, 1.0, alone / n, alone / n, alone / n, "zayatz")
    zayatz = _zayatz(s, f, n, population)
    snb = _snb(s, f, pi, population) if pi > snb_above else None
    pitman = pitman_uniqueness(s.astype(np.float64), f.astype(np.float64), population)
    return Uniqueness(population, pi, zayatz, snb, pitman, _choice(pi, zayatz, snb, pitman))


def uniqueness_rate(sizes: Ints, population: int, estimator: str = "dankar") -> float:
    """Return one estimate, infinite where the estimator has no solution: then no limit holds."""
    rate = estimate_uniqueness(sizes, population).of(estimator)
    return math.inf if rate is None else rate


def _choice(pi: float, zayatz: float, snb: float | None, pitman: float | None) -> str:
    """Choose as Dankar et al. do; Zayatz where what they choose has no solution (as in ARX)."""
    if pi <= SMALL_FRACTION:
        return "pitman" if pitman else "zayatz"
    return "snb" if snb and snb <= zayatz else "zayatz"


def _zayatz(s: Ints, f: Ints, n: int, population: int) -> float:
    """Return P(unique in the population | alone in the sample) * f_1 / n, by Bayes' rule.

    A population class of size s has one person in the sample with hypergeometric probability.
    """
    one = _one_of(s, n, population)
    alone = float(f[0])  # s[0] is 1: there are sample uniques
    given = alone * one[0] / float((f * one).sum())
    return float(given * alone / n)


def _one_of(s: Ints, n: int, population: int) -> Floats:
    """Return P(exactly one of s is in a sample of n from the population) for each s: float64[len(s)].

    s * n/N * prod over j < s-1 of (1 - (n-1) / (N-1-j)). Summing logarithms keeps the digits that
    differences of the gamma function at 10^8 lose.
    """
    top = int(min(s.max(), _LONG, population - n + 1))
    step = np.log1p(-(n - 1) / (population - 1 - np.arange(max(top - 1, 0), dtype=np.float64)))
    upto = np.concatenate([[0.0], np.cumsum(step)])
    log = np.full(len(s), -np.inf)
    short = s <= top
    log[short] = upto[s[short] - 1]
    long = ~short & (s <= population - n + 1)
    if long.any():
        from scipy.special import gammaln  # type: ignore[import-untyped] # 0.1 s, and few tables need it

        rest, size = float(population - n), s[long].astype(np.float64)
        log[long] = gammaln(rest + 1) - gammaln(rest - size + 2)
        log[long] -= gammaln(float(population)) - gammaln(population - size + 1)
    answer: Floats = s * (n / population) * np.exp(log)
    return answer


def _snb(s: Ints, f: Ints, pi: float, population: int) -> float | None:
    """Solve E f_1 and E f_2 for the two parameters; K beta^alpha of K classes are of one person.

    With q = 1 - beta, d = (1 - pi) q, D = 1 - d:
      E f_1 = K pi (beta / D)^alpha (alpha d / D + 1)
      E f_2 = K pi^2 alpha beta^alpha q / (2 D^(alpha + 2)) (2 - (1 - alpha) d)
    Their ratio leaves a quadratic in alpha with one positive root for each beta; what is left is one
    equation in beta. (ARX 3.9.2 multiplies by D^(alpha + 2) and often finds no solution.)
    """
    count = {int(size): float(number) for size, number in zip(s, f, strict=True)}
    f1, f2 = count.get(1, 0.0), count.get(2, 0.0)
    if f2 == 0:
        return None
    classes = _shlosser(s.astype(np.float64), f.astype(np.float64), pi)

    def parameters(logit: float) -> tuple[float, float, float]:
        beta = 1.0 / (1.0 + math.exp(-logit))
        q = 1.0 / (1.0 + math.exp(logit))
        d = (1.0 - pi) * q
        rest = 1.0 - d
        a, b, c = pi * q * d, pi * q * (2 - d) - 2 * f2 / f1 * rest * d, -2 * f2 / f1 * rest**2
        alpha = -2 * c / (b + math.sqrt(b * b - 4 * a * c))
        apart = alpha * math.log(beta / rest) + math.log1p(alpha * d / rest) + math.log(classes * pi / f1)
        return apart, alpha, beta

    roots = _roots(lambda logit: parameters(logit)[0], -30.0, 30.0)
    rates = [classes * beta**alpha / population for _, alpha, beta in map(parameters, roots)]
    return next((rate for rate in rates if 0 <= rate <= 1), None)


def _shlosser(s: Floats, f: Floats, pi: float) -> float:
    """Estimate the number of classes in the population (Haas, Stokes 1998, "modified Shlosser")."""
    left, both = (1 - pi) ** s, (1 - pi**2) ** s  # their difference is (1 - pi)^s ((1 + pi)^s - 1)
    squared = (s * pi**2 * (1 - pi**2) ** (s - 1) * f).sum() / ((both - left) * f).sum()
    ratio = (left * f).sum() / (s * pi * (1 - pi) ** (s - 1) * f).sum()
    return float(f.sum() + f[0] * squared * ratio**2)


def _roots(of: Callable[[float], float], low: float, high: float, steps: int = 240) -> Iterator[float]:
    """Yield the roots of a function between two ends, by its changes of sign on a grid, bisected."""
    points = np.linspace(low, high, steps + 1).tolist()
    values = [of(point) for point in points]
    for a, b, at_a, at_b in zip(points, points[1:], values, values[1:], strict=False):
        if (at_a < 0) == (at_b < 0):
            continue
        while b - a > 1e-15 * max(1.0, abs(a), abs(b)):
            middle = (a + b) / 2
            if middle in (a, b):
                break
            a, b = (middle, b) if (of(middle) < 0) == (at_a < 0) else (a, middle)
        yield (a + b) / 2


def least_sample_size(
    k: int, *, sample: int, population: int, significance: float, zero_truncated: bool
) -> int:
    """Return k': a class of k' in the sample is improbable unless it has more than k in the population.

    The least k' with P(X >= k') <= significance, X Poisson with mean k * sample / population, or the
    same without its zero; at most k, at most the sample. Source: El Emam, Dankar 2008, D3 and D4.
    """
    from scipy.special import pdtr  # 0.1 s to import

    mean = k * sample / population
    some = 1 - math.exp(-mean) if zero_truncated else 1.0
    for least in range(1, min(k, sample)):
        if (1 - float(pdtr(least - 1, mean))) / some <= significance:
            return least
    return min(k, sample)
