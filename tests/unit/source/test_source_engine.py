from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonseal.source import engine as engines
from commonseal.source import from_frame
from commonseal.source.engine import ORDER, PolarsEngine, order_words
from commonseal.table import ROWS

KEY, OTHER = b"k" * 32, b"o" * 32


def a_table(rows: int) -> pl.DataFrame:
    return pl.DataFrame({"n": range(rows), "text": [f"行 {n}" if n % 7 else None for n in range(rows)]})


def rewritten(frame: pl.DataFrame, out: Path, key: bytes = KEY, where: pl.Expr | None = None) -> pl.DataFrame:
    PolarsEngine().rewrite(from_frame(frame), lambda batch: batch, where, key, out)
    return pl.read_parquet(out)


def test_words_can_be_entered_anywhere() -> None:
    whole = order_words(KEY, 0, 100)
    for start in (0, 1, 2, 17, 98):
        assert (order_words(KEY, start, 100 - start) == whole[start:]).all()
    assert not (order_words(OTHER, 0, 100) == whole).any()


def test_words_are_spread_evenly() -> None:
    words = order_words(KEY, 0, 100_000)
    share = np.bincount((words >> np.uint64(60)).astype(int), minlength=16) / 100_000
    assert np.abs(share - 1 / 16).max() < 0.005


def test_rows_leave_in_the_order_of_their_words(tmp_path: Path) -> None:
    frame = a_table(1000)
    got = rewritten(frame, tmp_path / "a.parquet")
    assert got["n"].to_list() == np.argsort(order_words(KEY, 0, 1000), kind="stable").tolist()
    assert got.sort("n").equals(frame)
    other = rewritten(frame, tmp_path / "b.parquet", OTHER)
    assert np.corrcoef(got["n"], other["n"])[0, 1] == pytest.approx(0, abs=0.1)


def test_buckets_and_spills_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = a_table(20_000)
    whole = rewritten(frame, tmp_path / "a.parquet")
    monkeypatch.setattr(engines, "BUCKET_ROWS", 1500)
    monkeypatch.setattr(engines, "BATCH_ROWS", 700)
    dealt = rewritten(frame, tmp_path / "b.parquet")
    assert dealt.equals(whole)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.parquet", tmp_path / "b.parquet"] or not [
        left for left in tmp_path.iterdir() if left.name.startswith(".spill")
    ]


def test_a_filter_keeps_each_row_s_own_word(tmp_path: Path) -> None:
    frame = a_table(500)
    all_rows = rewritten(frame, tmp_path / "a.parquet")
    even = rewritten(frame, tmp_path / "b.parquet", where=pl.col("n") % 2 == 0)
    assert even.equals(all_rows.filter(pl.col("n") % 2 == 0))


def test_a_kernel_that_drops_all_rows_still_writes_the_schema(tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    written = PolarsEngine().rewrite(from_frame(a_table(10)), lambda batch: batch.clear(), None, KEY, out)
    assert (written.rows_in, written.rows_out) == (10, 0)
    assert pl.read_parquet_schema(out).names() == ["n", "text"]
    assert ORDER not in pl.read_parquet_schema(out)


def test_count_and_total() -> None:
    table = from_frame(pl.DataFrame({"a": ["x", "x", None], "b": [1, 1, 2]}))
    counted = PolarsEngine().count(table, ["a", "b"], None)
    assert counted.rows() == [(None, 2, 1), ("x", 1, 2)]
    assert counted.columns[-1] == ROWS
    total = PolarsEngine().total(table, [pl.col("a").is_null().alias("nulls")], pl.col("b") > 0)
    assert total == {"nulls": 1}
