"""Make identifiers that pass every format and checksum, and that belong to nobody.

A column of numbers is a matrix of ASCII codes, shape (rows, width): check digits are sums over its columns.

| identifier     | why it is nobody's                                                                     |
|----------------|----------------------------------------------------------------------------------------|
| resident id    | its division code was revoked by 1 March 1983; the first number was given after the    |
|                | trial regulation of 6 April 1984, so the code stands in no number ever given           |
| credit code    | the same revoked division; credit codes exist since October 2015                       |
| mobile         | segments 154, 164, 194: allocated to no operator                                       |
| plate          | Ningxia issues letters A to E; these carry W, X, Y                                     |
| VIN            | model-year place 0, which GB 16735 never uses                                          |
| IMEI           | type code 0044...: the test range of GSMA TS.06                                        |
| MAC            | locally administered, in the reserved quadrant of IEEE 802c: no maker has it           |
| e-mail         | the top-level domain .example (RFC 2606) never resolves                                |
"""

# mypy: disable-error-code="attr-defined"
# (pyarrow has no type stubs and re-exports its classes implicitly)

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from commonseal.city.draw import Ints

Ascii = npt.NDArray[np.uint8]

# Counties of GB 2260 whose codes were revoked in 1982 and 1983 and never given again; two independent
# tables of historical codes agree on each (docs/city.md). Jiangsu abolished all its prefectures on
# 1 March 1983, so nothing from 322100 to 322799 outlived that day.
HOME_DIVISIONS = (322621, 322622, 322623, 322624, 322625, 322628, 322629, 322630)
OTHER_DIVISIONS = (
    *range(322121, 322129), *range(322221, 322233), *range(322321, 322329), *range(322421, 322430),
    *range(322521, 322527), *range(322721, 322729),
    *range(110201, 110210), *range(120201, 120206), *range(310201, 310211),
)  # fmt: skip
MOBILE_SEGMENTS = (154, 164, 194)
PLATE_PROVINCE = "宁"
PLATE_LETTERS = "WXY"
TEST_TYPE_CODE = 44  # four digits, 0044
ORDINARY_PLATES = 3 * 4 * 576_000
ENERGY_PLATES = 3 * 3_400_000
EMAIL_HOSTS = ("mail.wanglan.example", "post.example", "inbox.example")

