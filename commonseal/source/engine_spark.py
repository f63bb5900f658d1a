"""Run a record's way on a Spark cluster: the same cells, in the same order, as the embedded engine.

    Parquet -> mapInArrow: the same kernel -> dealt by order word, sorted -> one Parquet file
               on the workers, in Polars        in Spark                    written by one sink

Group-bys run in Spark. A row's order word is that of its place in the table, and every bucket holds
the same rows as in the embedded engine: what is written is the same, whatever the number of workers.
Only modules named `engine_spark*` speak of Spark; they load it when an engine is started.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any

import polars as pl

from commonseal.errors import ProofFailed
from commonseal.model import Text
from commonseal.source.engine import BUCKET_ROWS, ORDER, Engine, Kernel, Written
from commonseal.source.engine_spark_rows import (
    BUCKET,
    Kept,
    Summed,
    Treated,
    carried_schema,
    on_batches,
    unpack,
)
from commonseal.source.engine_spark_scan import Scan, address, scan, spark_schema
from commonseal.source.engine_spark_session import start, worded
from commonseal.source.sink import sink_batches
from commonseal.source.table import Table
from commonseal.table import ROWS


def spark_engine(
    master: str, *, spool: Path | None = None, settings: Mapping[str, str] | None = None
) -> Engine:
    """Start the distributed engine; it stops with the program, or when closed (it is a context manager).

    Args:
        master: local[N], spark://host:port, yarn or k8s://...
        spool: where working copies go, clear data in a folder of mode 0700: every worker must reach it
            under the same path. None: the system's place for temporary files.
        settings: further Spark settings, such as spark.executor.memory.

    Raises: BadInput: pyspark or Java is missing, or the master does not answer.
    """
    return SparkEngine(master, spool=spool, settings=settings)


class SparkEngine:
    """The distributed engine: one Spark session, one folder of working copies."""

    def __init__(
        self, master: str, *, spool: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        folder = Path(mkdtemp(prefix="commonseal-spark-", dir=spool))
        try:
            self._session = start(master, folder, settings or {})
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._version = str(self._session.version)
        self._folder = folder
        self._copies: dict[int, Path] = {}  # by the table's frame; gone when the frame goes
        self._stop = weakref.finalize(self, _stop, self._session, folder)

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the session and delete the working copies."""
        self._stop()

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"spark {self._version}, polars {pl.__version__}"

    def count(self, table: Table, by: Sequence[str], where: pl.Expr | None) -> pl.DataFrame:
        """Count distinct rows over `by`: filtered on the workers, grouped by Spark; nulls are values."""
        with worded(table.name):
            found = self._scan(table)
            needed = _read_by(found.schema, by, [] if where is None else [where])
            carriers = carried_schema(needed, table.name)
            rows = found.columns(tuple(needed))
            if where is not None:
                rows = _mapped(rows, Kept(needed, where), carriers)
            keys = {f"c{i}": carriers[f"c{i}"] for i, name in enumerate(needed) if name in by}
            with tempfile.TemporaryDirectory(dir=self._folder) as home:
                target = Path(home) / "counts"
                rows.groupBy(*keys).count().write.parquet(address(target))
                counted = _brought(target, {**keys, "count": pl.Int64()})
        own = dict(zip(needed, unpack(needed), strict=True))
        kept = [own[name] for name in by]
        return counted.select(*kept, pl.col("count").cast(pl.UInt32).alias(ROWS)).sort(list(by))

    def total(self, table: Table, sums: Sequence[pl.Expr], where: pl.Expr | None) -> dict[str, int]:
        """Sum expressions: batch by batch on the workers, the partial sums in Spark."""
        if not sums:
            return {}
        with worded(table.name):
            found = self._scan(table)
            needed = _read_by(found.schema, [], [*sums, *([] if where is None else [where])])
            names = [expr.meta.output_name() for expr in sums]
            parts = pl.Schema({f"c{i}": pl.Int64() for i in range(len(names))})
            rows = _mapped(found.columns(tuple(needed)), Summed(needed, where, tuple(sums)), parts)
            answer = rows.groupBy().sum(*parts).collect()[0]
        return {name: int(answer[i] or 0) for i, name in enumerate(names)}

    def rewrite(self, table: Table, kernel: Kernel, where: pl.Expr | None, key: bytes, out: Path) -> Written:
        """Treat the rows on the workers, deal and sort them there, and write the buckets as one file."""
        empty = pl.DataFrame(schema=table.frame.collect_schema())
        made = kernel(empty).schema
        carriers = carried_schema(made, table.name)
        with worded(table.name), tempfile.TemporaryDirectory(dir=out.parent, prefix=".spill-") as home:
            found = self._scan(table)
            buckets = max(1, -(-found.rows // BUCKET_ROWS))
            offsets = found.offsets if len(found.offsets) > 1 else {}
            work = Treated(found.schema, where, kernel, key, made, buckets, offsets)
            told = pl.Schema({**carriers, ORDER: pl.Int64(), BUCKET: pl.Int32()})
            dealt = Path(home) / "dealt"
            rows = _mapped(found.placed(), work, told).repartition(buckets, BUCKET)
            rows.sortWithinPartitions(BUCKET, ORDER).write.partitionBy(BUCKET).parquet(address(dealt))
            whole = Path(home) / "whole.parquet"
            written = _join(dealt, made, told, buckets, whole)
            whole.rename(out)
        return Written(found.rows, written)

    def _scan(self, table: Table) -> Scan:
        return scan(self._session, table, self._copy_of(table))

    def _copy_of(self, table: Table) -> Path:
        """Return the folder of this table's working copy; it is deleted when the table goes."""
        known = id(table.frame)
        if known not in self._copies:
            copy = Path(mkdtemp(prefix="table-", dir=self._folder))
            self._copies[known] = copy
            weakref.finalize(table.frame, _forget, self._copies, known, copy)
        return self._copies[known]


def _mapped(rows: Any, work: Callable[[pl.DataFrame], pl.DataFrame], schema: pl.Schema) -> Any:
    return rows.mapInArrow(on_batches(work, schema), spark_schema(schema))


def _read_by(schema: pl.Schema, by: Sequence[str], expressions: Sequence[pl.Expr]) -> pl.Schema:
    """Return the columns that are read, in the order of the table; one at least, to have rows at all."""
    names = {*by, *(name for expr in expressions for name in expr.meta.root_names())}
    read = {name: dtype for name, dtype in schema.items() if name in names}
    return pl.Schema(read or dict([next(iter(schema.items()))]))


def _join(dealt: Path, made: pl.Schema, told: pl.Schema, buckets: int, out: Path) -> int:
    """Write the buckets one after the other, as the embedded engine does; return the rows written."""
    wanted = {name: dtype for name, dtype in told.items() if name != BUCKET}
    strange = {entry.name for entry in dealt.iterdir() if entry.is_dir()} - {
        f"{BUCKET}={number}" for number in range(buckets)
    }
    if strange:
        raise AssertionError(f"rows were dealt into no bucket: {len(strange)} folders")
    written = 0

    def read() -> Iterator[pl.DataFrame]:
        nonlocal written
        for number in range(buckets):
            rows = _brought(dealt / f"{BUCKET}={number}", wanted)
            if not rows[ORDER].is_sorted():
                raise ProofFailed(
                    Text(
                        en="Spark returned a bucket out of order; nothing was written",
                        zh="Spark 返回的分桶次序有误；未写出任何数据",
                    )
                )
            written += rows.height
            yield rows.select(unpack(made))

    sink_batches(read(), made, out)
    return written


def _brought(folder: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Read what Spark wrote into a folder; nothing where it wrote nothing."""
    files = sorted(folder.glob("*.parquet"))
    parts = [pl.read_parquet(file, glob=False, hive_partitioning=False) for file in files]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _stop(session: Any, folder: Path) -> None:
    with suppress(Exception):  # a session that is gone already has stopped
        session.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _forget(copies: dict[int, Path], known: int, copy: Path) -> None:
    copies.pop(known, None)
    shutil.rmtree(copy, ignore_errors=True)


__all__ = ["SparkEngine", "spark_engine"]
