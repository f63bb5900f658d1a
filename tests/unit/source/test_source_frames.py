"""Frames from notebooks: Polars, pandas and pyarrow."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

from commonseal.errors import BadTable
from commonseal.source import from_frame

FRAME = pl.DataFrame({"id": ["007", None], "n": [1, 2]})


def test_polars_frames_pass_as_they_are() -> None:
    table = from_frame(FRAME, name="residents")
    assert table.frame.collect().equals(FRAME)
    assert (table.name, table.kind, table.columns, table.rows) == ("residents", "frame", ("id", "n"), 2)
    lazy = from_frame(FRAME.lazy())
    assert lazy.rows is None
    assert lazy.frame.collect().equals(FRAME)


def test_pyarrow_tables_pass() -> None:
    assert from_frame(pa.table({"a": [1], "b": ["x"]})).frame.collect().rows() == [(1, "x")]


def test_pandas_frames_pass() -> None:
    pd = pytest.importorskip("pandas", minversion="2.2", reason="pandas is an optional guest")
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"], "c": pd.Categorical(["u", "v", "u"])})
    table = from_frame(frame[frame["a"] > 1])  # leaves an unnamed index with gaps
    assert table.columns == ("a", "b", "c")
    assert table.frame.collect().rows() == [(2, None, "v"), (3, "z", "u")]
    assert from_frame(frame.set_index("a")).columns == ("b", "c", "a")


def test_a_mixed_pandas_column_is_refused_without_its_cell() -> None:
    pd = pytest.importorskip("pandas", minversion="2.2", reason="pandas is an optional guest")
    with pytest.raises(BadTable) as caught:
        from_frame(pd.DataFrame({"a": [1, "三月七日"]}))
    assert "三月七日" not in caught.value.message.en + caught.value.message.zh


def test_what_is_no_table_is_refused() -> None:
    for frame, expected in (
        (FRAME.clear(), "no rows"),
        (pl.DataFrame(), "no rows"),
        (FRAME.lazy().select("nope"), "cannot be planned"),
        ([1, 2], "got list, expected a Polars"),
        (pl.DataFrame({" ": [1]}), "column 1 of 1 has no name"),
        (pl.DataFrame({"o": pl.Series([object()], dtype=pl.Object)}), 'columns "o" hold Python objects'),
    ):
        with pytest.raises(BadTable, match=expected):
            from_frame(frame)  # type: ignore[arg-type]
