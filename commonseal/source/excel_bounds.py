"""Bound what a workbook may unpack to, before anything unpacks it.

An .xlsx is a zip of XML: a few kilobytes may unpack to gigabytes, and one cell at the far corner makes
a reader allocate 17 billion cells. So every part is unpacked here once, as a stream, its checksum
verified (which exposes a size that lies), and the farthest cell is noted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from commonseal.source.faults import bad_table

MAX_BYTES = 2 << 30  # unpacked, all parts together
MAX_CELLS = 50_000_000  # of the rectangle up to the farthest cell of any sheet
_CHUNK = 4 << 20
_OVERLAP = 64  # a reference that a chunk's edge cuts is found in the next
_CELL = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d{1,7})["']""")


def check_bounds(path: Path) -> None:
    """Refuse an .xlsx that is no whole zip, unpacks to too much, or spans too many cells.

    Raises:
        BadTable: says which bound, what was found and what to do.
    """
    where = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_BYTES:
                raise bad_table(
                    where,
                    f"unpacks to {size >> 20} MB, expected at most {MAX_BYTES >> 20}; save it as CSV",
                    f"解压后为 {size >> 20} MB，至多允许 {MAX_BYTES >> 20} MB；请另存为 CSV",
                )
            for part in parts:
                _check_part(archive, part, where)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise bad_table(
            where,
            "is no whole .xlsx workbook (damaged, or encrypted); open it in Excel and save it again",
            "不是完整的 .xlsx 工作簿（已损坏或加密）；请用 Excel 打开后重新保存",
        ) from None


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, where: str) -> None:
    rows = columns = 0
    for chunk in _chunks(archive, part):
        refs = _CELL.findall(chunk)
        columns = max([columns, *map(_column, {letters for letters, _ in refs})])
        rows = max([rows, *map(int, {number for _, number in refs})])
        if rows * columns > MAX_CELLS:
            raise bad_table(
                where,
                f"a sheet spans {rows} rows by {columns} columns, expected at most {MAX_CELLS} cells; "
                "delete what stands far out, or save it as CSV",
                f"有工作表跨越 {rows} 行 × {columns} 列，至多允许 {MAX_CELLS} 个单元格；"
                "请删去远处的内容，或另存为 CSV",
            )


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """Return the number, from 1, of the column that the letters name.

    >>> _column(b"AA")
    27
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
