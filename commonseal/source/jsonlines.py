"""Open JSON Lines: one object a line; every value is kept as the text that stands there.

Numbers stay as written (1.10 stays 1.10, an ID of 18 digits keeps them all); true and false become
those words; null and a missing key become null; objects and arrays become compact JSON text. The
lines are read once, in bounded memory; where new keys appear a new part begins, and the parts are
joined at the end.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO

import polars as pl

from commonseal.source.faults import bad_table, shown
from commonseal.source.names import check_names
from commonseal.source.spool import FETCH, frame_of, write_parquet
from commonseal.source.table import Table, own, working_folder

_LINE = 256 << 20  # bytes: the longest line
_KEYS = 20_000  # the most columns

Line = Mapping[str, str | None]


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Twice(Exception):
    """A key that stands twice in one object."""


def open_jsonl(path: Path, spool: Path | None) -> Table:
    """Open the JSON Lines file at `path`.

    Args:
        path: UTF-8, one object a line; blank lines are passed over.
        spool: where the working copy in Parquet goes. None: deleted with the table.

    Returns:
        All columns String, in the order in which keys first appear.

    Raises:
        BadTable: names the line that is not an object, not UTF-8, too long, or names a key twice.
        OSError: the file cannot be read.
    """
    where = str(path)
    with working_folder(spool) as folder:
        with path.open("rb") as file:
            parts = _write_parts(_batches(_objects(file, where), where), folder)
        if not parts:
            raise bad_table(
                where, "holds no object; expected one a line", "没有任何对象；应为每行一个 JSON 对象"
            )
        scans = [pl.scan_parquet(part, glob=False) for part in parts]
        columns = check_names(scans[-1].collect_schema().names(), where)
        whole = folder / "rows.parquet"
        pl.concat(scans, how="diagonal").select(columns).sink_parquet(whole)
        for part in parts:
            part.unlink()
        frame = pl.scan_parquet(whole, glob=False)
        rows = int(frame.select(pl.len()).collect().item())
        table = Table(path.name, "jsonl", frame, columns, path=whole, rows=rows, encoding="utf-8")
        return own(table, folder, spool)


def _write_parts(batches: Iterator[pl.DataFrame], folder: Path) -> list[Path]:
    parts: list[Path] = []
    for names, group in groupby(batches, key=lambda batch: tuple(batch.columns)):
        parts.append(folder / f"part{len(parts)}.parquet")
        write_parquet(parts[-1], pl.Schema(dict.fromkeys(names, pl.String())), group)
    return parts


def _batches(objects: Iterator[Line], where: str) -> Iterator[pl.DataFrame]:
    """Cut the lines into frames; each holds every key seen so far, so the last part holds them all."""
    known: dict[str, None] = {}
    while lines := list(islice(objects, FETCH)):
        for line in lines:
            known.update(dict.fromkeys(line))
        if not known or len(known) > _KEYS:
            raise bad_table(
                where,
                f"got {len(known)} different keys, expected 1 to {_KEYS}: the same few in every line",
                f"共有 {len(known)} 个不同的键，应为 1 至 {_KEYS} 个，且各行基本相同",
            )
        schema = pl.Schema(dict.fromkeys(known, pl.String()))
        yield frame_of([[line.get(key) for key in known] for line in lines], schema)


def _objects(file: BinaryIO, where: str) -> Iterator[Line]:
    number = 0
    while line := file.readline(_LINE + 1):
        number += 1
        if len(line) > _LINE:
            raise bad_table(
                where,
                f"line {number}: longer than {_LINE >> 20} MB; expected one object a line",
                f"第 {number} 行：超过 {_LINE >> 20} MB；应为每行一个对象",
            )
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield _line(line, where, number)


def _line(line: bytes, where: str, number: int) -> Line:
    try:
        found = _DECODER.decode(line.decode("utf-8"))
        if not isinstance(found, dict):
            raise _bad_line(where, number, f"a {_kind(found)}")
        return {_encodable(key): _cell(value) for key, value in found.items()}
    except _Twice as twice:
        key = shown(str(twice))
        raise bad_table(
            where,
            f"line {number}: the key {key} stands twice in one object; keep one",
            f"第 {number} 行：同一对象中键 {key} 出现两次；请只留一个",
        ) from None
    except (ValueError, RecursionError):  # UnicodeError too; the parser's text is not shown
        raise _bad_line(where, number, "no JSON in UTF-8") from None


def _bad_line(where: str, number: int, got: str) -> Exception:
    return bad_table(
        where,
        f"line {number}: got {got}, expected one JSON object in UTF-8; repair the line",
        f"第 {number} 行：不是一个 UTF-8 的 JSON 对象；请修正该行",
    )


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "list"
    return "number" if isinstance(value, _Number) else "string" if isinstance(value, str) else "constant"


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return found


def _refuse(constant: str) -> object:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _cell(value: object) -> str | None:
    return _encodable(value) if isinstance(value, str) else None if value is None else _written(value)


def _encodable(text: str) -> str:
    text.encode("utf-8")  # a lone surrogate is no text, and raises
    return str(text)


def _written(value: object) -> str:
    """Write a value back as compact JSON, numbers as they stood."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written(key)}:{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_Number, parse_float=_Number, parse_constant=_refuse
)
