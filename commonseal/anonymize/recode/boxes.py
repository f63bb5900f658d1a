"""Boxes of a multidimensional partition: the order of each column, the labels of each box, and their use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.anonymize.compress import as_text
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.recode.growing import Small, Tree
from commonseal.anonymize.recode.recoded import Lost
from commonseal.anonymize.recode.ways import Floats, Ints, cell_loss, neighbours, partings
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.table import group_codes

TOP = "*"


@dataclass(frozen=True, slots=True)
class Axis:
    """One column's order. `value_at` int64[places]: the value at each place, the null first where there is one.

    `place_of` is its inverse. `scale`: where a place lies in [0, 1]. `gap` int64[places]: how high the
    labels of this place and the next part, 0 for numbers.
    """

    hierarchy: Hierarchy
    numeric: bool
    value_at: Ints
    place_of: Small
    scale: Floats
    gap: Ints


@dataclass(frozen=True, slots=True)
class Boxes:
    """A partition, applied by routing each row through the cuts.

    `labels`: the distinct labels of each column that changes, null where empty; `label_of` [c] indexes them.
    """

    transformation: str
    quasi: tuple[str, ...]
    axes: tuple[Axis, ...]
    tree: Tree
    labels: dict[str, pl.Series]
    label_of: dict[str, Small]
    lost: Lost

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Recode a batch: same columns, rows and order; columns that change become text.

        Args: frame: any rows of the table that was counted.
        Raises: polars errors when a value was not counted (the table changed under the partition).
        """
        # numba takes half a second to import: only who partitions pays for it
        from commonseal.anonymize.recode import mondrian_kernels as kernels

        codes = frame.select(_code(axis).alias(axis.hierarchy.column) for axis in self.axes)
        place = places(self.axes, [codes[column].to_numpy() for column in self.quasi])
        leaf = kernels.route(place, self.tree.column_of, self.tree.cut_of, self.tree.child, self.tree.leaf)
        return frame.with_columns(
            labels.gather(self.label_of[column][leaf]).alias(column) for column, labels in self.labels.items()
        )


def axis_of(hierarchy: Hierarchy, numeric: Collection[str] | None) -> Axis:
    """Put the values of a column in order: numbers by size, others so that labels stand together.

    Args: numeric: names of number columns; where None, those whose values are all numbers.
    Raises: BadInput when a value of a column named numeric is no number.
    """
    values = hierarchy.labels[0]
    numbers = _numbers(values)
    if numeric is not None and hierarchy.column in numeric and numbers is None:
        raise BadInput(_not_numeric(hierarchy.column))
    is_number = numbers is not None and (numeric is None or hierarchy.column in numeric)
    empty = np.array([value == "" for value in values])
    if is_number and numbers is not None:
        order = np.lexsort([numbers, ~empty])
        at = numbers[order]
        known = at[~empty[order]]
        span = float(known[-1] - known[0]) if len(known) else 0.0
        scale = np.where(empty[order], 0.0, (at - known[0]) / span if span else 0.0)
        gap = np.zeros(len(order), dtype=np.int64)
    else:
        order = np.argsort(neighbours(hierarchy), kind="stable")
        scale = np.arange(len(order)) / max(1, len(order) - 1)
        gap = partings(hierarchy, order, range(hierarchy.height))
    place_of = np.empty(len(order), dtype=np.min_scalar_type(max(1, len(order) - 1)))
    place_of[order] = np.arange(len(order))
    return Axis(hierarchy, is_number, order, place_of, scale, gap)


def places(
    axes: Sequence[Axis], codes: Sequence[NDArray[np.integer[Any]]] | NDArray[np.integer[Any]]
) -> Small:
    """Return each cell's place, row by row: [m, n] of the smallest type that holds all."""
    kind = np.result_type(*(axis.place_of.dtype for axis in axes))
    made = np.empty((len(codes[0]), len(axes)), dtype=kind)
    for column, axis in enumerate(axes):
        made[:, column] = axis.place_of[codes[column]]
    return made


