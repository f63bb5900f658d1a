"""Recognize vehicle identification numbers (GB 16735-2019, ISO 3779)."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, as_answers, characters
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

CATEGORY = category("vin", "Vehicle identification number", "车辆识别代号", Level.SEMI_PRIVATE, Role.DIRECT)
_VALUE = np.zeros(256, dtype=np.int64)
_VALUE[ord("0") : ord("9") + 1] = np.arange(10)
for _letter, _number in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True):
    _VALUE[ord(_letter)] = int(_number)
_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])


def check(compact: pl.Series) -> Answers:
    """Check the ninth character: the weighted sum modulo 11, ten written X.

    >>> check(pl.Series(["1M8GDM9AXKP042788", "1M8GDM9A1KP042788"])).tolist()
    [1.0, 0.0]
    """
    if not len(compact):
        return np.empty(0)
    codes = characters(compact, 17)
    expected = np.frombuffer(b"0123456789X", dtype=np.uint8)[_VALUE[codes] @ _WEIGHTS % 11]
    return as_answers(expected == codes[:, 8])


_mixed = pl.col("compact").str.contains("[A-Z]") & pl.col("compact").str.contains("[0-9]{4}$")

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="vin chassis cheliangshibiedaima clsbdm clsbdh chejiahao cjh", han="车架号|识别代号|识别代码"
    ),
    speaks=compact_is("[A-HJ-NPR-Z0-9]{17}") & _mixed,
    alone=0.55,
    checked=0.97,
    checksum=check,
    chance=1 / 11,
    text=in_text("[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{4}[0-9]{4}"),
)
