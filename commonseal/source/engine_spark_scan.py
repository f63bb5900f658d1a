"""Give Spark a table to read, so that each cell and each row's place are those that Polars sees.

Parquet that Spark reads as Polars does is read where it lies. Anything else (CSV, sheets, frames, and
Parquet with a type that the two read differently) is first streamed by Polars into one Parquet file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from commonseal.source.engine_spark_rows import PART, ROW, arrow_schema, carried_schema, local_path, pack
from commonseal.source.parquet import parts_of
from commonseal.source.table import Table

GROUP_ROWS = 250_000  # rows in a row group of a working copy: what one task reads at least


@dataclass(frozen=True, slots=True)
class Scan:
    """A table as Spark reads it: `names` are its columns there, `offsets` the rows before each part."""

    frame: Any  # a Spark DataFrame
    schema: pl.Schema  # what the columns are to Polars
    names: tuple[str, ...]
    offsets: Mapping[str, int]
    rows: int

    def columns(self, wanted: Sequence[str]) -> Any:
        """Return carriers of the columns `wanted`, in that order."""
        return self.frame.select(self._carriers(wanted))

    def placed(self) -> Any:
        """Return carriers of all columns, with the row's index in its file and the file's address."""
        there = self.frame.metadataColumn("_metadata")
        place = [there.getField("row_index").alias(ROW)]
        if len(self.offsets) > 1:
            place.append(there.getField("file_path").alias(PART))
        return self.frame.select(*self._carriers(tuple(self.schema)), *place)

    def _carriers(self, wanted: Sequence[str]) -> list[Any]:
        from pyspark.sql import functions

        stored = dict(zip(self.schema, self.names, strict=True))
        return [functions.col(_quoted(stored[name])).alias(f"c{i}") for i, name in enumerate(wanted)]


def scan(session: Any, table: Table, folder: Path) -> Scan:
    """Open `table` in Spark; `folder` takes the working copy where one is needed.

    Raises: BadTable: a column has a type that Spark cannot carry.
    """
    schema = table.frame.collect_schema()
    carriers = carried_schema(schema, table.name)
    parts = _parts(table)
    if parts and not any(isinstance(dtype, pl.Duration) for dtype in schema.dtypes()):
        direct = _read(session, parts)
        if direct is not None and _alike(direct, schema, carriers, parts):
            return _scanned(direct, schema, tuple(schema), parts)
    copy = folder / "rows.parquet"
    if not copy.exists():
        beside = copy.with_suffix(".partial")
        table.frame.select(pack(schema)).sink_parquet(
            beside, compression="zstd", compression_level=1, row_group_size=GROUP_ROWS, engine="streaming"
        )
        beside.rename(copy)
    return _scanned(_opened(session, [copy]), schema, tuple(carriers), [copy])


def address(path: Path) -> str:
    """Return a path as Spark takes it: on this file system, whatever its default one is."""
    return f"file://{path.absolute()}"


def spark_schema(schema: pl.Schema) -> Any:
    """Return Spark's schema of carriers."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(arrow_schema(schema), prefer_timestamp_ntz=True)


def _parts(table: Table) -> list[Path]:
    if table.path is None:
        return []
    parts = parts_of(table.path) if table.path.is_dir() else [table.path]
    return parts if all(_is_parquet(part) for part in parts) else []


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _read(session: Any, parts: Sequence[Path]) -> Any | None:
    """Let Spark open the parts; None where it cannot, which Polars could."""
    from pyspark.errors import PySparkException

    try:
        return _opened(session, parts)
    except PySparkException:
        return None


def _opened(session: Any, parts: Sequence[Path]) -> Any:
    reader = session.read.option("__globPaths__", "false")  # a name with * or [ is a name
    return reader.parquet(*(address(part) for part in parts))


def _alike(frame: Any, schema: pl.Schema, carriers: pl.Schema, parts: Sequence[Path]) -> bool:
    """Say whether Spark sees the columns and types that Polars sees, in just these files."""
    seen = [(field.name, field.dataType) for field in frame.schema.fields]
    kinds = [field.dataType for field in spark_schema(carriers).fields]
    files = sorted(local_path(name) for name in frame.inputFiles())
    return seen == list(zip(schema, kinds, strict=True)) and files == sorted(map(_absolute, parts))


def _scanned(frame: Any, schema: pl.Schema, names: tuple[str, ...], parts: Sequence[Path]) -> Scan:
    """Number the rows as Polars does: part after part, in the order of `parts`."""
    offsets: dict[str, int] = {}
    rows = 0
    for part in parts:
        offsets[_absolute(part)] = rows
        rows += pq.read_metadata(part).num_rows  # type: ignore[no-untyped-call]
    return Scan(frame, schema, names, offsets, rows)


def _absolute(path: Path) -> str:
    return str(path.absolute())


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
