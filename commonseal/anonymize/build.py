"""Build common hierarchies from the values of a column, where nobody has written one.

Intervals for numbers, calendar for dates, prefixes for codes; else one step from the value to `*`.
A null stays apart (the row whose first cell is empty) until the top.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from commonseal.anonymize.hierarchy import Hierarchy, hierarchy_from_rows

TOP = "*"
NUMBER = re.compile(r"^-?\d{1,15}(\.\d+)?$")
DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
CODE = re.compile(r"^[0-9A-Za-z]{3,12}$")
STEPS = 4  # levels of intervals between the value and the top

Row = Sequence[str]


def build_hierarchy(column: str, values: Sequence[str | None]) -> Hierarchy:
    """Build a hierarchy over the distinct values of a column.

    Args: values: as text; None or empty stands for null. Returns: rows sorted, nested levels.

    >>> build_hierarchy("age", [str(age) for age in range(17, 91)]).rows()[0]
    ['17', '[15, 20)', '[10, 20)', '[0, 20)', '[0, 40)', '*']
    """
    known = sorted({value for value in values if value}, key=_natural)
    rows = [[value, *steps(value)] for value in known] if (steps := _way_up(known)) else [[v] for v in known]
    width = len(rows[0]) if rows else 1
    rows = [[*row, TOP] for row in rows]
    if any(not value for value in values) or not known:
        rows.append([""] * width + [TOP])
    return hierarchy_from_rows(column, rows, f"{column}: ")


def _way_up(values: Sequence[str]) -> Callable[[str], Row] | None:
    if not values:
        return None
    if all(NUMBER.match(value) for value in values) and len(values) > 5:
        return _intervals([float(value) for value in values])
    if all(_is_date(value) for value in values):
        return _calendar
    if (
        all(CODE.match(value) for value in values)
        and len({len(value) for value in values}) == 1
        and len(values) > 5
    ):
        return _prefixes
    return None


def _intervals(numbers: Sequence[float]) -> Callable[[str], Row]:
    """Return nested intervals: a round width, then 2, 4 and 8 times it."""
    span = max(numbers) - min(numbers)
    width = _round_width(span / 10)

    def steps(value: str) -> Row:
        labels = []
        for wide in (width * 2**step for step in range(STEPS)):
            low = float(value) // wide * wide
            labels.append(f"[{low:g}, {low + wide:g})")
        return labels

    return steps


def _round_width(about: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above `about`.

    >>> _round_width(7.3), _round_width(0.04)
    (5, 0.02)
    """
    width = 1.0
    while width > about:
        width /= 10
    while width * 10 <= about:
        width *= 10
    step = next(step for step in (5, 2, 1) if width * step <= about or step == 1)
    return round(width * step, 12) if width < 1 else int(width * step)


def _calendar(value: str) -> Row:
    """Return hour and day where there is a time, then month, year and decade."""
    return value[:13], value[:10], value[:7], value[:4], f"{value[:3]}0s"


def _prefixes(value: str) -> Row:
    """Return ever shorter prefixes, the hidden characters starred."""
    return [value[:keep] + TOP * (len(value) - keep) for keep in range(len(value) - 1, 0, -1)]


def _is_date(value: str) -> bool:
    found = DATE.match(value)
    if not found:
        return False
    try:
        date(*map(int, found.groups()))
    except ValueError:
        return False
    return True


def _natural(value: str) -> tuple[int, float, str]:
    return (0, float(value), value) if NUMBER.match(value) else (1, 0.0, value)
