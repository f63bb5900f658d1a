"""The ways up of each tuple as arrays: its label at every level, and what each label loses.

What local recodings work on. A label is a node, numbered over all columns and levels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Tuples
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.table import group_codes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ways:
    """Nodes of p points: `up` int32[p, steps], column j at steps start[j] to start[j + 1].

    The last step of each column is node 0, above all and dearer than anything: labels that a hierarchy does
    not join are joined there alone, and so never.

    `cost` float64[nodes]: what one row loses by a label, all columns together 1 at most. `label`: the
    text of each node. `rank` int64[p] a column: the order in which neighbours in a hierarchy are neighbours.
    `gap` int64[values] a column: how high the labels of one place in that order and the next part.
    `levels`: the hierarchy's level at each step of a column; its height stands for a hidden cell.
    """

    up: Nodes
    start: Ints
    cost: Floats
    label: tuple[str, ...]
    rank: tuple[Ints, ...]
    gap: tuple[Ints, ...]
    levels: tuple[Ints, ...]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.start) - 1


def cell_loss(hierarchy: Hierarchy, level: int) -> Floats:
    """Return what a cell loses by each label of a level: max(0, (share - 1/D) / (1 - 1/D)), float64[labels]."""
    least = 1.0 / hierarchy.domain
    if least == 1.0:
        return np.zeros(len(hierarchy.labels[level]))
    return np.asarray(np.maximum(0.0, (hierarchy.cover[level] - least) / (1.0 - least)))


def ways_up(
    tuples: Tuples, least: Sequence[int], most: Sequence[int], weights: Sequence[float]
) -> tuple[Ways, Ints]:
    """Lay out the levels `least` to `most` of each column; tuples that are equal at the least are one point.

    Args: weights: one a column, any scale. Returns: the ways of p points, and point_of int64[m].
    """
    levels = [list(range(low, high + 1)) for low, high in zip(least, most, strict=True)]
    return _laid_out(tuples, levels, weights, lambda h, level: cell_loss(h, level))


def ways_hidden(tuples: Tuples, levels: Sequence[int], weights: Sequence[float]) -> tuple[Ways, Ints]:
    """Lay out two steps a column: the label at its level, which costs nothing, and the hidden cell, which costs 1."""
    steps = [[level, h.height] for h, level in zip(tuples.hierarchies, levels, strict=True)]
    return _laid_out(
        tuples,
        steps,
        weights,
        lambda h, level: np.ones(1) if level == h.height else np.zeros(len(h.labels[level])),
    )


def _laid_out(
    tuples: Tuples,
    levels: Sequence[Sequence[int]],
    weights: Sequence[float],
    loss: Callable[[Hierarchy, int], Floats],
) -> tuple[Ways, Ints]:
    at_least = [
        h.codes[:, of[0]][codes]
        for h, codes, of in zip(tuples.hierarchies, tuples.codes, levels, strict=True)
    ]
    sizes = [len(h.labels[of[0]]) for h, of in zip(tuples.hierarchies, levels, strict=True)]
    points = group_codes(at_least, sizes)
    first = np.zeros(points.count, dtype=np.int64)
    first[points.of[::-1]] = np.arange(len(points.of))[::-1]
    steps: list[Nodes] = []
    cost: list[Floats] = [np.array([np.inf])]
    label: list[str] = [""]
    rank: list[Ints] = []
    gap: list[Ints] = []
    for position, hierarchy in enumerate(tuples.hierarchies):
        codes = tuples.codes[position][first]
        for level in levels[position]:
            hidden = level == hierarchy.height
            node = np.zeros(len(first), dtype=np.int64) if hidden else hierarchy.codes[:, level][codes]
            steps.append((len(label) + node).astype(np.int32))
            cost.append(loss(hierarchy, level) * weights[position] / sum(weights))
            label.extend([""] if hidden else hierarchy.labels[level])
        steps.append(np.zeros(len(first), dtype=np.int32))
        at = neighbours(hierarchy)
        rank.append(at[codes])
        gap.append(
            partings(hierarchy, np.argsort(at), [of for of in levels[position] if of < hierarchy.height])
        )
    start = np.cumsum([0, *(len(of) + 1 for of in levels)])
    up = np.ascontiguousarray(np.stack(steps, axis=1))
    of_steps = tuple(np.array(of, dtype=np.int64) for of in levels)
    return Ways(up, start, np.concatenate(cost), tuple(label), tuple(rank), tuple(gap), of_steps), points.of


def checked_levels(
    tuples: Tuples, least: Sequence[int] | None, most: Sequence[int] | None
) -> tuple[list[int], list[int]]:
    """Return the least and most levels, the whole hierarchy where none are given. Raises: BadInput."""
    tops = [hierarchy.height - 1 for hierarchy in tuples.hierarchies]
    low = list(least) if least is not None else [0] * len(tops)
    high = list(most) if most is not None else tops
    wrong = [
        h.column
        for h, a, b, top in zip(tuples.hierarchies, low, high, tops, strict=True)
        if not 0 <= a <= b <= top
    ]
    if wrong:
        names = ", ".join(f"'{column}'" for column in wrong)
        raise BadInput(
            Text(
                en=f"levels of {names}: expected 0 <= least <= most <= the top of the hierarchy",
                zh=f"{names} 的层级：应满足 0 <= 最低 <= 最高 <= 层级顶",
            )
        )
    return low, high


def checked_weights(tuples: Tuples, weights: Sequence[float] | None) -> list[float]:
    """Return one weight a column, 1 where none are given. Raises: BadInput."""
    if weights is None:
        return [1.0] * len(tuples.hierarchies)
    if len(weights) != len(tuples.hierarchies) or min(weights) < 0 or sum(weights) <= 0:
        raise BadInput(
            Text(
                en="weights: expected one a quasi-identifier, none negative, not all 0",
                zh="权重：应为每个准标识符一个，不得为负，不得全为 0",
            )
        )
    return list(weights)


def originals(tuples: Tuples) -> pl.DataFrame:
    """Return the text of each tuple as it stands in the table, null as the empty text: m rows."""
    return pl.DataFrame(
        {
            hierarchy.column: pl.Series(hierarchy.labels[0], dtype=pl.String).gather(codes)
            for hierarchy, codes in zip(tuples.hierarchies, tuples.codes, strict=True)
        }
    )


def partings(hierarchy: Hierarchy, order: Ints, levels: Sequence[int]) -> Ints:
    """Return at how many of `levels` the value at each place of `order` and the next differ: int64[places]."""
    codes = hierarchy.codes[order][:, list(levels)]
    gap = np.zeros(len(order), dtype=np.int64)
    gap[:-1] = (codes[1:] != codes[:-1]).sum(axis=1)
    return gap


def neighbours(hierarchy: Hierarchy) -> Ints:
    """Return each value's place when values of one label, from the top down, stand together: int64[values]."""
    order = np.lexsort([hierarchy.codes[:, level] for level in range(hierarchy.height)])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place
