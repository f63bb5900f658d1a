"""CSV as people have it: opened with no cell changed, or refused with its place."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from commonseal.errors import BadTable
from commonseal.source import Table, open_table

CELL = "三月七日"  # stands in every refused file; no message may hold it


def _file(folder: Path, content: bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _rows(table: Table) -> list[tuple[object, ...]]:
    return table.frame.collect().rows()


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        (b"id,x\n007,1.0\n", ("id", "x"), [("007", "1.0")]),
        (b'id,x\n  7 ,""\n,"y"\n', ("id", "x"), [("  7 ", None), (None, "y")]),
        (b'id,x\r\n1,"a,b"\r\n2,"c\r\nd"\r\n', ("id", "x"), [("1", "a,b"), ("2", "c\r\nd")]),
        (b'id,x\n1,"say ""hi"""\n', ("id", "x"), [("1", 'say "hi"')]),
        (b"\xef\xbb\xbfid,x\n1,2\n", ("id", "x"), [("1", "2")]),
        (b'\xef\xbb\xbf"id",x\n1,2', ("id", "x"), [("1", "2")]),
        (b"id;x\n1,5;2\n", ("id", "x"), [("1,5", "2")]),
        (b"id\tx\n1\t2\n", ("id", "x"), [("1", "2")]),
        (b"id|x\n1|2\n", ("id", "x"), [("1", "2")]),
        (b'"a,b";x\n1;2\n', ("a,b", "x"), [("1", "2")]),
        (b"note\na, b\nc, d\n", ("note",), [("a, b",), ("c, d",)]),
        (b"note\n\nx\n", ("note",), [(None,), ("x",)]),
        (b"id,x\n1,2\n\n\r\n\n", ("id", "x"), [("1", "2")]),
        (b'"a\nb",c\n#1,NA\n', ("a\nb", "c"), [("#1", "NA")]),
        (b" id ,ID\n1,2\n", (" id ", "ID"), [("1", "2")]),
    ],
)
def test_cells_stay_as_written(
    tmp_path: Path, content: bytes, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    table = open_table(_file(tmp_path, content))
    assert (table.columns, _rows(table), table.rows) == (columns, rows, len(rows))
    assert table.frame.collect_schema().names() == list(columns)


def test_a_tsv_is_cut_at_tabs_only(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, b"a\tb\n1,2\t3\n", "t.tsv"))
    assert (_rows(table), table.separator) == ([("1,2", "3")], "\t")


@pytest.mark.parametrize(
    ("codec", "mark", "known"),
    [
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32-le"),
    ],
)
def test_other_encodings_are_rewritten(tmp_path: Path, codec: str, mark: bytes, known: str) -> None:
    text = '姓名,住址\r\n张三,"上海市\n浦东新区"\r\n' + "李四,北京\r\n" * 100
    table = open_table(_file(tmp_path, mark + text.encode(codec)))
    assert (table.encoding, table.columns, table.rows) == (known, ("姓名", "住址"), 101)
    assert _rows(table)[0] == ("张三", "上海市\n浦东新区")
    assert table.path is not None
    assert table.path.read_bytes().decode() == text


def test_gb18030_cut_by_a_chunk_edge(tmp_path: Path) -> None:
    text = "名,x\n" + "镕,1\n" * 700_000  # over 2 MB, characters across every edge
    table = open_table(_file(tmp_path, text.encode("gb18030")))
    assert table.rows == 700_000
    assert table.frame.collect()["名"].unique().to_list() == ["镕"]


def test_the_copy_goes_with_the_table(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, "名\n张\n".encode("gbk")))
    copy = table.path
    assert copy is not None
    assert copy.exists()
    assert copy.parent.stat().st_mode & 0o777 == 0o700
    del table
    gc.collect()
    assert not copy.parent.exists()


def test_a_copy_in_the_callers_spool_stays(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, "名\n张\n".encode("gbk")), spool=tmp_path / "spool")
    copy = table.path
    del table
    gc.collect()
    assert copy is not None
    assert copy.exists()
    assert (tmp_path / "spool") in copy.parents


def test_a_refused_file_leaves_no_copy(tmp_path: Path) -> None:
    with pytest.raises(BadTable):
        open_table(_file(tmp_path, "名,x\n张\n".encode("gbk")), spool=tmp_path / "spool")
    assert list((tmp_path / "spool").iterdir()) == []


