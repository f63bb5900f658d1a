"""Compress a table to its distinct quasi-identifier tuples: all that the search needs.

The engine counts `(quasi..., sensitive?, person?) -> rows` once; here the counted rows become codes
into the hierarchies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Ints, Tuples
from commonseal.anonymize.models import Units
from commonseal.errors import BadHierarchy, ColumnMissing
from commonseal.model import Text
from commonseal.table import ROWS


def as_text(column: str) -> pl.Expr:
    """Return a quasi-identifier as hierarchies know it: text, null as the empty text."""
    return pl.col(column).cast(pl.String).fill_null("")


def compress(
    counted: pl.DataFrame,
    quasi: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    *,
    sensitive: str | None = None,
    person: str | None = None,
) -> tuple[Tuples, Units]:
    """Turn counted rows into codes.

    Args: counted: one row a distinct (quasi..., sensitive?, person?), with `ROWS`.
    Returns: the m distinct tuples, and the u units below them.
    Raises: BadHierarchy when a value has no row in its hierarchy; ColumnMissing.
    """
    _require(counted, [*quasi, *(column for column in (sensitive, person) if column)])
    keyed = counted.with_columns(as_text(column).alias(column) for column in quasi)
    tuples = keyed.group_by(quasi, maintain_order=True).agg(pl.col(ROWS).sum()).with_row_index("__tuple__")
    codes = tuple(_codes(tuples[column], hierarchies[column]) for column in quasi)
    rows = _int64(tuples[ROWS])
    of_hierarchy = tuple(hierarchies[column] for column in quasi)
    if sensitive is None and person is None:
        return Tuples(codes, rows, of_hierarchy), Units(np.arange(len(rows)), rows)
    joined = keyed.join(tuples.drop(ROWS), on=list(quasi), how="left", maintain_order="left")
    people, people_count = _dense(joined, person)
    values, value_count = _dense(joined, sensitive)
    units = Units(
        _int64(joined["__tuple__"]), _int64(joined[ROWS]), people, people_count, values, value_count
    )
    return Tuples(codes, rows, of_hierarchy), units


def _codes(values: pl.Series, hierarchy: Hierarchy) -> Ints:
    number = {value: code for code, value in enumerate(hierarchy.labels[0])}
    codes = values.replace_strict(number, default=None, return_dtype=pl.Int64)
    if (missing := codes.null_count()) == 0:
        return codes.to_numpy()
    nulls = int((values == "").sum()) if "" not in number else 0
    # the missing value itself stays unnamed: it is a cell of the table
    hint_en = "; nulls need a row whose first cell is empty" if nulls else ""
    hint_zh = "；空值需要一行首格为空的层级" if nulls else ""
    distinct = int(values.filter(codes.is_null()).n_unique())
    raise BadHierarchy(
        Text(
            en=f"column '{hierarchy.column}': {distinct} values of the table have no row in its hierarchy "
            f"({missing} distinct tuples, {nulls} of them null); add a row for each{hint_en}",
            zh=f"列“{hierarchy.column}”：表中有 {distinct} 个值在泛化层级里没有对应行"
            f"（{missing} 个不同元组，其中 {nulls} 个为空值）；请为每个值补一行{hint_zh}",
        )
    )


def _dense(frame: pl.DataFrame, column: str | None) -> tuple[Ints | None, int]:
    if column is None:
        return None, 0
    codes = frame[column].cast(pl.String).fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1
    return codes, int(codes.max(initial=-1)) + 1


def _int64(series: pl.Series) -> Ints:
    return series.cast(pl.Int64).to_numpy()


def _require(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        names = ", ".join(f"'{column}'" for column in missing)
        raise ColumnMissing(
            Text(
                en=f"no column {names}; the table has: {', '.join(c for c in frame.columns if c != ROWS)}",
                zh=f"没有列 {names}；表中的列为：{'、'.join(c for c in frame.columns if c != ROWS)}",
            )
        )
