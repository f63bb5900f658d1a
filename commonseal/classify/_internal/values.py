"""Turn any column into its distinct, normalised values with their counts.

The work is done for many columns at once, so that ten thousand narrow ones cost a few large
operations and not ten thousand small ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

LONGEST = 2_000  # characters of a value that are looked at; the rest of a longer one is not read
_BATCH = 400_000  # values a batch
_VECTOR = 65  # elements of a list that are looked at
_FILLERS = ["null", "none", "nan", "n/a", "na", "nil", "-", "--", "/", "\\", "?", "？", "\\n"]
_FILLERS += ["无", "未知", "不详", "暂无", "空", "未填写", "#n/a", "<na>"]
_IMAGES = [b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF"]


def batches(frame: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield (index of the first column, values) for runs of columns.

    Values: column u32 (counted from that first one), value, compact, folded str, count u32; one row
    a distinct value of a column. Nulls, blanks and the usual fillers ("-", "N/A", "无") are left out.
    """
    width = max(1, _BATCH // max(1, frame.height))
    for start in range(0, frame.width, width):
        yield start, _distinct([as_text(frame.to_series(i)) for i in _run(start, width, frame.width)])


def as_text(column: pl.Series) -> pl.Series:
    """Return the column's values as text; a list of texts or of whole records gives one value an element."""
    kind = column.dtype
    if kind == pl.String:
        return column
    if kind.is_float():
        return _float_text(column)
    if isinstance(kind, pl.Array):
        column, kind = column.arr.to_list(), pl.List(kind.inner)
    if isinstance(kind, pl.List):
        return _list_text(column, kind)
    if isinstance(kind, pl.Struct):
        return column.struct.json_encode()
    if kind == pl.Binary:
        return _binary_text(column)
    if kind == pl.Duration:
        return column.dt.total_microseconds().cast(pl.String)
    if kind == pl.Object:
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)  # nothing can be read: unknown
    return column.cast(pl.String)


def _run(start: int, width: int, end: int) -> range:
    return range(start, min(start + width, end))


def _float_text(column: pl.Series) -> pl.Series:
    """Write whole numbers without `.0`: a phone column with gaps often arrives as floats."""
    name = column.name
    number = pl.col(name).cast(pl.Float64)
    whole = (number == number.floor()) & (number.abs() < 9e15)
    text = pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String))
    known = pl.when(number.is_finite()).then(text.otherwise(number.cast(pl.String)))
    return column.to_frame().select(known.alias(name)).to_series()


def _list_text(column: pl.Series, kind: pl.List) -> pl.Series:
    inner = kind.inner
    if isinstance(inner, pl.DataType) and inner.is_numeric():
        return column.list.head(_VECTOR).list.eval(pl.element().cast(pl.String)).list.join(",")
    return as_text(column.explode())


def _binary_text(column: pl.Series) -> pl.Series:
    """Write an image as such, other bytes as hex of their first 48."""
    data = pl.col(column.name)
    image = pl.any_horizontal([data.bin.starts_with(magic) for magic in _IMAGES])
    text = pl.when(image).then(pl.lit("data:image/")).otherwise(data.bin.head(48).bin.encode("hex"))
    return column.to_frame().select(pl.when(data.is_not_null()).then(text).alias(column.name)).to_series()


def _distinct(columns: Sequence[pl.Series]) -> pl.DataFrame:
    lengths = [len(column) for column in columns]
    stacked = pl.DataFrame(
        {
            "column": np.repeat(np.arange(len(columns), dtype=np.uint32), lengths),
            "raw": pl.concat([column.alias("raw") for column in columns]),
        }
    )
    return (
        stacked.lazy()
        .filter(pl.col("raw").is_not_null())
        .with_columns(pl.col("raw").str.strip_chars().str.head(LONGEST))
        .group_by("column", "raw", maintain_order=True)
        .agg(pl.len().alias("count"))
        .with_columns(value=pl.col("raw").str.normalize("NFKC").str.strip_chars())
        .filter(pl.col("value") != "")
        .filter(~pl.col("value").str.to_lowercase().is_in(_FILLERS))
        .with_columns(compact=_compact(), folded=_folded())
        .drop("raw")
        .collect()
    )


def _compact() -> pl.Expr:
    value = pl.col("value")
    grouped = value.str.to_uppercase().str.replace_all(r"[ \-‐‑–]", "")
    return pl.when(value.str.starts_with("-")).then(value).otherwise(grouped)  # a minus sign is no grouping


def _folded() -> pl.Expr:
    return pl.col("value").str.to_lowercase().str.replace_all(r"[\s\-_./,&'’·()]", "")
