"""Parquet files, folders and patterns, and what is no Parquet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from commonseal.errors import BadTable
from commonseal.source import open_table


def test_a_file_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["007"], "n": [1], "d": [date(2020, 1, 2)], "bytes": [b"\xff"]})
    path = tmp_path / "[x].parquet"
    frame.write_parquet(path)
    table = open_table(path)
    assert table.frame.collect().equals(frame)
    assert table.path == path
    assert table.rows == 1


def test_nested_cells_become_json_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame(
        {
            "l": [[1, 2], None],
            "s": [{"x": 1, "y": "é"}, {"x": None, "y": "z"}],
            "c": pl.Series(["u", None], dtype=pl.Categorical),
            "n": [None, None],
        }
    ).write_parquet(path)
    table = open_table(path)
    frame = table.frame.collect()
    assert set(frame.dtypes) == {pl.String()}
    assert table.path is None
    assert frame.rows() == [("[1,2]", '{"x":1,"y":"é"}', "u", None), (None, '{"x":null,"y":"z"}', None, None)]


def test_a_folder_and_a_pattern_of_parts(tmp_path: Path) -> None:
    for number in range(3):
        pl.DataFrame({"a": [number]}).write_parquet(tmp_path / f"part-{number}.parquet")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "_metadata.parquet").touch()
    folder = open_table(tmp_path)
    assert folder.frame.collect()["a"].to_list() == [0, 1, 2]
    assert folder.path == tmp_path
    pattern = open_table(str(tmp_path / "part-[12].parquet"))
    assert pattern.frame.collect()["a"].to_list() == [1, 2]
    assert pattern.path is None


def test_folder_keys_become_text_columns(tmp_path: Path) -> None:
    for district in ("0101", "0102"):
        folder = tmp_path / f"district={district}"
        folder.mkdir()
        pl.DataFrame({"a": [1]}).write_parquet(folder / "x.parquet")
    table = open_table(tmp_path)
    assert table.frame.collect()["district"].to_list() == ["0101", "0102"]
    assert table.path is None
    assert table.columns == ("a", "district")


def test_parts_of_two_shapes_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1], "b": [1]}).write_parquet(tmp_path / "1.parquet")
    for other, expected in (
        ({"a": ["x"], "b": [1]}, 'column "a": got String, expected Int64 as in 1.parquet'),
        ({"a": [1]}, 'column "b": got none, expected Int64'),
        ({"b": [1], "a": [1]}, "another order"),
    ):
        pl.DataFrame(other).write_parquet(tmp_path / "2.parquet")
        with pytest.raises(BadTable, match=expected):
            open_table(tmp_path)


def test_what_cannot_be_carried_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"l": [[b"x"]]}).write_parquet(path)
    with pytest.raises(BadTable, match='columns "l" hold'):
        open_table(path)
    pl.DataFrame({"a": [1]}).clear().write_parquet(path)
    with pytest.raises(BadTable, match="no rows"):
        open_table(path)
    for content in (b"", b"id,x\n", b"PAR1" + b"\0" * 20):
        path.write_bytes(content)
        with pytest.raises(BadTable, match="not a whole Parquet file"):
            open_table(path)
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"a": list(range(1000))}).write_parquet(whole)
    path.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(BadTable, match="not a whole Parquet file"):
        open_table(path)
