"""Take rows spread over a whole table, the same ones every time."""

from __future__ import annotations

import polars as pl

from commonseal.errors import BadInput
from commonseal.model import Text

_STRIDE = 2_654_435_761  # Knuth's multiplicative hash: 2^32 / golden ratio, prime


_MANY = 1_000_000
_BLOCKS = 8
_BLOCK_ROWS = 20_000


def spread(table: pl.LazyFrame, rows: int, *, seekable: bool = False) -> pl.DataFrame:
    """Return `rows` rows: the table is cut in as many equal strips, and each gives one row.

    Which row of its strip is chosen by a fixed hash of the strip's number, so that a pattern that
    repeats in step with the strips is not mistaken for the whole. No randomness: a table gives the
    same sample again. Row order is kept. A table of no more rows comes whole.

    Args: seekable: rows far in can be had without reading those before them (Parquet). Then of a table
        over a million rows only eight equally spaced blocks of 20,000 are read, and cut into strips.

    Raises: BadInput where `rows` is below 1.
    """
    if rows < 1:
        raise BadInput(
            Text(
                en=f"sample: got {rows} rows, expected at least 1; ask for more, or for the whole table",
                zh=f"抽样:得到 {rows} 行,应至少为 1 行;请加大行数,或读取全表",
            )
        )
    height = int(table.select(pl.len()).collect().item())
    if height <= rows:
        return table.collect()
    if seekable and height > _MANY and rows < _BLOCKS * _BLOCK_ROWS:
        gap = (height - _BLOCK_ROWS) // (_BLOCKS - 1)
        # one after the other: together they would hold eight row groups in memory
        blocks = [
            table.slice(block * gap, _BLOCK_ROWS).collect(engine="streaming") for block in range(_BLOCKS)
        ]
        return spread(pl.concat(blocks).lazy(), rows)
    number = _free_name(table.collect_schema().names())
    index = pl.col(number).cast(pl.UInt64)
    strip = index * rows // height
    first = (strip * height + rows - 1) // rows
    size = ((strip + 1) * height + rows - 1) // rows - first
    chosen = index - first == strip * _STRIDE % 4_294_967_296 % size
    # Streaming: only the chosen rows are ever in memory, and they keep their order.
    return table.with_row_index(number).filter(chosen).drop(number).collect(engine="streaming")


def _free_name(taken: list[str]) -> str:
    """Return a column name that the table does not have."""
    name = "row"
    while name in taken:
        name += "_"
    return name
