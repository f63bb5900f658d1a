"""What became of each distinct tuple: at which level each of its cells left, or that it did not leave.

One form for all transformations: full-domain levels, local recoding, suppressed cells, suppressed rows.
Shapes: m distinct tuples, n quasi-identifiers, c classes of what was kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.anonymize.compress import as_text
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Floats, Ints, Tuples
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.table import Grouping, group_codes

Mask = NDArray[np.bool_]
_TUPLE = "__tuple__"


@dataclass(frozen=True, slots=True)
class Recoding:
    """`levels`: int64[m] a column, `height` for a suppressed cell; `kept`: bool[m], False for suppressed rows.

    The levels of a suppressed row are those it would have had, where a plan tells, else `height`. A tuple
    of no rows (somebody of a population who is not in the table) counts nowhere and is not kept.
    """

    tuples: Tuples
    levels: tuple[Ints, ...]
    kept: Mask

    @property
    def suppressed_rows(self) -> int:
        """Rows that did not leave."""
        return int(self.tuples.rows[~self.kept].sum())

    def labels(self, column: int) -> Ints:
        """Return for each tuple the number of its released label: int64[m], equal where the text is equal."""
        numbers = _label_numbers(self.tuples.hierarchies[column])
        return np.asarray(numbers[self.tuples.codes[column], self.levels[column]])

    def shares(self, column: int) -> Floats:
        """Return the share of the domain that each released cell covers, 1 where it is suppressed: float64[m]."""
        hierarchy, codes = self.tuples.hierarchies[column], self.tuples.codes[column]
        by_level = [hierarchy.share(level) for level in range(hierarchy.height)]
        table = np.column_stack([*by_level, np.ones(len(hierarchy.codes))])
        return np.where(self.kept, table[codes, self.levels[column]], 1.0)

    def leaves(self, column: int) -> Floats:
        """Return how many values of the domain each released cell may stand for, rows suppressed or not: float64[m]."""
        hierarchy, codes = self.tuples.hierarchies[column], self.tuples.codes[column]
        all_values = len(hierarchy.codes)
        by_level = [
            np.bincount(hierarchy.codes[:, level])[hierarchy.codes[:, level]]
            for level in range(hierarchy.height)
        ]
        table = np.column_stack([*by_level, np.full(all_values, all_values)]).astype(np.float64)
        return np.asarray(table[codes, self.levels[column]])

    def classes(self) -> tuple[Grouping, Ints]:
        """Group the kept tuples by what they became; return the grouping of these and the rows of each: int64[c]."""
        columns = range(len(self.levels))
        labels = [self.labels(column)[self.kept] for column in columns]
        sizes = [
            int(_label_numbers(self.tuples.hierarchies[column]).max(initial=0)) + 1 for column in columns
        ]
        grouping = group_codes(labels, sizes) if self.kept.any() else Grouping(np.zeros(0, dtype=np.int64), 0)
        return grouping, grouping.total(self.tuples.rows[self.kept])


class Applies(Protocol):
    """What turns rows into what leaves: a plan, or a recoding that gives each tuple labels of its own."""

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that leave, as they leave."""


def untouched(tuples: Tuples) -> Recoding:
    """Return the table as it was: level 0 everywhere, nothing suppressed."""
    zero = np.zeros(len(tuples.rows), dtype=np.int64)
    return Recoding(tuples, tuple(zero for _ in tuples.hierarchies), tuples.rows > 0)


def recoding_of_plan(tuples: Tuples, plan: Applies, levels: Sequence[int] | None = None) -> Recoding:
    """Return what a plan makes of the tuples that it was found on: it is applied to each of them once.

    Args: levels: those of a full-domain plan, one a column; None where each tuple has levels of its own.
    """
    likely = [None] * len(tuples.hierarchies) if levels is None else list(levels)
    frame = pl.DataFrame(
        {
            hierarchy.column: _values(hierarchy, codes)
            for hierarchy, codes in zip(tuples.hierarchies, tuples.codes, strict=True)
        }
    ).with_row_index(_TUPLE)
    left = plan.apply(frame.filter(pl.Series(tuples.rows > 0)))
    place = left[_TUPLE].to_numpy()
    kept = np.zeros(len(tuples.rows), dtype=bool)
    kept[place] = True
    found = []
    for hierarchy, codes, level in zip(tuples.hierarchies, tuples.codes, likely, strict=True):
        at = np.full(len(codes), hierarchy.height if level is None else level, dtype=np.int64)
        at[place] = _levels_of(hierarchy, codes[place], left[hierarchy.column], level)
        found.append(at)
    return Recoding(tuples, tuple(found), kept)


