"""Count the classes of one candidate from those of another that is finer in every column.

Whatever was counted is remembered, as long as it is small; a new candidate starts from the smallest
counted one below it. Going from the tuples themselves is the exception, so a check costs thousands of
steps where the table has millions of tuples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Classes, Ints, Units
from commonseal.table import Grouping
from commonseal.table.classes import WIDEST

Narrow = NDArray[np.int32]
_REMEMBERED = 20_000_000  # classes kept in all: 240 MB, sensitive values not counted
_STEPS = 3  # columns of a stepping stone
_WORTH_STEPPING = 2_000  # classes to start from, above which stepping stones pay


@dataclass(frozen=True, slots=True)
class Counted:
    """The classes of one candidate: `member` int32[c], one tuple of each."""

    levels: tuple[int, ...]
    member: Narrow
    classes: Classes

    @property
    def rows(self) -> Ints:
        """Rows of each class: int64[c]."""
        return self.classes.rows


class Rollup:
    """Counts candidates over one compressed table."""

    def __init__(self, tuples: Tuples, units: Units) -> None:
        self._sizes = [[len(names) for names in h.labels] for h in tuples.hierarchies]
        self._codes = tuples.codes
        self._start: list[list[int]] = []
        ups: list[Narrow] = []
        at = 0
        for hierarchy in tuples.hierarchies:
            of_level = [hierarchy.codes[:, level].astype(np.int32) for level in range(hierarchy.height)]
            self._start.append([at + len(hierarchy.codes) * level for level in range(hierarchy.height)])
            at += len(hierarchy.codes) * hierarchy.height
            ups += of_level
        self._up = np.concatenate(ups)
        m = len(tuples.rows)
        everyone = Classes(Grouping(np.arange(m), m), tuples.rows, units)
        base = Counted((0,) * len(tuples.codes), np.arange(m, dtype=np.int32), everyone)
        self._known: list[Counted] = []
        self._levels = np.empty((64, len(tuples.codes)), dtype=np.int16)
        self._cost = np.empty(64, dtype=np.int64)
        self._left = _REMEMBERED
        self._at: dict[tuple[int, ...], Counted] = {}
        self._columns = sorted(range(len(self._sizes)), key=lambda column: -self._sizes[column][0])
        self._remember(base)
        del self._at[base.levels]  # rows that were not counted may be equal: the bottom is grouped, too

    def at(self, levels: tuple[int, ...]) -> Counted:
        """Return the classes of a candidate."""
        if (known := self._at.get(levels)) is not None:
            return known
        start = self._nearest(levels)
        stone = self._stone(levels)
        if len(start.member) > _WORTH_STEPPING and any(stone) and stone not in self._at:
            start = self.at(stone)
        counted = self._grouped(levels, start)
        self._remember(counted)
        return counted

    def _stone(self, levels: tuple[int, ...]) -> tuple[int, ...]:
        """Return the candidate that raises only the widest of the columns that this one raises."""
        raised = [column for column in self._columns if levels[column]]
        kept = set(raised[: min(_STEPS, len(raised) - 1)])
        return tuple(level if column in kept else 0 for column, level in enumerate(levels))

    def _nearest(self, levels: tuple[int, ...]) -> Counted:
        count = len(self._known)
        below = (self._levels[:count] <= np.array(levels, dtype=np.int16)).all(axis=1)
        return self._known[int(np.where(below, self._cost[:count], np.iinfo(np.int64).max).argmin())]

    def _grouped(self, levels: tuple[int, ...], start: Counted) -> Counted:
        from commonseal.table.kernels import group_tuples  # late: the compiler is loaded by whoever counts

        active = [column for column, level in enumerate(levels) if self._sizes[column][level] > 1] or [0]
        strides, space = [], 1
        for column in active:
            strides.append(space)
            space *= self._sizes[column][levels[column]]
        exact = space < WIDEST
        if not exact:  # odd multipliers, so that hashes of unlike tuples are unlike
            strides = [(0x9E3779B97F4A7C15 * (2 * place + 1) % 2**63) | 1 for place in range(len(active))]
        of, member, rows = group_tuples(
            self._codes,
            self._up,
            np.array([self._start[column][levels[column]] for column in active], dtype=np.int64),
            np.array(active, dtype=np.int64),
            np.array(strides, dtype=np.int64),
            exact,
            start.member,
            start.rows,
        )
        return Counted(levels, member, Classes(Grouping(of, len(member)), rows, start.classes.units()))

    def _remember(self, counted: Counted) -> None:
        if len(counted.member) > self._left:
            return
        count = len(self._known)
        if count == len(self._cost):
            self._levels = np.concatenate([self._levels, np.empty_like(self._levels)])
            self._cost = np.concatenate([self._cost, np.empty_like(self._cost)])
        self._levels[count], self._cost[count] = counted.levels, len(counted.member)
        self._known.append(counted)
        self._at[counted.levels] = counted
        self._left -= len(counted.member)
