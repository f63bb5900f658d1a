"""What a candidate loses. Each loss has a bound that is known before the candidate is checked.

A candidate is one level per column. The losses are those of ARX: see each class. A suppressed row
loses everything in every column. Weights say how much a column's loss counts; they are scaled to a mean of 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.hierarchy import Hierarchy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LossName = Literal["loss_gm", "loss_am", "discern", "entropy_am"]
LOSSES: tuple[LossName, ...] = ("loss_gm", "loss_am", "discern", "entropy_am")


@dataclass(frozen=True, slots=True)
class Tuples:
    """The distinct quasi-identifier tuples: `codes` [columns, m], of the smallest type; `rows` int64[m]."""

    codes: NDArray[np.integer[Any]]
    rows: Ints
    hierarchies: tuple[Hierarchy, ...]

    @property
    def total(self) -> int:
        """Rows of the table."""
        return int(self.rows.sum())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the classes of one candidate, all that a loss needs.

    `rows` int64[c]; `lost` are the numbers of the classes that are suppressed, `member` one tuple of each.
    """

    levels: tuple[int, ...]
    rows: Ints
    lost: Ints
    member: NDArray[np.integer[Any]]


class Loss(Protocol):
    """A loss over candidates; lower is better."""

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return a lower bound for candidates `levels` int64[n, columns] that suppress at least `suppressed`."""

    def bound_of(self, levels: Sequence[int], suppressed: int) -> float:
        """Return the bound of one candidate."""

    def score(self, outcome: Outcome) -> float:
        """Return the loss of one candidate."""


class CoverLoss:
    """ARX's "Loss": the mean share of the domain that a cell covers, scaled to [0, 1] per column.

    Per column max(0, (mean share - 1/D) / (1 - 1/D)), D rows of the hierarchy; over columns the
    geometric mean prod(1 + x)^(w/n) - 1 (`loss_gm`) or the arithmetic (`loss_am`), w the weights.
    """

    def __init__(self, tuples: Tuples, weights: Sequence[float], *, geometric: bool) -> None:
        self._tuples = tuples
        self._total = max(1, tuples.total)
        self._geometric = geometric
        self._weight = [weight / len(weights) for weight in weights]
        self._share = [[h.share(level) for level in range(h.height)] for h in tuples.hierarchies]
        self._domain = [hierarchy.domain for hierarchy in tuples.hierarchies]
        self._mean: list[list[float]] = []
        self._rest: list[list[float]] = []  # what one more suppressed row adds to the mean, at the least
        for codes, hierarchy, shares in zip(tuples.codes, tuples.hierarchies, self._share, strict=True):
            of_value = np.bincount(codes, weights=tuples.rows, minlength=len(hierarchy.codes))
            seen = np.bincount(codes, minlength=len(hierarchy.codes)) > 0
            self._mean.append([float((share * of_value).sum()) / self._total for share in shares])
            self._rest.append([(1.0 - float(share[seen].max(initial=0.0))) / self._total for share in shares])

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return the loss if the suppressed rows were those that covered most already."""
        means = np.empty(levels.shape)
        for column in range(levels.shape[1]):
            at = levels[:, column]
            means[:, column] = (
                np.array(self._mean[column])[at] + suppressed * np.array(self._rest[column])[at]
            )
        domain = np.array(self._domain)
        scaled = np.maximum(0.0, (means - 1.0 / domain) / np.maximum(1.0 - 1.0 / domain, 1e-300))
        scaled[:, domain == 1] = 0.0
        weight = np.array(self._weight)
        if self._geometric:
            return np.asarray(np.expm1((np.log1p(scaled) * weight).sum(axis=1)))
        return np.asarray((scaled * weight).sum(axis=1))

    def bound_of(self, levels: Sequence[int], suppressed: int) -> float:
        """Return the bound of one candidate, in plain floats: it is asked thousands of times."""
        return self._combine(
            [
                mean[level] + suppressed * rest[level]
                for mean, rest, level in zip(self._mean, self._rest, levels, strict=True)
            ]
        )

    def score(self, outcome: Outcome) -> float:
        """Return the loss with each suppressed row's share 1."""
        lost = outcome.rows[outcome.lost].astype(np.float64)
        means = []
        for column, level in enumerate(outcome.levels):
            share = self._share[column][level][self._tuples.codes[column][outcome.member]]
            # not `@`: on vectors this short BLAS spends its time waking threads (measured: 10x)
            means.append(self._mean[column][level] + float((lost * (1.0 - share)).sum()) / self._total)
        return self._combine(means)

    def _combine(self, means: Sequence[float]) -> float:
        total = 0.0
        for mean, domain, weight in zip(means, self._domain, self._weight, strict=True):
            scaled = (mean - 1.0 / domain) / (1.0 - 1.0 / domain) if domain > 1 else 0.0
            if scaled > 0.0:
                total += weight * (math.log1p(scaled) if self._geometric else scaled)
        return math.expm1(total) if self._geometric else total


