"""Classes for a local recoding: neighbours, and joins of what fails until the models hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.models.classes import Classes, Units
from commonseal.anonymize.models.diversity import DistinctLDiversity
from commonseal.anonymize.models.size import KAnonymity, Model
from commonseal.anonymize.recode.ways import Floats, Ints, Ways
from commonseal.table import Grouping, group_codes

Nodes = NDArray[np.int32]
Mask = NDArray[np.bool_]

NEIGHBOURS = 24  # kept for each class
REACH = 100  # classes compared on either side in one order
ORDERS = 10  # orders looked along, each beginning with another column
WIDE = 12  # neighbours whose neighbours are looked at
EVERYWHERE = 200_000_000  # comparisons that looking at all classes may cost


def least_rows(models: Sequence[Model]) -> int:
    """Return rows below which no class can pass, as far as that is known beforehand."""
    known = [model.k for model in models if isinstance(model, KAnonymity)]
    known += [model.l for model in models if isinstance(model, DistinctLDiversity)]
    return max(known, default=1)


def refused_classes(models: Sequence[Model], rows: Ints, units: Units, of: Ints, count: int) -> Mask:
    """Return the classes of tuples that some model refuses: bool[count]; `of` int64[m], -1 is no class."""
    apart = bool((of < 0).any())  # what leaves is a class of its own, whose verdict nobody reads
    grouping = Grouping(np.where(of < 0, count, of) if apart else of, count + apart)
    classes = Classes(grouping, grouping.total(rows), units)
    gone = np.arange(grouping.count) == count
    failing = np.zeros(grouping.count, dtype=bool)
    for model in models:
        failing |= model.failing(classes, gone)
    return failing[:count]


@dataclass(frozen=True, slots=True)
class Board:
    """What stays the same while classes change: the points, their rows, and what is asked."""

    ways: Ways
    point_of: Ints  # int64[m]
    tuple_rows: Ints  # int64[m]
    units: Units
    models: tuple[Model, ...]

    def weight(self) -> Ints:
        """Return the rows of each point: int64[p]."""
        count = len(self.ways.up)
        return np.bincount(self.point_of, weights=self.tuple_rows, minlength=count).astype(np.int64)

    def failing(self, of: Ints, count: int) -> Mask:
        """Return the classes that some model refuses: bool[count]; `of` int64[p], -1 is no class."""
        return refused_classes(self.models, self.tuple_rows, self.units, of[self.point_of], count)

    def rows_left(self, of: Ints) -> int:
        """Return the rows of points that have left (-1)."""
        return int(self.weight()[of < 0].sum())

    def loss(self, of: Ints) -> float:
        """Return what all rows lose; one that has left loses 1."""
        return self.described(of, class_count(of)).total + self.rows_left(of)

    def described(self, of: Ints, count: int) -> Described:
        """Return what each class is, from its points."""
        # numba takes half a second to import: only who recodes locally pays for it
        from commonseal.anonymize.recode import local_kernels as kernels

        begin, member = kernels.members_of(np.where(of < 0, count, of), count + 1)
        begin = begin[:-1]
        ways = self.ways
        return Described(
            begin, member, *kernels.describe(ways.up, ways.start, ways.cost, self.weight(), begin, member)
        )


@dataclass(frozen=True, slots=True)
class Described:
    """Classes as arrays; see `local_kernels`."""

    begin: Ints
    member: Ints
    rep: Ints
    level: Ints
    rows: Ints
    each: Floats

    @property
    def total(self) -> float:
        """What all rows lose."""
        return float((self.rows * self.each).sum())


def nearest(board: Board, of: Ints, count: int) -> Nodes:
    """Return for each class its nearest classes by what their join would lose: int32[c, NEIGHBOURS].

    Approximate: along several orders, then neighbours of neighbours. -1 fills what was not found.
    """
    from commonseal.anonymize.recode import local_kernels as kernels  # numba: see `Board.described`

    ways, now = board.ways, board.described(of, count)
    below = np.concatenate([np.arange(end - begin) for begin, end in pairwise(ways.start)])
    column = np.repeat(np.arange(ways.columns), np.diff(ways.start))
    # below its label a class is like no other: so the search for neighbours need not know levels
    up = np.where(
        below < now.level[:, column], -1 - np.arange(count, dtype=np.int32)[:, None], ways.up[now.rep]
    )
    near = np.full((count, NEIGHBOURS), -1, dtype=np.int32)
    far = np.full((count, NEIGHBOURS), np.inf)
    ranks = [rank[now.rep] for rank in ways.rank]
    step = max(1, -(-ways.columns // ORDERS))
    for first in range(0, ways.columns, step):
        turned = [*range(first, ways.columns), *range(first)]
        order = np.lexsort([ranks[column] for column in reversed(turned)])
        kernels.look_along(order, REACH, up, ways.start, ways.cost, near, far)
    kernels.look_around(WIDE, up, ways.start, ways.cost, near, far)
    return near


def join_failing(board: Board, of: Ints, near: Nodes, may_leave: int) -> Ints:
    """Join failing classes with partners until all pass; what finds no partner leaves (-1).

    Args: near: neighbours of each point. may_leave: rows that leave sooner than be joined at a higher loss
    than their own.
    """
    from commonseal.anonymize.recode import local_kernels as kernels  # numba: see `Board.described`

    ways = board.ways
    class_of = of  # the class of each thing that `near` speaks of: points, later classes
    fresh = everywhere = False
    while (failing := board.failing(of, count := class_count(of))).any():
        now = board.described(of, count)
        begin, member = kernels.members_of(np.where(class_of < 0, count, class_of), count + 1)
        into, added = kernels.pair_up(
            near, class_of, begin, member, ways.up, ways.start, ways.cost,
            now.rep, now.level, now.rows, now.each, failing, everywhere or failing.sum() * count < EVERYWHERE,
        )  # fmt: skip
        leaving = _leaving(failing, added, now, may_leave - board.rows_left(of))
        if leaving.any():
            number = np.where(leaving, -1, np.cumsum(~leaving) - 1)
            of, class_of = _renumber(number, of), _renumber(number, class_of)
        elif (into != np.arange(count)).any():
            number = _dense_numbers(into, count)[into]
            of, class_of = _renumber(number, of), _renumber(number, class_of)
            fresh = everywhere = False
        elif everywhere:
            return dense(np.where((of >= 0) & failing[of], -1, of))
        elif fresh:
            everywhere = True
        else:
            near, class_of, fresh = nearest(board, of, count), np.arange(count), True
    return of


def _leaving(failing: Mask, added: Floats, now: Described, budget: int) -> Mask:
    """Return the failing classes that lose less by leaving, the most first, while the budget lasts: bool[c]."""
    leaving = np.zeros(len(failing), dtype=bool)
    able = np.flatnonzero(failing & (now.rows > 0) & np.isfinite(added))
    saved = added[able] - (1.0 - now.each[able])
    worth = able[saved > 1e-9][np.argsort(-saved[saved > 1e-9], kind="stable")]
    leaving[worth[np.cumsum(now.rows[worth]) <= budget]] = True
    return leaving


def fused(board: Board, of: Ints) -> Ints:
    """Make classes of equal public labels one class: whoever reads the release cannot tell them apart."""
    ways = board.ways
    _, text = np.unique(np.array(ways.label, dtype=object), return_inverse=True)
    while (count := class_count(of)) > 1:
        now = board.described(of, count)
        texts = [text[ways.up[now.rep, ways.start[c] + now.level[:, c]]] for c in range(ways.columns)]
        equal = group_codes(texts, [int(text.max()) + 1] * ways.columns)
        if equal.count == count:
            break
        of = _renumber(equal.of, of)
    return of


def dense(of: Ints) -> Ints:
    """Number the classes that are used from 0, in their order; -1 stays."""
    return _renumber(_dense_numbers(of[of >= 0], int(of.max(initial=-1)) + 1), of)


def class_count(of: Ints) -> int:
    """Return one more than the largest class number."""
    return int(of.max(initial=-1)) + 1


def _dense_numbers(used: Ints, count: int) -> Ints:
    """Return the new number of each that is used, meaningless for others: int64[count]."""
    present = np.zeros(count, dtype=bool)
    present[used] = True
    return np.asarray(np.cumsum(present) - 1, dtype=np.int64)


def _renumber(number: Ints, of: Ints) -> Ints:
    return np.where(of < 0, -1, number[of]) if len(number) else of
