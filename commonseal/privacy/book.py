"""Keep a file of JSON lines that only grows, each line holding the hash of the one before it.

A line is on disk (fsync) when `append_line` returns. One writer at a time. A torn last line is one that
nobody was told of: `repaired_book` cuts it off.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from commonseal.errors import BadInput, ProofFailed
from commonseal.model import Text
from commonseal.privacy.query import exact
from commonseal.seal.canonical import canonical_json

WAIT = 30.0  # seconds for another writer
_START = "0" * 64
_FIELDS = {"kind", "dataset", "recipient", "on", "previous"}


@dataclass(frozen=True, slots=True)
class Book:
    """The whole lines of a ledger, their bytes, and the hash of the last."""

    lines: list[Mapping[str, Any]]
    size: int
    head: str


@contextmanager
def hold_book(path: Path) -> Iterator[None]:
    """Be the only writer until the block ends. Raises: BadInput where another one does not go."""
    # one lock for one file, by whatever link it is reached
    lock = FileLock(f"{path.resolve()}.lock", timeout=WAIT, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise BadInput(
            Text(
                en=f"{path}: another process holds the ledger; waited {WAIT:g} s; try again",
                zh=f"{path}：另有进程占用账本；已等 {WAIT:g} 秒；请稍后重试",
            )
        ) from None
    try:
        yield
    finally:
        lock.release()


def repaired_book(path: Path) -> Book:
    """Return what stands, after cutting off a torn last line. The lock is held."""
    if not path.exists():
        return Book([], 0, _START)
    book = read_book(path)
    if book.size < path.stat().st_size:
        with path.open("rb+") as file:
            file.truncate(book.size)
            os.fsync(file.fileno())
    return book


def append_line(path: Path, book: Book, line: Mapping[str, Any]) -> Book:
    """Write one line and wait until the disk has it. The lock is held."""
    new = not path.exists()
    chained = {**line, "previous": book.head}
    raw = canonical_json(chained)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(handle, "ab") as file:
        file.write(raw + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        _sync_folder(path.parent)
    return Book([*book.lines, chained], book.size + len(raw) + 1, _hash(raw))


def read_book(path: Path) -> Book:
    """Return the whole lines; what follows the last line end is torn. Raises: ProofFailed."""
    content = path.read_bytes()
    size = content.rfind(b"\n") + 1
    lines: list[Mapping[str, Any]] = []
    head = _START
    for number, raw in enumerate(content[:size].split(b"\n")[:-1], start=1):
        line = _parsed(raw)
        if line is None or line["previous"] != head:
            raise ProofFailed(
                Text(
                    en=f"{path}:{number}: does not follow from the line before: the ledger was changed. "
                    "Nothing is answered; restore it from a copy",
                    zh=f"{path}:{number}：与上一行不衔接：账本已被改动。不再作答；请用副本恢复",
                )
            )
        lines.append(line)
        head = _hash(raw)
    return Book(lines, size, head)


def _parsed(raw: bytes) -> Mapping[str, Any] | None:
    try:
        line = json.loads(raw)
        if not isinstance(line, dict) or not line.keys() >= _FIELDS:
            return None
        if line["kind"] in ("grant", "spend"):
            exact(line["epsilon"])
    except (ValueError, KeyError, RecursionError, BadInput):
        return None
    return line


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Have the disk confirm the new name too: a ledger that a power cut takes is a budget anew."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
