"""Run a record's way over all rows: the embedded engine (Polars) and what every engine offers.

An engine counts, sums and rewrites; what is done to the cells comes in as a `Kernel`, a function
from one batch of rows to one batch of rows, the same on every engine.

Rows leave in a keyed order: row i of the input gets the i-th 64-bit word of an AES-256-CTR keystream
under the agreement's order key, and rows are sorted by it. Two copies under two keys stand in
unrelated orders, so they cannot be joined by position. Larger tables are dealt into buckets by the
leading bits, spilled beside the target, and sorted bucket by bucket: memory does not grow with rows.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import polars as pl
import pyarrow
import pyarrow.ipc
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from polars.io.plugins import register_io_source

from commonseal.source.table import Table
from commonseal.table import ROWS

Kernel = Callable[[pl.DataFrame], pl.DataFrame]

# Polars decodes this many row groups ahead; its default holds 0.6 GB more at 10M rows (measured)
os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", "2")

ORDER = "__order__"
BATCH_ROWS = 512 * 1024
BUCKET_ROWS = 512 * 1024  # rows sorted at once; smaller ones cost more in pieces, larger ones in memory


@dataclass(frozen=True, slots=True)
class Written:
    """What a rewrite did: rows read and rows written."""

    rows_in: int
    rows_out: int


class Engine(Protocol):
    """What a release asks of an engine. `where` filters rows before anything else."""

    @property
    def name(self) -> str:
        """The engine and its version, for the manifest."""

    def count(self, table: Table, by: Sequence[str], where: pl.Expr | None) -> pl.DataFrame:
        """Count distinct rows over `by`; the count stands in `ROWS`."""

    def total(self, table: Table, sums: Sequence[pl.Expr], where: pl.Expr | None) -> dict[str, int]:
        """Sum boolean or integer expressions over all rows."""

    def rewrite(self, table: Table, kernel: Kernel, where: pl.Expr | None, key: bytes, out: Path) -> Written:
        """Apply `kernel` to every row and write Parquet in the keyed order of `key` (32 bytes)."""


def order_words(key: bytes, start: int, count: int) -> np.ndarray:
    """Return words `start` .. `start + count` of the keyed order: uint64[count].

    Each word is 8 bytes of the AES-256-CTR keystream, which can be entered at any block.
    """
    first_block, skip = divmod(start * 8, 16)
    stream = Cipher(algorithms.AES256(key), modes.CTR(first_block.to_bytes(16, "big"))).encryptor()
    return np.frombuffer(stream.update(bytes(skip + count * 8)), dtype="<u8")[skip // 8 :]


@dataclass(frozen=True, slots=True)
class PolarsEngine:
    """The embedded engine: lazy scans, streamed."""

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"polars {pl.__version__}"

    def count(self, table: Table, by: Sequence[str], where: pl.Expr | None) -> pl.DataFrame:
        """Count distinct rows over `by` in one streamed pass."""
        frame = _kept(table.frame, where)
        return frame.group_by(list(by)).agg(pl.len().alias(ROWS)).sort(list(by)).collect(engine="streaming")

    def total(self, table: Table, sums: Sequence[pl.Expr], where: pl.Expr | None) -> dict[str, int]:
        """Sum expressions over all rows in one streamed pass."""
        if not sums:
            return {}
        answer = _kept(table.frame, where).select(expr.sum() for expr in sums).collect(engine="streaming")
        return {name: int(value or 0) for name, value in answer.row(0, named=True).items()}

    def rewrite(self, table: Table, kernel: Kernel, where: pl.Expr | None, key: bytes, out: Path) -> Written:
        """Apply the kernel batch by batch, deal the rows into buckets, sort and write each."""
        rows = table.rows  # opening a file has counted them already
        if rows is None:
            rows = int(table.frame.select(pl.len()).collect(engine="streaming").item())
        buckets = max(1, -(-rows // BUCKET_ROWS))
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".spill-") as folder:
            dealer = _Dealer(Path(folder), buckets)
            read = 0
            for batch in table.frame.collect_batches(
                chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming"
            ):
                words = pl.Series(ORDER, order_words(key, read, batch.height))
                read += batch.height
                kept = batch.with_columns(words)
                dealer.deal(kernel(kept if where is None else kept.filter(where)))
            written = dealer.write(out)
        return Written(read, written)


class _Dealer:
    """Rows dealt into buckets by the leading part of their order word: in hand if one bucket, else on disk.

    A batch is sorted once and laid out in plain Arrow, so that a bucket's share of it is a slice that is
    written as it stands. (Polars' own string views would carry the whole batch into every slice: the
    cost then grew with the number of buckets, measured.)
    """

    def __init__(self, folder: Path, buckets: int) -> None:
        self._folder = folder
        self._count = buckets
        self._hand: list[pl.DataFrame] = []
        self._files: dict[int, pyarrow.ipc.RecordBatchFileWriter] = {}
        self._schema: pl.Schema | None = None

    def deal(self, rows: pl.DataFrame) -> None:
        """Take rows in."""
        self._schema = rows.schema
        if self._count == 1:
            self._hand.append(rows)
            return
        sorted_rows = rows.sort(ORDER)
        width = 2**64 // self._count + 1
        firsts = np.array([number * width for number in range(1, self._count)], dtype=np.uint64)
        starts = np.searchsorted(sorted_rows[ORDER].to_numpy(), firsts, side="left").tolist()
        plain = sorted_rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        for number, (start, end) in enumerate(itertools.pairwise([0, *starts, plain.num_rows])):
            if end > start:
                self._file(number, plain.schema).write_table(plain.slice(start, end - start))

    def write(self, out: Path) -> int:
        """Sort each bucket and write all as one Parquet file; return the rows written."""
        if self._schema is None:
            raise AssertionError("nothing was dealt: a table has at least one batch")
        for file in self._files.values():
            file.close()
        schema = self._schema
        written = 0

        def buckets() -> Iterator[pl.DataFrame]:
            nonlocal written
            for number in range(self._count):
                rows = self._gather(number, schema).sort(ORDER).drop(ORDER)
                written += rows.height
                yield rows

        sink_batches(buckets(), pl.Schema({n: t for n, t in schema.items() if n != ORDER}), out)
        return written

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.arrow"

    def _file(self, number: int, schema: pyarrow.Schema) -> pyarrow.ipc.RecordBatchFileWriter:
        if number not in self._files:
            self._files[number] = pyarrow.ipc.new_file(  # type: ignore[no-untyped-call]
                str(self._path(number)), schema
            )
        return self._files[number]

    def _gather(self, number: int, schema: pl.Schema) -> pl.DataFrame:
        if self._count == 1:
            return pl.concat([pl.DataFrame(schema=schema), *self._hand])
        if number not in self._files:
            return pl.DataFrame(schema=schema)
        return _mapped(self._path(number)).cast(schema)


def write_in_order(table: Table, kernel: Kernel, out: Path) -> None:
    """Apply a kernel and write Parquet or CSV (by the suffix) in the input's order, beside then renamed."""
    schema = kernel(table.frame.head(0).collect()).schema
    batches = table.frame.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming")
    beside = out.with_name(f".{out.name}.partial")
    try:
        frame = _source((kernel(batch) for batch in batches), schema)
        if out.suffix == ".csv":
            frame.sink_csv(beside, engine="streaming")
        else:
            frame.sink_parquet(beside, engine="streaming")
        beside.rename(out)
    finally:
        beside.unlink(missing_ok=True)


def sink_batches(batches: Iterator[pl.DataFrame], schema: pl.Schema, out: Path) -> None:
    """Write batches as one Parquet file, a row group each, without holding them."""
    # pseudonyms do not compress: lz4 costs a quarter less CPU than zstd here, for a fifth more bytes (measured)
    _source(batches, schema).sink_parquet(
        out, compression="lz4", row_group_size=BUCKET_ROWS, engine="streaming"
    )


def _source(batches: Iterator[pl.DataFrame], schema: pl.Schema) -> pl.LazyFrame:
    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from batches

    return register_io_source(read, schema=schema)


def _mapped(file: Path) -> pl.DataFrame:
    """Open a spilled file without copying it: a tenth of the CPU of reading it (measured)."""
    reader = pyarrow.ipc.open_file(pyarrow.memory_map(str(file)))  # type: ignore[no-untyped-call]
    return cast(pl.DataFrame, pl.from_arrow(reader.read_all()))


def _kept(frame: pl.LazyFrame, where: pl.Expr | None) -> pl.LazyFrame:
    return frame if where is None else frame.filter(where)
