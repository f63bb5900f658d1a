"""Each builder's labels, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from commonseal.anonymize.builders import (
    Builder,
    Dates,
    Divisions,
    Frequency,
    Intervals,
    Order,
    Prefixes,
    build,
    build_hierarchy,
    read_recipe,
)
from commonseal.errors import BadHierarchy, BadInput
from commonseal.table.divisions import divisions


def rows_of(builder: Builder, *values: str, apart: tuple[str, ...] = ()) -> dict[str, list[str]]:
    hierarchy = build("col", builder, dict.fromkeys(values, 1), apart=apart)
    return {row[0]: row[1:] for row in hierarchy.rows()}


def test_intervals_of_one_width_with_open_ends() -> None:
    ages = Intervals(width=Decimal(5), bottom=Decimal(20), top=Decimal(88), fan_outs=(2, 5))
    assert rows_of(ages, "19", "20", "45", "86", "87.5", "88") == {
        "19": ["<20", "<20", "<20", "*"],
        "20": ["[20, 25)", "[20, 30)", "[20, 70)", "*"],
        "45": ["[45, 50)", "[40, 50)", "[20, 70)", "*"],
        "86": ["[85, 88)", "[80, 88)", "[70, 88)", "*"],
        "87.5": ["[85, 88)", "[80, 88)", "[70, 88)", "*"],
        "88": [">=88", ">=88", ">=88", "*"],
    }


def test_intervals_between_bounds_join_by_stated_sizes() -> None:
    bounds = tuple(map(Decimal, (0, 18, 35, 60)))
    assert rows_of(Intervals(bounds=bounds, fan_outs=((1, 2),)), "-1", "17", "18", "59", "60") == {
        "-1": ["<0", "<0", "*"],
        "17": ["[0, 18)", "[0, 18)", "*"],
        "18": ["[18, 35)", "[18, 60)", "*"],
        "59": ["[35, 60)", "[18, 60)", "*"],
        "60": [">=60", ">=60", "*"],
    }


def test_intervals_are_exact_where_floating_point_is_not() -> None:
    tenths = Intervals(width=Decimal("0.1"))
    assert rows_of(tenths, "0.3", "-0.05", "1234567.25") == {
        "-0.05": ["[-0.1, 0)", "*"],
        "0.3": ["[0.3, 0.4)", "*"],
        "1234567.25": ["[1234567.2, 1234567.3)", "*"],
    }


def test_a_value_that_is_no_number_is_counted_and_never_named() -> None:
    with pytest.raises(BadInput, match="2 distinct values cannot be read") as caught:
        rows_of(Intervals(width=Decimal(5)), "1", "secret", "NaN")
    assert "secret" not in caught.value.message.en + caught.value.message.zh
    assert rows_of(Intervals(width=Decimal(5)), "1", "?", apart=("?",))["?"] == ["?", "*"]


@pytest.mark.parametrize(
    ("builder", "words"),
    [
        (lambda: Intervals(), "either width or bounds"),
        (lambda: Intervals(width=Decimal(1), bounds=(Decimal(1),)), "either width or bounds"),
        (lambda: Intervals(width=Decimal(0)), "more than 0"),
        (lambda: Intervals(bounds=(Decimal(2), Decimal(1))), "ascending"),
        (lambda: Intervals(bounds=(Decimal(1),), top=Decimal(3)), "leave bottom, top and origin out"),
        (lambda: Intervals(width=Decimal(1), bottom=Decimal(3), top=Decimal(3)), "less than top"),
        (lambda: Intervals(width=Decimal(1), fan_outs=((1, 2),)), "needs bounds"),
        (lambda: Intervals(width=Decimal(1), fan_outs=(1,)), "2 or more"),
        (lambda: Prefixes((2, 2)), "descending"),
        (lambda: Prefixes((0,)), "descending"),
        (lambda: Dates(("year", "month")), "in this order"),
        (lambda: Divisions(("province", "city")), "in this order"),
        (lambda: Order(("a", "a"), ()), "each category once"),
        (lambda: Order(("a", "b"), ((1,),)), "add up to 1, expected 2"),
        (lambda: Order(("a", "b", "a – b"), (2,)), "bear one name"),
        (lambda: Order(("a", "b"), (2,), (("x", "y"),)), "expected 1 lists with 1 names"),
        (lambda: Frequency(), "either rows or shares"),
        (lambda: Frequency(rows=(5, 5)), "ascending"),
        (lambda: Frequency(shares=(0.5, 1.5)), "at most 1"),
    ],
)
def test_what_contradicts_itself_is_refused(builder: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        builder()
    assert caught.value.message.zh != caught.value.message.en


def test_prefixes_from_either_end() -> None:
    assert rows_of(Prefixes(), "1000", "12") == {
        "1000": ["100*", "10**", "1***", "*"],
        "12": ["12", "12", "1*", "*"],
    }
    assert rows_of(Prefixes((4, 2), end="right"), "100080")["100080"] == ["**0080", "****80", "*"]


def test_dates_in_many_forms_at_the_levels_named() -> None:
    found = rows_of(
        Dates(("second", "hour", "day", "quarter", "decade")),
        "2026-03-02 14:05:09",
        "2026年3月2日",
        "19800501",
        "1980-11",
    )
    assert found["2026-03-02 14:05:09"] == [
        "2026-03-02 14:05:09", "2026-03-02 14", "2026-03-02", "2026-Q1", "2020s", "*"
    ]  # fmt: skip
    assert found["2026年3月2日"] == ["2026-03-02", "2026-03-02", "2026-03-02", "2026-Q1", "2020s", "*"]
    assert found["19800501"][2] == "1980-05-01"
    assert found["1980-11"] == ["1980-11", "1980-11", "1980-11", "1980-Q4", "1980s", "*"]
    with pytest.raises(BadInput, match="3 distinct values"):
        rows_of(Dates(), "2026-02-30", "2026-13-01", "25:00")


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        ("320106", ["江苏省南京市鼓楼区", "江苏省南京市", "江苏省"]),
        ("320106001", ["江苏省南京市鼓楼区", "江苏省南京市", "江苏省"]),
        ("3201", ["江苏省南京市", "江苏省南京市", "江苏省"]),
        ("110105", ["北京市朝阳区", "北京市", "北京市"]),
        ("429004", ["湖北省仙桃市", "湖北省仙桃市", "湖北省"]),
        ("110103", ["北京市崇文区", "北京市", "北京市"]),  # revoked in 2010
        ("320199", ["江苏省南京市 320199", "江苏省南京市", "江苏省"]),  # not in the table
        ("810000", ["香港特别行政区"] * 3),
        ("江苏省南京市鼓楼区", ["江苏省南京市鼓楼区", "江苏省南京市", "江苏省"]),
        ("北京市 海淀区", ["北京市海淀区", "北京市", "北京市"]),
        ("内蒙古", ["内蒙古自治区"] * 3),
    ],
)
def test_divisions_of_codes_and_names(value: str, labels: list[str]) -> None:
    assert rows_of(Divisions(), value)[value] == [*labels, "*"]


def test_a_name_that_many_divisions_bear_is_not_guessed() -> None:
    for name in ("朝阳区", "鼓楼区", "Atlantis", "990101"):
        with pytest.raises(BadInput, match="only one division bears"):
            rows_of(Divisions(), name)


def test_every_code_of_then_and_now_has_its_place() -> None:
    codes = {division.code: 1 for division in divisions()}
    hierarchy = build("district", Divisions(), codes)
    assert len(hierarchy.labels[0]) == len(codes)
    assert len(hierarchy.labels[3]) == 34


def test_ordered_categories_join_their_neighbours() -> None:
    assert rows_of(Order(tuple("abcde"), (2, 2))) == {
        "a": ["a – b", "a – d", "*"],
        "b": ["a – b", "a – d", "*"],
        "c": ["c – d", "a – d", "*"],
        "d": ["c – d", "a – d", "*"],
        "e": ["e", "e", "*"],
    }
    named = Order(("primary", "middle", "degree"), ((2, 1),), (("school", "degree"),))
    assert [row[0] for row in rows_of(named).values()] == ["school", "school", "degree"]
    with pytest.raises(BadInput, match="1 distinct values"):
        rows_of(named, "doctorate")


def test_rare_values_join_until_they_are_enough() -> None:
    counts = {"a": 100, "b": 4, "c": 3, "d": 1, "e": 6}
    hierarchy = build("col", Frequency(rows=(5, 20)), counts)
    assert hierarchy.label_of(1) == {"a": "a", "e": "e", "b": "b +2", "c": "b +2", "d": "b +2"}
    assert set(hierarchy.label_of(2).values()) == {"a +4"}
    shares = build("col", Frequency(shares=(0.06,)), counts)
    assert shares.label_of(1)["e"] == "e +3"


def test_nulls_and_what_stands_apart_reach_the_top_alone() -> None:
    found = rows_of(Intervals(width=Decimal(5)), "1", "", "?", apart=("?",))
    assert list(found) == ["1", "?", ""]
    assert found[""] == ["", "*"]
    with pytest.raises(BadInput, match="also the label of a group"):
        rows_of(Order(("a", "b"), (2,)), "a – b", apart=("a – b",))


def test_a_recipe_states_its_values_or_takes_the_table_s() -> None:
    stated = read_recipe("age", {"kind": "intervals", "width": 5, "range": [0, 9], "nulls": True})
    assert not stated.needs_table
    assert len(stated.build({"77": 3}).rows()) == 11
    days = read_recipe("day", {"kind": "dates", "range": ["2026-02-27", "2026-03-01"]})
    assert [row[0] for row in days.build({}).rows()] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert read_recipe("age", {"kind": "intervals", "width": 5}).needs_table
    for wrong in ([9, 0], [0, 10**7], ["a", "b"]):
        with pytest.raises(BadInput, match="range"):
            read_recipe("age", {"kind": "intervals", "width": 5, "range": wrong})


def test_the_guess_keeps_long_numbers_apart_and_equal_ones_together() -> None:
    long = build_hierarchy("col", [str(1_234_560 + 3 * step) for step in range(10)])
    assert long.rows()[0][1] == "[1234560, 1234562)"
    equal = build_hierarchy("col", ["1", "1.0", "1.00", "1.000", "1.0000", "1.00000"])
    assert equal.height == 2


def test_a_hierarchy_with_two_parents_cannot_be_built() -> None:
    class Wrong:
        expects = Order(("a",), ()).expects

        def steps(self, counts: dict[str, int]) -> dict[str, list[str]]:
            return {"a": ["x", "y"], "b": ["x", "z"]}

    with pytest.raises(BadHierarchy, match="goes up to"):
        build("col", Wrong(), {"a": 1, "b": 1})  # type: ignore[arg-type]
