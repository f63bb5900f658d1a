"""Which levels of each column are allowed: least and most levels, and how wide a label may be.

"Keep age within 10 years" is a constraint, not a wish: levels with a wider label are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.errors import BadInput
from commonseal.model import Text

_INTERVAL = re.compile(r"^([\[\]])\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*([\[\])])$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}")
_DAYS = ((r"\d{4}-\d{2}-\d{2}.*", 1), (r"\d{4}-\d{2}", 31), (r"\d{4}", 366), (r"\d{3}0s", 3653))
Levels = tuple[int, ...]


def allowed_levels(
    hierarchies: Sequence[Hierarchy],
    levels: Mapping[str, tuple[int, int | None]],
    within: Mapping[str, float],
) -> tuple[Levels, Levels]:
    """Return the least and the most level of each column.

    Args: levels: (least, most) of a column, None for the highest. within: the widest a label may be, in the
        column's numbers, or in days for dates. Raises: BadInput, all faults at once.
    """
    known = {hierarchy.column for hierarchy in hierarchies}
    faults = [_unknown(column) for column in [*levels, *within] if column not in known]
    least, most = [], []
    for hierarchy in hierarchies:
        low, high = levels.get(hierarchy.column, (0, None))
        top = hierarchy.height - 1
        high = top if high is None else high
        if not 0 <= low <= high <= top:
            faults.append(_out_of_range(hierarchy.column, low, high, top))
            low, high = 0, top
        if hierarchy.column in within:
            widest, narrow = within[hierarchy.column], low - 1
            while narrow < high and _widest(hierarchy, narrow + 1) <= widest:
                narrow += 1
            if narrow < low:
                faults.append(_too_narrow(hierarchy.column, widest, low))
            high = max(narrow, low)
        least.append(low)
        most.append(high)
    if faults:
        raise BadInput(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))
    return tuple(least), tuple(most)


def _widest(hierarchy: Hierarchy, level: int) -> float:
    """Return the widest label of a level."""
    dates = all(_DATE.match(value) for value in hierarchy.labels[0] if value)
    return max((_width(label, dates=dates) for label in hierarchy.labels[level] if label), default=0.0)


def _width(label: str, *, dates: bool = False) -> float:
    """Return how wide a label is: 0 for a number, the length of an interval, the days of a date.

    >>> _width("37"), _width("[30, 40)"), _width("2026-09", dates=True), _width("*")
    (0.0, 10.0, 31.0, inf)
    """
    if dates:
        return next((float(days) for form, days in _DAYS if re.fullmatch(form, label)), float("inf"))
    if (interval := _INTERVAL.match(label)) is not None:
        return float(interval.group(3)) - float(interval.group(2))
    return 0.0 if _NUMBER.match(label) else float("inf")


def _unknown(column: str) -> Text:
    return Text(
        en=f"levels, within: column '{column}' is no quasi-identifier",
        zh=f"levels、within：列“{column}”不是准标识符",
    )


def _out_of_range(column: str, low: int, high: int, top: int) -> Text:
    return Text(
        en=f"levels: column '{column}': got {low} to {high}, expected 0 <= least <= most <= {top}",
        zh=f"levels：列“{column}”：得到 {low} 至 {high}，应满足 0 <= 最低 <= 最高 <= {top}",
    )


def _too_narrow(column: str, within: float, low: int) -> Text:
    return Text(
        en=f"within: column '{column}': no level from {low} on has only labels within {within:g}; labels must be numbers, "
        "intervals or dates to have a width",
        zh=f"within：列“{column}”：自第 {low} 级起没有哪一级的标签都在 {within:g} 以内；标签须为数值、区间或日期才有宽度",
    )
