"""Count a time limit: from which day, over which days, to which day.

China (Civil Code articles 201 to 203): the day of the event is not counted; a period in days, weeks, months or
years whose last day is a rest day ends on the next working day; working days follow the State Council's yearly
notice, make-up Saturdays included. The Union (Regulation 1182/71, article 3): the same, with Saturdays, Sundays
and the Member State's holidays as rest days. Hours and minutes run on without a stop in both.

A date that hangs on a year whose notice is not published, or on holidays of a State that is not named, is
*provisional*: no lateness is decided on it.
"""

from __future__ import annotations

import calendar as months
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from commonseal.errors import BadInput
from commonseal.law.consequence import Unit
from commonseal.model import Text

MAX_AMOUNT = 10_000  # of any unit; a longer period is no deadline
_YEARS = range(2000, 2061)  # counted from a table; outside it day by day
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Which days are worked. `published(year)`: whether the year's rest days are known."""

    zone: tzinfo
    works: Callable[[date], bool]
    published: Callable[[int], bool]
    table: Sequence[int]  # the ordinals of the working days of `_YEARS`, ascending


class Due(NamedTuple):
    """The last day, or for hours and minutes the last moment; `provisional`: it may still move."""

    at: date | datetime
    provisional: bool


def due(start: str, amount: int, unit: Unit, days: WorkCalendar, *, before: bool = False) -> Due:
    """Count `amount` units from an event, or back from it.

    Args: start: an ISO day, or an ISO moment with its offset, whose day is that of the calendar's zone;
        hours from a mere day run from its first minute. amount: 0 to 10,000.
    Returns: the last day on which it may be done; never a rest day, unless hours run.
    Raises: BadInput: the date lies outside the years 1 to 9999.
    """
    if not 0 <= amount <= MAX_AMOUNT:
        raise BadInput(
            Text(
                en=f"time limit: got {amount} {unit}s, expected 0 to {MAX_AMOUNT}",
                zh=f"期限：得到 {amount}，应为 0 至 {MAX_AMOUNT}",
            )
        )
    sign = -1 if before else 1
    try:
        if unit in ("hour", "minute"):
            length = timedelta(hours=amount) if unit == "hour" else timedelta(minutes=amount)
            return Due((_moment(start, days.zone) + sign * length).astimezone(days.zone), provisional=False)
        return _last(_day(start, days.zone), sign * amount, unit, days, sign)
    except (OverflowError, ValueError):
        raise BadInput(
            Text(en="time limit: the date lies outside the calendar", zh="期限：日期超出历法范围")
        ) from None


def days_in(amount: int, unit: Unit, *, longest: bool) -> int:
    """Return how many days that many days, months or years are, at the longest or at the shortest.

    >>> days_in(6, "month", longest=True), days_in(6, "month", longest=False)
    (184, 181)
    """
    return amount if unit == "day" else _spans(amount, unit)[1 if longest else 0]


@lru_cache(maxsize=256)
def _spans(amount: int, unit: Unit) -> tuple[int, int]:
    """Return the shortest and longest span, over the starts of all months of a full leap cycle."""
    starts = [date(2000 + year, month, 1) for year in range(8) for month in range(1, 13)]
    spans = [(_moved(start, amount, unit) - start).days for start in starts]
    return min(spans), max(spans)


@lru_cache(maxsize=8192)
def _last(event: date, amount: int, unit: Unit, days: WorkCalendar, sign: int) -> Due:
    """Count from a day; what many requests of one day ask is worked out once."""
    if unit == "working_day":
        last = _nth(event, amount, days)
        return Due(last, provisional=not _published(event, last, days))
    last = _rolled(_moved(event, amount, unit), sign, days)
    return Due(last, provisional=not _published(last, last, days))


def _published(first: date, last: date, days: WorkCalendar) -> bool:
    if first.year == last.year:
        return days.published(first.year)
    years = range(min(first, last).year, max(first, last).year + 1)
    return all(days.published(year) for year in years)


def _moment(start: str, zone: tzinfo) -> datetime:
    at = datetime.fromisoformat(start)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _day(start: str, zone: tzinfo) -> date:
    at = datetime.fromisoformat(start)
    return at.date() if at.tzinfo is None else at.astimezone(zone).date()


def _moved(day: date, amount: int, unit: Unit) -> date:
    """Move by calendar days, weeks, months or years; a day that a month lacks is its last (article 202)."""
    if unit in ("day", "week"):
        return day + amount * (7 if unit == "week" else 1) * _DAY
    whole = day.year * 12 + day.month - 1 + amount * (12 if unit == "year" else 1)
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _rolled(day: date, sign: int, days: WorkCalendar) -> date:
    """Return the day, or the next working day in the direction of the count."""
    while not days.works(day):
        day += sign * _DAY
    return day


def _nth(event: date, amount: int, days: WorkCalendar) -> date:
    """Return the n-th working day after the event, or before it; with n = 0 the first from that day on."""
    table, ordinal = days.table, event.toordinal()
    if amount == 0:
        return _rolled(event, 1, days)
    at = bisect_right(table, ordinal) + amount - 1 if amount > 0 else bisect_left(table, ordinal) + amount
    if event.year in _YEARS and 0 <= at < len(table):
        return date.fromordinal(table[at])
    step = _DAY if amount > 0 else -_DAY
    left = abs(amount)
    while left:
        event += step
        left -= days.works(event)
    return event


@lru_cache(maxsize=1)
def china() -> WorkCalendar:
    """Return mainland China's working days, from the State Council's yearly notices."""
    # loads 20 years of tables: only where something is counted
    from chinese_calendar import constants  # type: ignore[import-untyped]

    rest, extra = constants.holidays, constants.workdays
    published = frozenset(day.year for day in rest)

    def works(day: date) -> bool:
        return day in extra or (day.weekday() < 5 and day not in rest)

    return WorkCalendar(timezone(timedelta(hours=8)), works, published.__contains__, _table(works))


@lru_cache(maxsize=32)
def union(state: str | None) -> WorkCalendar:
    """Return the working days of a Member State, or without one all days but Saturdays and Sundays."""
    rest = _holidays(state) if state is not None else None

    def works(day: date) -> bool:
        return day.weekday() < 5 and (rest is None or not rest(day))

    return WorkCalendar(_brussels(), works, lambda year: rest is not None, _table(works))


def _holidays(state: str) -> Callable[[date], bool] | None:
    """Return the test for a Member State's public holidays, or None where the State is not known."""
    import holidays  # a package of 200 countries: only where one of them is asked for

    try:
        known = holidays.country_holidays(state)
    except NotImplementedError:
        return None
    return known.__contains__


def _brussels() -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # reads the system's tables

    try:
        return ZoneInfo("Europe/Brussels")
    except ZoneInfoNotFoundError:
        return UTC


def _table(works: Callable[[date], bool]) -> tuple[int, ...]:
    first, last = date(_YEARS[0], 1, 1).toordinal(), date(_YEARS[-1], 12, 31).toordinal()
    return tuple(n for n in range(first, last + 1) if works(date.fromordinal(n)))
