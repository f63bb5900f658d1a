"""Carry the columns of batches so that rows are cheap to move: values that repeat travel as numbers.

A column of text or bytes with few values is carried as numbers of 16 bits into one list of them, bytes of
one width (pseudonyms) without offsets, all else as plain Arrow. On its way into the keyed order a row
moves twice, and a number moves for a small part of what a text costs (docs/performance.md).
"""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# (pyarrow has no type stubs, and makes most of pyarrow.compute when it is imported)

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

CODE = pa.uint16()
MOST_VALUES = 1 << 16  # what a code can tell apart
MOST_BYTES = 16 * 1024 * 1024  # what the values of one column may hold in memory
SAMPLE = 4096
REPEATS = 0.97  # 4096 draws from 65,536 values are 97% distinct: beyond that, numbers would run out
WIDE = (pl.Int128(), pl.UInt128())  # Arrow has no such type: carried as text


class Packer:
    """The columns of one table on their way. It learns as it packs, so there is one for each rewrite."""

    def __init__(self, schema: pl.Schema) -> None:
        self.schema = schema
        self._columns = {name: _Column(dtype) for name, dtype in schema.items()}

    def pack(self, rows: pl.DataFrame) -> pa.RecordBatch:
        """Return rows in packed form; two batches of one table may differ in their types."""
        arrays = [column.pack(rows[name]) for name, column in self._columns.items()]
        return pa.RecordBatch.from_arrays(arrays, names=list(self._columns))

    def unpack(self, batches: Sequence[pa.RecordBatch], order: pa.Array) -> pa.Table:
        """Join packed batches and return their rows in `order`; what travelled as numbers as a dictionary."""
        arrays = [
            column.unpack([batch.column(name) for batch in batches], order)
            for name, column in self._columns.items()
        ]
        return pa.Table.from_arrays(arrays, names=list(self._columns))


class _Column:
    """How one column is carried. Text and bytes begin as numbers, and give them up for good where they run out."""

    def __init__(self, dtype: pl.DataType) -> None:
        self._as_text = dtype in WIDE
        self._listed = plain(pl.Series([], dtype=pl.String if self._as_text else dtype))
        self._plain = self._listed.type
        self._coded = dtype in (pl.String, pl.Binary)
        self._numbered = self._coded
        self._of_one_width = dtype == pl.Binary

    def pack(self, cells: pl.Series) -> pa.Array:
        if self._numbered and self._repeats(cells):
            codes = self._codes(plain(cells))
            if codes is not None:
                return codes
        self._numbered = False
        array = plain(cells.cast(pl.String) if self._as_text else cells)
        return self._narrowed(array) if self._of_one_width else array

    def unpack(self, parts: Sequence[pa.Array], order: pa.Array) -> pa.Array:
        kinds = {part.type for part in parts}
        if self._coded and kinds == {CODE}:
            codes = pa.concat_arrays(parts).take(order)
            return pa.DictionaryArray.from_arrays(codes, self._listed)
        if len(kinds) > 1:
            parts = [self._widened(part) for part in parts]
        whole = pa.concat_arrays(parts) if parts else self._listed.slice(0, 0)
        return self._widened(whole.take(order))

    def _repeats(self, cells: pl.Series) -> bool:
        """Tell from a sample of the first batch whether numbers are worth a try; later batches follow it."""
        if len(self._listed) or len(cells) < SAMPLE:
            return True
        return cells.gather_every(len(cells) // SAMPLE).n_unique() <= REPEATS * SAMPLE

    def _codes(self, cells: pa.Array) -> pa.Array | None:
        """Return the number of each cell, listing the values that are new; None where numbers run out."""
        encoded = cells.dictionary_encode()
        known = pc.index_in(encoded.dictionary, value_set=self._listed)
        new = encoded.dictionary.filter(known.is_null())
        if len(self._listed) + len(new) > MOST_VALUES or self._listed.nbytes + new.nbytes > MOST_BYTES:
            return None
        if len(new):
            self._listed = pa.concat_arrays([self._listed, new])
            known = pc.index_in(encoded.dictionary, value_set=self._listed)
        return known.cast(CODE).take(encoded.indices)

    def _narrowed(self, array: pa.Array) -> pa.Array:
        """Leave out the offsets of bytes of one width."""
        widths = pc.min_max(pc.binary_length(array)).as_py()
        self._of_one_width = widths["min"] == widths["max"] != 0
        return array.cast(pa.binary(widths["min"])) if self._of_one_width and widths["min"] else array

    def _widened(self, part: pa.Array) -> pa.Array:
        if part.type == self._plain:
            return part
        return self._listed.take(part) if part.type == CODE else part.cast(self._plain)


def plain(cells: pl.Series) -> pa.Array:
    """Return a series as one array of plain Arrow: no views, whose slices would carry the whole batch."""
    return cells.to_arrow(compat_level=pl.CompatLevel.oldest())
