"""Compress a table to its distinct quasi-identifier tuples: all that the search needs.

The engine counts `(quasi..., sensitive..., person?) -> rows` once; here the counted rows become codes
into the hierarchies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Ints, Units, Values
from commonseal.errors import BadHierarchy, ColumnMissing
from commonseal.model import Text
from commonseal.table import ROWS

_TUPLE, _PEOPLE = "__tuple__", "__people__"


def as_text(column: str) -> pl.Expr:
    """Return a quasi-identifier as hierarchies know it: text, null as the empty text."""
    return pl.col(column).cast(pl.String).fill_null("")


def compress(
    counted: pl.DataFrame,
    quasi: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    *,
    sensitive: str | Sequence[str] | None = None,
    person: str | None = None,
    population: pl.DataFrame | None = None,
) -> tuple[Tuples, Units]:
    """Turn counted rows into codes.

    Args:
        counted: one row a distinct (quasi..., sensitive..., person?), with `ROWS`.
        population: the same over (quasi...) of a table of everybody, for k-map and delta-presence. Its tuples that
            the table lacks come along with no rows.
    Returns: the m distinct tuples, and what stands below them.
    Raises: BadHierarchy when a value has no row in its hierarchy; ColumnMissing.
    """
    named = (sensitive,) if isinstance(sensitive, str) else tuple(sensitive or ())
    _require(counted, [*quasi, *named, *([person] if person else [])])
    keyed = counted.with_columns(as_text(column).alias(column) for column in quasi)
    tuples = keyed.group_by(quasi, maintain_order=True).agg(pl.col(ROWS).sum())
    people = None
    if population is not None:
        tuples, people = _with_population(tuples, population, quasi)
    tuples = tuples.with_row_index(_TUPLE)
    codes = [_codes(tuples[column], hierarchies[column]) for column in quasi]
    narrow = np.result_type(*(np.min_scalar_type(len(hierarchies[column].codes)) for column in quasi))
    made = Tuples(
        np.array(codes, dtype=narrow).reshape(len(quasi), -1),
        _int64(tuples[ROWS]),
        tuple(hierarchies[column] for column in quasi),
    )
    if not named and person is None:
        return made, Units(np.arange(len(made.rows)), made.rows, population=people)
    joined = keyed.join(tuples.drop(ROWS), on=list(quasi), how="left", maintain_order="left")
    whose, persons = _dense(joined, person)
    of, rows = _int64(joined[_TUPLE]), _int64(joined[ROWS])
    return made, Units(
        of,
        rows,
        whose,
        persons,
        {column: _values(joined, column, of, rows, whose) for column in named},
        people,
    )


def _with_population(
    tuples: pl.DataFrame, population: pl.DataFrame, quasi: Sequence[str]
) -> tuple[pl.DataFrame, Ints]:
    """Join the population's counts; tuples of people who are not in the table follow, with no rows."""
    _require(population, quasi)
    everybody = (
        population.with_columns(as_text(column).alias(column) for column in quasi)
        .group_by(quasi, maintain_order=True)
        .agg(pl.col(ROWS).sum().alias(_PEOPLE))
    )
    both = tuples.join(everybody, on=list(quasi), how="full", coalesce=True, maintain_order="left_right")
    both = both.with_columns(pl.col(ROWS, _PEOPLE).fill_null(0))
    return both.drop(_PEOPLE), _int64(both[_PEOPLE])


def _values(joined: pl.DataFrame, column: str, of: Ints, rows: Ints, person: Ints | None) -> Values:
    text = joined[column].cast(pl.String).fill_null("")
    labels = text.unique().sort()
    codes = text.rank("dense").cast(pl.Int64).to_numpy() - 1
    return Values(of, codes, rows, tuple(labels.to_list()), person)


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
