"""Check column names: every column has one, no two are the same, and none is really a cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from commonseal.source.faults import bad_table, shown

# A number as long as a phone, card or ID number, or an e-mail address: a row of data, not a header.
_CELL = re.compile(r"\s*(\+?\d[\d -]{7,}[\dXx]|[^@\s]+@[^@\s]+\.[^@\s]+)\s*")
# Polars takes ^…$ for a pattern over names; __…__ are the columns that the stages add for themselves.
_RESERVED = re.compile(r"\*|\^.*\$|__[a-z_]+__", re.DOTALL)
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def check_names(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Return `names` exactly as given once they can serve as column names.

    Args:
        names: the header, left to right.
        where: the file or table, for the message.

    Raises:
        BadTable: there are none, one is blank or stands twice (positions count from 1), or one looks
            like a person's number or address; that one is not shown, since it may be a cell.
    """
    if not names:
        raise bad_table(where, "has no columns; expected at least one", "没有列；至少应有一列")
    _refuse_cells(names, where)
    _refuse_blanks(names, where)
    _refuse_reserved(names, where)
    _refuse_twins(names, where)
    return tuple(names)


def _refuse_cells(names: Sequence[str], where: str) -> None:
    for position, name in enumerate(names, start=1):
        if _CELL.fullmatch(name) and not _DATE.fullmatch(name):
            raise bad_table(
                where,
                f"the header of column {position} looks like a person's data, not a name; "
                "put a line of column names first",
                f"第 {position} 列的表头像个人数据而不是列名；请在第一行写上列名",
            )


def _refuse_blanks(names: Sequence[str], where: str) -> None:
    blank = [str(position) for position, name in enumerate(names, start=1) if not name.strip()]
    if blank:
        places = ", ".join(blank[:10]) + (", …" if len(blank) > 10 else "")
        raise bad_table(
            where,
            f"column {places} of {len(names)} has no name; name it in the header or remove it",
            f"共 {len(names)} 列，第 {places} 列没有列名；请在表头补上列名或删去该列",
        )


def _refuse_reserved(names: Sequence[str], where: str) -> None:
    found = [name for name in names if _RESERVED.fullmatch(name)]
    if found:
        raise bad_table(
            where,
            f"column name '{found[0]}' is reserved (names like *, ^…$ or __…__); rename the column",
            f"列名“{found[0]}”是保留名（形如 *、^…$ 或 __…__）；请重命名该列",
        )


def _refuse_twins(names: Sequence[str], where: str) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names, start=1):
        places[name].append(position)
    twins = {name: found for name, found in places.items() if len(found) > 1}
    if twins:
        en = "; ".join(f"{shown(n)} at {', '.join(map(str, p[:10]))}" for n, p in list(twins.items())[:5])
        zh = "；".join(
            f"{shown(n)} 在第 {'、'.join(map(str, p[:10]))} 列" for n, p in list(twins.items())[:5]
        )
        raise bad_table(
            where,
            f"column names stand more than once: {en}; give each column a name of its own",
            f"列名重复：{zh}；请让每列各有其名",
        )
