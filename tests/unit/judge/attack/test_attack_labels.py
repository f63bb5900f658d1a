from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from commonseal.judge.attack.codes import code_column, plain
from commonseal.judge.attack.labels import fit_labels


def fitting(
    values: list[str | None], labels: list[str | None], hierarchy: list[list[str]] | None = None
) -> set[tuple[str | None, str | None]]:
    fit = fit_labels(pl.Series(values, dtype=pl.String), pl.Series(labels, dtype=pl.String), hierarchy)
    return {
        (value, labels[label])
        for place, value in enumerate(values)
        for label in fit.label[fit.start[place] : fit.start[place + 1]]
    }


@pytest.mark.parametrize(
    ("label", "inside", "outside"),
    [
        ("34", ["34"], ["35"]),
        ("[20, 40)", ["20", "39.5"], ["19", "40"]),
        ("[20, 30[", ["20", "29"], ["30", "19.99"]),
        ("]20, 30]", ["30", "20.5"], ["20", "31"]),
        ("(20;30)", [], ["20", "30"]),
        ("[20, 30]", ["20", "30"], ["31"]),
        ("[-5, 5)", ["-5", "0"], ["5"]),
        ("[80, inf)", ["80", "120"], ["79"]),
        ("20-29", ["20", "29"], ["30"]),
        ("<20", ["19"], ["20"]),
        ("<=20", ["20"], ["21"]),
        (">=80", ["80", "99"], ["79"]),
        ("> 80", ["81"], ["80"]),
        ("80+", ["80"], ["79"]),
        ("[1930, 1940)", ["1935-03-20", "1931"], ["1940-01-01"]),
        ("[1935-01-01, 1935-06-30]", ["1935-03-20", "1935-06-30"], ["1935-07-01", "1935"]),
        ("100***", ["100123"], ["101123", "1001234", "10012"]),
        ("100*", ["1001", "100123"], ["1011"]),
        ("138****1234", ["13812341234"], ["13812341235", "139****1234"]),
        ("张*", ["张三", "张三丰"], ["李四"]),
        ("1935-03", ["1935-03-20"], ["1935-04-20", "1935"]),
        ("1935-Q1", ["1935-03-20"], ["1935-04-20"]),
        ("1935", ["1935-03-20", "1935"], ["1936-03-20"]),
        ("1930s", ["1935-03-20"], ["1940-01-01"]),
        ("2026-01-01", ["2026-01-01T08:30:00"], ["2026-01-02T08:30:00"]),
        ("2026-01-01 08", ["2026-01-01T08:30:00"], ["2026-01-01T09:30:00"]),
        ("2026-01-01T08:30", ["2026-01-01T08:30:00"], ["2026-01-01T08:31:00"]),
        ("{a, b}", ["a", "b"], ["c", "{a, b}x"]),
        ("浙江省", ["浙江省杭州市"], ["江苏省南京市"]),
    ],
)
def test_a_label_holds_its_values_and_no_others(label: str, inside: list[str], outside: list[str]) -> None:
    assert fitting([*inside, *outside], [label]) == {(value, label) for value in inside}


def test_what_is_hidden_and_what_is_unknown_rule_nobody_out() -> None:
    assert fitting(["34", None], ["34", "35", "*", "***", None]) == {
        ("34", "34"),
        ("34", "*"),
        ("34", "***"),
        ("34", None),
        *((None, label) for label in ("34", "35", "*", "***", None)),
    }


def test_a_hierarchy_decides_where_it_knows_value_and_label() -> None:
    rows = [["30", "[20, 30]", "low"], ["31", "[30, 40[", "high"]]
    labels: list[str | None] = ["[20, 30]", "[30, 40[", "low", "high", "[25, 35[", "*"]
    assert fitting(["30", "32"], labels, rows) == {
        ("30", "[20, 30]"),
        ("30", "low"),
        ("30", "[25, 35["),
        ("30", "*"),
        ("32", "[30, 40["),
        ("32", "[25, 35["),
        ("32", "*"),
    }


def test_both_tables_are_read_in_one_form() -> None:
    assert plain(pl.Series([34.0, 2.5, float("nan"), None])).to_list() == ["34", "2.5", None, None]
    assert plain(pl.Series([" 34 ", "34.0", "034", "", None])).to_list() == ["34", "34", "034", None, None]
    assert plain(pl.Series([date(1935, 3, 20)])).to_list() == ["1935-03-20"]
    assert plain(pl.Series(["2026-01-01 08:30:00", "2026-01-01T00:00:00"])).to_list() == [
        "2026-01-01T08:30:00",
        "2026-01-01",
    ]
    assert plain(pl.Series([True])).to_list() == ["true"]


def test_codes_are_of_the_plain_form() -> None:
    coded = code_column(pl.Series(["34", "34.0", None, "", "a"]))
    assert [coded.texts.to_list()[place] for place in coded.of] == ["34", "34", None, None, "a"]
    assert len(coded.texts) == 3
