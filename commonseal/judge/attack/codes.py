"""Write columns as small integers over their distinct values in one plain text form.

Both tables are read by the same form, so that a date in a Parquet file and the same date in a CSV are
one value: numbers without a trailing `.0`, dates as YYYY-MM-DD, text without blanks around it. An
empty cell is a null, and so is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.table import group_codes

Ints = NDArray[np.int64]
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: `of` int64[rows] are places in `texts`, distinct and String; one of them may be null."""

    of: Ints
    texts: pl.Series


def is_opaque(dtype: pl.DataType) -> bool:
    """Tell whether cells of this type say nothing to a reader: keyed hashes are bytes in a package."""
    return dtype.is_nested() or dtype in (pl.Binary, pl.Object)


def plain(values: pl.Series) -> pl.Series:
    """Return the values as text in the common form; nulls stay null, blank text becomes null.

    >>> plain(pl.Series([34.0, 2.5, None])).to_list()
    ['34', '2.5', None]
    """
    dtype, cell = values.dtype, pl.col(values.name)
    if dtype.is_float():
        whole = cell.is_finite() & (cell == cell.floor()) & (cell.abs() < _EXACT)
        text = (
            pl.when(whole)
            .then(cell.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cell.fill_nan(None).cast(pl.String))
        )
    elif isinstance(dtype, pl.Datetime):
        text = cell.dt.strftime("%Y-%m-%dT%H:%M:%S")
    else:
        text = cell.cast(pl.String).str.strip_chars()
        text = text.str.replace(r"^(-?\d+)\.0+$", "$1")
        text = text.str.replace(r"^(\d{4}-\d{2}-\d{2}) (\d{2}:)", "${1}T$2")
    midnight = text.str.strip_suffix("T00:00:00")
    return values.to_frame().select(pl.when(midnight.str.len_bytes() > 0).then(midnight)).to_series()


def code_column(values: pl.Series) -> Coded:
    """Code a column; only its distinct values are turned into text."""
    named = values.alias("value")
    distinct = named.unique()
    written = plain(distinct).alias("text")
    texts = written.unique(maintain_order=True)
    code = _places(written, texts)
    lookup = pl.DataFrame([distinct, code.alias("code")])
    found = named.to_frame().join(lookup, on="value", how="left", nulls_equal=True, maintain_order="left")
    return Coded(found["code"].cast(pl.Int64).to_numpy(), texts)


def code_rows(columns: list[Coded], rows: int) -> tuple[Ints, Ints]:
    """Group rows by all columns: return the distinct tuples int64[tuples, columns] and each row's tuple."""
    if not columns:
        return np.zeros((min(rows, 1), 0), dtype=np.int64), np.zeros(rows, dtype=np.int64)
    grouping = group_codes(
        [column.of for column in columns], [max(1, len(column.texts)) for column in columns]
    )
    one = np.empty(grouping.count, dtype=np.int64)
    one[grouping.of] = np.arange(rows)
    return np.column_stack([column.of[one] for column in columns]), grouping.of


def _places(values: pl.Series, among: pl.Series) -> pl.Series:
    """Return where each value stands in `among`."""
    lookup = among.alias("text").to_frame().with_row_index("place")
    here = values.alias("text").to_frame()
    return here.join(lookup, on="text", how="left", nulls_equal=True, maintain_order="left")["place"]
