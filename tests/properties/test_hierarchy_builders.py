"""Whatever is built is nested, covers its values, has one top, and is read back as it was written."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import Hierarchy, read_hierarchy, write_hierarchy
from commonseal.anonymize.builders import (
    DIVISION_LEVELS,
    UNITS,
    Builder,
    Dates,
    Divisions,
    Frequency,
    Intervals,
    Order,
    Prefixes,
    build,
)
from commonseal.anonymize.builders.intervals import as_number
from commonseal.table.divisions import divisions

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), min_size=1, max_size=12)
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.decimals(-1000, 1000, places=3).map(lambda number: f"{number:f}"),
)
CODES = sorted({division.code for division in divisions()})
some_rows = st.integers(1, 500)


def ascending(values: st.SearchStrategy[int], size: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(values, min_size=1, max_size=size, unique=True).map(lambda found: tuple(sorted(found)))


def counted(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(values, some_rows, min_size=1, max_size=40)


@st.composite
def widths(draw: st.DrawFn) -> tuple[Builder, dict[str, int]]:
    ends = sorted(draw(st.lists(st.integers(-500, 500), min_size=2, max_size=2, unique=True)))
    builder = Intervals(
        width=Decimal(draw(st.sampled_from(["0.1", "0.3", "1", "5", "7", "1000"]))),
        bottom=draw(st.sampled_from([None, Decimal(ends[0])])),
        top=draw(st.sampled_from([None, Decimal(ends[1])])),
        fan_outs=tuple(draw(st.lists(st.integers(2, 5), max_size=3))),
    )
    return builder, draw(counted(NUMBERS))


@st.composite
def bounded(draw: st.DrawFn) -> tuple[Builder, dict[str, int]]:
    bounds = tuple(map(Decimal, draw(ascending(st.integers(-500, 500), 8))))
    return Intervals(bounds=bounds, fan_outs=tuple(draw(st.lists(st.integers(2, 3), max_size=2)))), draw(
        counted(NUMBERS)
    )


@st.composite
def recipes(draw: st.DrawFn) -> tuple[Builder, dict[str, int]]:
    """Any builder with values that it can read."""
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return draw(widths())
    if kind == 1:
        return draw(bounded())
    if kind == 2:
        keep = draw(ascending(st.integers(1, 12)))[::-1]
        return Prefixes(draw(st.sampled_from([(), keep])), draw(st.sampled_from(["left", "right"]))), draw(
            counted(TEXT)
        )
    if kind == 3:
        levels = tuple(UNITS[place] for place in draw(ascending(st.integers(0, len(UNITS) - 1), 8)))
        stamps = st.one_of(
            st.dates().map(str),
            st.datetimes().map(lambda at: str(at)[:19]),
            st.sampled_from(["1980", "1980-05"]),
        )
        return Dates(levels), draw(counted(stamps))
    if kind == 4:
        levels = tuple(DIVISION_LEVELS[place] for place in draw(ascending(st.integers(0, 2), 3)))
        return Divisions(levels), draw(counted(st.sampled_from(CODES)))
    if kind == 5:
        order = tuple(draw(st.lists(st.integers(0, 99).map(str), min_size=1, max_size=20, unique=True)))
        return Order(order, tuple(draw(st.lists(st.integers(2, 4), max_size=3)))), dict.fromkeys(order, 1)
    return Frequency(rows=draw(ascending(st.integers(1, 2000)))), draw(
        counted(TEXT.filter(lambda text: " +" not in text))
    )


@settings(max_examples=300, deadline=None)
@given(recipes(), st.booleans())
def test_what_is_built_is_a_hierarchy(drawn: tuple[Builder, dict[str, int]], with_null: bool) -> None:
    builder, counts = drawn
    counts |= {"": 3} if with_null else {}
    hierarchy = build("col", builder, counts)
    rows = hierarchy.rows()
    assert {row[0] for row in rows} == set(counts)
    assert len(rows) == len(counts)
    assert hierarchy.labels[-1] == ("*",)
    for level in range(1, hierarchy.height):
        pairs = {(row[level - 1], row[level]) for row in rows}
        assert len(pairs) == len({below for below, _ in pairs})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "col.csv"
        write_hierarchy(hierarchy, path)
        again = read_hierarchy(path, "col")
    assert_same(again, hierarchy)


def assert_same(one: Hierarchy, other: Hierarchy) -> None:
    assert one.rows() == other.rows()
    assert one.labels == other.labels
    assert one.domain == other.domain
    assert all((a == b).all() for a, b in zip(one.cover, other.cover, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.one_of(widths(), bounded()))
def test_an_interval_holds_its_numbers(drawn: tuple[Builder, dict[str, int]]) -> None:
    builder, counts = drawn
    for row in build("col", builder, counts).rows():
        number = as_number(row[0])
        assert number is not None
        for label in row[1:-1]:
            if label[0] == "[":
                low, high = map(Decimal, label[1:-1].split(", "))
                assert low <= number < high
            else:
                end = Decimal(label.lstrip("<>="))
                assert number < end if label[0] == "<" else number >= end


@settings(max_examples=200, deadline=None)
@given(counted(TEXT.filter(lambda text: " +" not in text)), ascending(st.integers(1, 3000)))
def test_each_group_by_frequency_is_large_enough(counts: dict[str, int], least: tuple[int, ...]) -> None:
    hierarchy = build("col", Frequency(rows=least), counts)
    assert hierarchy.rows() == build("col", Frequency(rows=least), dict(reversed(counts.items()))).rows()
    for level, limit in enumerate(least, start=1):
        held: dict[str, int] = {}
        for value, label in hierarchy.label_of(level).items():
            held[label] = held.get(label, 0) + counts[value]
        assert min(held.values()) >= limit or len(held) == 1
