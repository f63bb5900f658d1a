"""Tell what a text file is written in, and rewrite it as UTF-8 in bounded memory.

Order: a byte order mark decides; else strict UTF-8; else strict GB18030 (which holds GBK and GB 2312).
Nothing is guessed from frequencies: a file that is neither is refused with the place of the first
byte that does not fit.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20  # bytes
_MARKS = (  # UTF-32 LE first: its mark begins with that of UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xd0\xcf\x11\xe0", "Office"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "PDF"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A byte order mark: the codec it names and its length in bytes."""

    codec: str
    size: int


class Undecodable(Exception):
    """Bytes that a codec does not allow; `offset` from the file's start."""

    def __init__(self, codec: str, offset: int) -> None:
        super().__init__(codec)
        self.codec, self.offset = codec, offset


def packed_as(head: bytes) -> str | None:
    """Name the binary format that the first bytes of a file announce, if any.

    >>> packed_as(bytes([0x1F, 0x8B, 8]))
    'gzip'
    """
    return next((name for magic, name in _PACKED if head.startswith(magic)), None)


def mark_of(head: bytes) -> Mark | None:
    """Return the byte order mark at the start of a file, if any."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Mark(codec, len(mark))
    return None


def transcode(path: Path, codec: str, skip: int, target: Path) -> None:
    """Write the text of `path` to `target` as UTF-8; line ends and all else stay as they are.

    Args:
        path: the original. codec: a Python codec, applied strictly.
        skip: bytes of its byte order mark.
        target: the copy, overwritten.

    Raises:
        Undecodable: at the first byte that `codec` does not allow.
    """
    decoder = codecs.getincrementaldecoder(codec)("strict")
    base = skip
    with path.open("rb") as source, target.open("wb") as copy:
        source.seek(skip)
        while True:
            chunk = source.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                copy.write(decoder.decode(chunk, final=not chunk).encode("utf-8"))
            except UnicodeDecodeError as fault:
                raise Undecodable(codec, base - held + fault.start) from None
            except UnicodeEncodeError:  # a lone surrogate, which no text holds
                raise Undecodable(codec, base) from None
            if not chunk:
                return
            base += len(chunk)
