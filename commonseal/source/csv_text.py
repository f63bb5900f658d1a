"""Open a CSV: every cell is text exactly as written, an empty one is null.

Find the encoding, the separator and the header; check the structure (`csv_scan`); let Polars scan the
file lazily. A file that is not UTF-8 is first rewritten as UTF-8 beside the work, in bounded memory.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from commonseal.errors import BadTable
from commonseal.source.csv_faults import describe, undecodable
from commonseal.source.csv_scan import Broken, Problem, field_counts, first_record, scan
from commonseal.source.encoding import Mark, Undecodable, mark_of, packed_as, transcode
from commonseal.source.faults import bad_table
from commonseal.source.names import check_names
from commonseal.source.table import Table, own, working_folder

SEPARATORS = (",", "\t", ";", "|")
_SAMPLE = 1 << 20  # bytes looked at to find the separator
_HEADER = 16 << 20  # bytes: the longest header


@dataclass(frozen=True, slots=True)
class _Layout:
    separator: str
    names: tuple[str, ...]


def open_csv(path: Path, spool: Path | None) -> Table:
    """Open the delimited text file at `path`.

    Args:
        path: separated by comma, tab, semicolon or bar (a `.tsv` or `.tab` file: by tab), with a
            header line; UTF-8, GB18030, or UTF-16 or UTF-32 with a byte order mark.
        spool: where the UTF-8 copy goes, if one is needed. None: deleted with the table.

    Returns:
        All columns String; nulls where a field is empty, quoted or not.

    Raises:
        BadTable: names the line, what stands there and what was expected.
        OSError: the file cannot be read.
    """
    head = _head(path)
    mark = mark_of(head)
    if mark is None or mark.codec == "utf-8-sig":
        try:
            return _open_utf8(path, path, mark)
        except Broken as fault:
            if fault.problem is not Problem.NOT_UTF8:
                raise describe(str(path), path, fault) from None
            broken = fault
        if mark is not None:
            raise undecodable(path, broken.offset, "utf-8") from None
        return _open_copy(path, Mark("gb18030", 0), spool, broken.offset)
    return _open_copy(path, mark, spool, None)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise bad_table(str(path), "is empty; expected a header and rows", "是空文件；应有表头和数据行")
    packed = packed_as(head)
    if packed:
        raise bad_table(
            str(path),
            f"is not text but {packed}; unpack it, or give the file its proper suffix",
            f"不是文本，而是 {packed} 格式；请先解压，或改用正确的后缀名",
        )
    return head


def _open_copy(path: Path, mark: Mark, spool: Path | None, not_utf8_at: int | None) -> Table:
    with working_folder(spool) as folder:
        copy = folder / "utf8.csv"
        try:
            transcode(path, mark.codec, mark.size, copy)
        except Undecodable as fault:
            offset = fault.offset if not_utf8_at is None else not_utf8_at
            raise undecodable(path, offset, mark.codec) from None
        try:
            table = _open_utf8(path, copy, None)
        except Broken as broken:
            raise describe(str(path), copy, broken) from None
        return own(replace(table, encoding=mark.codec), folder, spool)


def _open_utf8(original: Path, path: Path, mark: Mark | None) -> Table:
    where, skip = str(original), mark.size if mark else 0
    layout = _find_layout(original, path, skip)
    extent = scan(path, layout.separator, len(layout.names), skip)
    if not extent.records:
        raise bad_table(
            where, "has a header but no rows; expected at least one", "只有表头，没有数据行；至少应有一行"
        )
    frame = pl.scan_csv(
        path,
        separator=layout.separator,
        schema=dict.fromkeys(layout.names, pl.String),
        null_values="",
        n_rows=extent.records if extent.blank_tail else None,
        glob=False,
    )
    encoding = mark.codec if mark else "utf-8"
    return Table(
        name=original.name,
        kind="csv",
        frame=frame,
        columns=layout.names,
        path=None if extent.blank_tail else path,  # by itself it has those blank rows
        rows=extent.records,
        encoding=encoding,
        separator=layout.separator,
    )


def _find_layout(original: Path, path: Path, skip: int) -> _Layout:
    where = str(original)
    sample, whole = _sample(path, skip)
    record = first_record(sample)
    header = sample if record is None else record
    if record is None and not whole:
        raise bad_table(
            where,
            f"no header ends within {_HEADER >> 20} MB; is a quote left open in line 1?",
            f"表头在 {_HEADER >> 20} MB 内没有结束；第 1 行的引号是否没有闭合？",
        )
    try:
        text = header.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Broken(Problem.NOT_UTF8, skip + fault.start) from None
    separator = "\t" if original.suffix.lower() in (".tsv", ".tab") else _separator(sample, whole)
    return _Layout(separator, check_names(_names(text, separator, where), where))


def _sample(path: Path, skip: int) -> tuple[bytes, bool]:
    with path.open("rb") as file:
        file.seek(skip)
        sample = file.read(_SAMPLE)
        whole = len(sample) < _SAMPLE
        if not whole and first_record(sample) is None:
            sample += file.read(_HEADER - _SAMPLE)
            whole = len(sample) < _HEADER
    return sample, whole


def _separator(sample: bytes, whole: bool) -> str:
    """Choose by agreement: the same number of fields in every line of the sample, then the most fields."""
    every = {mark: field_counts(sample, mark, whole=whole) for mark in SEPARATORS}
    wide = {mark: counts for mark, counts in every.items() if counts and counts[0] > 1}

    def merit(mark: str) -> tuple[bool, int]:
        counts = every[mark]
        # Blank lines (one field) may stand at the end; `scan` is the judge of them.
        agree = all(count == counts[0] or count == 1 for count in counts)
        return agree, counts[0] if counts else 0

    # A header without any separator is one column; then the one that no row holds.
    return max(wide or every, key=merit)


def _names(header: str, separator: str, where: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(header, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise _bad_header(where) from None
    if len(rows) > 1:
        raise _bad_header(where)
    if not rows or not rows[0]:
        raise bad_table(where, "line 1 is blank; expected the header", "第 1 行是空行；应为表头")
    return rows[0]


def _bad_header(where: str) -> BadTable:
    return bad_table(
        where,
        "line 1 cannot be read as a header: a quote is left open or stands inside a field, or the line "
        "ends with CR alone; repair it",
        "第 1 行无法作为表头读取：引号未闭合或出现在字段中间，或仅以 CR 换行；请修正",
    )
