"""Recognize the unified social credit code of organisations (GB 32100-2015)."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, as_answers, characters
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is
from commonseal.classify.bank_card import CARD
from commonseal.classify.resident_id import EIGHTEEN
from commonseal.model import Level, Role

CATEGORY = category("uscc", "Unified social credit code", "统一社会信用代码", Level.GENERAL, Role.NONE)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = np.zeros(256, dtype=np.int64)
_VALUE[[ord(c) for c in _ALPHABET]] = np.arange(31)
_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
# The authority and the kind may be letters (A, N, Y ...); the six of the division never are.
_CODE = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"


def check(compact: pl.Series) -> Answers:
    """Check the last character: weights 3^(i-1) mod 31.

    >>> check(pl.Series(["91350100M000100Y43", "91350100M000100Y44"])).tolist()
    [1.0, 0.0]
    """
    if not len(compact):
        return np.empty(0)
    values = _VALUE[characters(compact, 18)]
    return as_answers((31 - values[:, :17] @ _WEIGHTS % 31) % 31 == values[:, 17])


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="uscc credit_code social_credit_code tax_?no tyshxydm xinyongdaima xydm nsrsbh",
        han="信用代码|纳税人识别号|机构代码|税号",
    ),
    # A person's number or card of 18 digits may pass by chance, one in 31: then the more private speaks.
    speaks=compact_is(_CODE) & ~compact_is(f"{EIGHTEEN}|{CARD}"),
    fits=compact_is(r"[0-9A-Z]{8}-?[0-9X]|[0-9]{15}"),  # the older codes it replaced
    alone=0.4,
    checked=0.97,
    checksum=check,
    chance=1 / 31,
)
