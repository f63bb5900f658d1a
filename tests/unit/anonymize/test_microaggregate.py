"""Microaggregation against brute force and worked examples."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import compress, hierarchy_from_rows
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import KAnonymity
from commonseal.anonymize.recode.microaggregate import microaggregate
from commonseal.errors import BadInput, ColumnMissing
from commonseal.table import ROWS

TOWN = [["A", "*"], ["B", "*"]]


def compressed(frame: pl.DataFrame, quasi: list[str]) -> tuple[Tuples, Units]:
    made = {}
    for column in quasi:
        values = sorted({str(v) if v is not None else "" for v in frame[column]})
        made[column] = hierarchy_from_rows(
            column, TOWN if column == "town" else [[v, "*"] for v in values], ""
        )
    return compress(frame.group_by(quasi).agg(pl.len().alias(ROWS)).sort(quasi), quasi, made)


def test_two_clusters() -> None:
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0, 101.0, 102.0, 103.0], "y": [5, 5, 5, 9, 9, 9]})
    for method in ("mdav", "fixed"):
        made = microaggregate(*compressed(frame, ["x", "y"]), [KAnonymity(3)], ["x", "y"], method=method)
        assert made.apply(frame)["x"].to_list() == [2.0] * 3 + [102.0] * 3
        assert made.lost.classes == 2
        assert made.lost.sse_sst == pytest.approx((4 / 15004) / 2)


def test_the_median_and_the_mean() -> None:
    frame = pl.DataFrame({"x": [1, 1, 10]})
    tuples, units = compressed(frame, ["x"])
    assert microaggregate(tuples, units, [KAnonymity(3)], ["x"]).apply(frame)["x"].to_list() == [4.0] * 3
    assert (
        microaggregate(tuples, units, [KAnonymity(3)], ["x"], by="median").apply(frame)["x"].to_list()
        == [1.0] * 3
    )
    even = pl.DataFrame({"x": [1, 2, 5, 9]})
    made = microaggregate(*compressed(even, ["x"]), [KAnonymity(4)], ["x"], by="median")
    assert made.apply(even)["x"].to_list() == [3.5] * 4


def test_groups_stay_within_classes_of_other_columns() -> None:
    frame = pl.DataFrame({"town": ["A", "A", "B", "B"], "x": [1, 3, 1, 9]})
    tuples, units = compressed(frame, ["town", "x"])
    out = microaggregate(tuples, units, [KAnonymity(2)], ["x"]).apply(frame)
    assert out["x"].to_list() == [2.0, 2.0, 5.0, 5.0]
    assert out["town"].equals(frame["town"])
    out = microaggregate(tuples, units, [KAnonymity(2)], ["x"], levels=[1, 0]).apply(frame)
    assert out["town"].to_list() == ["*"] * 4


def test_a_null_stays_null() -> None:
    frame = pl.DataFrame({"x": [1, 3, None, None]})
    made = microaggregate(*compressed(frame, ["x"]), [KAnonymity(2)], ["x"])
    assert made.apply(frame)["x"].to_list() == [2.0, 2.0, None, None]
    alone = pl.DataFrame({"x": [1, 3, None]})
    with pytest.raises(BadInput, match="1 of 3 rows stand in classes"):
        microaggregate(*compressed(alone, ["x"]), [KAnonymity(2)], ["x"])
    left = microaggregate(*compressed(alone, ["x"]), [KAnonymity(2)], ["x"], suppressed_max=1)
    assert left.apply(alone)["x"].to_list() == [2.0, 2.0]


def test_what_is_no_number_is_refused() -> None:
    frame = pl.DataFrame({"town": ["A", "B"], "x": [1, 2]})
    tuples, units = compressed(frame, ["town", "x"])
    with pytest.raises(BadInput, match="'town' holds what is no finite number"):
        microaggregate(tuples, units, [KAnonymity(2)], ["town"])
    with pytest.raises(ColumnMissing, match="no quasi-identifiers z"):
        microaggregate(tuples, units, [KAnonymity(2)], ["z"])
    with pytest.raises(BadInput, match="'optimal' groups one column"):
        microaggregate(
            *compressed(frame.with_columns(y=pl.col("x")), ["x", "y"]),
            [KAnonymity(2)],
            ["x", "y"],
            method="optimal",
        )


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(st.integers(0, 30), min_size=1, max_size=9), k=st.integers(1, 4))
def test_optimal_is_what_brute_force_finds(numbers: list[int], k: int) -> None:
    frame = pl.DataFrame({"x": numbers})
    if len(numbers) < k:
        return
    made = microaggregate(*compressed(frame, ["x"]), [KAnonymity(k)], ["x"], method="optimal")
    out = made.apply(frame)["x"].to_numpy()
    # equal numbers are treated alike, so the cuts lie between distinct numbers
    distinct = sorted(set(numbers))
    errors = []
    for cuts in itertools.chain.from_iterable(
        itertools.combinations(range(1, len(distinct)), n) for n in range(len(distinct))
    ):
        groups = np.split(np.array(distinct), cuts)
        rows = [np.array([v for v in numbers if v in set(group)]) for group in groups]
        if all(len(row) >= k for row in rows):
            errors.append(sum(float(((row - row.mean()) ** 2).sum()) for row in rows))
    assert float(((out - np.array(numbers)) ** 2).sum()) == pytest.approx(min(errors), abs=1e-6)


def test_mdav_loses_less_than_runs_along_one_axis() -> None:
    random = np.random.default_rng(3)
    frame = pl.DataFrame({"x": random.normal(size=600).round(3), "y": random.normal(size=600).round(3)})
    tuples, units = compressed(frame, ["x", "y"])
    lost = {
        method: microaggregate(tuples, units, [KAnonymity(5)], ["x", "y"], method=method).lost
        for method in ("mdav", "fixed")
    }
    assert (lost["mdav"].sse_sst or 1) < 0.05 < (lost["fixed"].sse_sst or 0)
    assert lost["mdav"].classes <= 120
