"""Open a sheet of an Excel workbook: types as Excel holds them, mixed columns as text.

Excel keeps every number as a float of 15 digits. Whole ones become integers again; an ID number of 18
digits that was stored as a number has lost its last digits, so such a column is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from commonseal.errors import BadTable
from commonseal.source.excel_bounds import check_bounds
from commonseal.source.excel_cells import Cell, Kinds, text_of, writer
from commonseal.source.faults import bad_table, listed, shown
from commonseal.source.names import check_names
from commonseal.source.spool import batches_of, write_parquet
from commonseal.source.table import Table, own, working_folder

_OLE = b"\xd0\xcf\x11\xe0"


def open_excel(path: Path, sheet: str | None, spool: Path | None) -> Table:
    """Open one sheet of the .xlsx, .xlsm or .xls workbook at `path`.

    Args:
        path: the workbook. Formulas give their stored results; an error such as #N/A is null.
        sheet: its name; None where only one sheet holds anything.
        spool: where the working copy in Parquet goes. None: deleted with the table.

    Returns:
        The first row that is not blank is the header. Blank rows are left out; so is what a
        spreadsheet shows but does not hold (formats, comments).

    Raises:
        BadTable: damaged or oversized, no such sheet, merged or blank header cells, or numbers so
            long that Excel has lost digits.
    """
    where = str(path)
    with path.open("rb") as file:
        old = file.read(4) == _OLE
    if not old:
        check_bounds(path)
    with _worded(where), CalamineWorkbook.from_path(str(path)) as book:
        found = _choose(book, sheet, where)
        place = f"{where}#{found.name}"
        names, left = _header(found, place)
        schema = _schema(found, names, left, place)
        with working_folder(spool) as folder:
            copy = folder / "rows.parquet"
            rows = write_parquet(copy, schema, batches_of(_typed(found, schema), schema))
            if not rows:
                raise bad_table(
                    place,
                    "has a header but no rows; expected at least one",
                    "只有表头，没有数据行；至少应有一行",
                )
            frame = pl.scan_parquet(copy, glob=False)
            return own(Table(path.name, "xlsx", frame, names, path=copy, rows=rows), folder, spool)


@contextmanager
def _worded(where: str) -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise bad_table(
            where, "is encrypted; save a copy without a password", "已加密；请另存一份不带密码的副本"
        ) from None
    except CalamineError:
        raise _unreadable(where) from None
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # calamine's word for a damaged .xls; no Exception
            raise _unreadable(where) from None
        raise


def _unreadable(where: str) -> BadTable:
    return bad_table(
        where,
        "is no workbook that can be read; open it in Excel and save it as .xlsx",
        "不是可读取的工作簿；请用 Excel 打开并另存为 .xlsx",
    )


def _choose(book: CalamineWorkbook, sheet: str | None, where: str) -> CalamineSheet:
    if sheet is not None:
        if sheet not in book.sheet_names:
            raise bad_table(
                where,
                f"no sheet {shown(sheet)}; there is {listed(book.sheet_names)}",
                f"没有工作表 {shown(sheet)}；现有 {listed(book.sheet_names)}",
            )
        return book.get_sheet_by_name(sheet)
    visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    filled = [found for found in map(book.get_sheet_by_name, visible) if found.height]
    if len(filled) == 1:
        return filled[0]
    if not filled:
        raise bad_table(
            where, "every sheet is empty; expected a header and rows", "所有工作表都是空的；应有表头和数据行"
        )
    names = listed(found.name for found in filled)
    raise bad_table(where, f"which sheet? Name one of {names}", f"要打开哪个工作表？请指定其一：{names}")


def _header(sheet: CalamineSheet, where: str) -> tuple[tuple[str, ...], int]:
    """Return the names and the number of blank columns on the left."""
    if sheet.start is None:
        raise bad_table(
            where, "the sheet is empty; expected a header and rows", "工作表是空的；应有表头和数据行"
        )
    top, left = sheet.start
    merged = [area for area in sheet.merged_cell_ranges or () if area[0][0] <= top <= area[1][0]]
    if merged:
        raise _bad_header(where, top, "merged", "合并单元格", [area[0][1] for area in merged])
    row = next(row for number, row in enumerate(sheet.iter_rows()) if number == top)
    blank = [left + position for position, cell in enumerate(row) if not str(cell).strip()]
    if blank:
        raise _bad_header(where, top, "blank", "空白单元格", blank)
    return check_names([text_of(cell) for cell in row], where), left


def _bad_header(where: str, row: int, en: str, zh: str, columns: Sequence[int]) -> BadTable:
    cells = ", ".join(f"{letters(column)}{row + 1}" for column in columns[:10])
    return bad_table(
        where,
        f"{en} header cells at {cells}; expected one name a column in the first row: delete title rows, "
        "unmerge, and name every column",
        f"表头行有{zh}：{cells}；首行应每列一个列名：请删去标题行、取消合并并补全列名",
    )


def letters(column: int) -> str:
    """Return Excel's letters for a column counted from 0.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Stream the rows below the header with their numbers in Excel; blank ones are left out.

    calamine begins at Excel's first row but at the first column that holds anything.
    """
    top = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows()):
        if number > top and any(cell != "" for cell in row):
            yield number + 1, row


def _schema(sheet: CalamineSheet, names: Sequence[str], left: int, where: str) -> pl.Schema:
    kinds = [Kinds() for _ in names]
    for number, row in _rows(sheet):
        for kind, cell in zip(kinds, row, strict=True):
            kind.add(cell)
            if kind.lossy:
                place = f"{letters(left + kinds.index(kind))}{number}"
                raise bad_table(
                    where,
                    f"column {shown(names[kinds.index(kind)])} ({place}) holds a number of more than 15 "
                    "digits, whose last ones Excel has lost; export the column again as text",
                    f"列 {shown(names[kinds.index(kind)])}（{place}）含超过 15 位的数字，Excel 已丢失其末尾各位；"
                    "请将该列以文本格式重新导出",
                )
    return pl.Schema(zip(names, (kind.dtype() for kind in kinds), strict=True))


def _typed(sheet: CalamineSheet, schema: pl.Schema) -> Iterator[list[object]]:
    from_cell = [writer(dtype) for dtype in schema.dtypes()]
    for _, row in _rows(sheet):
        yield [None if cell == "" else write(cell) for write, cell in zip(from_cell, row, strict=True)]
