"""What a candidate loses. Each loss has a bound that is known before the candidate is checked.

A candidate is one level per column. The losses are those of ARX: see each class. A suppressed row
loses everything in every column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.hierarchy import Hierarchy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
LossName = Literal["loss_gm", "loss_am", "discern", "entropy_am"]
LOSSES: tuple[LossName, ...] = ("loss_gm", "loss_am", "discern", "entropy_am")


@dataclass(frozen=True, slots=True)
class Tuples:
    """The distinct quasi-identifier tuples: `codes` int64[m] a column, `rows` int64[m]."""

    codes: tuple[Ints, ...]
    rows: Ints
    hierarchies: tuple[Hierarchy, ...]

    @property
    def total(self) -> int:
        """Rows of the table."""
        return int(self.rows.sum())


class Loss(Protocol):
    """A loss over candidates; lower is better."""

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return a lower bound for candidates `levels` int64[n, columns] that suppress at least `suppressed`."""

    def score(
        self, levels: Sequence[int], kept: Mask, class_of: Ints, class_rows: Ints, failing: Mask
    ) -> float:
        """Return the loss of one candidate; `kept` bool[m] a tuple, `failing` bool[c] a class."""


class CoverLoss:
    """ARX's "Loss": the mean share of the domain that a cell covers, scaled to [0, 1] per column.

    Per column max(0, (mean share - 1/D) / (1 - 1/D)), D rows of the hierarchy; over columns the
    geometric mean prod(1 + x)^(1/n) - 1 (`loss_gm`) or the arithmetic (`loss_am`).
    """

    def __init__(self, tuples: Tuples, *, geometric: bool) -> None:
        self._rows = tuples.rows
        self._total = max(1, tuples.total)
        self._geometric = geometric
        self._shares = [
            [hierarchy.share(level)[codes] for level in range(hierarchy.height)]
            for codes, hierarchy in zip(tuples.codes, tuples.hierarchies, strict=True)
        ]
        self._domain = np.array([h.domain for h in tuples.hierarchies])
        self._mean = [
            np.array([share @ tuples.rows for share in column]) / self._total for column in self._shares
        ]
        self._largest = [np.array([share.max(initial=0.0) for share in column]) for column in self._shares]

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return the loss if the suppressed rows were those that covered most already."""
        means = np.empty(levels.shape)
        for column in range(levels.shape[1]):
            at = levels[:, column]
            means[:, column] = (
                self._mean[column][at] + suppressed * (1.0 - self._largest[column][at]) / self._total
            )
        return self._combine(means)

    def score(
        self, levels: Sequence[int], kept: Mask, class_of: Ints, class_rows: Ints, failing: Mask
    ) -> float:
        """Return the loss with each suppressed row's share 1."""
        lost = np.flatnonzero(~kept)
        rows = self._rows[lost].astype(np.float64)
        # not `@`: on vectors this short BLAS spends its time waking threads (measured: 10x)
        means = [
            mean[level] + (rows * (1.0 - shares[level][lost])).sum() / self._total
            for mean, shares, level in zip(self._mean, self._shares, levels, strict=True)
        ]
        return float(self._combine(np.array([means]))[0])

    def _combine(self, means: Floats) -> Floats:
        scaled = np.maximum(0.0, (means - 1.0 / self._domain) / np.maximum(1.0 - 1.0 / self._domain, 1e-300))
        scaled[:, self._domain == 1] = 0.0
        if self._geometric:
            return np.asarray(np.prod(1.0 + scaled, axis=1) ** (1.0 / scaled.shape[1]) - 1.0)
        return np.asarray(scaled.mean(axis=1))


class EntropyLoss:
    """ARX's non-uniform entropy in bits, arithmetic mean over columns.

    Per column sum over rows of log2(count of the label / count of the value) in the input, plus for
    the suppressed rows log2(suppressed / count of the label among the suppressed).
    """

    def __init__(self, tuples: Tuples) -> None:
        self._tuples = tuples
        self._base = [
            np.array([_column_entropy(codes, tuples.rows, h, level) for level in range(h.height)])
            for codes, h in zip(tuples.codes, tuples.hierarchies, strict=True)
        ]

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return the entropy of generalization alone."""
        at = [base[levels[:, c]] for c, base in enumerate(self._base)]
        return np.asarray(np.mean(at, axis=0), dtype=np.float64)

    def score(
        self, levels: Sequence[int], kept: Mask, class_of: Ints, class_rows: Ints, failing: Mask
    ) -> float:
        """Return the entropy with what suppression adds."""
        total = sum(float(base[level]) for base, level in zip(self._base, levels, strict=True))
        lost = ~kept
        rows = self._tuples.rows[lost]
        suppressed = rows.sum()
        for codes, hierarchy, level in zip(self._tuples.codes, self._tuples.hierarchies, levels, strict=True):
            labels = hierarchy.codes[codes[lost], level]
            counts = np.bincount(labels, weights=rows)
            counts = counts[counts > 0]
            total += float(np.sum(counts * np.log2(suppressed / counts)))
        return total / len(levels)


class Discernibility:
    """Sum of squared class sizes over the kept rows, plus suppressed rows times all rows."""

    def __init__(self, tuples: Tuples) -> None:
        self._total = tuples.total

    def bound(self, levels: Ints, suppressed: Ints) -> Floats:
        """Return what suppression alone costs; the search adds what finer candidates showed."""
        return suppressed.astype(np.float64) * self._total

    def score(
        self, levels: Sequence[int], kept: Mask, class_of: Ints, class_rows: Ints, failing: Mask
    ) -> float:
        """Return the discernibility penalty."""
        alive = class_rows[~failing].astype(np.float64)
        return float(alive @ alive + class_rows[failing].sum() * float(self._total))


def make_loss(name: LossName, tuples: Tuples) -> Loss:
    """Return the loss of that name over a table's tuples."""
    if name == "entropy_am":
        return EntropyLoss(tuples)
    if name == "discern":
        return Discernibility(tuples)
    return CoverLoss(tuples, geometric=name == "loss_gm")


def _column_entropy(codes: Ints, rows: Ints, hierarchy: Hierarchy, level: int) -> float:
    of_value = np.bincount(codes, weights=rows, minlength=len(hierarchy.codes))
    of_label = np.bincount(hierarchy.codes[:, level], weights=of_value)
    seen = of_value > 0
    return float(np.sum(of_value[seen] * np.log2(of_label[hierarchy.codes[seen, level]] / of_value[seen])))
