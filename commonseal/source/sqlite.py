"""Open a SQLite table or query, read-only, and copy it to Parquet in bounded memory.

SQLite lets a column hold values of many types, whatever was declared. So the types are counted first,
over all rows, in the same read transaction: one kind keeps its type, a mix becomes text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import polars as pl
from polars.exceptions import PolarsError

from commonseal.errors import BadTable
from commonseal.source.database import Wanted, copied, no_table
from commonseal.source.faults import bad_table, shown
from commonseal.source.names import check_names
from commonseal.source.spool import batches_of
from commonseal.source.table import Table

PREFIX = "sqlite:///"
_ASK = 200  # columns whose types are counted in one statement (SQLite allows 2,000 results)
_EXACT = 1 << 53  # whole numbers up to here are exact as Float64
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def open_sqlite(ref: str, query: str | None, spool: Path | None) -> Table:
    """Open `sqlite:///relative/path.db#table` (four slashes: an absolute path) or a query on it.

    Args:
        ref: the address; `#`, `?` and `%` in names are percent-encoded.
        query: one SELECT, in place of the `#table`.
        spool: where the working copy in Parquet goes. None: deleted with the table.

    Returns:
        Int64, Float64, String or Binary by what the column holds; a mix of numbers and text is text.

    Raises:
        BadTable: no such database or table, not a query, or a column mixes bytes with others.
    """
    place, _, name = ref.removeprefix(PREFIX).partition("#")
    path = Path(unquote(place))
    wanted = Wanted.of(str(path), unquote(name), query)
    with _connect(path) as connection:
        statement = wanted.query or _select(connection, wanted)
        cursor = connection.execute(statement)
        names = check_names([column[0] for column in cursor.description or ()], wanted.where)
        schema = _schema(connection, statement, names, wanted.where)
        rows = _rows(connection.execute(statement), schema)
        return copied(wanted, "sqlite", schema, _typed(batches_of(rows, schema), wanted.where), spool)


@contextmanager
def _connect(path: Path) -> Iterator[sqlite3.Connection]:
    """Open read-only, in one transaction that an authorizer confines to reading; word every fault."""
    with path.open("rb") as file:  # raises what the system says, better than SQLite does
        if file.read(16) != b"SQLite format 3\0":
            raise bad_table(
                str(path), "is no SQLite database; check the path", "不是 SQLite 数据库；请检查路径"
            )
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None
    )
    try:
        connection.execute("BEGIN")
        connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY
        )
        yield connection
    except (sqlite3.Error, sqlite3.Warning, UnicodeError) as fault:  # its text may quote a cell
        raise _refused(path, fault) from None
    finally:
        connection.close()


def _refused(path: Path, fault: Exception) -> BadTable:
    code = getattr(fault, "sqlite_errorname", "a value it cannot decode, or more than one statement")
    return bad_table(
        str(path),
        f"SQLite refused ({code}); only one SELECT over existing tables and UTF-8 text is read: run the "
        "query by itself to see why",
        f"SQLite 拒绝执行（{code}）；只读取对现有表的一条 SELECT 和 UTF-8 文本：请单独执行该查询以查看原因",
    )


def _select(connection: sqlite3.Connection, wanted: Wanted) -> str:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    known = [str(name) for (name,) in found if not str(name).startswith("sqlite_")]
    if wanted.table not in known:
        raise no_table(wanted, known)
    return f"SELECT * FROM {_quoted(wanted.table)}"  # noqa: S608  # a name of the catalogue, quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _schema(connection: sqlite3.Connection, statement: str, names: Sequence[str], where: str) -> pl.Schema:
    """Look at the type of every cell; columns are numbered, so that no name is ever part of SQL."""
    kinds: list[pl.DataType] = []
    for start in range(0, len(names), _ASK):
        chosen = range(start, min(start + _ASK, len(names)))
        asked = ", ".join(_ask(number) for number in chosen)
        columns = ", ".join(f"c{number}" for number in range(len(names)))
        # The statement is the user's own; the authorizer confines whatever it says to reading.
        rows = f"WITH commonseal_rows({columns}) AS ({statement}\n)"
        flags = connection.execute(f"{rows} SELECT {asked} FROM commonseal_rows").fetchone()  # noqa: S608
        for position, number in enumerate(chosen):
            kinds.append(_kind(flags[5 * position : 5 * position + 5], names[number], where))
    return pl.Schema(zip(names, kinds, strict=True))


def _ask(number: int) -> str:
    kinds = ", ".join(f"max(typeof(c{number}) = '{kind}')" for kind in ("integer", "real", "text", "blob"))
    inexact = f"typeof(c{number}) = 'integer' AND c{number} NOT BETWEEN -{_EXACT} AND {_EXACT}"
    return f"{kinds}, max({inexact})"


def _kind(flags: Sequence[int | None], name: str, where: str) -> pl.DataType:
    integer, real, text, blob, inexact = (bool(flag) for flag in flags)
    if blob and (integer or real or text):
        raise bad_table(
            where,
            f"column {shown(name)} mixes bytes with text or numbers; cast it to one type in a query",
            f"列 {shown(name)} 混有字节串与文本或数字；请在查询中转为同一类型",
        )
    if blob:
        return pl.Binary()
    if text or not (integer or real) or (real and inexact):
        return pl.String()
    return pl.Float64() if real else pl.Int64()


def _rows(cursor: sqlite3.Cursor, schema: pl.Schema) -> Iterator[Sequence[object]]:
    """Stream the rows; numbers of a text column are written out as Python does (whole ones as digits)."""
    texts = [position for position, kind in enumerate(schema.dtypes()) if kind == pl.String()]
    reals = [position for position, kind in enumerate(schema.dtypes()) if kind == pl.Float64()]
    for row in cursor:
        cells = list(row)
        for position in texts:
            if cells[position] is not None and not isinstance(cells[position], str):
                cells[position] = str(cells[position])
        for position in reals:
            if cells[position] is not None:
                cells[position] = float(cells[position])
        yield cells


def _typed(batches: Iterator[pl.DataFrame], where: str) -> Iterator[pl.DataFrame]:
    try:
        yield from batches
    except (TypeError, ValueError, OverflowError, PolarsError):  # Polars quotes the cell
        raise bad_table(
            where,
            "the query gave other types the second time it ran; make it give the same rows each time",
            "查询两次执行得到的类型不同；请使其每次结果一致",
        ) from None
