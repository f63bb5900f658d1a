"""Top and bottom coding."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize.recode.coding import find_ends
from commonseal.errors import BadInput, ColumnMissing
from commonseal.table import ROWS


def counted(values: list[object], person: list[int] | None = None) -> pl.DataFrame:
    frame = pl.DataFrame({"x": values, **({"p": person} if person else {})})
    return frame.group_by(frame.columns).agg(pl.len().alias(ROWS))


def test_a_limit_given() -> None:
    frame = pl.DataFrame({"x": [1, 50, 91, 95, None], "y": list("abcde")})
    ends = find_ends(counted(frame["x"].to_list()), "x", k=2, high=90)
    assert ends.apply(frame)["x"].to_list() == [1, 50, 90, 90, None]
    assert ends.apply(frame).schema == frame.schema
    assert (ends.high_rows, ends.high_persons, ends.low) == (2, 2, None)
    with pytest.raises(BadInput, match="2 persons at or beyond the high limit, expected 3"):
        find_ends(counted(frame["x"].to_list()), "x", k=3, high=90)


def test_a_quantile_moves_inward_to_k() -> None:
    values: list[object] = [*range(100)]
    ends = find_ends(counted(values), "x", k=5, high_quantile=0.99, low_quantile=0.1)
    assert (ends.low, ends.high) == (9.0, 95.0)
    assert (ends.low_rows, ends.high_rows) == (9, 4)
    assert (ends.low_persons, ends.high_persons) == (10, 5)


def test_persons_are_counted_where_they_are_named() -> None:
    values: list[object] = [1, 2, 8, 9, 9]
    ends = find_ends(counted(values, [1, 2, 3, 4, 4]), "x", k=2, high_quantile=0.99, person="p")
    assert ends.high == 8.0
    assert ends.high_persons == 2


def test_an_ordered_column() -> None:
    order = ["none", "school", "bachelor", "master", "doctor"]
    frame = pl.DataFrame({"x": ["doctor", "master", "school", None, "none", "school"]})
    ends = find_ends(counted(frame["x"].to_list()), "x", k=2, low="school", high="master", order=order)
    assert ends.apply(frame)["x"].to_list() == ["master", "master", "school", None, "school", "school"]
    with pytest.raises(BadInput, match="not in its order"):
        find_ends(counted(frame["x"].to_list()), "x", k=2, high="phd", order=order)
    with pytest.raises(BadInput, match="1 rows hold neither"):
        find_ends(counted(["x", "none"]), "x", k=1, high="master", order=order)


def test_numbers_kept_as_text() -> None:
    frame = pl.DataFrame({"x": ["5", "100", "7"]})
    assert find_ends(counted(["5", "100", "7"]), "x", k=1, high=10).apply(frame)["x"].to_list() == [
        "5",
        "10",
        "7",
    ]


def test_bad_input() -> None:
    with pytest.raises(ColumnMissing):
        find_ends(counted([1]), "z", k=1, high=1)
    with pytest.raises(BadInput, match="between 0 and 1"):
        find_ends(counted([1]), "x", k=1, high_quantile=1.0)
    with pytest.raises(BadInput, match="not below"):
        find_ends(counted([1, 1, 1]), "x", k=1, low=1, high=1)
    with pytest.raises(BadInput, match="0 persons"):
        find_ends(counted([None]).cast({"x": pl.Int64}), "x", k=1, high_quantile=0.5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=60), st.integers(1, 6), st.floats(0.05, 0.45))
def test_at_least_k_stand_at_each_limit(values: list[int], k: int, share: float) -> None:
    frame = pl.DataFrame({"x": values})
    try:
        ends = find_ends(counted([*values]), "x", k=k, low_quantile=share, high_quantile=1 - share)
    except BadInput:
        return
    out = ends.apply(frame)["x"]
    assert (out == out.min()).sum() >= k
    assert (out == out.max()).sum() >= k
    assert (out != frame["x"]).sum() == ends.low_rows + ends.high_rows
