"""Compute check digits over whole columns: the values become a matrix of characters, once.

Every function takes strings of ASCII letters and digits, upper-case, and answers 1.0 or 0.0 a value.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Answers = NDArray[np.float64]
_BASE_36 = np.full(256, 0, dtype=np.int64)
_BASE_36[ord("0") : ord("9") + 1] = np.arange(10)
_BASE_36[ord("A") : ord("Z") + 1] = np.arange(10, 36)
_MOD_11_2 = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_LONGEST_CARD = 20


def as_answers(passed: NDArray[np.bool_]) -> Answers:
    """Return 1.0 for true and 0.0 for false."""
    answers: Answers = passed.astype(np.float64)
    return answers


def characters(values: pl.Series, width: int) -> NDArray[np.uint8]:
    """Return the (n, width) matrix of ASCII codes; every value must have exactly `width` characters."""
    joined = "".join(values.to_list()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(values), width)


def base_36(values: pl.Series, width: int) -> NDArray[np.int64]:
    """Return the (n, width) matrix of 0..35 for 0..9, A..Z; any other character is 0."""
    return _BASE_36[characters(values, width)]


def mod_11_2(values: pl.Series) -> Answers:
    """Check ISO 7064 MOD 11-2 over 18 characters (GB 11643-1999).

    >>> mod_11_2(pl.Series(["11010519491231002X", "110105194912310021"])).tolist()
    [1.0, 0.0]
    """
    if not len(values):
        return np.empty(0)
    codes = characters(values, 18)
    total = _BASE_36[codes[:, :17]] @ _MOD_11_2
    expected = np.frombuffer(b"10X98765432", dtype=np.uint8)[total % 11]
    return as_answers(expected == codes[:, 17])


def luhn(values: pl.Series) -> Answers:
    """Check Luhn (ISO/IEC 7812-1 annex B) over up to 20 digits.

    >>> luhn(pl.Series(["4111111111111111", "490154203237518", "4111111111111112"])).tolist()
    [1.0, 1.0, 0.0]
    """
    if not len(values):
        return np.empty(0)
    digits = base_36(values.str.pad_start(_LONGEST_CARD, "0"), _LONGEST_CARD)
    doubled = digits[:, -2::-2] * 2
    total = digits[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return as_answers(total % 10 == 0)


def mod_97(values: pl.Series) -> Answers:
    """Check ISO 7064 MOD 97-10 of an IBAN (ISO 13616): country and check digits first.

    >>> mod_97(pl.Series(["GB82WEST12345698765432", "GB82WEST12345698765433"])).tolist()
    [1.0, 0.0]
    """
    turned = values.str.slice(4) + values.str.slice(0, 4)
    # ISO 13616: letters are two digits (A = 10); 34 characters at most, padded in front with zeros.
    codes = base_36(turned.str.pad_start(34, "0"), 34) if len(values) else np.empty((0, 34), np.int64)
    rest = np.zeros(len(values), dtype=np.int64)
    for column in codes.T:
        rest = np.where(column > 9, rest * 100 + column, rest * 10 + column) % 97
    return as_answers(rest == 1)


def real_date(text: pl.Series) -> Answers:
    """Answer whether each YYYYMMDD is a day that exists."""
    return text.str.to_date("%Y%m%d", strict=False).is_not_null().to_numpy().astype(np.float64)
