"""Columns of any type are classified by the same rules as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from classify_samples import BY_VALUE, column

from commonseal.classify import classify

MOBILES = [int(v) for v in column(BY_VALUE["mobile"][0])]


@pytest.mark.parametrize(
    ("name", "values", "category"),
    [
        ("c", pl.Series(MOBILES), "mobile"),
        ("c", pl.Series([float(m) for m in MOBILES] + [None, float("nan")]), "mobile"),
        ("c", pl.Series([Decimal(m) for m in MOBILES]), "mobile"),
        ("c", pl.Series(["男", "女"] * 20, dtype=pl.Categorical), "sex"),
        ("c", pl.Series([date(2023, 1, d) for d in range(1, 29)]), "timestamp"),
        ("出生日期", pl.Series([date(2001, 1, d) for d in range(1, 29)]), "birth_date"),
        ("c", pl.Series([date(1960 + d, 1, d) for d in range(1, 29)]), "birth_date"),
        ("c", pl.Series([datetime(2023, 1, d, 8, 30) for d in range(1, 29)]), "timestamp"),
        ("dob", pl.Series([datetime(1988, 1, d) for d in range(1, 29)]), "birth_date"),
        ("c", pl.Series([time(d, 5) for d in range(20)]), "timestamp"),
        ("c", pl.Series([timedelta(seconds=7 * d) for d in range(20)]), "quantity"),
        ("c", pl.Series([True, False, None] * 9), "flag"),
        ("c", pl.Series([0.5 * i for i in range(40)]), "quantity"),
        ("age", pl.Series(range(18, 60)), "age"),
        ("salary", pl.Series(range(3000, 90000, 500)), "income"),
        ("c", pl.Series(list(range(30, 230))), "record_id"),
        ("c", pl.Series([1, 2, 3, 4] * 30), "code"),
        ("c", pl.Series([[0.1 * i for i in range(128)]] * 5), "biometric_template"),
        (
            "c",
            pl.Series([[0.1 * i for i in range(512)]] * 5, dtype=pl.Array(pl.Float32, 512)),
            "biometric_template",
        ),
        ("位置", pl.Series([[116.397128, 39.916527]] * 5), "coordinates"),
        ("c", pl.Series([[str(m)] for m in MOBILES]), "mobile"),
        ("c", pl.Series([b"\xff\xd8\xff\xe0" + bytes(500)] * 3), "face_image"),
        ("face_feature", pl.Series([bytes(range(200))] * 3), "biometric_template"),
        ("c", pl.Series([bytes(range(200))] * 3), "unknown"),
        ("c", pl.Series([{"note": "请联系 15400001234"}] * 3), "free_text"),
        ("c", pl.Series([None, None], dtype=pl.Null), "unknown"),
        ("c", pl.Series([object(), object()], dtype=pl.Object), "unknown"),
        ("c", pl.Series([[{"a": 1}]] * 3), "unknown"),
    ],
)
def test_types(name: str, values: pl.Series, category: str) -> None:
    assert classify(pl.DataFrame({name: values}))[0].category.id == category


def test_null_rate_of_lists_is_of_rows() -> None:
    column = pl.Series([["15400001234", "15400001235", "15400001236"], None])
    assert classify(pl.DataFrame({"c": column}))[0].evidence.null_rate == 0.5


def test_order_and_names_are_kept_and_an_empty_frame_is_answered() -> None:
    frame = pl.DataFrame({"b": ["1"], "a": ["2"], "": ["3"]})
    assert [c.name for c in classify(frame)] == ["b", "a", ""]
    assert classify(pl.DataFrame()) == ()
    empty = classify(pl.DataFrame({"性别": pl.Series([], dtype=pl.String)}))[0]
    assert (empty.category.id, empty.evidence.rows) == ("sex", 0)
