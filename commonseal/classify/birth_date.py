"""Recognize birth dates: days under that name, or a column of days of the last century."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers
from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("birth_date", "Date of birth", "出生日期", Level.PERSONAL, Role.QUASI)
_MONTH = "(?:0?[1-9]|1[0-2])"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_MIDNIGHT = r"(?:[T ]0?0:00(?::00(?:\.0+)?)?)?"
_YEAR = "(?:18|19|20)[0-9]{2}"


NAMES = Names(
    words="birth birth_?date birth_?day birthday date_of_birth dob born birth_?year year_of_birth "
    "chushengriqi chusheng shengri csrq csny",
    han="出生日期|出生年月|生日|出生时间|出生年份",
    unless="place|country|地",
)
SOLID = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"


def _of_last_century(compact: pl.Series) -> Answers:
    """Answer whether the year is before 2000: of unnamed days, mostly birth dates lie so far back."""
    return compact.str.starts_with("19").to_numpy().astype(np.float64)


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=NAMES,
    speaks=value_is(rf"{_YEAR}[-/.年]{_MONTH}[-/.月]{_DAY}日?{_MIDNIGHT}|{SOLID}"),
    plausible=_of_last_century,
    fits=value_is(
        rf"{_YEAR}(?:[-/.年]?(?:0[1-9]|1[0-2])月?)?"
        rf"|{_DAY}[-/. ](?:{_MONTH}|[A-Za-z]{{3,9}})[-/. ,]+{_YEAR}|{_MONTH}[-/.]{_DAY}[-/.]{_YEAR}"
    ),
    alone=0.85,
)
