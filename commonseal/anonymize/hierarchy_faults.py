"""Find every fault of a hierarchy's rows, each with its line and label.

A hierarchy is a public table: its own labels may be named. Cells of a table may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commonseal.model import Text

INTERVAL = re.compile(r"^([\[\]])\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*([\[\]])$")
_SHOWN = 60  # characters of a label that a message shows

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class HierarchyFault:
    """One fault: the line of the file (from 1), the label it speaks of, and what is wrong."""

    line: int
    value: str
    what: Text


def faults_of(rows: Sequence[Row], lines: Sequence[int] | None = None) -> list[HierarchyFault]:
    """Return every fault of a hierarchy's rows, in the order of the file.

    Args: lines: the line on which each row begins; None where row n is line n.
    """
    lines = range(1, len(rows) + 1) if lines is None else lines
    if not rows:
        return [
            HierarchyFault(1, "", Text(en="empty; expected one row a value", zh="空文件；应为每个值一行"))
        ]
    if (separator := _other_separator(rows)) is not None:
        what = Text(
            en=f"found {separator} between the cells, expected ';'",
            zh=f"单元格之间是 {separator}，应为“;”",
        )
        return [HierarchyFault(lines[0], _shown(rows[0][0]), what)]
    even = [place for place, row in enumerate(rows) if len(row) == len(rows[0])]
    found = [*_ragged(rows, lines), *_twice(rows, lines, even), *_two_parents(rows, lines, even)]
    return sorted(found, key=lambda fault: fault.line)


def _other_separator(rows: Sequence[Row]) -> str | None:
    if len(rows) < 2 or any(len(row) != 1 for row in rows):
        return None
    shown = {",": "','", "\t": "a tab (制表符)", "|": "'|'"}
    return next((shown[sign] for sign in shown if all(sign in row[0] for row in rows)), None)


def _ragged(rows: Sequence[Row], lines: Sequence[int]) -> Iterator[HierarchyFault]:
    width = len(rows[0])
    for line, row in zip(lines, rows, strict=True):
        if len(row) != width:
            value = _shown(row[0])
            yield HierarchyFault(
                line,
                value,
                Text(
                    en=f"value '{value}': got {len(row)} levels, expected {width}",
                    zh=f"值“{value}”：有 {len(row)} 级，应为 {width} 级",
                ),
            )


def _twice(rows: Sequence[Row], lines: Sequence[int], even: Sequence[int]) -> Iterator[HierarchyFault]:
    first_of: dict[str, int] = {}
    for place in even:
        row = rows[place]
        first = first_of.setdefault(row[0], place)
        if first != place and not (_all_hold(row) and _all_hold(rows[first])):
            value = _shown(row[0])
            yield HierarchyFault(
                lines[place],
                value,
                Text(
                    en=f"value '{value}' already stands on line {lines[first]}",
                    zh=f"值“{value}”已在第 {lines[first]} 行出现",
                ),
            )


def _two_parents(rows: Sequence[Row], lines: Sequence[int], even: Sequence[int]) -> Iterator[HierarchyFault]:
    parent: list[dict[str, tuple[str, int]]] = [{} for _ in rows[0]]
    for place in even:
        row = rows[place]
        for level in range(1, len(row) - 1):
            above, at = parent[level].setdefault(row[level], (row[level + 1], lines[place]))
            if above != row[level + 1]:
                label, here, there = _shown(row[level]), _shown(row[level + 1]), _shown(above)
                yield HierarchyFault(
                    lines[place],
                    label,
                    Text(
                        en=f"label '{label}' goes up to '{here}' here but to '{there}' on line {at}",
                        zh=f"标签“{label}”在此上归“{here}”，在第 {at} 行却上归“{there}”",
                    ),
                )


def _all_hold(row: Row) -> bool:
    """Tell whether every label of a row is an interval that holds its value (or the `*` at the top)."""
    try:
        value = float(row[0])
    except ValueError:
        return False
    for level, label in enumerate(row[1:], start=1):
        if label == "*" and level == len(row) - 1:
            continue
        interval = INTERVAL.match(label)
        if interval is None:
            return False
        opens, low, high, closes = interval.groups()
        above = value >= float(low) if opens == "[" else value > float(low)
        below = value <= float(high) if closes == "]" else value < float(high)
        if not (above and below):
            return False
    return len(row) > 1


def _shown(label: str) -> str:
    return label if len(label) <= _SHOWN else f"{label[: _SHOWN - 1]}…"
