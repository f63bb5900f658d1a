"""Say where a CSV breaks, what stands there and what to do; never a cell."""

from __future__ import annotations

from pathlib import Path

from commonseal.errors import BadTable
from commonseal.source.csv_scan import Broken, Problem, line_at
from commonseal.source.faults import bad_table

_WORDS: dict[Problem, tuple[str, str]] = {
    Problem.NUL: (
        "a NUL byte; expected text (a UTF-16 file needs its byte order mark: save it as UTF-8)",
        "有 NUL 字节；应为文本（UTF-16 文件须带字节序标记，请另存为 UTF-8）",
    ),
    Problem.LONE_CR: (
        "the line ends with CR alone; expected LF or CR LF: save it with Unix or Windows line ends",
        "行尾只有 CR；应为 LF 或 CR LF，请以 Unix 或 Windows 换行符另存",
    ),
    Problem.STRAY_QUOTE: (
        'a quote inside a field that is not quoted; enclose the field in quotes and double the one inside ("")',
        '未加引号的字段内有引号；请用引号括起该字段，并把其中的引号写成两个（""）',
    ),
    Problem.OPEN_QUOTE: (
        "a quote opens here and is never closed; close it",
        "此处的引号一直没有闭合；请补上",
    ),
    Problem.BLANK_LINE: (
        "a blank line between rows; remove it",
        "数据行之间有空行；请删去",
    ),
}


def describe(where: str, path: Path, fault: Broken) -> BadTable:
    """Turn what the scan found into the fault that the user reads.

    Args:
        where: the file as the user knows it.
        path: the bytes that were scanned (the UTF-8 copy, where there is one; lines are the same).
        fault: what was found.
    """
    line = line_at(path, fault.offset)
    if fault.problem is Problem.RAGGED:
        return _ragged(where, line, fault)
    if fault.problem is Problem.TEXT_AFTER_QUOTE:
        opened = line_at(path, fault.opened)
        return bad_table(
            where,
            f"line {line}: text follows the quote that closes the field opened in line {opened}; "
            'double a quote inside a field (""), and look for one left open before',
            f'第 {line} 行：字段（起于第 {opened} 行）的闭合引号之后还有文字；字段内的引号应写成两个（""），'
            "并检查前面是否有引号未闭合",
        )
    en, zh = _WORDS[fault.problem]
    return bad_table(where, f"line {line}: {en}", f"第 {line} 行：{zh}")


def _ragged(where: str, line: int, fault: Broken) -> BadTable:
    return bad_table(
        where,
        f"line {line}: got {_fields(fault.got)}, expected {fault.expected} as in the header; "
        "enclose in quotes a field that holds the separator, or complete the row",
        f"第 {line} 行：有 {fault.got} 个字段，应与表头一致为 {fault.expected} 个；"
        "含分隔符的字段请用引号括起，或补全该行",
    )


def _fields(count: int) -> str:
    return f"{count} field" if count == 1 else f"{count} fields"


def undecodable(path: Path, offset: int, codec: str) -> BadTable:
    """Say at which byte and line the text stops being what it should be."""
    wide = codec.startswith(("utf-16", "utf-32"))
    line = None if wide else line_at(path, offset)  # LF is one byte only where ASCII is
    en_line, zh_line = (f" (line {line})", f"（第 {line} 行）") if line else ("", "")
    if codec == "gb18030":
        en, zh = "neither UTF-8 nor GB18030", "既不是 UTF-8 也不是 GB18030"
    else:
        en, zh = f"not {codec.upper()}, as its byte order mark says", f"不是字节序标记所示的 {codec.upper()}"
    return bad_table(
        str(path),
        f"byte {offset}{en_line} is {en}; save the file as UTF-8",
        f"第 {offset} 个字节{zh_line}{zh}；请将文件另存为 UTF-8",
    )
