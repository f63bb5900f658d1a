"""Recognize the Taiwan identity card number."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, as_answers, base_36, characters
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

CATEGORY = category("taiwan_id", "Taiwan identity card", "台湾身份证", Level.HIGHLY_PRIVATE, Role.DIRECT)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their numbers, 10 to 35
_NUMBER = np.zeros(256, dtype=np.int64)
_NUMBER[[ord(letter) for letter in _LETTERS]] = np.arange(10, 36)


def check(compact: pl.Series) -> Answers:
    """Check the last digit: weights 1, 9 to 1 and 1, the sum is a multiple of 10.

    >>> check(pl.Series(["A123456789", "A123456788"])).tolist()
    [1.0, 0.0]
    """
    if not len(compact):
        return np.empty(0)
    area = _NUMBER[characters(compact, 10)[:, 0]]
    digits = base_36(compact, 10)[:, 1:]
    total = area // 10 + area % 10 * 9 + digits @ np.array([8, 7, 6, 5, 4, 3, 2, 1, 1])
    return as_answers(total % 10 == 0)


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="taiwan_id tw_?id taiwanshenfenzheng", han="台湾身份证|台湾居民身份证"),
    speaks=compact_is("[A-Z][12][0-9]{8}"),
    alone=0.4,
    checked=0.96,
    checksum=check,
    text=in_text("[A-Z][12][0-9]{8}"),
)
