"""Generalization says less, and counts what it cannot read."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import polars as pl
import pytest

from commonseal.errors import BadInput

WRITTEN = ["2024-01-31", "20240131", "2024/1/31", "2024.1.31", "2024年1月31日", " 2024-01-31 "]
TIMED = ["2024-01-31T10:00:00Z", "2024/1/31 0:00:00", "2024-01-31 10:00:00.5+08:00", "20240131123456"]


@pytest.mark.parametrize("text", WRITTEN + TIMED)
def test_a_date_is_read_however_it_is_written(treated, text):
    assert treated([text], "generalize", to="month") == ["2024-01"]
    assert treated([text], "generalize", to="year") == ["2024"]


def test_typed_dates(treated):
    day, moment = dt.date(2024, 1, 31), dt.datetime(2024, 1, 31, 23, 59)
    assert treated([day, None], "generalize", to="month") == ["2024-01", None]
    assert treated([moment, None], "generalize", to="year") == ["2024", None]
    assert treated([20240131, None], "generalize", to="month") == ["2024-01", None]
    assert treated([20240131.0, None], "generalize", to="month") == ["2024-01", None]
    assert treated([day, None], "generalize", dtype=pl.Date, to="year") == ["2024", None]


def test_what_is_no_date_becomes_null_and_is_counted(treated, bad):
    texts = ["2024-02-30", "2024-13-01", "昨天", "", "2024-01-31 于家中", "😀", None, "2024-01-31"]
    assert treated(texts, "generalize", to="month") == [None] * 7 + ["2024-01"]
    assert bad(texts, "generalize", to="month") == 6


def test_intervals_are_closed_below_and_open_above(treated, bad):
    ages = [20, 29, 30, 0, -1, None]
    labels = ["[20, 30)", "[20, 30)", "[30, 40)", "[0, 10)", "[-10, 0)", None]
    assert treated(ages, "generalize", to="interval", width=10) == labels
    assert bad(ages, "generalize", to="interval", width=10) == 0
    assert treated([17, 18, 22.9], "generalize", dtype=pl.Float64, to="interval", width=5, start=18) == [
        "[13, 18)",
        "[18, 23)",
        "[18, 23)",
    ]


def test_a_bound_is_not_missed_by_binary_fractions(treated):
    tenths = [n / 10 for n in range(-20, 21)]
    labels = treated(tenths, "generalize", to="interval", width=0.1)
    assert labels == [f"[{n / 10:.1f}, {(n + 1) / 10:.1f})" for n in range(-20, 21)]


def test_numbers_in_text_and_decimals(treated, bad):
    texts = ["35", " 35.5 ", "35岁", "", None, "nan"]
    labels = treated(texts, "generalize", to="interval", width=5)
    assert labels == ["[35, 40)", "[35, 40)", None, None, None, None]
    assert bad(texts, "generalize", to="interval", width=5) == 3
    assert treated([Decimal("9.99")], "generalize", to="interval", width=5) == ["[5, 10)"]


def test_what_is_no_finite_number_is_counted(treated, bad):
    numbers = [math.nan, math.inf, 1e300, 1.0]
    assert treated(numbers, "generalize", to="interval", width=1) == [None, None, None, "[1, 2)"]
    assert bad(numbers, "generalize", to="interval", width=1) == 3


def test_a_coordinate_becomes_the_corner_of_its_cell(treated, bad):
    degrees = [116.397, -12.001, 0.0, 116.39, 181.0, None]
    corners = ["116.39", "-12.01", "0.00", "116.39", None, None]
    assert treated(degrees, "generalize", to="grid", cell_deg=0.01) == corners
    assert bad(degrees, "generalize", to="grid", cell_deg=0.01) == 1


def test_a_pair_of_coordinates_in_one_text(treated, bad):
    texts = ["116.397,39.908", "(116.397， 39.908)", "116.397 39.908", "116.4", "天安门", "200,10", None]
    cells = ["116.0,39.5"] * 3 + ["116.0", None, None, None]
    assert treated(texts, "generalize", to="grid", cell_deg=0.5) == cells
    assert bad(texts, "generalize", to="grid", cell_deg=0.5) == 2


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"to": "decade"},
        {"to": "interval"},
        {"to": "interval", "width": 0},
        {"to": "interval", "width": -1},
        {"to": "interval", "width": True},
        {"to": "interval", "width": math.inf},
        {"to": "grid"},
        {"to": "interval", "width": 1e-12},
        {"to": "grid", "cell_deg": "1"},
        {"to": "month", "unit": "x"},
        {"to": "interval", "width": 1, "start": math.nan},
        {"to": "district"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(treated, params):
    with pytest.raises(BadInput, match="generalize"):
        treated([1.0], "generalize", **params)


def test_types_that_hold_no_such_thing_are_refused(treated):
    with pytest.raises(BadInput, match="no numbers"):
        treated([dt.date(2024, 1, 1)], "generalize", to="interval", width=1)
    with pytest.raises(BadInput, match="no text"):
        treated([[1]], "generalize", to="month")