_RESIDENT_WEIGHTS = np.array([2 ** (17 - i) % 11 for i in range(17)])
_RESIDENT_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
_CREDIT_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_CREDIT_WEIGHTS = np.array([3**i % 31 for i in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_VIN_ALPHABET = np.frombuffer(b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789", np.uint8)
_VIN_VALUES = dict(zip(b"ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_VIN_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
_SERIAL_LETTERS = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ", np.uint8)
_SERIAL_PATTERNS = np.array([[0, 1, 2, 3, 4], [0, 4, 1, 2, 3], [1, 0, 2, 3, 4], [1, 2, 0, 4, 3]])
_ENERGY_LETTERS = np.frombuffer(b"DABCEFGHJK", np.uint8)
_ENERGY_SECOND = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", np.uint8)
_HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)


def column(matrix: Ascii) -> pl.Series:
    """Turn ASCII codes, shape (rows, width), into a string column without a loop."""
    rows, width = matrix.shape
    offsets = pa.py_buffer(np.arange(0, (rows + 1) * width, width, dtype=np.int64))
    text = pa.Array.from_buffers(pa.large_utf8(), rows, [None, offsets, pa.py_buffer(matrix.tobytes())])
    return pl.Series(pl.from_arrow(text), dtype=pl.String)


def digits(numbers: Ints, width: int) -> Ascii:
    """Write each number with `width` decimal digits, zeros in front."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + 48).astype(np.uint8)


def resident_ids(divisions: Ints, dates: Ints, sequences: Ints) -> Ascii:
    """Write resident id numbers (GB 11643). `dates`: yyyymmdd; `sequences`: 0-999, odd for men."""
    body = digits(divisions * 10**11 + dates * 10**3 + sequences, 17)
    checks = _RESIDENT_CHECKS[((body.astype(np.int64) - 48) @ _RESIDENT_WEIGHTS) % 11]
    return np.column_stack([body, checks])


def credit_codes(authority: bytes, divisions: Ints, serials: Ints) -> Ascii:
    """Write unified social credit codes (GB 32100). `authority`: two characters; `serials` < 10**6."""
    organisation = np.column_stack([_repeat(b"MA", len(serials)), digits(serials, 6)])
    weighed = _values(organisation) @ _ORGANISATION_WEIGHTS
    checks = np.frombuffer(b"0123456789X", np.uint8)[(11 - weighed % 11) % 11]
    head = [_repeat(authority, len(serials)), digits(divisions, 6)]
    body = np.column_stack([*head, organisation, checks])
    places = np.searchsorted(_CREDIT_ALPHABET, body)
    return np.column_stack([body, _CREDIT_ALPHABET[-(places @ _CREDIT_WEIGHTS) % 31]])


def mobiles(numbers: Ints) -> Ascii:
    """Write mobile numbers; `numbers` = place of the segment * 10**8 + eight digits."""
    segments = np.array(MOBILE_SEGMENTS, np.int64)[numbers // 10**8]
    return digits(segments * 10**8 + numbers % 10**8, 11)


def imeis(serials: Ints) -> Ascii:
    """Write IMEIs with their Luhn digit; `serials` < 10**10 fill the test range."""
    body = digits(TEST_TYPE_CODE * 10**10 + serials, 14)
    values = body.astype(np.int64) - 48
    values[:, 1::2] *= 2
    total = (values // 10 + values % 10).sum(axis=1)
    return np.column_stack([body, ((-total) % 10 + 48).astype(np.uint8)])


def macs(numbers: Ints) -> Ascii:
    """Write MAC addresses whose first octet ends in 6; `numbers` < 16**11."""
    nibbles = _HEX[numbers[:, None] >> (4 * np.arange(10, -1, -1)) & 15]
    nibbles = np.insert(nibbles, 1, ord("6"), axis=1)
    return np.insert(nibbles, [2, 4, 6, 8, 10], ord(":"), axis=1)


def vins(serials: Ints) -> Ascii:
    """Write vehicle identification numbers with their check digit; `serials` < 33**8."""
    powers = len(_VIN_ALPHABET) ** np.arange(8, dtype=np.int64)
    free = _VIN_ALPHABET[serials[:, None] // powers % len(_VIN_ALPHABET)]
    place = digits(serials % 10**6, 6)
    head = [_repeat(b"L", len(free)), free[:, :7]]
    body = np.column_stack([*head, _repeat(b"00", len(free)), free[:, 7:], place])
    remainders = (_vin_values(body) @ _VIN_WEIGHTS) % 11
    body[:, 8] = np.frombuffer(b"0123456789X", np.uint8)[remainders]
    return body


def ordinary_serials(numbers: Ints) -> Ascii:
    """Write letter of issue and five places: two letters, three digits; `numbers` < ORDINARY_PLATES."""
    pattern, rest = numbers // 576_000 % len(_SERIAL_PATTERNS), numbers % 576_000
    first, last = _SERIAL_LETTERS[rest // 24_000], _SERIAL_LETTERS[rest // 1000 % 24]
    serial = np.column_stack([first, digits(rest % 1000, 3), last])
    serial = np.take_along_axis(serial, _SERIAL_PATTERNS[pattern], axis=1)
    return np.column_stack([_letters(numbers // (576_000 * len(_SERIAL_PATTERNS))), serial])


def energy_serials(numbers: Ints) -> Ascii:
    """Write letter of issue and six places of a small new-energy plate; `numbers` < ENERGY_PLATES."""
    letter, rest = numbers // 3_400_000, numbers % 3_400_000
    first, second = _ENERGY_LETTERS[rest // 340_000], _ENERGY_SECOND[rest // 10_000 % 34]
    return np.column_stack([_letters(letter), first, second, digits(rest % 10_000, 4)])


def _letters(numbers: Ints) -> Ascii:
    return np.frombuffer(PLATE_LETTERS.encode(), np.uint8)[numbers]


def _repeat(text: bytes, rows: int) -> Ascii:
    return np.tile(np.frombuffer(text, np.uint8), (rows, 1))


def _values(matrix: Ascii) -> Ints:
    """Give digits their worth and letters A=10 to Z=35."""
    return np.where(matrix < 58, matrix.astype(np.int64) - 48, matrix.astype(np.int64) - 55)


def _vin_values(matrix: Ascii) -> Ints:
    table = np.zeros(128, np.int64)
    table[48:58] = np.arange(10)
    for letter, worth in _VIN_VALUES.items():
        table[letter] = worth
    return table[matrix]
