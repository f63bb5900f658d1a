"""What only the whole column or the whole table shows: minors, mixtures, pairs, tracks, leftovers."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from datetime import date

import polars as pl
import pytest
from classify_samples import BY_VALUE, column, resident_id

from commonseal.classify import classify
from commonseal.model import Column, Level


def by_name(frame: pl.DataFrame) -> dict[str, Column]:
    return {c.name: c for c in classify(frame, as_of=date(2026, 6, 1))}


@pytest.mark.parametrize(
    ("name", "child", "adult"),
    [
        ("age", "13", "14"),
        ("年龄", "13岁", "14岁"),
        ("出生日期", "2012-06-01", "2012-05-31"),
        ("出生日期", "20120601", "20120531"),
        ("出生日期", "2012年6月1日", "2012年5月31日"),
    ],
)
def test_minors_under_fourteen_are_told(name: str, child: str, adult: str) -> None:
    adults = [adult] * 30
    assert "minor_under_14" not in by_name(pl.DataFrame({name: adults}))[name].evidence.others
    assert "minor_under_14" in by_name(pl.DataFrame({name: [*adults, child]}))[name].evidence.others


def test_minors_are_told_from_identity_numbers() -> None:
    r = random.Random(2)
    adults = [resident_id(r, 1960, 1999) for _ in range(40)]
    children = [resident_id(r, 2013, 2020)]
    assert by_name(pl.DataFrame({"c": adults}))["c"].evidence.others == ()
    assert by_name(pl.DataFrame({"c": adults + children}))["c"].evidence.others == ("minor_under_14",)


def test_a_column_of_certificates_names_the_main_kind_and_lists_the_others() -> None:
    kinds = ("resident_id", "passport", "home_return_permit")
    values = [v for kind in kinds for v in column(BY_VALUE[kind][0], 60)]
    found = by_name(pl.DataFrame({"证件号码": values}))["证件号码"]
    assert found.category.level == Level.HIGHLY_PRIVATE
    assert {found.category.id, *found.evidence.others} >= set(kinds)


def test_a_few_identity_numbers_make_a_column_of_codes_highly_private() -> None:
    values = ["A", "B", "C"] * 100 + column(resident_id, 10)
    assert by_name(pl.DataFrame({"c": values}))["c"].category.id == "resident_id"


def test_longitude_and_latitude_side_by_side_need_no_name() -> None:
    r = random.Random(5)
    east = [f"{r.uniform(115, 117):.6f}" for _ in range(60)]
    north = [f"{r.uniform(39, 41):.6f}" for _ in range(60)]
    pair = by_name(pl.DataFrame({"a": east, "b": north}))
    assert (pair["a"].category.id, pair["b"].category.id) == ("longitude", "latitude")
    assert not pair["a"].evidence.name_match
    assert by_name(pl.DataFrame({"a": east}))["a"].category.id == "quantity"


def test_person_place_and_time_together_are_a_track() -> None:
    track = pl.DataFrame(
        {
            "姓名": column(BY_VALUE["person_name"][0]),
            "坐标": column(BY_VALUE["coordinates"][0]),
            "时间": column(BY_VALUE["timestamp"][0]),
        }
    )
    found = by_name(track)
    assert found["坐标"].evidence.others == ("trajectory",)
    assert found["时间"].evidence.others == ("trajectory",)
    assert found["姓名"].evidence.others == ()
    for missing in track.columns:
        assert all("trajectory" not in c.evidence.others for c in by_name(track.drop(missing)).values())


def test_plates_at_checkpoints_are_a_track_and_a_home_address_is_none() -> None:
    when = column(BY_VALUE["timestamp"][0])
    gates = pl.DataFrame({"车牌": column(BY_VALUE["plate"][0]), "卡口": ["K1", "K2"] * 100, "时间": when})
    assert "trajectory" in by_name(gates)["卡口"].evidence.others
    home = pl.DataFrame(
        {
            "姓名": column(BY_VALUE["person_name"][0]),
            "家庭住址": column(BY_VALUE["address"][0]),
            "录入时间": when,
        }
    )
    assert by_name(home)["录入时间"].evidence.others == ()


@pytest.mark.parametrize(
    ("values", "category"),
    [
        (["0", "1"] * 40, "flag"),
        (["是", "否"] * 40, "flag"),
        ([f"{i * 37 % 101 / 7:.2f}" for i in range(200)], "quantity"),
        (["red", "green", "blue"] * 40, "code"),
        (["苹果", "香蕉", "黄瓜", "高粱"] * 40, "code"),  # two of four begin with a surname
        ([f"k{i}z" for i in range(40)], "unknown"),
        (["1,234.50", "99", "-3"] * 30, "quantity"),
    ],
)
def test_leftovers(values: list[str], category: str) -> None:
    assert by_name(pl.DataFrame({"c": values}))["c"].category.id == category


def test_no_value_of_the_table_appears_in_what_is_returned() -> None:
    frame = pl.DataFrame({f"{i}": column(maker, 60) for i, (maker, _) in enumerate(BY_VALUE.values())})
    told = json.dumps([asdict(c) for c in classify(frame)], ensure_ascii=False, default=str)
    values = {v for name in frame.columns for v in frame[name].unique() if len(v) >= 4}
    titles = json.dumps([asdict(c.category) for c in classify(frame)], ensure_ascii=False)
    assert len(values) > 1000
    assert [v for v in values if v in told.replace(titles, "") and v not in titles] == []
