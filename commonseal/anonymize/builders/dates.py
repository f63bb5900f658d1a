"""Dates and times, from the second up to the decade."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from commonseal.anonymize.builders.builder import Steps
from commonseal.errors import BadInput
from commonseal.model import Text

Unit = Literal["second", "minute", "hour", "day", "month", "quarter", "year", "decade"]
UNITS: tuple[Unit, ...] = get_args(Unit)  # finest first

_NUMERIC = re.compile(r"^(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?:[T ](.+))?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T ](.+))?$")
_CHINESE = re.compile(r"^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?(?:[T ]?(.+))?$")
_CLOCK = re.compile(r"^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:[A-Z]{1,5}|[+-]\d{2}:?\d{2})?$")

Moment = tuple[int, ...]  # year, month, day, hour, minute, second: as many as are known


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar above a date, at the `levels` named, finest first.

    Reads `2026-03-02`, `2026/3/2`, `20260302`, `2026年3月2日`, with a time or without, and `2026-03` and
    `2026`, which stay as they are at levels finer than they. The clock is taken as written.
    """

    levels: tuple[Unit, ...] = ("month", "year", "decade")

    def __post_init__(self) -> None:
        """Refuse levels that do not grow coarser. Raises: BadInput."""
        places = [UNITS.index(level) for level in self.levels]
        if not places or any(a >= b for a, b in itertools.pairwise(places)):
            raise BadInput(
                Text(
                    en=f"levels: expected some of {', '.join(UNITS)}, in this order",
                    zh=f"levels：应为 {', '.join(UNITS)} 中的若干项，按此顺序",
                )
            )

    @property
    def expects(self) -> Text:
        """Return what a value must be."""
        return Text(
            en="a date, such as 2026-03-02, 2026-03-02 14:05 or 2026-03",
            zh="日期，如 2026-03-02、2026-03-02 14:05 或 2026-03",
        )

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each date's labels, dates ascending."""
        moments = {value: as_moment(value) for value in counts}
        known = sorted((moment, value) for value, moment in moments.items() if moment is not None)
        steps: dict[str, Sequence[str] | None] = {
            value: [label_of(moment, level) for level in self.levels] for moment, value in known
        }
        return steps | {value: None for value, moment in moments.items() if moment is None}


def as_moment(value: str) -> Moment | None:
    """Return what a text says of year, month, day, hour, minute and second; None where it is no date.

    >>> as_moment("2026-03-02 14:05"), as_moment("1980年5月"), as_moment("2026-02-30")
    ((2026, 3, 2, 14, 5), (1980, 5), None)
    """
    if found := _NUMERIC.match(value):
        year, _, month, day, clock = found.groups()
    elif found := _COMPACT.match(value) or _CHINESE.match(value):
        year, month, day, clock = found.groups()
    else:
        return None
    parts = [part for part in (year, month, day) if part is not None]
    if clock is not None:
        time = _CLOCK.match(clock)
        if time is None or len(parts) < 3:
            return None
        parts += [part for part in time.groups() if part is not None]
    moment = tuple(map(int, parts))
    try:
        # only for its check of the calendar and the clock
        datetime(*(*moment, *(1, 1)[len(moment) - 1 :]))  # type: ignore[arg-type]
    except ValueError:
        return None
    return moment


def label_of(moment: Moment, unit: Unit) -> str:
    """Return a moment at a unit, or as it is known where that is coarser.

    >>> label_of((2026, 3, 2, 14, 5), "hour"), label_of((2026, 3), "quarter"), label_of((2026,), "day")
    ('2026-03-02 14', '2026-Q1', '2026')
    """
    if unit == "decade":
        return f"{moment[0] // 10:03d}0s"
    if unit == "quarter":
        return f"{moment[0]:04d}-Q{(moment[1] + 2) // 3}" if len(moment) > 1 else f"{moment[0]:04d}"
    known = moment[: {"year": 1, "month": 2, "day": 3, "hour": 4, "minute": 5, "second": 6}[unit]]
    text = "-".join([f"{known[0]:04d}", *(f"{part:02d}" for part in known[1:3])])
    clock = ":".join(f"{part:02d}" for part in known[3:])
    return f"{text} {clock}" if clock else text
