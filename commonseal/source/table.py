"""The opened table: a lazy frame, its columns, and the file that both engines can scan."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

import polars as pl

Kind = Literal["csv", "xlsx", "parquet", "jsonl", "sqlite", "postgresql", "frame"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table that has been opened and checked; nothing of it need be in memory.

    A working copy without a spool of the caller's is deleted when the table and its `frame` are gone.
    A frame derived from it does not keep it: hold the table while you use one.
    """

    name: str  # the file's or the table's own name
    kind: Kind
    frame: pl.LazyFrame  # rows in the order of the source
    columns: tuple[str, ...]
    path: Path | None = None  # a CSV (UTF-8) or Parquet file, or a folder of parts, with just these rows
    rows: int | None = None  # None: not counted, as for a lazy frame
    encoding: str | None = None  # text files: what the original is written in
    separator: str | None = None  # CSV: the delimiter


@contextmanager
def working_folder(spool: Path | None) -> Iterator[Path]:
    """Make a private folder (mode 0700) for a working copy; delete it if the block fails.

    Args:
        spool: where to make it; the caller then owns what lies there. None: the system's own place
            for temporary files, and `own` must tie the folder to the table.
    """
    if spool is not None:
        spool.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="commonseal-", dir=spool))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def own(table: Table, folder: Path, spool: Path | None) -> Table:
    """Delete `folder` when `table` goes or the program ends, unless it lies in the caller's spool."""
    if spool is None:  # the table holds its frame, so the frame goes last
        weakref.finalize(table.frame, shutil.rmtree, folder, ignore_errors=True)
    return table
