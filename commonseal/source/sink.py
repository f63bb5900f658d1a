"""Write a copy as one Parquet file that reads as if Polars had written it, for a third of the CPU.

What is written depends on the rows alone, not on how they came here: the engines write the same bytes.
The first row group tells how each column is written. Text and bytes that repeat are written as a
dictionary, and nothing is tried on bytes of one width, which are pseudonyms: they do not compress. Text
and bytes go without least and greatest values: in a keyed order each row group has nearly the same ones.
"""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# (pyarrow has no type stubs, and makes most of pyarrow.compute when it is imported)

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from polars.io.plugins import register_io_source

from commonseal.source.packing import WIDE, plain

MOST_VALUES = 1 << 15  # a longer dictionary saves nothing in a row group of 512 Ki rows
_TYPES = b"ARROW:schema"


def sink_batches(batches: Iterator[pl.DataFrame], schema: pl.Schema, out: Path) -> None:
    """Write batches as one Parquet file, a row group each, without holding them."""
    if any(dtype in WIDE for dtype in schema.dtypes()):  # Arrow cannot hold them
        streamed(batches, schema).sink_parquet(out, compression="lz4", engine="streaming")
        return
    tables = (pa.table({name: plain(batch[name]) for name in schema}) for batch in batches)
    sink_tables(tables, schema, out)


def sink_tables(tables: Iterator[pa.Table], schema: pl.Schema, out: Path) -> None:
    """Write Arrow tables of a Polars schema, whose columns may be dictionaries, as `sink_batches` does."""
    empty = pl.DataFrame(schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest())
    first = next(tables, empty)
    long = {name for name, dtype in schema.items() if dtype in (pl.String, pl.Binary)}
    coded = {name for name in long if _repeats(_array(first[name]))}
    random = {name for name in long - coded if _of_one_width(_plain(_array(first[name])))}
    types = pa.schema(
        field.with_type(pa.dictionary(pa.int32(), field.type)) if field.name in coded else field
        for field in empty.schema
    )
    with pq.ParquetWriter(
        str(out),
        types,
        compression={name: "none" if name in random else "lz4" for name in schema},
        use_dictionary=[name for name in schema if name in coded or name not in long],
        write_statistics=[name for name in schema if name not in long],
        store_schema=False,
    ) as file:
        file.add_key_value_metadata({_TYPES: _types_of(schema)})
        for table in itertools.chain([first], tables):
            if table.num_rows:
                cells = zip(types, map(_array, table.columns), strict=True)
                columns = [_sorted_dictionary(c) if field.name in coded else _plain(c) for field, c in cells]
                file.write_table(pa.Table.from_arrays(columns, schema=types), row_group_size=table.num_rows)


def streamed(batches: Iterator[pl.DataFrame], schema: pl.Schema) -> pl.LazyFrame:
    """Return a lazy frame over batches that are made as they are asked for."""

    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from batches

    return register_io_source(read, schema=schema)


def _repeats(array: pa.Array) -> bool:
    values = array.indices if pa.types.is_dictionary(array.type) else array
    return bool(pc.count_distinct(values).as_py() <= min(MOST_VALUES, len(array) // 2))


def _of_one_width(array: pa.Array) -> bool:
    if not pa.types.is_large_binary(array.type):
        return False
    widths = pc.min_max(pc.binary_length(array)).as_py()
    return bool(widths["min"] == widths["max"])


def _sorted_dictionary(array: pa.Array) -> pa.DictionaryArray:
    """Return the cells as a dictionary of the values that occur, sorted.

    Sorted, because the order in which values were met may be that of the input's rows: written into two
    recipients' copies it would pair their pseudonyms.
    """
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    used = pc.unique(encoded.indices).drop_null()
    values = encoded.dictionary.take(used)
    order = pc.array_sort_indices(values)
    ranks = np.zeros(max(1, len(encoded.dictionary)), dtype=np.int32)
    ranks[used.take(order).to_numpy()] = np.arange(len(used))
    return pa.DictionaryArray.from_arrays(pa.array(ranks).take(encoded.indices), values.take(order))


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _array(cells: pa.ChunkedArray) -> pa.Array:
    whole = cells.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _types_of(schema: pl.Schema) -> bytes:
    """Return what a Parquet footer says of the columns' own types: zones and durations, say."""
    footer = io.BytesIO()
    pl.DataFrame(schema=schema).write_parquet(footer)
    footer.seek(0)
    types: bytes = pq.read_metadata(footer).metadata[_TYPES]
    return types
