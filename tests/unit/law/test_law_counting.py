"""Time limits: known answers of 2026, and what holds of every count."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.errors import BadInput
from commonseal.law.counting import MAX_AMOUNT, WorkCalendar, china, days_in, due, union

CALENDARS = [china(), union(None), union("DE")]
EVENTS = st.dates(date(2004, 1, 1), date(2026, 12, 1))


def last_working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not china().works(day):
        day -= timedelta(days=1)
    return day


def test_the_last_working_day_before_the_spring_festival_of_2026_is_a_make_up_saturday() -> None:
    festival = date(2026, 2, 17)  # the first day of the first month
    assert last_working_day_before(festival) == date(2026, 2, 14)
    assert date(2026, 2, 14).weekday() == 5
    # 24, 25, 26, 27 and 28 February (a Saturday that is worked), 2 to 6 March
    assert due("2026-02-14", 10, "working_day", china()) == (date(2026, 3, 6), False)
    assert due("2026-02-14T09:00:00+08:00", 20, "working_day", china()).at == date(2026, 3, 20)


def test_a_request_received_on_a_make_up_saturday() -> None:
    assert china().works(date(2026, 2, 28))
    assert due("2026-02-28T16:00:00+08:00", 10, "working_day", china()).at == date(2026, 3, 13)
    assert due("2026-02-27", 1, "working_day", china()).at == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-01-16", 30, "day", date(2026, 2, 24)),  # 15 February is a rest day of the festival
        ("2026-09-01", 30, "day", date(2026, 10, 8)),  # 1 October: the holiday runs to the 7th
        ("2026-03-02", 30, "day", date(2026, 4, 1)),
        ("2026-01-31", 1, "month", date(2026, 2, 28)),  # February has no 31st, and its Saturday is worked
        ("2024-02-29", 1, "year", date(2025, 2, 28)),
        ("2026-03-02", 1, "week", date(2026, 3, 9)),
        ("2026-03-02", 0, "day", date(2026, 3, 2)),
    ],
)
def test_days_weeks_months_and_years_roll_forward(start: str, amount: int, unit: str, last: date) -> None:
    assert due(start, amount, unit, china()).at == last  # type: ignore[arg-type]


def test_hours_and_minutes_run_through_the_night_and_the_holiday() -> None:
    assert due("2026-02-14T23:30:00+08:00", 1, "hour", china()).at == datetime.fromisoformat(
        "2026-02-15T00:30:00+08:00"
    )
    assert due("2026-02-14T15:30:00+00:00", 30, "minute", china()).at == datetime.fromisoformat(
        "2026-02-15T00:00:00+08:00"
    )
    three_days = due("2026-03-28T10:00:00+01:00", 72, "hour", union("DE"))
    assert three_days.at == datetime.fromisoformat(
        "2026-03-31T11:00:00+02:00"
    )  # over the change to summer time
    assert not three_days.provisional
    assert due("2026-03-02", 2, "hour", china()).at == datetime.fromisoformat("2026-03-02T02:00:00+08:00")


def test_the_day_of_an_event_is_the_day_where_the_law_holds() -> None:
    late = "2026-03-02T17:30:00+00:00"  # already 3 March in China, still the 2nd in Brussels
    assert due(late, 1, "day", china()).at == date(2026, 3, 4)
    assert due(late, 1, "day", union("DE")).at == date(2026, 3, 3)


def test_a_date_in_a_year_without_a_notice_is_provisional() -> None:
    assert due("2026-12-28", 10, "working_day", china()) == (date(2027, 1, 11), True)
    assert due("2026-12-01", 10, "working_day", china()).provisional is False
    assert due("2024-06-03", 3, "year", china()).provisional is True
    assert due("2027-02-12", 60, "working_day", china(), before=True).provisional is True


def test_sixty_working_days_before_a_date() -> None:
    last = due("2026-08-31", 60, "working_day", china(), before=True).at
    assert isinstance(last, date)
    between = [last + timedelta(days=n) for n in range((date(2026, 8, 31) - last).days)]
    assert china().works(last)
    assert sum(map(china().works, between)) == 60


def test_the_holidays_of_a_member_state() -> None:
    assert due("2026-04-02", 1, "day", union("DE")) == (
        date(2026, 4, 7),
        False,
    )  # Good Friday to Easter Monday
    assert due("2026-04-02", 1, "day", union(None)) == (date(2026, 4, 3), True)
    assert due("2026-04-02", 1, "day", union("nowhere")).provisional is True


def test_how_many_days_a_period_is() -> None:
    assert days_in(30, "day", longest=True) == 30
    assert (days_in(3, "year", longest=True), days_in(3, "year", longest=False)) == (1096, 1095)
    assert (days_in(1, "month", longest=True), days_in(1, "month", longest=False)) == (31, 28)


@pytest.mark.parametrize(
    ("start", "amount"), [("2026-03-02", MAX_AMOUNT + 1), ("2026-03-02", -1), ("9999-12-30", 9)]
)
def test_what_is_no_time_limit_is_refused(start: str, amount: int) -> None:
    with pytest.raises(BadInput, match="time limit"):
        due(start, amount, "day", china())


@pytest.mark.parametrize("days", CALENDARS, ids=["china", "union", "germany"])
@settings(max_examples=150, deadline=None)
@given(
    event=EVENTS,
    amount=st.integers(0, 70),
    unit=st.sampled_from(["day", "working_day", "week", "month", "year"]),
    before=st.booleans(),
)
def test_a_count_never_ends_on_a_rest_day(
    days: WorkCalendar, event: date, amount: int, unit: str, before: bool
) -> None:
    amount = min(amount, 5) if unit == "year" else amount
    last = due(event.isoformat(), amount, unit, days, before=before).at  # type: ignore[arg-type]
    assert isinstance(last, date)
    assert days.works(last)


@pytest.mark.parametrize("days", CALENDARS, ids=["china", "union", "germany"])
@settings(max_examples=100, deadline=None)
@given(event=EVENTS, amount=st.integers(0, 60), unit=st.sampled_from(["day", "working_day", "week", "month"]))
def test_more_time_never_ends_sooner(days: WorkCalendar, event: date, amount: int, unit: str) -> None:
    one, more = (due(event.isoformat(), n, unit, days).at for n in (amount, amount + 1))  # type: ignore[arg-type]
    assert one <= more  # type: ignore[operator]


@pytest.mark.parametrize("days", CALENDARS, ids=["china", "union", "germany"])
@settings(max_examples=150, deadline=None)
@given(event=st.dates(date(1995, 1, 1), date(2063, 1, 1)), amount=st.integers(1, 60), before=st.booleans())
def test_working_days_are_those_of_a_count_day_by_day(
    days: WorkCalendar, event: date, amount: int, before: bool
) -> None:
    day, left = event, amount
    while left:
        day += timedelta(days=-1 if before else 1)
        left -= days.works(day)
    assert due(event.isoformat(), amount, "working_day", days, before=before).at == day
