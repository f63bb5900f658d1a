"""Choose by address or suffix who opens the table."""

from __future__ import annotations

import glob
from pathlib import Path

from commonseal.source.csv_text import open_csv
from commonseal.source.database import POSTGRESQL
from commonseal.source.excel import open_excel
from commonseal.source.faults import bad_table, listed, reading
from commonseal.source.jsonlines import open_jsonl
from commonseal.source.parquet import open_parquet, parts_of
from commonseal.source.sqlite import PREFIX, open_sqlite
from commonseal.source.table import Table

_CSV = (".csv", ".tsv", ".tab", ".psv", ".txt")
_EXCEL = (".xlsx", ".xlsm", ".xls")
_PARQUET = (".parquet", ".pq")
_JSONL = (".jsonl", ".ndjson")


def open_table(
    ref: str | Path, *, query: str | None = None, sheet: str | None = None, spool: Path | None = None
) -> Table:
    """Open a table of people where it lies, check its structure, and change no cell of it.

    Args:
        ref: a file (CSV, Excel, Parquet, JSON Lines), a folder or pattern of Parquet parts, or the
            address of a database: `sqlite:///path.db#table`, `postgresql://user@host/db#table`.
        query: one SELECT, on a database, in place of the `#table`.
        sheet: the sheet of a workbook; needed where more than one holds anything.
        spool: a folder for working copies, which are clear data: the caller deletes it. None: a
            private temporary folder that goes with the table.

    Returns:
        A table of at least one row. Nothing but its structure has been read into memory.

    Raises:
        BadTable: says what is wrong, where, and what to do; never shows a cell.
    """
    text = str(ref)
    database = isinstance(ref, str) and ref.startswith((PREFIX, *POSTGRESQL))
    _check_options(text, database=database, query=query, sheet=sheet)
    with reading(_shown(text) if database else text):
        if isinstance(ref, str) and ref.startswith(PREFIX):
            return open_sqlite(ref, query, spool)
        if isinstance(ref, str) and ref.startswith(POSTGRESQL):
            # its driver takes 0.15 s to load, and most tables are files
            from commonseal.source.postgresql import open_postgresql

            return open_postgresql(ref, query, spool)
        if "://" in text:
            raise bad_table(
                text.split("://", 1)[0] + "://",
                "no such kind of address; expected sqlite:///path.db#table or postgresql://user@host/db#table",
                "不支持这种地址；应为 sqlite:///路径.db#表 或 postgresql://用户@主机/库#表",
            )
        return _open_path(Path(ref).expanduser(), sheet, spool)


def _shown(ref: str) -> str:
    """Return the kind of address and no more: the rest may hold a password."""
    return ref.split("#")[0] if ref.startswith(PREFIX) else "postgresql://"


def _check_options(where: str, *, database: bool, query: str | None, sheet: str | None) -> None:
    if query is not None and not database:
        raise bad_table(
            where.split("://", 1)[0],
            "a query needs a database; for a file leave it out",
            "只有数据库才能使用查询；打开文件时请去掉",
        )
    if sheet is not None and not where.lower().endswith(_EXCEL):
        raise bad_table(
            where if not database else _shown(where),
            "a sheet needs an Excel workbook; leave it out here",
            "只有 Excel 工作簿才有工作表；此处请去掉",
        )


def _open_path(path: Path, sheet: str | None, spool: Path | None) -> Table:
    if path.is_dir():
        return _open_parts(path, parts_of(path), "folder")
    if not path.exists() and glob.has_magic(str(path)):
        found = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207  # may be absolute
        return _open_parts(path, [part for part in found if part.suffix.lower() in _PARQUET], "pattern")
    path.stat()  # what the system says of it: missing, or not to be read
    if not path.is_file():
        raise bad_table(str(path), "is a device or pipe; expected a file", "是设备或管道；应为普通文件")
    return _open_file(path, sheet, spool)


def _open_parts(path: Path, parts: list[Path], kind: str) -> Table:
    if not parts:
        where = "文件夹" if kind == "folder" else "模式"
        raise bad_table(
            str(path),
            f"is a {kind} without Parquet files (.parquet); expected a file or Parquet parts",
            f"是不含 Parquet 文件（.parquet）的{where}；应为文件或 Parquet 分片",
        )
    return open_parquet(path, parts)


def _open_file(path: Path, sheet: str | None, spool: Path | None) -> Table:
    suffix = path.suffix.lower()
    if suffix in _CSV:
        return open_csv(path, spool)
    if suffix in _EXCEL:
        return open_excel(path, sheet, spool)
    if suffix in _PARQUET:
        return open_parquet(path, [path])
    if suffix in _JSONL:
        return open_jsonl(path, spool)
    known = listed((*_CSV, *_EXCEL, *_PARQUET, *_JSONL))
    hint, hint_zh = _hint(suffix)
    raise bad_table(
        str(path),
        f"got the suffix {suffix or 'none'}, expected one of {known}{hint}",
        f"后缀为 {suffix or '无'}，应为 {known} 之一{hint_zh}",
    )


def _hint(suffix: str) -> tuple[str, str]:
    if suffix in (".gz", ".zip", ".bz2", ".xz", ".zst", ".7z"):
        return "; unpack it first", "；请先解压"
    if suffix in (".db", ".sqlite", ".sqlite3"):
        return "; a database is opened as sqlite:///path.db#table", "；数据库请用 sqlite:///路径.db#表 打开"
    if suffix == ".json":
        return "; write one object a line and name it .jsonl", "；请改为每行一个对象并命名为 .jsonl"
    return "", ""
