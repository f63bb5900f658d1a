"""Which levels of each column are allowed: least and most levels, and how wide a label may be.

"Keep age within 10 years" is a constraint, not a wish: levels that join what lies farther apart are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.errors import BadInput
from commonseal.model import Text

_FIRST, _DAY = datetime(1970, 1, 1), timedelta(days=1)
Levels = tuple[int, ...]


def allowed_levels(
    hierarchies: Sequence[Hierarchy],
    levels: Mapping[str, tuple[int, int | None]],
    within: Mapping[str, float],
) -> tuple[Levels, Levels]:
    """Return the least and the most level of each column.

    Args: levels: (least, most) of a column, None for the highest. within: how far apart the values under
        one label may lie, in the column's numbers, or in days for dates. Raises: BadInput, all faults at once.
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
            widths = _widths(hierarchy)
            allowed = (
                [] if widths is None else [w <= within[hierarchy.column] for w in widths[low : high + 1]]
            )
            if widths is None:
                faults.append(_unordered(hierarchy.column))
            elif not allowed[0]:
                faults.append(_too_narrow(hierarchy.column, within[hierarchy.column], low))
            else:  # levels are nested: what is too wide stays too wide further up
                high = low + sum(allowed) - 1
        least.append(low)
        most.append(high)
    if faults:
        raise BadInput(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))
    return tuple(least), tuple(most)


def _widths(hierarchy: Hierarchy) -> list[float] | None:
    """Return how far apart the values under one label lie at the most, level by level; None without an order.

    In the column's own numbers, or in days. It is the values that count, however labels are written; a null has none.
    """
    known = np.array([bool(value) for value in hierarchy.labels[0]])
    places = _places([value for value in hierarchy.labels[0] if value])
    if places is None:
        return None
    widths = []
    for level in range(hierarchy.height):
        label = hierarchy.codes[known, level]
        low = np.full(len(hierarchy.labels[level]), np.inf)
        high = -low
        np.minimum.at(low, label, places)
        np.maximum.at(high, label, places)
        widths.append(float((high - low)[np.isfinite(low)].max(initial=0.0)))
    return widths


def _places(values: Sequence[str]) -> NDArray[np.float64] | None:
    """Return where each value lies, as a number or in days; None where one is neither."""
    try:
        return np.array([float(value) for value in values])
    except ValueError:
        pass
    try:
        return np.array([(datetime.fromisoformat(value) - _FIRST) / _DAY for value in values])
    except (ValueError, TypeError):  # a zone among dates without one is neither
        return None


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
        en=f"within: column '{column}': at its least level {low} values lie farther apart than {within:g}",
        zh=f"within：列“{column}”：在最低级别 {low}，同一标签下的值相距已超过 {within:g}",
    )


def _unordered(column: str) -> Text:
    return Text(
        en=f"within: column '{column}': the values of its hierarchy are neither all numbers nor all dates (YYYY-MM-DD)",
        zh=f"within：列“{column}”：其层级中的值并非全为数值或日期（YYYY-MM-DD）",
    )
