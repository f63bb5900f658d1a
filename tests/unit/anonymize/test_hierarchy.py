from __future__ import annotations

from pathlib import Path

import pytest

from commonseal.anonymize import (
    build_hierarchy,
    hierarchy_from_rows,
    read_hierarchies,
    read_hierarchy,
    write_hierarchy,
)
from commonseal.errors import BadHierarchy

ROWS = [["a", "x", "*"], ["b", "x", "*"], ["c", "y", "*"]]


def test_shares_are_of_the_rows_of_the_file() -> None:
    hierarchy = hierarchy_from_rows("col", ROWS, "")
    assert hierarchy.height == 3
    assert hierarchy.share(0).tolist() == pytest.approx([1 / 3] * 3)
    assert hierarchy.share(1).tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert hierarchy.share(2).tolist() == [1.0, 1.0, 1.0]
    assert hierarchy.label_of(1) == {"a": "x", "b": "x", "c": "y"}


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t_hierarchy_col.csv"
    first = hierarchy_from_rows("col", [*ROWS, ['q;"1"', "y", "*"], ["", "", "*"]], "")
    write_hierarchy(first, path)
    again = read_hierarchies(tmp_path, ["col"])["col"]
    assert again.rows() == first.rows()


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([["a", "*"], ["a", "*"]], ":2", "already stands on line 1"),
        ([["a", "*"], ["b", "x", "*"]], ":2", "got 3 levels, expected 2"),
        ([["a", "x", "*"], ["b", "x", "y"]], ":2", "goes up to"),
        ([], ":1", "empty"),
        # two intervals, but one does not hold the value: no overlap, a slip
        ([["7", "[0, 10[", "*"], ["7", "[10, 20[", "*"]], ":2", "already stands"),
    ],
)
def test_a_fault_names_file_line_and_label(
    tmp_path: Path, rows: list[list[str]], line: str, words: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    with pytest.raises(BadHierarchy) as caught:
        read_hierarchy(path, "col")
    assert f"{path}{line}" in caught.value.message.en
    assert words in caught.value.message.en
    assert caught.value.message.zh != caught.value.message.en


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;*\na;*\nb\n", encoding="utf-8")
    with pytest.raises(BadHierarchy) as caught:
        read_hierarchy(path, "col")
    assert len(caught.value.message.en.splitlines()) == 2


def test_overlapping_intervals_that_both_hold_the_value_are_arx_s_way() -> None:
    hierarchy = hierarchy_from_rows(
        "age", [["7", "[5,10]", "*"], ["7", "[6,12]", "*"], ["8", "[6,12]", "*"]], ""
    )
    assert hierarchy.label_of(1)["7"] == "[6,12]"
    assert hierarchy.domain == 3
    assert hierarchy.share(1).tolist() == pytest.approx([2 / 3, 2 / 3])


def test_missing_and_ambiguous_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadHierarchy, match="0 hierarchy files"):
        read_hierarchies(tmp_path, ["col"])
    for name in ("a_hierarchy_col.csv", "b_hierarchy_col.csv"):
        (tmp_path / name).write_text("a;*\n")
    with pytest.raises(BadHierarchy, match="2 hierarchy files"):
        read_hierarchies(tmp_path, ["col"])
    with pytest.raises(BadHierarchy, match="no such folder"):
        read_hierarchies(tmp_path / "none", ["col"])


def test_not_utf8_is_told_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("男;*\n".encode("gb18030"))
    with pytest.raises(BadHierarchy, match="not UTF-8 at byte 0"):
        read_hierarchy(path, "col")


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ([str(age) for age in range(100)], ["0", "[0, 5)", "[0, 10)", "[0, 20)", "[0, 40)", "*"]),
        (
            ["2026-03-02", "2026-03-05"],
            ["2026-03-02", "2026-03-02", "2026-03-02", "2026-03", "2026", "2020s", "*"],
        ),
        (["100080", "100081", "100082", "100083", "100084", "100085"], None),
        (["男", "女"], ["女", "*"]),
        (["男", None], ["男", "*"]),
        ([None], ["", "*"]),
    ],
)
def test_built_hierarchies_nest_and_hold_every_value(
    values: list[str | None], first: list[str] | None
) -> None:
    hierarchy = build_hierarchy("col", values)
    rows = hierarchy.rows()
    assert {row[0] for row in rows} == {value or "" for value in values}
    assert all(row[-1] == "*" for row in rows)
    if first is not None:
        assert rows[0] == first
