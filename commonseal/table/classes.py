"""Group rows of small integer codes into classes of equal tuples.

Codes are packed into one 64-bit key by mixed radix. While the key space is small the classes are
counted densely (`bincount`), else by sorting; a key that would not fit 64 bits is made dense again
column by column. Shapes: `m` tuples, `c` classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DENSE_SPACE = 1 << 22  # 32 MB of counters: below this `bincount` beats sorting (measured)
WIDEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which class each tuple is in: `of` int64[m] with values in [0, count)."""

    of: Ints
    count: int

    def total(self, weights: NDArray[np.generic]) -> Ints:
        """Sum integer `weights` [m] over each class: int64[count]. Exact below 2**53."""
        return np.bincount(self.of, weights=weights, minlength=self.count).astype(np.int64)


def group_codes(columns: Sequence[Ints], sizes: Sequence[int]) -> Grouping:
    """Group tuples by equality of all `columns`.

    Args: columns: int64[m] each, values in [0, size). sizes: one per column, >= 1.
    Returns: classes numbered in the order of the packed key.

    >>> group_codes([np.array([0, 1, 0]), np.array([2, 2, 2])], [2, 3]).of.tolist()
    [0, 1, 0]
    """
    if not columns:
        raise ValueError("group_codes needs at least one column")
    key = columns[0]
    space = sizes[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        if space > WIDEST // size:
            dense = _densify(key, space)
            key, space = dense.of, dense.count
        key = key * size + column
        space *= size
    return _densify(key, space)


def pair_counts(
    classes: Ints, values: Ints, space: int, weights: Ints | None = None
) -> tuple[Ints, Ints, Ints]:
    """Count each distinct (class, value) pair.

    Args: classes, values: int64[u]. space: values lie in [0, space). weights: int64[u], 1 where None.
    Returns: (class, value, count) of the distinct pairs, int64 each, sorted by class then value.
    """
    pairs = classes * space + values
    if len(pairs) and (int(classes.max()) + 1) * space <= max(DENSE_SPACE, len(pairs)):
        present = np.bincount(pairs)
        keys = np.flatnonzero(present)
        counts = present if weights is None else np.bincount(pairs, weights=weights).astype(np.int64)
        return keys // space, keys % space, counts[keys]
    keys, inverse = np.unique(pairs, return_inverse=True)
    counts = np.bincount(inverse, weights=weights, minlength=len(keys)).astype(np.int64)
    return keys // space, keys % space, counts


def _densify(key: Ints, space: int) -> Grouping:
    if space <= max(DENSE_SPACE, 4 * len(key)) and space <= 1 << 27:
        used = np.zeros(space, dtype=bool)
        used[key] = True
        number = np.cumsum(used, dtype=np.int64)
        return Grouping(number[key] - 1, int(number[-1]))
    distinct, inverse = np.unique(key, return_inverse=True)
    return Grouping(inverse.astype(np.int64), len(distinct))
