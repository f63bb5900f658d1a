"""Estimate uniqueness by a Gaussian copula over the columns as they stand (Rocher's model).

Source: Rocher, Hendrickx, de Montjoye, "Estimating the success of re-identifications in incomplete
datasets using generative models", Nature Communications 10:3069, 2019. The table's own shares are the
marginals; two columns are tied by the correlation whose cut normal has their mutual information. A record
of probability p is unique among N people with probability (1 - p)^(N - 1).

What it cannot see: ties of three columns and more beyond those of pairs; and a tie between unordered
values that no order of them shows. People with one surname and one household are rarer, or more common,
than it says. It is an estimate of a population from a sample that must be drawn from it at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.judge.models.counted import SIZE, as_numbers, count_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWN = 2_000  # records; the standard error of a share is then at most 0.011
POINTS = 512  # of the lattice that integrates a record's probability
_COARSE = 40  # values of a column that its mutual information is measured on, neighbours joined
_CLOSEST = 0.985
_BLOCK = 64
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


@dataclass(frozen=True, slots=True)
class CopulaEstimate:
    """What the fitted model says of a population."""

    population: int
    uniqueness: float  # share of people that are unique, over records drawn from the model
    standard_error: float  # of drawing the records; says nothing of how well the model fits
    drawn: int


@dataclass(frozen=True, slots=True)
class Copula:
    """A fitted model: `cuts[i]` are the normal scores between the values of column i, ends infinite."""

    cuts: tuple[Floats, ...]
    lower: Floats  # float64[d, d]: Cholesky factor of the correlations

    def draw(self, number: int, random: np.random.Generator) -> Ints:
        """Draw records: int64[number, d], places of values."""
        normal = random.standard_normal((number, len(self.cuts))) @ self.lower.T
        places = [np.searchsorted(cut[1:-1], normal[:, i]) for i, cut in enumerate(self.cuts)]
        return np.stack(places, axis=1)

    def probability(self, records: Ints, random: np.random.Generator, points: int = POINTS) -> Floats:
        """Integrate the normal over each record's cell: float64[len(records)].

        By separation of variables on a shifted lattice. Source: Genz, J. Comp. Graph. Stat. 1, 1992.
        """
        blocks = range(0, len(records), _BLOCK)
        return np.concatenate([self._cells(records[at : at + _BLOCK], random, points) for at in blocks])

    def _cells(self, records: Ints, random: np.random.Generator, points: int) -> Floats:
        from scipy.special import ndtr, ndtri  # type: ignore[import-untyped] # 0.1 s to import

        d = len(self.cuts)
        generators = np.sqrt(np.array(_primes(max(d - 1, 1)), dtype=np.float64))
        lattice = (np.arange(1, points + 1)[:, None] * generators + random.random(len(generators))) % 1.0
        shape = (len(records), points)
        whole, known = np.ones(shape), np.zeros((d, *shape))
        for i in range(d):
            shift = np.tensordot(self.lower[i, :i], known[:i], axes=1) if i else 0.0
            low, high = (self.cuts[i][records[:, i] + end][:, None] for end in (0, 1))
            below, above = (ndtr((end - shift) / self.lower[i, i]) for end in (low, high))
            whole *= above - below
            if i < d - 1:
                at = below + np.abs(2 * lattice[:, i] - 1) * (above - below)
                known[i] = ndtri(np.clip(at, 1e-300, 1 - 1e-16))
        return np.asarray(whole.mean(axis=1), dtype=np.float64)


def estimate_by_copula(
    table: pl.DataFrame,
    quasi: Sequence[str],
    population: int,
    *,
    seed: int,
    person: str | None = None,
    drawn: int = DRAWN,
    points: int = POINTS,
) -> CopulaEstimate:
    """Fit the model to a table and estimate uniqueness in a population.

    Args:
        table: rows or counted tuples; values are placed in their order (text that is all numbers as
            numbers), null first.
        quasi: at least one.
        population: N, people.
        seed: of the records drawn and of the lattice's shifts.
    Raises: BadTable without rows; ColumnMissing.
    """
    classes = count_table(table, quasi, person=person).classes
    places = [as_numbers(classes[column]).rank("dense").fill_null(0) for column in quasi]
    codes = np.stack([(each - each.min()).cast(pl.Int64).to_numpy() for each in places], axis=1)
    copula = fit_copula(codes, classes[SIZE].to_numpy().astype(np.float64))
    random = np.random.default_rng(seed)
    probability = copula.probability(copula.draw(drawn, random), random, points)
    unique = np.exp((population - 1) * np.log1p(-np.clip(probability, 0.0, 1 - 1e-16)))
    return CopulaEstimate(
        population, float(unique.mean()), float(unique.std() / np.sqrt(max(drawn - 1, 1))), drawn
    )


def fit_copula(codes: Ints, weights: Floats) -> Copula:
    """Fit marginals and correlations.

    Args: codes: int64[m, d], places of values from 0. weights: float64[m], persons of each tuple.
    """
    from scipy.special import ndtri  # 0.1 s to import

    d = codes.shape[1]
    shares = [np.bincount(codes[:, i], weights=weights) / weights.sum() for i in range(d)]
    upto = [np.clip(np.cumsum(share), 0.0, 1.0) for share in shares]
    cuts = tuple(np.concatenate([[-np.inf], ndtri(each[:-1]), [np.inf]]) for each in upto)
    coarse = [_coarse(share) for share in shares]
    tied = np.eye(d)
    for i in range(d):
        for j in range(i):
            one, two = coarse[i][codes[:, i]], coarse[j][codes[:, j]]
            tied[i, j] = tied[j, i] = _correlation(one, two, weights)
    return Copula(cuts, np.asarray(np.linalg.cholesky(_positive(tied)), dtype=np.float64))


def _coarse(share: Floats) -> Ints:
    """Join neighbouring values until few are left: int64[values], places of the joined."""
    if len(share) <= _COARSE:
        return np.arange(len(share))
    middle = np.cumsum(share) - share / 2
    return np.unique((middle * _COARSE).astype(np.int64), return_inverse=True)[1].astype(np.int64)


def _correlation(one: Ints, two: Ints, weights: Floats) -> float:
    """Return the correlation whose normal, cut at the marginals, has the mutual information of the table.

    Its sign is that of the correlation of the places' normal scores. The information of a finite table
    is too great by (r - 1)(c - 1) / 2n (Miller 1955); that is taken off.
    """
    from scipy.special import ndtri  # 0.1 s to import

    rows, columns = int(one.max()) + 1, int(two.max()) + 1
    flat = np.bincount(one * columns + two, weights=weights, minlength=rows * columns)
    n = float(weights.sum())
    joint: Floats = flat.reshape(rows, columns) / n
    p, q = joint.sum(axis=1), joint.sum(axis=0)
    used = (np.count_nonzero(p) - 1) * (np.count_nonzero(q) - 1)
    wanted = _information(joint, p, q) - used / (2 * n)
    if wanted <= 0 or rows == 1 or columns == 1:
        return 0.0
    x, y = (ndtri(np.clip(np.cumsum(each) - each / 2, 1e-12, 1 - 1e-12)) for each in (p, q))
    sign = 1.0 if (x - p @ x) @ joint @ (y - q @ y) >= 0 else -1.0
    inner = [ndtri(np.clip(np.cumsum(each)[:-1], 1e-12, 1 - 1e-12)) for each in (p, q)]
    low, high = 0.0, _CLOSEST
    for _ in range(24):
        middle = (low + high) / 2
        cut = _cut_normal(inner[0], inner[1], p, q, sign * middle)
        low, high = (middle, high) if _information(cut, p, q) < wanted else (low, middle)
    return sign * (low + high) / 2


def _information(joint: Floats, p: Floats, q: Floats) -> float:
    expected = np.outer(p, q)
    some = (joint > 0) & (expected > 0)
    return float((joint[some] * np.log(joint[some] / expected[some])).sum())


def _cut_normal(x: Floats, y: Floats, p: Floats, q: Floats, rho: float) -> Floats:
    """Return the probabilities of the cells of a bivariate normal cut at x and y.

    P(X < h, Y < k) by Plackett's integral over the angle, 24 points. Source: Genz, Stat. Comput. 14, 2004.
    """
    from scipy.special import ndtr  # 0.1 s to import

    nodes, weight = np.polynomial.legendre.leggauss(24)
    angle = np.arcsin(rho) * (nodes + 1) / 2
    h, k = x[:, None, None], y[None, :, None]
    inside = np.exp(-(h * h + k * k - 2 * h * k * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    both = np.outer(ndtr(x), ndtr(y)) + inside @ weight * np.arcsin(rho) / (4 * np.pi)
    upto = np.zeros((len(p) + 1, len(q) + 1))
    upto[1:-1, 1:-1] = both
    upto[1:, -1], upto[-1, 1:] = np.cumsum(p), np.cumsum(q)
    return np.maximum(np.diff(np.diff(upto, axis=0), axis=1), 0.0)


def _positive(tied: Floats) -> Floats:
    """Return the nearest matrix of correlations that a normal can have, by clipping its eigenvalues."""
    values, vectors = np.linalg.eigh(tied)
    if values.min() > 1e-6:
        return tied
    mended = vectors @ np.diag(np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(scale, scale), dtype=np.float64)


def _primes(number: int) -> list[int]:
    primes = list(_PRIMES)
    while len(primes) < number:
        candidate = primes[-1] + 2
        while any(candidate % prime == 0 for prime in primes):
            candidate += 2
        primes.append(candidate)
    return primes[:number]