def named_boxes(tuples: Tuples, axes: Sequence[Axis], tree: Tree) -> tuple[Boxes, Ints]:
    """Name the labels of each leaf. Returns: the boxes, and the public class of each tuple int64[m]."""
    labels: dict[str, pl.Series] = {}
    label_of: dict[str, Small] = {}
    by_column: list[tuple[str, float]] = []
    rows = np.bincount(tree.of, weights=tuples.rows, minlength=len(tree.low))
    changed = 0
    for number, axis in enumerate(axes):
        name, low, high = axis.hierarchy.column, tree.low[:, number], tree.high[:, number]
        count = len(axis.value_at)
        spans, code = np.unique(low.astype(np.int64) * count + high, return_inverse=True)
        names, loss = _names(axis, spans // count, spans % count)
        distinct = {text: index for index, text in enumerate(dict.fromkeys(names))}
        to = np.array([distinct[text] for text in names])
        label_of[name] = to[code].astype(np.min_scalar_type(max(1, len(distinct) - 1)))
        labels[name] = pl.Series([text or None for text in distinct], dtype=pl.String)
        by_column.append((name, 1.0 - float((loss[code] * rows).sum() / max(1, tuples.total))))
        changed += int(rows[low != high].sum())
    equal = group_codes(
        [of.astype(np.int64) for of in label_of.values()], [len(of) for of in labels.values()]
    )
    for number, axis in enumerate(axes):
        if (tree.low[:, number] == tree.high[:, number]).all():
            del labels[axis.hierarchy.column], label_of[axis.hierarchy.column]
    lost = Lost(
        rows=tuples.total,
        suppressed_rows=0,
        suppressed_cells=0,
        changed_cells=changed,
        classes=equal.count,
        granularity=float(np.mean([kept for _, kept in by_column])),
        by_column=tuple(by_column),
    )
    quasi = tuple(axis.hierarchy.column for axis in axes)
    return Boxes("multidimensional partitioning", quasi, tuple(axes), tree, labels, label_of, lost), equal.of[
        tree.of
    ]


def _names(axis: Axis, low: Ints, high: Ints) -> tuple[list[str], Floats]:
    """Return the label and the loss of each span of places."""
    hierarchy = axis.hierarchy
    first, last = axis.value_at[low], axis.value_at[high]
    level = np.full(len(low), hierarchy.height)
    for at in reversed(range(hierarchy.height)):
        level[hierarchy.codes[first, at] == hierarchy.codes[last, at]] = at
    names, loss = [], np.ones(len(low))
    for number, (one, other, common) in enumerate(zip(first, last, level, strict=True)):
        a, b = hierarchy.labels[0][one], hierarchy.labels[0][other]
        if axis.numeric and one != other and a != "":
            names.append(f"[{a}, {b}]")
            covered = (high[number] - low[number] + 1) / len(axis.value_at)
            loss[number] = (covered - 1 / len(axis.value_at)) / (1 - 1 / len(axis.value_at))
        elif common == hierarchy.height or (axis.numeric and one != other):
            names.append(TOP)  # no label joins these, or a number and the null
        else:
            names.append(hierarchy.labels[common][hierarchy.codes[one, common]])
            loss[number] = cell_loss(hierarchy, common)[hierarchy.codes[one, common]]
    return names, loss


def _code(axis: Axis) -> pl.Expr:
    values = pl.Series(axis.hierarchy.labels[0], dtype=pl.String)
    return as_text(axis.hierarchy.column).replace_strict(
        values, pl.Series(range(len(values))), return_dtype=pl.UInt32
    )


def _numbers(values: Sequence[str]) -> Floats | None:
    try:
        numbers = np.array([float(value) if value else 0.0 for value in values])
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() and any(values) else None


def _not_numeric(column: str) -> Text:
    return Text(
        en=f"column '{column}' is named numeric but holds what is no finite number; leave it out",
        zh=f"列“{column}”被列为数值列，却含有非数值；请将其移出",
    )
