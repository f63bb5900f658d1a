"""Recognize the citizen identity number (GB 11643-1999): 18 characters, or the 15 of before 1999."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers, mod_11_2, real_date
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.classify.divisions import known_division
from commonseal.model import Level, Role

CATEGORY = category(
    "resident_id", "Resident identity number", "公民身份号码", Level.HIGHLY_PRIVATE, Role.DIRECT
)
PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)"
MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
EIGHTEEN = rf"{PROVINCE}[0-9]{{4}}(?:18|19|20)[0-9]{{2}}{MONTH_DAY}[0-9]{{3}}[0-9X]"
FIFTEEN = rf"{PROVINCE}[0-9]{{4}}[0-9]{{2}}{MONTH_DAY}[0-9]{{3}}"


def birth_digits(compact: pl.Series) -> pl.Series:
    """Return YYYYMMDD of each number; of 15 characters, the century is 19."""
    number = pl.col("n")
    old = pl.lit("19") + number.str.slice(6, 6)
    birth = pl.when(number.str.len_bytes() == 15).then(old).otherwise(number.str.slice(6, 8))
    return compact.alias("n").to_frame().select(birth).to_series()


def born(compact: pl.Series) -> Answers:
    """Answer whether the birth date exists."""
    return real_date(birth_digits(compact))


def check(compact: pl.Series) -> Answers:
    """Check the last character of the 18; the 15 have none."""
    answers = np.full(len(compact), np.nan)
    long = (compact.str.len_bytes() == 18).to_numpy()
    answers[long] = mod_11_2(compact.filter(pl.Series(long)))
    return answers


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="id_?card id_?no id_?number id_?card_?no identity resident_id citizen_id idcard zjhm "
        "shenfenzheng shenfenzhenghao shenfenzhenghaoma sfz sfzh sfzhm sfzjhm zhengjianhao",
        han="身份证|身份号码|证件(?:号|编号|$)|公民身份",
    ),
    speaks=compact_is(f"{EIGHTEEN}|{FIFTEEN}"),
    alone=0.75,
    checked=0.99,
    chance=1 / 11,
    refine=born,
    checksum=check,
    plausible=known_division,
    text=in_text(
        rf"[1-9]\d{{5}}[ -]?(?:18|19|20)\d{{2}}{MONTH_DAY}[ -]?\d{{3}}[\dXxＸ]|[1-8]\d{{7}}{MONTH_DAY}\d{{3}}"
    ),
)
