"""Put the tables on disk: all of them or none, each written block by block and hashed.

Blocks stream through Polars in order with a fixed row group, so the same blocks give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from polars.io.plugins import register_io_source

from commonseal.city.draw import BLOCK
from commonseal.errors import BadInput
from commonseal.model import Text

Format = Literal["parquet", "csv"]
CITY_FILE = "city.json"


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file of a city: its name in the folder, its rows, bytes and SHA-256."""

    name: str
    rows: int
    bytes: int
    sha256: str


def write_table(folder: Path, name: str, format: Format, blocks: Iterator[pl.DataFrame]) -> TableFile:
    """Write one table from its blocks (at least one, all of one schema) and say what was written."""
    head = next(blocks)
    rows = 0

    def flow(
        columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        nonlocal rows
        block: pl.DataFrame | None = head
        while block is not None:
            rows += block.height
            yield block if columns is None else block.select(columns)
            block = next(blocks, None)

    path = folder / f"{name}.{format}"
    frame = register_io_source(flow, schema=head.schema)
    if format == "parquet":
        # level 1: a tenth larger than level 3, at half the time
        frame.sink_parquet(path, compression="zstd", compression_level=1, row_group_size=BLOCK)
    else:
        frame.sink_csv(path)
    return TableFile(path.name, rows, path.stat().st_size, _sha256(path))


@contextmanager
def whole_or_nothing(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to fill; it becomes `out` at the end, or is removed on any fault."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        yield folder
        for path in (*folder.iterdir(), folder):
            _sync(path)
        folder.chmod(0o755)
        folder.rename(out)  # takes the place of an empty folder, never of a full one
        _sync(out.parent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_summary(folder: Path, parameters: dict[str, int | str], files: tuple[TableFile, ...]) -> None:
    """Write `city.json`: what made this city, and what it holds."""
    text = json.dumps({"parameters": parameters, "files": [asdict(file) for file in files]}, indent=2)
    (folder / CITY_FILE).write_text(text + "\n", encoding="utf-8")


def standing(out: Path, parameters: dict[str, int | str]) -> tuple[TableFile, ...] | None:
    """Return the files of the city that stands at `out`, None where the place is free.

    Raises: BadInput where anything else is there, or where a file of the city was changed.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    files = _read_summary(out, parameters)
    if files is None:
        raise BadInput(
            Text(
                en=f"{out}: got something that is not this city, expected an empty or new folder; "
                "choose another --out or remove it",
                zh=f"{out}：已有内容且不是同一参数生成的城市，应为空目录或新目录；请另选 --out 或先行删除",
            )
        )
    for file in files:
        path = out / file.name
        if not path.is_file() or _sha256(path) != file.sha256:
            raise BadInput(
                Text(
                    en=f"{path}: got other bytes than {CITY_FILE} states; remove the folder, make it again",
                    zh=f"{path}：内容与 {CITY_FILE} 记载不符；请删除 {out} 后重新生成",
                )
            )
    return files


def _read_summary(out: Path, parameters: dict[str, int | str]) -> tuple[TableFile, ...] | None:
    """Read what `city.json` states, None unless it is of the same parameters."""
    try:
        summary = json.loads((out / CITY_FILE).read_text(encoding="utf-8"))
        if summary["parameters"] != parameters:
            return None
        return tuple(TableFile(**file) for file in summary["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
