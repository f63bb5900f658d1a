"""Run a record's way over all rows: the embedded engine (Polars) and what every engine offers.

An engine counts, sums and rewrites; what is done to the cells comes in as a `Kernel`, a function
from one batch of rows to one batch of rows, the same on every engine.

Rows leave in a keyed order: row i of the input gets the i-th 64-bit word of an AES-256-CTR keystream
under the agreement's order key, and rows are sorted by it. Two copies under two keys stand in
unrelated orders, so they cannot be joined by position. Larger tables are dealt into buckets by the
leading bits, spilled beside the target, and sorted bucket by bucket: memory does not grow with rows.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl
import pyarrow
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from commonseal.source.dealer import ORDER as ORDER
from commonseal.source.dealer import Dealer
from commonseal.source.sink import streamed
from commonseal.source.table import Table
from commonseal.table import ROWS

Kernel = Callable[[pl.DataFrame], pl.DataFrame]

# Polars decodes this many row groups ahead; its default holds 0.6 GB more at 10M rows (measured)
os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", "2")

BATCH_ROWS = 256 * 1024  # rows treated at once; the pages of larger ones cost more than the calls saved
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
        with _steady_memory(), tempfile.TemporaryDirectory(dir=out.parent, prefix=".spill-") as folder:
            dealer = Dealer(Path(folder), buckets)
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


def write_in_order(table: Table, kernel: Kernel, out: Path) -> None:
    """Apply a kernel and write Parquet or CSV (by the suffix) in the input's order, beside then renamed."""
    schema = kernel(table.frame.head(0).collect()).schema
    batches = table.frame.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming")
    beside = out.with_name(f".{out.name}.partial")
    try:
        frame = streamed((kernel(batch) for batch in batches), schema)
        if out.suffix == ".csv":
            frame.sink_csv(beside, engine="streaming")
        else:
            frame.sink_parquet(beside, engine="streaming")
        beside.rename(out)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _steady_memory() -> Iterator[None]:
    """Let pyarrow take memory from the system's own allocator.

    Its own gives pages back at once and faults them in again for the next batch: 0.9 s of CPU more at 10M
    rows (measured).
    """
    before = pyarrow.default_memory_pool()
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    try:
        yield
    finally:
        pyarrow.set_memory_pool(before)


def _kept(frame: pl.LazyFrame, where: pl.Expr | None) -> pl.LazyFrame:
    return frame if where is None else frame.filter(where)
