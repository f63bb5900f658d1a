"""Check the structure of a CSV in one pass over its bytes, without parsing its cells.

Polars pads a short row with nulls, reads a blank line as a row of nulls, and guesses at a stray quote;
a release must not. What holds of a file that passes (RFC 4180, with any one-byte separator):

- it is UTF-8, holds no NUL, and every line ends with LF or CR LF;
- a quote opens only at the start of a field, closes only at its end, and is doubled inside;
- every record has as many fields as the header; blank lines stand only after the last record.

Everything is vectorised over chunks: a running count of quotes says by its parity whether a byte lies
inside a quoted field. What crosses a chunk's edge is the scanner's state.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

CHUNK = 1 << 20  # bytes: the arrays over a chunk stay in the processor's cache
_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


class Problem(Enum):
    """What can be wrong with the structure."""

    NOT_UTF8 = auto()
    NUL = auto()
    LONE_CR = auto()
    STRAY_QUOTE = auto()  # a quote inside a field that did not open with one
    TEXT_AFTER_QUOTE = auto()  # a closing quote not followed by the end of its field
    OPEN_QUOTE = auto()  # never closed
    RAGGED = auto()
    BLANK_LINE = auto()  # between records


class Broken(Exception):
    """The first thing wrong: its place in bytes, and what more there is to say of it."""

    def __init__(
        self,
        problem: Problem,
        offset: int,
        *,
        got: int = 0,
        expected: int = 0,
        opened: int = 0,
        seen: int | None = None,
    ) -> None:
        super().__init__(problem.name)
        self.problem, self.offset = problem, offset
        self.got, self.expected = got, expected  # fields of a ragged record
        self.opened = opened  # where the quoted field began
        self.seen = offset if seen is None else seen  # where it showed; the first to show is told


@dataclass(frozen=True, slots=True)
class Extent:
    """What a sound file holds."""

    records: int  # without the header
    blank_tail: bool  # blank lines follow the last record


def scan(path: Path, separator: str, fields: int, skip: int = 0) -> Extent:
    """Check every byte of the file at `path` against the bullets above.

    Args:
        path: an uncompressed file.
        separator: one ASCII character.
        fields: how many the header has.
        skip: bytes of a byte order mark before the header.

    Raises:
        Broken: for the first thing wrong.
    """
    scanner = _Scanner(ord(separator), fields, skip)
    with path.open("rb") as file:
        file.seek(skip)
        for chunk in _chunks(file):
            scanner.feed(chunk)
    return scanner.finish()


def field_counts(sample: bytes, separator: str, *, whole: bool) -> list[int]:
    """Count the fields of each record of `sample`; `whole`: its end is the file's end."""
    data = np.frombuffer(sample, dtype=np.uint8)
    inside = _inside(data == _QUOTE, carry=0)
    ends = np.flatnonzero((data == _LF) & (inside == 0))
    if whole and (not len(ends) or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    seps = np.flatnonzero((data == ord(separator)) & (inside == 0))
    counts: list[int] = (np.diff(np.searchsorted(seps, ends), prepend=0) + 1).tolist()
    return counts


def first_record(sample: bytes) -> bytes | None:
    """Return the bytes up to the first LF outside quotes; None where the sample holds no whole record."""
    data = np.frombuffer(sample, dtype=np.uint8)
    ends = np.flatnonzero((data == _LF) & (_inside(data == _QUOTE, carry=0) == 0))
    return sample[: ends[0]].removesuffix(b"\r") if len(ends) else None


def line_at(path: Path, offset: int) -> int:
    """Return the number of the line, counted from 1 by LF, that the byte at `offset` stands in."""
    line = 1
    with path.open("rb") as file:
        for chunk in _chunks(file):
            line += chunk[:offset].count(b"\n")
            offset -= len(chunk)
            if offset <= 0:
                break
    return line


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _inside(quotes: npt.NDArray[np.bool_], carry: int) -> Bytes:
    """Say of each byte whether it lies inside quotes (1) or not (0); an opening quote does."""
    if not quotes.any():
        return np.full(len(quotes), carry, dtype=np.uint8)
    parity: Bytes = np.cumsum(quotes.view(np.uint8), dtype=np.uint8)  # wraps at 256, which keeps the parity
    parity += np.uint8(carry)
    parity &= np.uint8(1)
    return parity


class _Scanner:
    """What the scan must remember from one chunk to the next. Offsets count from the file's start."""

    def __init__(self, separator: int, fields: int, skip: int) -> None:
        self._separator, self._fields = separator, fields
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._base = skip  # offset of the chunk
        self._last = _LF  # the byte before the chunk; a record starts after LF
        self._last_outside = True
        self._inside = 0
        self._opened = skip  # offset of the last quote that opened
        self._start = skip  # offset of the current record
        self._pending = 0  # separators seen in the current record
        self._records = 0
        self._blank: int | None = None  # offset of the first blank line since the last record

    def feed(self, chunk: bytes) -> None:
        """Check the next bytes of the file."""
        self._check_text(chunk)
        data = np.frombuffer(chunk, dtype=np.uint8)
        quotes = data == _QUOTE
        inside = _inside(quotes, self._inside)
        faults = [self._first_bad_cr(data, inside)]
        if self._inside or self._last == _QUOTE or quotes.any():
            faults.append(self._first_bad_quote(data, quotes, inside))
        faults.append(self._count_records(data, inside))
        found = [fault for fault in faults if fault is not None]
        if found:
            raise min(found, key=lambda fault: fault.seen)
        self._base += len(chunk)
        self._last, self._inside = int(data[-1]), int(inside[-1])
        self._last_outside = self._inside == 0

    def finish(self) -> Extent:
        """Check what only the end of the file shows."""
        self._check_text(b"", final=True)
        if self._inside:
            raise Broken(Problem.OPEN_QUOTE, self._opened)
        if self._last == _CR:
            raise Broken(Problem.LONE_CR, self._base - 1)
        if self._start < self._base:  # the last line has no LF
            self._close_record(self._start, self._pending + 1, self._base - self._start)
        return Extent(max(self._records - 1, 0), blank_tail=self._blank is not None)

    def _check_text(self, chunk: bytes, *, final: bool = False) -> None:
        held = len(self._decoder.getstate()[0])  # bytes of a character cut by the chunk's edge
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as fault:
            raise Broken(Problem.NOT_UTF8, self._base - held + fault.start) from None
        nul = chunk.find(b"\0")
        if nul >= 0:
            raise Broken(Problem.NUL, self._base + nul)

    def _first_bad_cr(self, data: Bytes, inside: Bytes) -> Broken | None:
        if self._last == _CR and self._last_outside and data[0] != _LF:
            return Broken(Problem.LONE_CR, self._base - 1)
        returns = np.flatnonzero((data == _CR) & (inside == 0))
        inner = returns[returns < len(data) - 1]  # one at the edge waits for the next chunk
        bad = inner[data[inner + 1] != _LF]
        return Broken(Problem.LONE_CR, self._base + int(bad[0])) if len(bad) else None

    def _first_bad_quote(self, data: Bytes, quotes: npt.NDArray[np.bool_], inside: Bytes) -> Broken | None:
        places = np.flatnonzero(quotes)
        before = np.concatenate((np.array([self._last], dtype=np.uint8), data))  # before[i] precedes data[i]
        opening = places[inside[places] == 1]
        stray = opening[~np.isin(before[opening], (self._separator, _LF, _QUOTE))]
        # Places in `before` of the quotes that closed: one more than in `data`; the last waits.
        closing = places[inside[places] == 0] + 1
        if self._last == _QUOTE and self._last_outside:
            closing = np.concatenate((np.zeros(1, dtype=np.int64), closing))
        closing = closing[closing < len(data)]
        torn = closing[~np.isin(data[closing], (self._separator, _LF, _CR, _QUOTE))] - 1
        fault = self._first_of(stray, torn, opening)
        if len(opening):
            self._opened = self._base + int(opening[-1])
        return fault

    def _first_of(self, stray: Places, torn: Places, opening: Places) -> Broken | None:
        if len(torn) and not (len(stray) and stray[0] < torn[0]):
            earlier = opening[opening < torn[0]]
            opened = self._base + int(earlier[-1]) if len(earlier) else self._opened
            return Broken(Problem.TEXT_AFTER_QUOTE, self._base + int(torn[0]), opened=opened)
        return Broken(Problem.STRAY_QUOTE, self._base + int(stray[0])) if len(stray) else None

    def _count_records(self, data: Bytes, inside: Bytes) -> Broken | None:
        outside = inside == 0
        ends = np.flatnonzero((data == _LF) & outside)
        seps = np.flatnonzero((data == self._separator) & outside)
        if not len(ends):
            self._pending += len(seps)
            return None
        upto = np.searchsorted(seps, ends)
        counts = np.diff(upto, prepend=0) + 1
        counts[0] += self._pending
        starts = np.concatenate((np.array([self._start]), ends[:-1] + 1 + self._base))
        fault = self._close_records(starts, counts, ends + self._base - starts, data, ends)
        self._pending = len(seps) - int(upto[-1])
        self._start = self._base + int(ends[-1]) + 1
        return fault

    def _close_records(
        self, starts: Places, counts: Places, lengths: Places, data: Bytes, ends: Places
    ) -> Broken | None:
        odd = np.flatnonzero(counts != self._fields)
        if self._blank is None and not len(odd):
            self._records += len(counts)
            return None
        first = 0 if self._blank is not None else int(odd[0])
        self._records += first
        for at in range(first, len(counts)):  # rare: runs to the first fault or through a blank tail
            before_lf = int(data[ends[at] - 1]) if ends[at] else self._last
            length = int(lengths[at]) - (before_lf == _CR)
            try:
                self._close_record(int(starts[at]), int(counts[at]), length)
            except Broken as fault:
                return fault
        return None

    def _close_record(self, start: int, count: int, length: int) -> None:
        if count == 1 and length <= 0 and self._fields > 1:
            self._blank = start if self._blank is None else self._blank
        elif self._blank is not None:
            raise Broken(Problem.BLANK_LINE, self._blank, seen=start + length)
        elif count != self._fields:
            raise Broken(Problem.RAGGED, start, got=count, expected=self._fields, seen=start + length)
        else:
            self._records += 1