def recoding_of_frames(
    original: pl.DataFrame,
    released: pl.DataFrame,
    hierarchies: Sequence[Hierarchy],
    *,
    kept: NDArray[np.bool_] | None = None,
) -> Recoding:
    """Return what became of rows, where the released rows are those of the original in their order.

    Args:
        original: one row a person, the columns of `hierarchies` among others.
        released: the rows that left, in the same order; labels of the hierarchies at any level.
        kept: which rows of `original` left; None where all did.
    Raises: BadInput where the rows do not match, or a label stands in no hierarchy above its value.
    """
    kept = np.ones(original.height, dtype=bool) if kept is None else kept
    if len(kept) != original.height or int(kept.sum()) != released.height:
        raise BadInput(
            Text(
                en=f"the release has {released.height} rows, expected {int(kept.sum())} of {original.height}",
                zh=f"发布数据有 {released.height} 行，应为 {original.height} 行中的 {int(kept.sum())} 行",
            )
        )
    codes, levels = [], []
    for hierarchy in hierarchies:
        number = {value: code for code, value in enumerate(hierarchy.labels[0])}
        texts = original.select(as_text(hierarchy.column))[hierarchy.column]
        of = texts.replace_strict(number, default=None, return_dtype=pl.Int64)
        if of.null_count():
            raise BadInput(_unknown(hierarchy, of.null_count()))
        codes.append(of.to_numpy())
        at = np.full(original.height, hierarchy.height, dtype=np.int64)
        at[kept] = _levels_of(hierarchy, codes[-1][kept], released[hierarchy.column], None)
        levels.append(at)
    return _distinct(codes, levels, kept, tuple(hierarchies))


def _distinct(
    codes: list[Ints], levels: list[Ints], kept: Mask, hierarchies: tuple[Hierarchy, ...]
) -> Recoding:
    sizes = [len(hierarchy.codes) for hierarchy in hierarchies]
    heights = [hierarchy.height + 1 for hierarchy in hierarchies]
    grouping = group_codes([*codes, *levels, kept.astype(np.int64)], [*sizes, *heights, 2])
    first = np.zeros(grouping.count, dtype=np.int64)
    first[grouping.of[::-1]] = np.arange(len(kept), dtype=np.int64)[::-1]
    rows = np.bincount(grouping.of, minlength=grouping.count).astype(np.int64)
    tuples = Tuples(np.array([column[first] for column in codes]), rows, hierarchies)
    return Recoding(tuples, tuple(column[first] for column in levels), kept[first])


def _levels_of(
    hierarchy: Hierarchy, codes: NDArray[np.integer[Any]], released: pl.Series, likely: int | None
) -> Ints:
    """Return the level of each released label: `likely` where it fits, else the lowest that does."""
    numbers = _label_numbers(hierarchy)
    number_of = {label: place for place, label in enumerate(_all_labels(hierarchy))}
    texts = released.cast(pl.String).fill_null("")
    at = texts.replace_strict(number_of, default=-1, return_dtype=pl.Int64).to_numpy()
    found = np.full(len(codes), -1, dtype=np.int64)
    order = [*([likely] if likely is not None else []), *range(hierarchy.height)]
    for level in order:
        found = np.where((found < 0) & (numbers[codes, level] == at), level, found)
    hidden = (texts == "").to_numpy()  # a suppressed cell is null
    found = np.where((found < 0) & hidden, hierarchy.height, found)
    if (lost := int((found < 0).sum())) > 0:
        raise BadInput(_unknown(hierarchy, lost))
    return found


def _all_labels(hierarchy: Hierarchy) -> list[str]:
    return list(dict.fromkeys(label for labels in hierarchy.labels for label in labels))


def _label_numbers(hierarchy: Hierarchy) -> Ints:
    """Return one number a label text, for each value and level, and one more for a suppressed cell: [values, height + 1]."""
    number = {label: place for place, label in enumerate(_all_labels(hierarchy))}
    columns = [
        np.array([number[label] for label in labels], dtype=np.int64)[hierarchy.codes[:, level]]
        for level, labels in enumerate(hierarchy.labels)
    ]
    hidden = np.full(len(hierarchy.codes), number.get("", len(number)), dtype=np.int64)
    return np.column_stack([*columns, hidden])


def _values(hierarchy: Hierarchy, codes: NDArray[np.integer[Any]]) -> pl.Series:
    values = pl.Series([value if value else None for value in hierarchy.labels[0]], dtype=pl.String)
    return values.gather(codes)


def _unknown(hierarchy: Hierarchy, count: int) -> Text:
    return Text(
        en=f"column '{hierarchy.column}': {count} cells stand in no row of its hierarchy",
        zh=f"列“{hierarchy.column}”：有 {count} 个单元格不在其泛化层级的任何一行中",
    )
