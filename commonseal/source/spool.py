"""Write rows to a working copy in Parquet, a batch at a time, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

FETCH = 2_000  # rows fetched at a time: with a few huge cells this is what bounds memory
_GROUP_ROWS = 100_000
_GROUP_BYTES = 64 << 20  # a row group is written once it holds this much

Row = Sequence[object]


def frame_of(rows: Sequence[Row], schema: pl.Schema) -> pl.DataFrame:
    """Build a frame from rows, each a sequence as wide as `schema`; a value of another type is a fault."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pl.DataFrame(
        {
            name: pl.Series(values, dtype=dtype, strict=True)
            for (name, dtype), values in zip(schema.items(), columns, strict=True)
        }
    )


def batches_of(rows: Iterable[Row], schema: pl.Schema) -> Iterator[pl.DataFrame]:
    """Cut a stream of rows into frames of at most `FETCH` rows."""
    stream = iter(rows)
    while batch := list(islice(stream, FETCH)):
        yield frame_of(batch, schema)


def write_parquet(path: Path, schema: pl.Schema, batches: Iterable[pl.DataFrame]) -> int:
    """Write `batches`, all of `schema`, into one Parquet file in their order; return the number of rows."""
    arrow = _to_arrow(pl.DataFrame(schema=schema)).schema
    total = 0
    with pq.ParquetWriter(path, arrow) as writer:  # type: ignore[no-untyped-call]
        for group in _groups(batches):
            writer.write_table(_to_arrow(group).cast(arrow))
            total += group.height
    return total


def _groups(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    held: list[pl.DataFrame] = []
    rows, size = 0, 0.0
    for batch in batches:
        held.append(batch)
        rows += batch.height
        size += batch.estimated_size()
        if rows >= _GROUP_ROWS or size >= _GROUP_BYTES:
            yield pl.concat(held)
            held, rows, size = [], 0, 0.0
    if held:
        yield pl.concat(held)


def _to_arrow(frame: pl.DataFrame):  # type: ignore[no-untyped-def]  # pyarrow carries no types
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
