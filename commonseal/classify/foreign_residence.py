"""Recognize the foreign permanent residence card: 15 characters of before 2023, 18 of since."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, mod_11_2, real_date
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.classify.resident_id import MONTH_DAY
from commonseal.model import Level, Role

CATEGORY = category(
    "foreign_permanent_residence",
    "Foreign permanent residence card",
    "外国人永久居留身份证",
    Level.HIGHLY_PRIVATE,
    Role.DIRECT,
)
_NEW = rf"9[0-9]{{5}}(?:19|20)[0-9]{{2}}{MONTH_DAY}[0-9]{{3}}[0-9X]"
_OLD = rf"[A-Z]{{3}}[0-9]{{6}}[0-9]{{2}}{MONTH_DAY}[0-9]{{2}}|[A-Z]{{3}}[0-9]{{12}}"


def born(compact: pl.Series) -> Answers:
    """Answer whether the birth date of the new form exists; the old form passes."""
    new = (compact.str.len_bytes() == 18).to_numpy()
    return np.where(new, real_date(compact.str.slice(6, 8)), 1.0)


def check(compact: pl.Series) -> Answers:
    """Check the last character of the new form; the old has none that is published."""
    answers = np.full(len(compact), np.nan)
    new = (compact.str.len_bytes() == 18).to_numpy()
    answers[new] = mod_11_2(compact.filter(pl.Series(new)))
    return answers


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="permanent_residence yongjiujuliu yjjl green_?card", han="永久居留|永居"),
    speaks=compact_is(f"{_NEW}|{_OLD}"),
    alone=0.7,
    checked=0.97,
    chance=1 / 11,
    refine=born,
    checksum=check,
    text=in_text(f"{_NEW}|[A-Z]{{3}}[0-9]{{12}}"),
)
