"""What SQLite and PostgreSQL have in common: what was asked for, and the working copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self

import polars as pl

from commonseal.errors import BadTable
from commonseal.source.faults import bad_table, listed, shown
from commonseal.source.spool import write_parquet
from commonseal.source.table import Table, own, working_folder

POSTGRESQL = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table or a query on a database; `where` names the database without any password."""

    where: str
    table: str
    query: str | None

    @classmethod
    def of(cls, where: str, table: str, query: str | None) -> Self:
        """Check that exactly one of table and query is given; a semicolon that ends the query is dropped."""
        if query is not None and table:
            raise bad_table(
                where,
                f"got both the table {shown(table)} and a query, expected one of them",
                f"同时给出了表 {shown(table)} 和查询，应只给其一",
            )
        if query is not None and not query.strip():
            raise bad_table(where, "the query is empty; expected a SELECT", "查询为空；应为一条 SELECT")
        return cls(where, table, query.strip().removesuffix(";") if query is not None else None)

    @property
    def name(self) -> str:
        """The table's name, or `query`."""
        return self.table or "query"


def no_table(wanted: Wanted, known: Sequence[str]) -> BadTable:
    """Say that the table is not there, and what there is; or that none was named."""
    if not known:
        return bad_table(
            wanted.where,
            "holds no table that this user may read; check the database and the grants",
            "没有当前用户可读的表；请检查数据库与授权",
        )
    if not wanted.table:
        return bad_table(
            wanted.where,
            f"which table? Name it after a # or give a query; there is {listed(known)}",
            f"要打开哪张表？请在地址后加 #表名，或给出查询；现有 {listed(known)}",
        )
    close = get_close_matches(wanted.table, known, n=3)
    en = f"did you mean {listed(close)}?" if close else f"there is {listed(known)}"
    zh = f"是否指 {listed(close)}？" if close else f"现有 {listed(known)}"
    return bad_table(
        wanted.where, f"no table {shown(wanted.table)}; {en}", f"没有表 {shown(wanted.table)}；{zh}"
    )


def copied(
    wanted: Wanted,
    kind: Literal["sqlite", "postgresql"],
    schema: pl.Schema,
    batches: Iterable[pl.DataFrame],
    spool: Path | None,
) -> Table:
    """Write the batches to a working copy in Parquet and open that.

    Raises:
        BadTable: there are no rows.
    """
    with working_folder(spool) as folder:
        path = folder / "rows.parquet"
        rows = write_parquet(path, schema, batches)
        if not rows:
            where = f"{wanted.where}#{wanted.name}"
            raise bad_table(where, "has no rows; expected at least one", "没有数据行；至少应有一行")
        frame = pl.scan_parquet(path, glob=False)
        table = Table(wanted.name, kind, frame, tuple(schema.names()), path=path, rows=rows)
        return own(table, folder, spool)
