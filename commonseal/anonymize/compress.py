"""Compress a table to its distinct quasi-identifier tuples: all that the search needs.

The engine counts `(quasi..., sensitive..., person?) -> rows` once; here the counted rows become codes
into the hierarchies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Ints, People, Units, Values
from commonseal.errors import BadHierarchy, ColumnMissing
from commonseal.model import Text
from commonseal.table import ROWS

_TUPLE = "__tuple__"
_NARROW = ((pl.UInt8, 1 << 8), (pl.UInt16, 1 << 16), (pl.UInt32, 1 << 32))


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
        population: the same over (quasi..., person?) of a table of everybody, for k-map and delta-presence. Its
            tuples that the table lacks come along with no rows.
    Returns: the m distinct tuples, and what stands below them.
    Raises: BadHierarchy when a value has no row in its hierarchy; ColumnMissing.
    """
    named = (sensitive,) if isinstance(sensitive, str) else tuple(sensitive or ())
    further = [*named, *([person] if person else [])]
    _require(counted, [*quasi, *further])
    coded, apart = _coded(counted, quasi, hierarchies)
    keyed = coded.with_columns(counted.select(*further, ROWS))
    if apart and set(counted.columns) == {*quasi, ROWS}:
        tuples = keyed  # distinct already
    else:
        tuples = keyed.group_by(quasi, maintain_order=True).agg(pl.col(ROWS).sum())
    people = None
    if population is not None:
        _require(population, [*quasi, *([person] if person else [])])
        everybody, _ = _coded(population, quasi, hierarchies)
        tuples = _with_strangers(tuples, everybody, quasi)
        people = _people(tuples, everybody, quasi, population, person)
    made = Tuples(
        np.stack([tuples[column].to_numpy() for column in quasi]),
        _int64(tuples[ROWS]),
        tuple(hierarchies[column] for column in quasi),
    )
    if not further:
        return made, Units(np.arange(len(made.rows)), made.rows, population=people)
    numbered = tuples.drop(ROWS).with_row_index(_TUPLE)
    joined = keyed.join(numbered, on=list(quasi), how="left", maintain_order="left")
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


def compress_batches(
    batches: Iterable[pl.DataFrame], rows: int, quasi: Sequence[str], hierarchies: Mapping[str, Hierarchy]
) -> tuple[Tuples, Units]:
    """Turn the rows of a wide table into codes, each row a tuple of its own, without counting them first.

    Where nearly all rows are distinct, counting saves nothing and costs many times the codes.

    Args: batches: all rows, in any order. rows: how many there are. Returns, Raises: as `compress`.
    """
    narrow = _narrow(quasi, hierarchies)
    codes = np.empty((len(quasi), rows), dtype=pl.Series([], dtype=narrow).to_numpy().dtype)
    at = 0
    for batch in batches:
        for place, column in enumerate(quasi):
            codes[place, at : at + batch.height] = _codes(batch[column], hierarchies[column], narrow)[0]
        at += batch.height
    once = np.ones(at, dtype=np.int64)
    made = Tuples(codes[:, :at], once, tuple(hierarchies[column] for column in quasi))
    return made, Units(np.arange(at), once)


def _narrow(quasi: Sequence[str], hierarchies: Mapping[str, Hierarchy]) -> type[pl.DataType]:
    largest = max(len(hierarchies[column].codes) for column in quasi)
    return next(kind for kind, most in _NARROW if largest <= most)


def _coded(
    counted: pl.DataFrame, quasi: Sequence[str], hierarchies: Mapping[str, Hierarchy]
) -> tuple[pl.DataFrame, bool]:
    """Return the codes of the quasi-identifiers, and whether unlike values always have unlike codes.

    All of the smallest integer type that holds the largest. Column by column, by distinct value: as text a wide
    table of distinct tuples would take many times its size.
    """
    narrow = _narrow(quasi, hierarchies)
    coded = [_codes(counted[column], hierarchies[column], narrow) for column in quasi]
    return pl.DataFrame([codes for codes, _ in coded]), all(apart for _, apart in coded)


def _with_strangers(tuples: pl.DataFrame, everybody: pl.DataFrame, quasi: Sequence[str]) -> pl.DataFrame:
    """Let the tuples of people who are not in the table follow, with no rows."""
    strangers = everybody.unique(maintain_order=True).join(
        tuples, on=list(quasi), how="anti", maintain_order="left"
    )
    return pl.concat([tuples, strangers.with_columns(pl.lit(0, dtype=tuples.schema[ROWS]).alias(ROWS))])


def _people(
    tuples: pl.DataFrame,
    everybody: pl.DataFrame,
    quasi: Sequence[str],
    population: pl.DataFrame,
    person: str | None,
) -> People:
    numbered = tuples.drop(ROWS).with_row_index(_TUPLE)
    of = everybody.join(numbered, on=list(quasi), how="left", maintain_order="left")[_TUPLE]
    whose, persons = _dense(population, person)
    return People(_int64(of), _int64(population[ROWS]), whose, persons)


def _values(joined: pl.DataFrame, column: str, of: Ints, rows: Ints, person: Ints | None) -> Values:
    text = joined[column].cast(pl.String).fill_null("")
    labels = text.unique().sort()
    codes = text.rank("dense").cast(pl.Int64).to_numpy() - 1
    return Values(of, codes, rows, tuple(labels.to_list()), person)


def _codes(values: pl.Series, hierarchy: Hierarchy, narrow: type[pl.DataType]) -> tuple[pl.Series, bool]:
    number = {value: code for code, value in enumerate(hierarchy.labels[0])}
    distinct = values.unique()
    text = distinct.to_frame().select(as_text(distinct.name)).to_series()
    code = text.replace_strict(number, default=None, return_dtype=narrow)
    if code.null_count() == 0:
        known = distinct.is_not_null()
        codes = values.replace_strict(
            distinct.filter(known), code.filter(known), default=None, return_dtype=narrow
        )
        return codes.fill_null(number.get("", 0)).alias(values.name), code.n_unique() == len(distinct)
    unknown = distinct.filter(code.is_null()).to_frame()
    missing = values.to_frame().join(unknown, on=values.name, how="semi", nulls_equal=True).height
    nulls = 0 if "" in number else int((values.cast(pl.String).fill_null("") == "").sum())
    # the missing value itself stays unnamed: it is a cell of the table
    hint_en = "; nulls need a row whose first cell is empty" if nulls else ""
    hint_zh = "；空值需要一行首格为空的层级" if nulls else ""
    raise BadHierarchy(
        Text(
            en=f"column '{hierarchy.column}': {len(unknown)} values of the table have no row in its hierarchy "
            f"({missing} distinct tuples, {nulls} of them null); add a row for each{hint_en}",
            zh=f"列“{hierarchy.column}”：表中有 {len(unknown)} 个值在泛化层级里没有对应行"
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
