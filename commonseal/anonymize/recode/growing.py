"""Boxes while they are cut, from one that holds everything; see `mondrian`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.recode.local_search import dense
from commonseal.anonymize.recode.ways import Floats, Ints

Mask = NDArray[np.bool_]
Small = NDArray[np.unsignedinteger[Any]]

FIRST_ROOM = 1024  # boxes there is room for at first; doubled as they grow
_OF_BOX = ("begin", "end", "column", "cut", "middle", "child", "tried")


@dataclass(frozen=True, slots=True)
class Space:
    """What is cut. `place` [m, n]: each cell's place in its column's order; `rows` int64[m].

    `scale`, `gap`: one array a column over its places: where a place lies in [0, 1], and how high the
    labels of it and the next part (0 for numbers). `weight` float64[n]: how dear a column is.
    """

    place: Small
    rows: Ints
    scale: tuple[Floats, ...]
    gap: tuple[Ints, ...]
    weight: Floats


@dataclass(frozen=True, slots=True)
class Tree:
    """The boxes. `column_of` is -1 at a leaf; the children of a box are child and child + 1; `leaf`: its number.

    `low`, `high`: the places that the c leaves span, [c, n]. `of` int64[m]: the leaf of each tuple.
    """

    column_of: Ints
    cut_of: Ints
    child: Ints
    leaf: Ints
    low: Small
    high: Small
    of: Ints


def grown(space: Space, refused: Callable[[Ints, int], Mask], least: int) -> Tree | None:
    """Cut boxes while the models allow; None when not even the whole may stand.

    Args: refused: says of classes int64[m], and their number, which some model refuses. least: rows that
    every box holds at the least.
    """
    growing = _Growing(space, refused, least)
    if refused(growing.of, 1).any():
        return None
    while growing.cut():
        pass
    return growing.tree()


class _Growing:
    """Boxes while they are cut: all open ones once a round, then the models are asked once."""

    def __init__(self, space: Space, refused: Callable[[Ints, int], Mask], least: int) -> None:
        self._space, self._refused, self._least = space, refused, least
        self._first = np.cumsum([0, *(len(scale) for scale in space.scale)])
        self._scale, self._gap = np.concatenate(space.scale), np.concatenate(space.gap)
        self._order = np.arange(len(space.rows))
        self.of: Ints = np.zeros(len(space.rows), dtype=np.int64)
        self._box = {name: np.zeros(FIRST_ROOM, dtype=np.int64) for name in _OF_BOX}
        self._box["end"][0], self._box["column"][0] = len(space.rows), -1
        self._count = 1
        self._open: Ints = np.zeros(1, dtype=np.int64)

    def cut(self) -> bool:
        """Cut every open box once, and undo what the models refuse; tell whether any box is still open."""
        # numba takes half a second to import: only who partitions pays for it
        from commonseal.anonymize.recode import mondrian_kernels as kernels

        box = self._box
        kernels.cut_boxes(
            self._open, box["begin"], box["end"], self._order, self._space.place, self._space.rows, self._first,
            self._scale, self._gap, self._space.weight, self._least, box["tried"], box["column"], box["cut"], box["middle"],
        )  # fmt: skip
        parents = self._open[box["column"][self._open] >= 0]
        children = self._make_children(parents)
        kernels.name_members(children, children, self._box["begin"], self._box["end"], self._order, self.of)
        bad = self._undone(parents)
        kernels.name_members(bad, bad, self._box["begin"], self._box["end"], self._order, self.of)
        self._box["tried"][bad] += 1
        self._box["column"][bad] = -1
        good = self._box["child"][parents[~np.isin(parents, bad)]]
        self._open = np.concatenate([bad, good, good + 1])
        return len(self._open) > 0

    def tree(self) -> Tree:
        """Return the boxes as they stand."""
        from commonseal.anonymize.recode import mondrian_kernels as kernels  # numba: see `cut`

        box, columns = self._box, self._space.place.shape[1]
        leaves = np.flatnonzero(np.bincount(self.of))
        low = np.empty((len(leaves), columns), dtype=self._space.place.dtype)
        high = np.empty_like(low)
        kernels.all_spans(leaves, box["begin"], box["end"], self._order, self._space.place, low, high)
        leaf = np.full(self._count, -1)
        leaf[leaves] = np.arange(len(leaves))
        kept = slice(self._count)
        return Tree(box["column"][kept], box["cut"][kept], box["child"][kept], leaf, low, high, leaf[self.of])

    def _make_children(self, parents: Ints) -> Ints:
        box = self._make_room(self._count + 2 * len(parents))
        left = self._count + 2 * np.arange(len(parents))
        box["child"][parents] = left
        box["begin"][left], box["end"][left] = box["begin"][parents], box["middle"][parents]
        box["begin"][left + 1], box["end"][left + 1] = box["middle"][parents], box["end"][parents]
        for name, fill in (("column", -1), ("tried", 0)):
            box[name][left], box[name][left + 1] = fill, fill
        self._count += 2 * len(parents)
        return np.concatenate([left, left + 1])

    def _make_room(self, boxes: int) -> dict[str, Ints]:
        while len(self._box["begin"]) < boxes:
            self._box = {name: np.concatenate([had, np.zeros_like(had)]) for name, had in self._box.items()}
        return self._box

    def _undone(self, parents: Ints) -> Ints:
        """Return the parents whose cut a model refuses; all, when a box fails that was not cut."""
        standing = np.flatnonzero(np.bincount(self.of))
        failing = standing[self._refused(dense(self.of), len(standing))]
        parent_of = np.full(self._count, -1)
        for side in (0, 1):
            parent_of[self._box["child"][parents] + side] = parents
        blamed = parent_of[failing]
        return parents if (blamed < 0).any() else np.unique(blamed)
