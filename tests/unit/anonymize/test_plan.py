from __future__ import annotations

import polars as pl
import pytest

from commonseal.anonymize import (
    Asked,
    Plan,
    build_hierarchy,
    compress,
    compress_batches,
    decide,
    hierarchy_from_rows,
)
from commonseal.errors import BadHierarchy, BadInput, ColumnMissing
from commonseal.table import ROWS


def counted(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return frame.group_by(by).agg(pl.len().alias(ROWS)).sort(by)


def planned(frame: pl.DataFrame, quasi: list[str], asked: Asked, **more: str) -> Plan:
    hierarchies = {
        column: build_hierarchy(column, frame[column].cast(pl.String).unique().to_list()) for column in quasi
    }
    tuples, units = compress(counted(frame, [*quasi, *more.values()]), quasi, hierarchies, **more)
    return decide(tuples, units, asked, sensitive=more.get("sensitive"))


def test_a_class_of_one_person_s_many_rows_is_not_a_crowd() -> None:
    frame = pl.DataFrame({"place": ["a"] * 6 + ["b"] * 5, "who": ["p1"] * 6 + ["p2", "p3", "p4", "p5", "p6"]})
    by_rows = planned(frame, ["place"], Asked(k=5, suppression_rate_max=0.6))
    assert by_rows.suppressed_rows == 0
    by_persons = planned(frame, ["place"], Asked(k=5, suppression_rate_max=0.6), person="who")
    assert by_persons.levels == (0,)
    assert by_persons.suppressed_rows == 6
    assert by_persons.apply(frame)["place"].unique().to_list() == ["b"]


def test_a_person_in_two_tuples_of_one_class_counts_once() -> None:
    frame = pl.DataFrame({"place": ["a1", "a2", "a1", "a2", "b1"], "who": ["p", "p", "p", "p", "q"]})
    hierarchy = hierarchy_from_rows("place", [["a1", "a", "*"], ["a2", "a", "*"], ["b1", "b", "*"]], "")
    tuples, units = compress(counted(frame, ["place", "who"]), ["place"], {"place": hierarchy}, person="who")
    plan = decide(tuples, units, Asked(k=2))
    assert plan.levels == (2,)  # only all together are there two persons


def test_l_counts_distinct_values_of_distinct_persons() -> None:
    frame = pl.DataFrame({"q": ["a"] * 4 + ["b"] * 4, "s": ["x", "x", "x", "x", "x", "y", "x", "y"]})
    plan = planned(frame, ["q"], Asked(k=2, l=2, suppression_rate_max=0.5), sensitive="s")
    assert plan.suppressed_rows == 4
    assert plan.apply(frame)["q"].to_list() == ["b"] * 4


def test_nothing_passes_says_so() -> None:
    frame = pl.DataFrame({"q": ["a", "b", "c"]})
    with pytest.raises(BadInput, match="no levels keep k_anonymity\\(k=5\\)"):
        planned(frame, ["q"], Asked(k=5))


def test_a_null_is_a_value_of_its_own_and_stays_null() -> None:
    frame = pl.DataFrame({"q": [None, None, "a", "a"], "n": [1, 2, 3, 4]})
    plan = planned(frame, ["q"], Asked(k=2))
    assert plan.levels == (0,)
    assert plan.apply(frame).equals(frame)


def test_a_value_without_a_row_is_told_without_naming_it() -> None:
    frame = pl.DataFrame({"q": ["secret", "a", None]})
    hierarchy = hierarchy_from_rows("q", [["a", "*"]], "")
    with pytest.raises(BadHierarchy) as caught:
        compress(counted(frame, ["q"]), ["q"], {"q": hierarchy})
    assert "column 'q': 2 values" in caught.value.message.en
    assert "secret" not in caught.value.message.en + caught.value.message.zh


def test_a_missing_column_is_told() -> None:
    with pytest.raises(ColumnMissing, match="'other'"):
        compress(counted(pl.DataFrame({"q": ["a"]}), ["q"]), ["q"], {}, person="other")


def test_typed_columns_keep_their_type_at_level_zero() -> None:
    frame = pl.DataFrame({"age": [30, 30, 31, 31], "sex": ["f", "f", "m", "m"]})
    plan = planned(frame, ["age", "sex"], Asked(k=2))
    assert plan.apply(frame).equals(frame)


def test_keys_wider_than_64_bits_suppress_the_right_rows() -> None:
    quasi = [f"q{number}" for number in range(24)]
    wide = pl.DataFrame({name: [str(i % 7) for i in range(14)] + ["7"] for name in quasi})
    hierarchies = {name: hierarchy_from_rows(name, [[str(v)] for v in range(8)], "") for name in quasi}
    tuples, units = compress(counted(wide, quasi), quasi, hierarchies)
    plan = decide(tuples, units, Asked(k=2, suppression_rate_max=0.1))
    assert plan.nodes_total == 1
    assert plan.suppressed_rows == 1
    assert plan.apply(wide).height == 14


def test_rows_of_a_wide_table_need_no_counting() -> None:
    quasi = ["q", "r"]
    frame = pl.DataFrame({"q": ["a", "b", "a", None], "r": [1, 2, 1, 3]})
    hierarchies = {
        "q": hierarchy_from_rows("q", [["a", "*"], ["b", "*"], ["", "*"]], ""),
        "r": hierarchy_from_rows("r", [["1", "*"], ["2", "*"], ["3", "*"]], ""),
    }
    tuples, units = compress_batches([frame[:3], frame[3:]], 4, quasi, hierarchies)
    assert tuples.codes.tolist() == [[0, 1, 0, 2], [0, 1, 0, 2]]
    by_rows = decide(tuples, units, Asked(k=2, suppression_rate_max=0.5))
    by_tuples = decide(
        *compress(counted(frame, quasi), quasi, hierarchies), Asked(k=2, suppression_rate_max=0.5)
    )
    assert (
        (by_rows.levels, by_rows.suppressed_rows)
        == (by_tuples.levels, by_tuples.suppressed_rows)
        == ((0, 0), 2)
    )
    assert by_rows.apply(frame).equals(by_tuples.apply(frame))
    with pytest.raises(BadHierarchy, match="1 values"):
        compress_batches([frame, pl.DataFrame({"q": ["x"], "r": [1]})], 5, quasi, hierarchies)
