"""Bring a frame into the form the stages expect: flat columns that can be written and read again."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import polars as pl
from polars.exceptions import PolarsError

from commonseal.source.faults import bad_table, listed
from commonseal.source.names import check_names
from commonseal.source.table import Table


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands out its rows by the Arrow C stream protocol: pandas, pyarrow, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule with the stream."""


def from_frame(frame: pl.DataFrame | pl.LazyFrame | ArrowStream, name: str = "frame") -> Table:
    """Open a frame that is in memory already.

    Args:
        frame: Polars, or whatever speaks the Arrow C stream protocol (pandas >= 2.2, pyarrow). An
            unnamed pandas index is left out; a named one becomes a column.
        name: how messages call it.

    Returns:
        The same rows in the same order; categories become text, nested cells JSON text. `rows` is
        None for a lazy frame, which is not run.

    Raises:
        BadTable: not a frame, no rows, or a column that cannot be carried.
    """
    eager = _to_polars(frame, name)
    if isinstance(eager, pl.DataFrame) and not eager.height:
        raise bad_table(name, "has no rows; expected at least one", "没有数据行；至少应有一行")
    with_names = eager.lazy()
    try:
        schema = with_names.collect_schema()
    except PolarsError:  # its text may quote what the plan holds
        raise bad_table(
            name,
            "the lazy frame cannot be planned; collect it by itself to see why",
            "惰性表的查询计划不成立；请单独执行以查看原因",
        ) from None
    columns = check_names(schema.names(), name)
    rows = eager.height if isinstance(eager, pl.DataFrame) else None
    return Table(name=name, kind="frame", frame=flatten(with_names, schema, name), columns=columns, rows=rows)


def _to_polars(frame: object, name: str) -> pl.DataFrame | pl.LazyFrame:
    if isinstance(frame, pl.DataFrame | pl.LazyFrame):
        return frame
    if not isinstance(frame, ArrowStream):
        kind = type(frame).__name__
        raise bad_table(
            name,
            f"got {kind}, expected a Polars, pandas or pyarrow table",
            f"得到 {kind}，应为 Polars、pandas 或 pyarrow 的表",
        )
    try:
        taken = pl.from_dataframe(frame)
    except (PolarsError, ValueError, TypeError):  # pyarrow's text quotes the cell it stumbled on
        raise bad_table(
            name,
            "a column mixes kinds of values and has no Arrow type; make it one kind, for example text",
            "有一列混有多种类型的值，无法转为 Arrow 类型；请统一类型，例如都转为文本",
        ) from None
    return taken.drop([column for column in taken.columns if column.startswith("__index_level_")])


def flatten(frame: pl.LazyFrame, schema: pl.Schema, where: str) -> pl.LazyFrame:
    """Turn categories and columns of nulls into text and nested columns into JSON text; keep the rest."""
    refused = [name for name, dtype in schema.items() if not _carried(dtype)]
    if refused:
        raise bad_table(
            where,
            f"columns {listed(refused)} hold Python objects or bytes inside lists; "
            "turn them into text or drop them",
            f"列 {listed(refused)} 含 Python 对象或嵌套的字节串；请转为文本或删去",
        )
    changed = [_flat(name, dtype) for name, dtype in schema.items() if not is_flat(dtype)]
    return frame.with_columns(changed) if changed else frame


def is_flat(dtype: pl.DataType) -> bool:
    """Say whether a column of this type passes as it is."""
    return not (dtype.is_nested() or isinstance(dtype, pl.Categorical | pl.Enum | pl.Null))


def _flat(name: str, dtype: pl.DataType) -> pl.Expr:
    if not dtype.is_nested():
        return pl.col(name).cast(pl.String)
    # Polars encodes structs only, so the cell travels inside one and is cut out again.
    wrapped = pl.struct(pl.col(name).alias("v")).struct.json_encode()
    bare = wrapped.str.strip_prefix('{"v":').str.strip_suffix("}")
    return pl.when(pl.col(name).is_not_null()).then(bare).alias(name)


def _carried(dtype: object, *, nested: bool = False) -> bool:
    match dtype:
        case pl.List() | pl.Array():
            return _carried(dtype.inner, nested=True)
        case pl.Struct():
            return all(_carried(kind, nested=True) for kind in dtype.to_schema().values())
        case pl.Binary():
            return not nested  # Polars panics on bytes inside JSON
        case _:
            return not isinstance(dtype, pl.Object)
