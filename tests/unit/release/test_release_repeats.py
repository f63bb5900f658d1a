"""Repetition is told exactly on small tables and closely on large ones."""

from __future__ import annotations

import polars as pl
import pytest

from commonseal.release import repeats
from commonseal.release.repeats import distinct_counts, repeating
from commonseal.source import from_frame


@pytest.mark.parametrize("rows", [1, 10, 1_000, 100_000])
def test_columns_of_distinct_values_never_repeat(rows: int) -> None:
    columns = {f"c{seed}": pl.int_range(rows, eager=True) * 7919 + seed * rows for seed in range(10)}
    table = from_frame(pl.DataFrame(columns).cast(pl.String))
    assert repeating(table, list(columns)) == set()
    assert set(distinct_counts(table, list(columns)).values()) == {(rows, 1.0)}


def test_beyond_a_slice_the_share_is_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "SLICE_ROWS", 20_000)
    rows = 400_000
    frame = pl.DataFrame(
        {"once": pl.int_range(rows, eager=True), "thrice": pl.int_range(rows, eager=True) // 3}
    )
    for table in (from_frame(frame), from_frame(frame.lazy())):
        counts = distinct_counts(table, ["once", "thrice"])
        assert counts["once"][1] == 1.0
        assert counts["once"][0] == pytest.approx(rows, rel=0.05)
        assert counts["thrice"][1] == pytest.approx(1 / 3, rel=0.01)


def test_empty_cells_name_nobody() -> None:
    table = from_frame(
        pl.DataFrame({"mail": ["a", None, None, None, "b"], "none": pl.Series([None] * 5, dtype=pl.String)})
    )
    assert distinct_counts(table, ["mail", "none"]) == {"mail": (2, 1.0), "none": (0, 1.0)}
