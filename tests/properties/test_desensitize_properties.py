"""What holds for every treatment and every column."""

from __future__ import annotations

import datetime as dt
import hmac

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commonseal.desensitize import treat
from commonseal.desensitize.mask import least_length
from commonseal.desensitize.params import Params
from commonseal.desensitize.pseudonym import key_text
from commonseal.model import Treatment

KEY = bytes(range(32))
TEXTS = st.text(max_size=24) | st.text("0123456789+- 张三李四", max_size=24) | st.none()
COLUMNS = st.one_of(
    st.lists(TEXTS, max_size=8).map(lambda v: pl.Series("c", v, dtype=pl.String)),
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), max_size=8).map(
        lambda v: pl.Series("c", v, dtype=pl.Int64)
    ),
    st.lists(st.floats() | st.none(), max_size=8).map(lambda v: pl.Series("c", v, dtype=pl.Float64)),
    st.lists(st.dates() | st.none(), max_size=8).map(lambda v: pl.Series("c", v, dtype=pl.Date)),
)
# Those that keep every null where it was and make no new one.
ALIKE = [
    Treatment("keep"),
    Treatment("mask", {"keep_from": 3, "keep_to": 7}),
    Treatment("mask_text"),
    Treatment("hmac_sha256"),
    Treatment("hmac_sm3"),
]


@settings(deadline=None, max_examples=40)
@given(column=COLUMNS, treatment=st.sampled_from(ALIKE))
def test_rows_names_and_nulls_are_kept(column, treatment):
    table = pl.DataFrame([column, pl.Series("other", range(len(column)))])
    made = treat("c", column.dtype, treatment, key=KEY, patterns={"digits": "[0-9]{3,}"})
    after = table.with_columns(made)
    assert after.columns == table.columns
    assert after["other"].equals(table["other"])
    assert after["c"].is_null().equals(column.is_null())
    assert after.equals(table.lazy().with_columns(made).collect(engine="streaming"))


@settings(deadline=None, max_examples=60)
@given(column=COLUMNS.filter(lambda c: c.dtype != pl.Date))
def test_intervals_hold_their_number_and_no_null_is_filled(column):
    treatment = Treatment("generalize", {"to": "interval", "width": 2.5, "start": 1})
    labels = pl.DataFrame([column]).select(treat("c", column.dtype, treatment, key=None))["c"]
    assert len(labels) == len(column)
    for value, label in zip(column, labels, strict=True):
        if label is not None:
            low, high = (float(bound) for bound in label.strip("[)").split(","))
            assert low - 1e-6 <= float(value) < high
            assert high - low == 2.5


WINDOWS = st.tuples(st.integers(-8, 8), st.none() | st.integers(-8, 8))


def _is_window(window: tuple[int, int | None]) -> bool:
    start, stop = window
    if stop is None:
        return start != 0
    if start < 0:
        return start < stop < 0
    return stop < 0 or start < stop


@settings(deadline=None)
@given(value=st.text(st.characters(codec="utf-8", exclude_characters="*"), max_size=30), window=WINDOWS)
def test_a_mask_never_shows_more_than_its_window(value, window):
    assume(_is_window(window))
    start, stop = window
    params = {"keep_from": start} | ({} if stop is None else {"keep_to": stop})
    made = treat("c", pl.String(), Treatment("mask", params), key=None)
    (shown,) = pl.DataFrame({"c": [value]}).select(made)["c"].to_list()
    least = least_length(Params("c", "mask", params))
    inside = range(len(shown))[start:stop] if len(shown) >= least else range(0)
    assert all(char == "*" for place, char in enumerate(shown) if place not in inside)
    assert len(shown) <= len(value)
    if (start < 0) == ((stop or start) < 0) and stop is not None:  # a window of fixed width
        assert len(shown) - shown.count("*") <= min(stop - start, len(shown) // 2)


@settings(deadline=None)
@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    prefix=st.sampled_from(["", "+86", "86", "0086 "]),
)
def test_a_mobile_shows_four_digits_however_it_is_written(number, prefix):
    made = treat("c", pl.String(), Treatment("mask", {"keep_from": 3, "keep_to": 7}), key=None)
    (shown,) = pl.DataFrame({"c": [prefix + number]}).select(made)["c"].to_list()
    assert shown == f"***{number[3:7]}****"


@settings(deadline=None)
@given(values=st.lists(TEXTS, max_size=8), key=st.binary(min_size=32, max_size=32))
def test_a_pseudonym_is_what_hashlib_says(values, key):
    table = pl.DataFrame({"c": pl.Series(values, dtype=pl.String)})
    made = table.select(treat("c", pl.String(), Treatment("hmac_sha256"), key=key))["c"].to_list()
    text = key_text(key, "hmac_sha256").encode()
    assert made == [v if v is None else hmac.digest(text, v.encode(), "sha256") for v in values]


@settings(deadline=None)
@given(day=st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_way_of_writing_a_day_gives_its_month(day):
    written = [day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}"]
    written += [f"{day.year}年{day.month}月{day.day}日", f"{day.isoformat()} 08:30:00"]
    made = treat("c", pl.String(), Treatment("generalize", {"to": "month"}), key=None)
    months = pl.DataFrame({"c": written}).select(made)["c"].to_list()
    assert months == [f"{day:%Y-%m}"] * len(written)
