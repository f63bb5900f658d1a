"""Multidimensional partitioning: intervals, labels, and tables that are wide."""

from __future__ import annotations

import resource

import numpy as np
import polars as pl
import pytest

from commonseal.anonymize import compress, hierarchy_from_rows
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import KAnonymity
from commonseal.anonymize.recode.mondrian import partition
from commonseal.errors import BadInput
from commonseal.table import ROWS

AGE = hierarchy_from_rows(
    "age", [["", "", "*"], *([str(a), f"{a // 10 * 10}s", "*"] for a in range(20, 40))], ""
)
TOWN = hierarchy_from_rows(
    "town", [["A1", "A", "*"], ["B1", "B", "*"], ["A2", "A", "*"], ["B2", "B", "*"]], ""
)


def compressed(frame: pl.DataFrame) -> tuple[Tuples, Units]:
    made = {h.column: h for h in (AGE, TOWN) if h.column in frame.columns}
    return compress(frame.group_by(list(made)).agg(pl.len().alias(ROWS)).sort(list(made)), list(made), made)


def test_numbers_become_intervals_cut_at_the_median() -> None:
    frame = pl.DataFrame({"age": [20, 22, 30, 39, 35, 21]})
    made = partition(*compressed(frame), [KAnonymity(3)])
    assert made.apply(frame)["age"].to_list() == ["[20, 22]", "[20, 22]", *["[30, 39]"] * 3, "[20, 22]"]
    assert made.lost.granularity == pytest.approx(1 - ((3 / 21 + 10 / 21) / 2 - 1 / 21) / (1 - 1 / 21))


def test_labels_are_cut_where_they_part_highest() -> None:
    frame = pl.DataFrame({"town": ["A1", "B1", "A2", "B2", "A1"]})
    assert partition(*compressed(frame), [KAnonymity(2)]).apply(frame)["town"].to_list() == [
        "A",
        "B",
        "A",
        "B",
        "A",
    ]


def test_numbers_may_keep_their_hierarchy() -> None:
    frame = pl.DataFrame({"age": [20, 22, 30, 39]})
    out = partition(*compressed(frame), [KAnonymity(2)], numeric=[]).apply(frame)
    assert out["age"].to_list() == ["20s", "20s", "30s", "30s"]


def test_a_null_never_stands_in_an_interval() -> None:
    frame = pl.DataFrame({"age": [None, 20, 25, 25]}, schema={"age": pl.Int64})
    assert partition(*compressed(frame), [KAnonymity(2)]).apply(frame)["age"].to_list() == [
        "*",
        "*",
        "25",
        "25",
    ]
    frame = pl.DataFrame({"age": [None, None, 25, 25]}, schema={"age": pl.Int64})
    assert partition(*compressed(frame), [KAnonymity(2)]).apply(frame)["age"].equals(frame["age"])


def test_what_cannot_hold_is_refused() -> None:
    frame = pl.DataFrame({"town": ["A1", "B1"]})
    with pytest.raises(BadInput, match="2 rows as one class"):
        partition(*compressed(frame), [KAnonymity(3)])
    with pytest.raises(BadInput, match="'town' is named numeric"):
        partition(*compressed(frame), [KAnonymity(2)], numeric=["town"])


def test_one_value_only() -> None:
    frame = pl.DataFrame({"town": ["A1"] * 5})
    made = partition(*compressed(frame), [KAnonymity(2)])
    assert made.apply(frame).equals(frame)
    assert made.lost.granularity == 1.0


@pytest.mark.slow
def test_forty_columns_stay_small() -> None:
    rows, random = 300_000, np.random.default_rng(7)
    spans = [100, 12, 5, 60, 2, 30, 200, 8] * 5
    made = tuple(
        hierarchy_from_rows(f"c{place}", [[str(v), f"{v // 10}x", "*"] for v in range(span)], "")
        for place, span in enumerate(spans)
    )
    codes = np.stack([random.integers(0, span, rows).astype(np.uint8) for span in spans])
    tuples = Tuples(codes, np.ones(rows, dtype=np.int64), made)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    boxes = partition(tuples, Units(np.arange(rows), tuples.rows), [KAnonymity(5)])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600 * 1024  # KiB
    batch = pl.DataFrame(
        {h.column: pl.Series(h.labels[0]).gather(c[:50_000]) for h, c in zip(made, codes, strict=True)}
    )
    assert boxes.apply(batch).height == 50_000
    assert np.bincount(boxes.tree.of).min() >= 5
