"""Workbooks as offices make them, written by the tests and read back."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from commonseal.errors import BadTable
from commonseal.source import excel_bounds, open_table

Fill = Callable[[xlsxwriter.Workbook], None]


def _book(folder: Path, fill: Fill) -> Path:
    path = folder / "people.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        fill(book)
    return path


def _sheet(*rows: list[object]) -> Fill:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("人口")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return fill


def test_types_are_those_of_excel(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        clock = book.add_format({"num_format": "hh:mm:ss"})
        sheet = book.add_worksheet("人口")
        sheet.write_row(0, 0, ["id", "age", "h", "yes", "born", "seen", "at", "mixed", "both", "empty", 2021])
        sheet.write_row(1, 0, ["007", 30, 1.5, True, date(1949, 12, 31)])
        sheet.write_datetime(1, 5, datetime(2020, 1, 2, 3, 4, 5), moment)
        sheet.write_datetime(1, 6, time(3, 4, 5), clock)
        sheet.write_row(1, 7, [3, date(2020, 1, 2)])
        sheet.write_row(2, 0, ["  x ", 31, 2, False, date(1950, 1, 1)])
        sheet.write_row(2, 7, ["three"])
        sheet.write_datetime(2, 8, datetime(2020, 1, 2, 3, 4, 5), moment)
        sheet.write_row(3, 7, [True])
        sheet.write_row(4, 7, [1.25])
        sheet.write_row(5, 7, [date(2020, 1, 2)])
        sheet.write_formula(6, 1, "=1/0", None, "#DIV/0!")
        sheet.write(6, 10, 1)

    table = open_table(_book(tmp_path, fill))
    frame = table.frame.collect()
    assert dict(frame.schema) == {
        "id": pl.String(),
        "age": pl.Int64(),
        "h": pl.Float64(),
        "yes": pl.Boolean(),
        "born": pl.Date(),
        "seen": pl.Datetime("us"),
        "at": pl.Time(),
        "mixed": pl.String(),
        "both": pl.Datetime("us"),
        "empty": pl.String(),
        "2021": pl.Int64(),
    }
    assert frame.row(0)[:7] == (
        "007",
        30,
        1.5,
        True,
        date(1949, 12, 31),
        datetime(2020, 1, 2, 3, 4, 5),
        time(3, 4, 5),
    )
    assert frame["mixed"].to_list() == ["3", "three", "TRUE", "1.25", "2020-01-02", None]
    assert frame["both"].to_list()[:2] == [datetime(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5)]
    assert frame["id"].to_list()[1] == "  x "
    assert frame["age"].to_list()[5] is None
    assert table.rows == 6
    assert table.kind == "xlsx"


def test_blank_rows_and_margins_are_layout(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(3, 2, ["a", "b"])
        sheet.write_row(4, 2, [1, 2])
        sheet.write_row(6, 2, [3, 4])

    assert open_table(_book(tmp_path, fill)).frame.collect().rows() == [(1, 2), (3, 4)]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for name in ("甲", "乙"):
            book.add_worksheet(name).write_column(0, 0, [name, 1])
        book.add_worksheet("空")

    path = _book(tmp_path, fill)
    assert open_table(path, sheet="乙").columns == ("乙",)
    for sheet, expected in ((None, "which sheet"), ("丙", "no sheet"), ("空", "the sheet is empty")):
        with pytest.raises(BadTable, match=expected):
            open_table(path, sheet=sheet)


def test_empty_and_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Sheet1")
        book.add_worksheet("data").write_column(0, 0, ["a", 1])
        hidden = book.add_worksheet("hidden")
        hidden.write_column(0, 0, ["h", 1])
        hidden.hide()

    path = _book(tmp_path, fill)
    assert open_table(path).columns == ("a",)
    assert open_table(path, sheet="hidden").columns == ("h",)


def test_numbers_that_lost_digits_are_refused(tmp_path: Path) -> None:
    for other in (110105194912310022, "text"):  # in a column of numbers, in a mixed one
        path = _book(tmp_path, _sheet(["n", "id"], [1, "x"], [2, other], [3, 110105194912310021]))
        with pytest.raises(BadTable, match=r'column "id" \(B[34]\) holds a number of more than 15') as caught:
            open_table(path)
        assert "1101" not in caught.value.message.en + caught.value.message.zh
    whole = _book(tmp_path, _sheet(["id"], ["110105194912310021"], [999999999999999]))
    assert open_table(whole).frame.collect()["id"].to_list() == ["110105194912310021", "999999999999999"]


def test_titles_and_blank_headers_are_refused(tmp_path: Path) -> None:
    def titled(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "居民登记表")
        sheet.write_row(1, 0, ["a", "b", "c"])
        sheet.write_row(2, 0, [1, 2, 3])

    with pytest.raises(BadTable, match="merged header cells at A1"):
        open_table(_book(tmp_path, titled))
    with pytest.raises(BadTable, match="blank header cells at B1, D1"):
        open_table(_book(tmp_path, _sheet(["a", "", "c", " "], [1, 2, 3, 4])))
    with pytest.raises(BadTable, match='"a" at 1, 2'):
        open_table(_book(tmp_path, _sheet(["a", "a"], [1, 2])))
    with pytest.raises(BadTable, match="header but no rows"):
        open_table(_book(tmp_path, _sheet(["a", "b"])))
    with pytest.raises(BadTable, match="every sheet is empty"):
        open_table(_book(tmp_path, _sheet()))


def _old_book(folder: Path) -> Path:
    xlwt = pytest.importorskip("xlwt", reason="xlwt writes .xls for this test")
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    style = xlwt.XFStyle()
    style.num_format_str = "yyyy-mm-dd"
    for column, cell in enumerate(["姓名", "年龄", "生日"]):
        sheet.write(0, column, cell)
    sheet.write(1, 0, "张三")
    sheet.write(1, 1, 30)
    sheet.write(1, 2, date(1990, 1, 2), style)
    book.save(str(folder / "old.xls"))
    return folder / "old.xls"


def test_an_old_xls_opens(tmp_path: Path) -> None:
    table = open_table(_old_book(tmp_path))
    assert table.frame.collect().rows() == [("张三", 30, date(1990, 1, 2))]


def test_a_damaged_xls_is_refused_or_opens_but_never_breaks(tmp_path: Path) -> None:
    whole, dice, refused = _old_book(tmp_path).read_bytes(), random.Random(3), 0
    for _ in range(120):
        content = bytearray(whole[: dice.choice([len(whole), dice.randrange(8, len(whole))])])
        for _ in range(dice.choice([1, 20])):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        (tmp_path / "old.xls").write_bytes(content)
        try:
            open_table(tmp_path / "old.xls")
        except BadTable:
            refused += 1
    assert refused > 40


def _patched(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_cell_at_the_far_corner_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = _book(tmp_path, _sheet(["a"], [1]))
    _patched(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="A2"', b'r="XFD1048576"'))
    with pytest.raises(BadTable, match="spans 1048576 rows by 16384 columns"):
        open_table(path)


def test_a_zip_bomb_is_refused_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _book(tmp_path, _sheet(["a"], [1]))
    _patched(path, "xl/styles.xml", lambda xml: xml + b" " * (5 << 20))
    monkeypatch.setattr(excel_bounds, "MAX_BYTES", 4 << 20)
    with pytest.raises(BadTable, match="unpacks to 5 MB, expected at most 4"):
        open_table(path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path, _sheet(["a"], [1]))
    _patched(path, "xl/styles.xml", lambda xml: xml + b" " * (5 << 20))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/styles.xml").file_size
    content = path.read_bytes()
    assert content.count(size.to_bytes(4, "little")) == 2  # in the part's own header and in the directory
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(BadTable, match=r"no whole \.xlsx"):
        open_table(path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"id,x\n1,2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadTable, match="workbook"):
        open_table(path)
