"""Open a PostgreSQL table or query in a READ ONLY transaction and copy it to Parquet in bounded memory.

A server-side cursor hands out the rows as text, which is then cast column by column (`pg_types`). The
cursor is declared by the extended protocol, which takes one statement only, so no query can end the
read-only transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

from commonseal.errors import BadTable
from commonseal.source.database import Wanted, copied, no_table
from commonseal.source.faults import bad_table
from commonseal.source.names import check_names
from commonseal.source.pg_types import Plan, plan
from commonseal.source.spool import FETCH
from commonseal.source.table import Table

_CONNECT_SECONDS = 10
# What the session prints: one form for every server, so that the text can be cast.
_SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
_TABLES = """
SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
  AND has_schema_privilege(n.oid, 'USAGE')
ORDER BY 1, 2
"""
# What the server's five-character codes mean here; its own text may quote a cell.
_STATES = {
    "25006": ("the query would write, but only reading is allowed", "查询会写入，而这里只允许读取"),
    "42501": ("this user may not read it; ask for SELECT on it", "当前用户无权读取；请申请 SELECT 权限"),
    "42601": (
        "the query is not one SELECT; correct it, and give one statement only",
        "查询不是一条 SELECT 语句；请修正，且只给一条语句",
    ),
    "42703": ("the query names a column that is not there", "查询引用了不存在的列"),
    "42P01": ("the query names a table that is not there", "查询引用了不存在的表"),
    "57014": ("the server cancelled the query; it took too long", "服务器取消了查询：执行时间过长"),
}


def open_postgresql(ref: str, query: str | None, spool: Path | None) -> Table:
    """Open `postgresql://user@host:port/database#table` (or `#schema.table`) or a query on it.

    Args:
        ref: the address, as libpq takes it; the password is better kept in PGPASSWORD or ~/.pgpass.
        query: one SELECT, in place of the `#table`.
        spool: where the working copy in Parquet goes. None: deleted with the table.

    Returns:
        Types as `pg_types` maps them; text stays as it is, an empty text is not null.

    Raises:
        BadTable: no connection, no such table, not a reading query, or a value Parquet cannot hold.
    """
    address, _, fragment = ref.partition("#")
    wanted = Wanted.of(_where(address), unquote(fragment), query)
    with _connect(address, wanted.where) as connection:
        # The query is the user's own, by intent; the protocol confines it to one reading statement.
        statement = sql.SQL(wanted.query) if wanted.query else _select(connection, wanted)
        with connection.cursor(name="commonseal") as cursor:
            cursor.execute(statement)
            description = cursor.description or []
            names = check_names([column.name for column in description], wanted.where)
            shape = plan(names, [(c.type_code, c.precision, c.scale) for c in description], wanted.where)
            return copied(wanted, "postgresql", shape.schema, _batches(cursor, shape), spool)


def _where(address: str) -> str:
    """Return the address without password and options: what a message may show."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
        user = f"{unquote(parts.username)}@" if parts.username else ""
        return f"postgresql://{user}{parts.hostname or ''}{port}{parts.path}"
    except ValueError:
        return "postgresql://"


@contextmanager
def _connect(address: str, where: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect, read-only, every type as text; word every fault without the driver's text."""
    try:
        connection = psycopg.connect(address, connect_timeout=_CONNECT_SECONDS, client_encoding="utf8")
    except (psycopg.Error, ValueError, UnicodeError) as fault:
        raise _unreachable(where, str(fault)) from None
    try:
        connection.read_only = True
        for info in connection.adapters.types:
            for oid in filter(None, (info.oid, info.array_oid)):
                connection.adapters.register_loader(oid, TextLoader)
        for name, value in _SESSION.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        yield connection
    except psycopg.Error as fault:
        raise _refused(where, fault.sqlstate) from None
    except UnicodeError:
        raise bad_table(
            where,
            "holds text that is not in the encoding it declares; repair it or cast it in a query",
            "含有与其声明编码不符的文本；请修正，或在查询中转换",
        ) from None
    finally:
        connection.close()


def _unreachable(where: str, said: str) -> BadTable:
    for sign, en, zh in (
        (
            "password",
            "the password is missing or wrong; set PGPASSWORD",
            "缺少密码或密码错误；请设置 PGPASSWORD",
        ),
        ("does not exist", "no such database or user", "没有这个数据库或用户"),
        ("refused", "nothing listens there; check host and port", "没有服务在监听；请检查主机与端口"),
        ("timeout", "no answer in time; check host and network", "超时无应答；请检查主机与网络"),
        (
            "No such file",
            "no server at that socket; check that it runs",
            "该套接字处没有服务；请检查是否已启动",
        ),
        ("resolve", "no such host; check its name", "没有这个主机；请检查主机名"),
        ("translate", "no such host; check its name", "没有这个主机；请检查主机名"),
    ):
        if sign in said:
            return bad_table(where, f"cannot connect: {en}", f"无法连接：{zh}")
    return bad_table(
        where,
        "cannot connect; expected postgresql://user@host:port/database#table",
        "无法连接；地址应为 postgresql://用户@主机:端口/数据库#表",
    )


def _refused(where: str, state: str | None) -> BadTable:
    en, zh = _STATES.get(
        state or "",
        (
            f"the server refused or the connection broke (SQLSTATE {state or 'none'}); "
            "run the query by itself to see why",
            f"服务器拒绝或连接中断（SQLSTATE {state or '无'}）；请单独执行该查询以查看原因",
        ),
    )
    return bad_table(where, en, zh)


def _select(connection: psycopg.Connection[Any], wanted: Wanted) -> sql.Composed:
    """Find the table in the catalogue: by its name where it is in the search path, or as schema.table."""
    found = connection.execute(_TABLES).fetchall()
    names: dict[str, sql.Identifier] = {
        f"{schema}.{name}": sql.Identifier(schema, name) for schema, name, _ in found
    }
    names |= {name: sql.Identifier(schema, name) for schema, name, seen in found if seen == "t"}
    if wanted.table not in names:
        raise no_table(wanted, [name if seen == "t" else f"{schema}.{name}" for schema, name, seen in found])
    return sql.SQL("SELECT * FROM {}").format(names[wanted.table])


def _batches(cursor: psycopg.ServerCursor[Any], shape: Plan) -> Iterator[Any]:
    while rows := cursor.fetchmany(FETCH):
        yield shape.cast(rows)
