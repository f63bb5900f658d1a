"""Count a table once, in Polars, for every model that is asked about it.

Nothing here knows the search of `anonymize`: a judge that shared its counting would share its faults.
Shapes: c classes, p pairs of (class, sensitive value) that occur, m sensitive values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.errors import BadTable, ColumnMissing
from commonseal.model import Text
from commonseal.table import ROWS

Ints = NDArray[np.int64]

CLASS = "__class__"
SIZE = "__size__"
_WHOLE = "__whole__"
_CODE = "__code__"


@dataclass(frozen=True, slots=True)
class Spread:
    """How one sensitive column is spread over the classes, and over the reference."""

    of: Ints  # int64[p]: the class of each pair, ascending
    value: Ints  # int64[p]: its value's place in `values`, ascending within a class
    count: Ints  # int64[p]: persons (or rows) of that class with that value
    totals: Ints  # int64[c]: sum of the counts of a class
    whole: Ints  # int64[m]: count of each value in the reference
    values: pl.Series  # the m values of table and reference, ascending, null first

    def present(self, number: int) -> tuple[int, ...]:
        """Return the counts of one class over the values that occur in it, ascending."""
        start, end = np.searchsorted(self.of, [number, number + 1])
        return tuple(sorted(self.count[start:end].tolist()))

    def of_class(self, number: int) -> list[int]:
        """Return the counts of one class over all m values, as whole numbers without a limit."""
        counts = [0] * len(self.whole)
        start, end = np.searchsorted(self.of, [number, number + 1])
        for value, count in zip(self.value[start:end].tolist(), self.count[start:end].tolist(), strict=True):
            counts[value] = count
        return counts


@dataclass(frozen=True, slots=True)
class Counted:
    """A table with its classes numbered from 0 in the order of `classes`."""

    rows: pl.DataFrame  # CLASS, the other columns of the table, ROWS
    classes: pl.DataFrame  # quasi..., CLASS, SIZE
    quasi: tuple[str, ...]
    person: str | None
    _spreads: dict[tuple[str, int], tuple[Spread, pl.DataFrame | None]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def sizes(self) -> Ints:
        """Return the distinct persons of each class, or its rows where no person is named: int64[c]."""
        return self.classes[SIZE].to_numpy()

    def spread(self, column: str, reference: pl.DataFrame | None = None) -> Spread:
        """Count each value of `column` in each class and in the reference, once.

        Args: reference: a table (or its counted tuples) with `column`, and the person column where
            persons are counted. None: the table itself.
        Raises: ColumnMissing.
        """
        key = column, id(reference)
        if key not in self._spreads:  # the reference is kept, so that no other can get its id
            self._spreads[key] = self._count(column, reference), reference
        return self._spreads[key][0]

    def _count(self, column: str, reference: pl.DataFrame | None) -> Spread:
        require(self.rows, [column], "the table")
        whole = self._whole(column, self.rows if reference is None else reference)
        pairs = self.rows.group_by(CLASS, column).agg(_size(self.person))
        as_text = reference is not None and reference.schema[column] != self.rows.schema[column]
        if as_text:
            pairs, whole = (each.with_columns(pl.col(column).cast(pl.String)) for each in (pairs, whole))
        domain = (
            pairs.select(pl.col(column).unique())
            .join(whole, on=column, how="full", nulls_equal=True, coalesce=True)
            .sort(column)
            .with_row_index(_CODE)
        )
        coded = pairs.join(domain, on=column, nulls_equal=True).sort(CLASS, _CODE)
        of, count = (coded[name].cast(pl.Int64).to_numpy() for name in (CLASS, SIZE))
        return Spread(
            of=of,
            value=coded[_CODE].cast(pl.Int64).to_numpy(),
            count=count,
            totals=np.bincount(of, weights=count, minlength=self.classes.height).astype(np.int64),
            whole=domain[_WHOLE].fill_null(0).cast(pl.Int64).to_numpy(),
            values=domain[column],
        )

    def _whole(self, column: str, reference: pl.DataFrame) -> pl.DataFrame:
        person = self.person if self.person in reference.columns else None
        require(reference, [column], "the reference table")
        return _with_rows(reference).group_by(column).agg(_size(person).alias(_WHOLE))


def count_table(table: pl.DataFrame, quasi: Sequence[str], *, person: str | None = None) -> Counted:
    """Number the classes of equal quasi-identifiers and measure them.

    Args:
        table: one row a record, or counted tuples with their rows in `table.ROWS`.
        quasi: may be empty: then all rows are one class. A null equals a null.
    Raises: BadTable when there are no rows; ColumnMissing.
    """
    require(table, [*quasi, *filter(None, [person])], "the table")
    if table.height == 0:
        raise BadTable(Text(en="no rows to judge", zh="没有可供评判的行"))
    rows = _with_rows(table)
    if not quasi:
        classes = rows.select(_size(person)).with_columns(pl.lit(0, pl.Int64).alias(CLASS))
        return Counted(rows.with_columns(pl.lit(0, pl.Int64).alias(CLASS)), classes, (), person)
    classes = rows.group_by(list(quasi)).agg(_size(person)).with_row_index(CLASS)
    classes = classes.with_columns(pl.col(CLASS).cast(pl.Int64))
    numbered = rows.join(classes.drop(SIZE), on=list(quasi), nulls_equal=True)
    return Counted(numbered, classes, tuple(quasi), person)


def require(table: pl.DataFrame, columns: Iterable[str], where: str) -> None:
    """Raise ColumnMissing unless all `columns` are there."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        there = [column for column in table.columns if not column.startswith("__")][:30]
        raise ColumnMissing(
            Text(
                en=f"{where} has no column {', '.join(missing)}; it has {', '.join(there)}",
                zh=f"表中没有列 {'、'.join(missing)}；现有列：{'、'.join(there)}",
            )
        )


def as_numbers(values: pl.Series) -> pl.Series:
    """Return text as numbers where all of it is numbers, so that 9 stands before 10; else as it is.

    >>> as_numbers(pl.Series(["9", "10", None])).to_list(), as_numbers(pl.Series(["9", "x"])).to_list()
    ([9.0, 10.0, None], ['9', 'x'])
    """
    if values.dtype != pl.String:
        return values
    numbers = values.cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == values.null_count() else values


def _size(person: str | None) -> pl.Expr:
    size = pl.col(person).n_unique() if person else pl.col(ROWS).sum()
    return size.cast(pl.Int64).alias(SIZE)


def _with_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table if ROWS in table.columns else table.with_columns(pl.lit(1, pl.Int64).alias(ROWS))