class EntropyLoss:
    """ARX's non-uniform entropy in bits, arithmetic mean over columns, each times its weight.

    Per column sum over rows of log2(count of the label / count of the value) in the input, plus for
    the suppressed rows log2(suppressed / count of the label among the suppressed).
    """

    def __init__(self, tuples: Tuples, weights: Sequence[float]) -> None:
        self._tuples = tuples
        self._weight = [weight / len(weights) for weight in weights]
        self._base = [
            [_column_entropy(codes, tuples.rows, h, level) for level in range(h.height)]
            for codes, h in zip(tuples.codes, tuples.hierarchies, strict=True)
        ]

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return the entropy of generalization alone."""
        at = [weight * np.array(base)[levels[:, c]] for c, (weight, base) in enumerate(self._columns())]
        return np.asarray(np.sum(at, axis=0), dtype=np.float64)

    def bound_of(self, levels: Sequence[int], suppressed: int) -> float:
        """Return the bound of one candidate."""
        return sum(
            weight * base[level] for (weight, base), level in zip(self._columns(), levels, strict=True)
        )

    def score(self, outcome: Outcome) -> float:
        """Return the entropy with what suppression adds."""
        rows = outcome.rows[outcome.lost]
        suppressed = rows.sum()
        added = []
        for codes, hierarchy, level in zip(
            self._tuples.codes, self._tuples.hierarchies, outcome.levels, strict=True
        ):
            labels = hierarchy.codes[codes[outcome.member], level]
            counts = np.bincount(labels, weights=rows)
            counts = counts[counts > 0]
            added.append(float(np.sum(counts * np.log2(suppressed / counts))))
        return self.bound_of(outcome.levels, 0) + sum(w * a for w, a in zip(self._weight, added, strict=True))

    def _columns(self) -> list[tuple[float, list[float]]]:
        return list(zip(self._weight, self._base, strict=True))


class Discernibility:
    """Sum of squared class sizes over the kept rows, plus suppressed rows times all rows."""

    def __init__(self, tuples: Tuples) -> None:
        self._total = float(tuples.total)

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return what suppression alone costs; the search adds what finer candidates showed."""
        return suppressed.astype(np.float64) * self._total

    def bound_of(self, levels: Sequence[int], suppressed: int) -> float:
        """Return the bound of one candidate."""
        return suppressed * self._total

    def score(self, outcome: Outcome) -> float:
        """Return the discernibility penalty."""
        lost = outcome.rows[outcome.lost]
        return squares(outcome.rows) - squares(lost) + float(lost.sum()) * self._total


def squares(sizes: Ints) -> float:
    """Return the sum of squared class sizes: merging classes never lowers it."""
    exact = sizes.astype(np.float64)
    return float((exact * exact).sum())


def make_loss(name: LossName, tuples: Tuples, weights: Mapping[str, float] | None = None) -> Loss:
    """Return the loss of that name over a table's tuples; a column without a weight has 1."""
    given = [float((weights or {}).get(hierarchy.column, 1.0)) for hierarchy in tuples.hierarchies]
    scaled = [weight * len(given) / (sum(given) or 1.0) for weight in given]
    if name == "entropy_am":
        return EntropyLoss(tuples, scaled)
    if name == "discern":
        return Discernibility(tuples)
    return CoverLoss(tuples, scaled, geometric=name == "loss_gm")


def _column_entropy(codes: Ints, rows: Ints, hierarchy: Hierarchy, level: int) -> float:
    of_value = np.bincount(codes, weights=rows, minlength=len(hierarchy.codes))
    of_label = np.bincount(hierarchy.codes[:, level], weights=of_value)
    seen = of_value > 0
    return float(np.sum(of_value[seen] * np.log2(of_label[hierarchy.codes[seen, level]] / of_value[seen])))
