"""Bound what one person adds: rows of the public groups only, and of one person no more than agreed.

Which rows stay depends on the person's own rows and the seed alone, never on other people's rows or
on where in the table they stand. So one person more or less changes that person's rows and no others,
and the sensitivity of a count is the bound.
"""

from __future__ import annotations

import polars as pl
from polars_hash import CryptographicHashingNameSpace

from commonseal.privacy.query import Query

GROUP, PERSON = "__group__", "__person__"


def bounded_rows(frame: pl.LazyFrame, query: Query) -> pl.DataFrame:
    """Return the rows that may be counted.

    Args: frame: any rows, in the table's order.
    Returns: `GROUP` (index into `query.groups`), `PERSON` (text, where the query names one) and the
        columns of the statistics. Rows outside the public groups are gone, and rows whose person is
        null: nobody can say how many of them are one person's. Every person has at most
        `query.max_rows` rows, in at most `query.max_groups` groups.
    """
    rows = frame.with_columns(_group_index(query).alias(GROUP)).filter(pl.col(GROUP).is_not_null())
    kept = rows.select(GROUP, *query.columns)
    if query.person is None:
        return kept.collect()
    owned = kept.with_columns(pl.col(query.person).cast(pl.String).alias(PERSON))
    return _few_rows(_few_groups(owned.filter(pl.col(PERSON).is_not_null()).collect(), query), query)


def _group_index(query: Query) -> pl.Expr:
    """Return each row's group as mixed-radix index; null where a value is not listed."""
    index = pl.lit(0, pl.Int64)
    for column, values in query.by:
        codes = (
            pl.col(column)
            .cast(pl.String)
            .replace_strict(list(values), list(range(len(values))), default=None, return_dtype=pl.Int64)
        )
        index = index * len(values) + codes
    return index


def _few_groups(rows: pl.DataFrame, query: Query) -> pl.DataFrame:
    if query.max_groups >= len(query.groups):
        return rows
    pairs = rows.select(PERSON, GROUP).unique()
    return rows.join(
        _drawn(pairs, pl.col(GROUP), query.max_groups, f"groups {query.seed}"), on=[PERSON, GROUP]
    )


def _few_rows(rows: pl.DataFrame, query: Query) -> pl.DataFrame:
    many = pl.len().over(PERSON) > query.max_rows
    numbered = rows.filter(many).with_columns(pl.int_range(pl.len()).over(PERSON).alias("__ordinal__"))
    drawn = _drawn(numbered, pl.col("__ordinal__"), query.max_rows, f"rows {query.seed}").drop("__ordinal__")
    return pl.concat([rows.filter(~many), drawn])


def _drawn(rows: pl.DataFrame, of_person: pl.Expr, most: int, key: str) -> pl.DataFrame:
    """Keep of every person the `most` rows whose keyed hash is least; `of_person` tells them apart."""
    text = pl.concat_str(PERSON, pl.lit("\0"), of_person.cast(pl.String))
    draw = CryptographicHashingNameSpace(text).hmac_sha256(key=key)
    ordered = rows.with_columns(draw.alias("__draw__")).sort("__draw__")
    return ordered.filter(pl.int_range(pl.len()).over(PERSON) < most).drop("__draw__")
