"""Recognize the Hong Kong identity card number."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, as_answers, characters
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is
from commonseal.model import Level, Role

CATEGORY = category("hk_id", "Hong Kong identity card", "香港身份证", Level.HIGHLY_PRIVATE, Role.DIRECT)
_VALUE = np.zeros(256, dtype=np.int64)
_VALUE[ord("0") : ord("9") + 1] = np.arange(10)
_VALUE[ord("A") : ord("Z") + 1] = np.arange(10, 36)
_VALUE[ord(" ")] = 36  # the missing first letter


def check(compact: pl.Series) -> Answers:
    """Check the digit in the brackets: weights 9 to 1, the sum is a multiple of 11.

    >>> check(pl.Series(["A123456(3)", "A123456(9)"])).tolist()
    [1.0, 0.0]
    """
    if not len(compact):
        return np.empty(0)
    bare = compact.str.replace_all("[()]", "").str.pad_start(9, " ")
    total = _VALUE[characters(bare, 9)] @ np.arange(9, 0, -1)
    return as_answers(total % 11 == 0)


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="hkid hk_id xianggangshenfenzheng", han="香港身份证|香港居民身份证"),
    speaks=compact_is(r"[A-Z]{1,2}[0-9]{6}(?:\([0-9A]\)|[0-9A])"),
    alone=0.3,
    checked=0.95,
    chance=1 / 11,
    checksum=check,
    text=r"(?-u:\b{start-half})[A-Za-z]{1,2}\d{6}[(（][\dAa][)）]",
)
