"""Tell which types the cells of an Excel column have, and write cells of a mixed column as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import polars as pl

Cell = int | float | str | bool | time | date | datetime | timedelta  # "" where blank

_LOSSY = 1e15  # from here on, Excel has dropped digits


class Kinds:
    """The kinds of value seen in one column so far."""

    __slots__ = ("lossy", "seen")

    def __init__(self) -> None:
        self.seen: set[type] = set()
        self.lossy = False  # a number too long for Excel was seen

    def add(self, cell: Cell) -> None:
        """Take note of one cell; blank ones tell nothing."""
        kind = type(cell)
        if kind is float or kind is int:
            number = float(cell)  # type: ignore[arg-type]
            self.lossy = self.lossy or abs(number) >= _LOSSY
            kind = int if number.is_integer() else float
        elif cell == "":
            return
        self.seen.add(kind)

    def dtype(self) -> pl.DataType:
        """Return the one type that holds every cell without loss; text where they are mixed."""
        for dtype, kinds in _HOLDS:
            if self.seen and self.seen <= kinds:
                return dtype
        return pl.String()


_HOLDS: tuple[tuple[pl.DataType, set[type]], ...] = (
    (pl.Int64(), {int}),
    (pl.Float64(), {int, float}),
    (pl.Boolean(), {bool}),
    (pl.Date(), {date}),
    (pl.Datetime("us"), {date, datetime}),
    (pl.Time(), {time}),
)


def text_of(cell: Cell) -> str:
    """Write a cell as text: whole numbers without a point, dates in ISO 8601, TRUE and FALSE as in Excel.

    >>> text_of(3.0), text_of(True), text_of(" x ")
    ('3', 'TRUE', ' x ')
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _midnight(cell: Cell) -> object:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    return cell


def writer(dtype: pl.DataType) -> Callable[[Cell], object]:
    """Return the function that turns a cell into a value of `dtype`, one that `Kinds` chose."""
    match dtype:
        case pl.Int64():
            return int  # type: ignore[return-value]
        case pl.Float64():
            return float  # type: ignore[return-value]
        case pl.String():
            return text_of
        case pl.Datetime():
            return _midnight
        case _:
            return lambda cell: cell
