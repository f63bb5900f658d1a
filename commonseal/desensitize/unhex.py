"""Turn a column of hex digests into bytes, eight characters an instruction.

`Series.str.decode("hex")` takes longer than the HMAC itself; this takes a sixth of it (docs/desensitize.md).
"""

# mypy: disable-error-code="attr-defined"
# (pyarrow has no type stubs and re-exports its classes implicitly)

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES = np.uint64(0x0101010101010101)
_NINE, _SIX, _TWELVE, _EIGHT = np.uint64(9), np.uint64(6), np.uint64(12), np.uint16(8)
_WORDS = 1 << 15  # 256 KiB of text at a time: few calls, and still in the cache of one core


def unhex(column: pl.Series) -> pl.Series:
    """Return the bytes (Binary) of a String series that holds only hex digests; nulls stay null.

    Each text must be hex of a multiple of 8 characters: the caller vouches for it, nothing is checked.
    """
    text = column.to_arrow()
    if not isinstance(text, pa.LargeStringArray):
        text = text.cast(pa.large_string())
    validity, ends, data = text.buffers()
    offsets = np.frombuffer(ends, dtype=np.int64, count=len(text) + 1, offset=8 * text.offset)
    start, stop = int(offsets[0]), int(offsets[-1])
    words = np.frombuffer(data or b"", dtype="<u8", count=(stop - start) // 8, offset=start)
    if text.offset and validity is not None:
        validity = pa.concat_arrays([text.is_valid()]).buffers()[1]
    digests = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        len(text),
        [validity, pa.py_buffer((offsets - start) // 2), pa.py_buffer(_decode(words))],
    )
    return pl.Series(column.name, digests, dtype=pl.Binary)


def _decode(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Return 4 bytes for each little-endian word of 8 hex characters, of either case."""
    out = np.empty(len(words) * 4, dtype=np.uint8)
    nibbles = np.empty(_WORDS, dtype="<u8")
    spare = np.empty(_WORDS, dtype="<u8")
    for start in range(0, len(words), _WORDS):
        word = words[start : start + _WORDS]
        x, y = nibbles[: len(word)], spare[: len(word)]
        np.right_shift(word, _SIX, out=x)  # bit 6 tells letters from digits
        np.bitwise_and(x, _ONES, out=x)
        np.multiply(x, _NINE, out=x)  # 'a' & 15 is 1, and stands for 10
        np.bitwise_and(word, _NIBBLES, out=y)
        np.add(x, y, out=x)  # one nibble a byte, high one first
        np.left_shift(x, _TWELVE, out=y)
        np.bitwise_or(x, y, out=x)  # every odd byte now holds both its nibbles
        np.right_shift(x.view("<u2"), _EIGHT, out=out[4 * start : 4 * (start + len(word))], casting="unsafe")
    return out
