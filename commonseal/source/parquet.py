"""Open Parquet: one file, a folder of parts, or a pattern; the schema is the same in all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from commonseal.source.faults import bad_table, shown
from commonseal.source.frames import flatten, is_flat
from commonseal.source.names import check_names
from commonseal.source.table import Table


def open_parquet(path: Path, parts: Sequence[Path]) -> Table:
    """Open the Parquet files `parts` as one table.

    Args:
        path: the file, folder or pattern that was asked for.
        parts: the files, in the order their rows are to stand.

    Returns:
        Types as stored; categories become text and nested cells JSON text. A folder written as
        `key=value/part.parquet` gains the keys as text columns.

    Raises:
        BadTable: a part is no Parquet file or has other columns than the first; no rows.
    """
    where = str(path)
    schemas = [_schema(part) for part in parts]
    for part, schema in zip(parts[1:], schemas[1:], strict=True):
        _compare(part, parts[0], schema, schemas[0])
    keys = _hive_keys(path, parts[0])
    frame = pl.scan_parquet(
        list(parts),
        glob=False,
        hive_partitioning=bool(keys),
        hive_schema=dict.fromkeys(keys, pl.String) if keys else None,
    )
    try:
        full = frame.collect_schema()
        rows = int(frame.select(pl.len()).collect().item())
    except PolarsError:
        raise _damaged(path) from None
    if not rows:
        raise bad_table(where, "has no rows; expected at least one", "没有数据行；至少应有一行")
    columns = check_names(full.names(), where)
    plain = not keys and all(is_flat(dtype) for dtype in full.dtypes())
    return Table(
        name=path.name,
        kind="parquet",
        frame=flatten(frame, full, where),
        columns=columns,
        path=_scannable(path, parts) if plain else None,
        rows=rows,
    )


def parts_of(folder: Path) -> list[Path]:
    """List the Parquet files in a folder and below, by name; those hidden or of Spark's own are left out."""
    return sorted(
        part
        for part in folder.rglob("*.parquet")
        if part.is_file() and not any(step.startswith((".", "_")) for step in part.relative_to(folder).parts)
    )


def _schema(part: Path) -> pl.Schema:
    with part.open("rb") as file:  # so that a file that may not be read is told from one that is damaged
        if file.read(4) != b"PAR1":
            raise _damaged(part)
    try:
        return pl.scan_parquet(part, glob=False).collect_schema()
    except PolarsError:
        raise _damaged(part) from None


def _damaged(path: Path) -> Exception:
    return bad_table(
        str(path),
        "is not a whole Parquet file; expected PAR1 at both ends: copy or write it again",
        "不是完整的 Parquet 文件；首尾应有 PAR1 标记，请重新复制或生成",
    )


def _compare(part: Path, first: Path, got: pl.Schema, expected: pl.Schema) -> None:
    if got == expected:
        return
    for name in dict.fromkeys((*expected, *got)):
        have, want = got.get(name), expected.get(name)
        if have != want:
            raise bad_table(
                str(part),
                f"column {shown(name)}: got {have or 'none'}, expected {want or 'none'} as in {first.name}; "
                "write the parts with one schema",
                f"列 {shown(name)}：得到 {have or '无此列'}，应与 {first.name} 一致为 {want or '无此列'}；"
                "各部分须为同一结构",
            )
    raise bad_table(
        str(part),
        f"its columns stand in another order than in {first.name}; write the parts with one schema",
        f"列的顺序与 {first.name} 不同；各部分须为同一结构",
    )


def _hive_keys(path: Path, part: Path) -> list[str]:
    if not path.is_dir():
        return []
    return [step.split("=", 1)[0] for step in part.relative_to(path).parts[:-1] if "=" in step]


def _scannable(path: Path, parts: Sequence[Path]) -> Path | None:
    if path.is_dir():
        return path
    return parts[0] if len(parts) == 1 else None
