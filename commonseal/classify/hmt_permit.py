"""Recognize the residence permit of people from Hong Kong, Macao and Taiwan (81/82/83 0000)."""

from __future__ import annotations

from commonseal.classify._internal.checksums import mod_11_2
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.classify.resident_id import MONTH_DAY, born
from commonseal.model import Level, Role

CATEGORY = category(
    "hmt_residence_permit",
    "Residence permit (Hong Kong, Macao, Taiwan)",
    "港澳台居民居住证",
    Level.HIGHLY_PRIVATE,
    Role.DIRECT,
)
_NUMBER = rf"8[123]0000(?:19|20)[0-9]{{2}}{MONTH_DAY}[0-9]{{3}}[0-9Xx]"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="hmt residence_permit juzhuzheng jzz", han="居住证|港澳台居民|证件号"),
    speaks=compact_is(_NUMBER),
    alone=0.9,
    checked=0.995,
    chance=1 / 11,
    refine=born,
    checksum=mod_11_2,
    text=in_text(_NUMBER),
)
