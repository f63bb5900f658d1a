"""Recognize social security numbers: in China the citizen number or a card of nine; US numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, value_is
from commonseal.classify.resident_id import EIGHTEEN, born, check
from commonseal.model import Level, Role

CATEGORY = category(
    "social_security_no", "Social security number", "社会保障号码", Level.HIGHLY_PRIVATE, Role.DIRECT
)
_US = r"(?:00[1-9]|0[1-9][0-9]|[1-578][0-9]{2}|6(?:[0-57-9][0-9]|6[0-57-9]))-[0-9]{2}-[0-9]{4}"


def _possible(compact: pl.Series) -> Answers:
    long = (compact.str.len_bytes() == 18).to_numpy()
    answers = np.ones(len(compact))
    answers[long] = born(compact.filter(pl.Series(long)))
    return answers


# Without the name a citizen number is a citizen number: `alone` stands under that of resident_id.
RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="ssn social_?security social_?insurance sbh sbkh shebao shebaohao shebaokahao sbzh",
        han="社保|社会保障|社会保险|医保卡|医保号",
    ),
    speaks=compact_is(EIGHTEEN) | value_is(_US),
    fits=compact_is("[A-Z0-9]{8,12}"),
    alone=0.55,
    checked=0.6,
    refine=_possible,
    checksum=check,
    chance=1 / 11,
    text=rf"(?-u:\b{{start-half}}){_US}(?-u:\b{{end-half}})",
)