BAD = {
    "short row": ("a,b,c\n1,2,3\n{}\n", ["line 3: got 1 field, expected 3", "第 3 行：有 1 个字段"]),
    "long row": ("a,b\n1,2\n{},2,3\n", ["line 3: got 3 fields, expected 2"]),
    "row after a quoted newline": ('a,b\n"1\n1",2\n{},2,3\n', ["line 4: got 3 fields"]),
    "short last row": ("a,b\n1,2\n{}", ["line 3: got 1 field"]),
    "blank line": ("a,b\n\n{},2\n", ["line 2: a blank line", "第 2 行：数据行之间有空行"]),
    "open quote": ('a,b\n1,2\n"{},1\n2,3\n', ["line 3: a quote opens", "第 3 行"]),
    "text after quote": ('a,b\n"{}"y,1\n', ["line 2: text follows the quote"]),
    "quote left open": ('a,b\n"{},1\n2,"y"\n', ["line 3: text follows", "opened in line 2"]),
    "stray quote": ('a,b\n{}"y,1\n', ["line 2: a quote inside a field"]),
    "space before quote": ('a,b\n "{}",1\n', ["line 2: a quote inside a field"]),
    "NUL": ("a,b\n1,2\n{}\0,1\n", ["line 3: a NUL byte"]),
    "lone CR": ("a,b\n{},1\r2,3\n", ["line 2: the line ends with CR alone"]),
    "CR at the end": ("a,b\n{},1\r", ["line 2: the line ends with CR alone"]),
    "only CR": ("a,b\r{},1\r", ["line 1 cannot be read as a header"]),
    "twins": ("a,b,a\n{},1,2\n", ['"a" at 1, 3', '"a" 在第 1、3 列']),
    "blank name": ("a,,b, \n{},1,2,3\n", ["column 2, 4 of 4 has no name", "第 2, 4 列没有列名"]),
    "blank header": ("\n{},1\n", ["line 1 is blank"]),
    "header cut": ('"a,{}\n1,2\n', ["line 1 cannot be read as a header"]),
    "no header: a phone number": (
        "{},13812345678\nx,1\n",
        ["column 2 looks like", "第 2 列的表头像个人数据"],
    ),
    "no header: an address": ("x,someone@example.com\n{},1\n", ["header of column 2"]),
    "no header: an ID number": ("x,11010519491231002X\n{},1\n", ["header of column 2"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_their_place(tmp_path: Path, name: str) -> None:
    content, expected = BAD[name]
    with pytest.raises(BadTable) as caught:
        open_table(_file(tmp_path, content.format(CELL).encode()))
    message = caught.value.message
    for part in expected:
        assert part in message.en + message.zh
    assert CELL not in message.en + message.zh
    assert "13812345678" not in message.en + message.zh
    assert "@" not in message.en + message.zh
    assert "people.csv" in message.en
    assert "people.csv" in message.zh
    assert message.en != message.zh
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"a,b\n", "has a header but no rows"),
        (b"a,b", "has a header but no rows"),
        (b"a,b\n1,\xff\xff\n", "byte 6 (line 2) is neither UTF-8 nor GB18030"),
        (b"\xef\xbb\xbfa\n1\n\xff\n", "byte 7 (line 3) is not UTF-8"),
        (b"\xff\xfea\x00\n\x00\x00\xdcx\x00", "is not UTF-16-LE"),
        (b"\x1f\x8b\x08\x00", "is not text but gzip"),
        (b"PK\x03\x04xxxx", "is not text but zip"),
        ("a,b\n1,2\n".encode("utf-16-le"), "NUL byte"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    with pytest.raises(BadTable, match=expected.replace("(", r"\(").replace(")", r"\)")):
        open_table(_file(tmp_path, content))


def test_a_fault_far_into_the_file_is_placed(tmp_path: Path) -> None:
    content = b'a,b\n"x\ny",1\n' + b"12345,678\n" * 300_000 + b"1,2,3\n"
    with pytest.raises(BadTable, match="line 300004: got 3 fields, expected 2"):
        open_table(_file(tmp_path, content))


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    cell = "长" * 3_500_000
    table = open_table(_file(tmp_path, f'a,b\n1,"{cell}\n"\n2,y\n'.encode()))
    assert _rows(table) == [("1", cell + "\n"), ("2", "y")]


def test_ten_thousand_columns(tmp_path: Path) -> None:
    header = ",".join(f"column{number}" for number in range(10_000))
    row = ",".join(map(str, range(10_000)))
    table = open_table(_file(tmp_path, f"{header}\n{row}\n{row}\n".encode()))
    assert len(table.columns) == 10_000
    assert table.frame.collect().row(1)[9_999] == "9999"


def test_a_header_longer_than_the_first_look(tmp_path: Path) -> None:
    names = [f"{'n' * 100}{number}" for number in range(20_000)]  # 2 MB
    table = open_table(_file(tmp_path, (",".join(names) + "\n" + "," * 19_999 + "\n").encode()))
    assert table.columns == tuple(names)


def test_a_name_with_pattern_characters(tmp_path: Path) -> None:
    assert open_table(_file(tmp_path, b"a\n1\n", "[x]*.csv")).rows == 1


def test_blank_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    table = open_table(_file(tmp_path, b"a,b\n" + b"1,2\n" * 1000 + b"\n" * 5))
    assert table.frame.select("a").collect().height == table.rows == 1000
    assert table.path is None  # by itself the file has five rows more


def test_a_frame_outlives_the_table_that_made_it(tmp_path: Path) -> None:
    frame = open_table(_file(tmp_path, "名\n张\n".encode("gbk"))).frame
    gc.collect()
    assert frame.collect().rows() == [("张",)]
