"""Guess a hierarchy from the values of a column, where nobody has written one.

Intervals for numbers, calendar for dates, prefixes for codes; else one step from the value to `*`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commonseal.anonymize.builders.builder import Builder, Steps, build, natural
from commonseal.anonymize.builders.dates import Dates, as_moment
from commonseal.anonymize.builders.intervals import Intervals
from commonseal.anonymize.builders.prefixes import Prefixes
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.model import Text

NUMBER = re.compile(r"^-?\d{1,15}(\.\d+)?$")
CODE = re.compile(r"^[0-9A-Za-z]{3,12}$")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")
FINEST = 1e-9  # narrower intervals would tell floating-point noise apart
DOUBLINGS = (2, 2, 2)  # intervals of a round width, then 2, 4 and 8 times it


def build_hierarchy(column: str, values: Sequence[str | None]) -> Hierarchy:
    """Guess a hierarchy over the distinct values of a column.

    Args: values: as text; None or empty stands for null. Returns: rows sorted, nested levels.

    >>> build_hierarchy("age", [str(age) for age in range(17, 91)]).rows()[0]
    ['17', '[15, 20)', '[10, 20)', '[0, 20)', '[0, 40)', '*']
    """
    counts = {value or "": 1 for value in values}
    return build(column, _guess([value for value in counts if value]), counts)


@dataclass(frozen=True, slots=True)
class _Itself:
    """Nothing between the value and the top."""

    @property
    def expects(self) -> Text:
        return Text(en="a text", zh="文字")

    def steps(self, counts: Mapping[str, int]) -> Steps:
        return {value: [] for value in sorted(counts, key=natural)}


def _guess(values: Sequence[str]) -> Builder:
    if len(values) > 5 and all(NUMBER.match(value) for value in values):
        numbers = [float(value) for value in values]
        if (tenth := (max(numbers) - min(numbers)) / 10) > FINEST:
            return Intervals(width=Decimal(str(_round_width(tenth))), fan_outs=DOUBLINGS)
    if values and all(DAY.match(value) and as_moment(value) for value in values):
        return Dates(("hour", "day", "month", "year", "decade"))
    if len(values) > 5 and len({len(value) for value in values}) == 1 and all(map(CODE.match, values)):
        return Prefixes()
    return _Itself()


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
