"""Recognize the Macao resident identity card number; it has no public check digit."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, value_is
from commonseal.model import Level, Role

CATEGORY = category("macao_id", "Macao identity card", "澳门身份证", Level.HIGHLY_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="macao_id macau_id bir aomenshenfenzheng", han="澳门身份证|澳门居民身份证"),
    speaks=value_is(r"[157][0-9]{6}\([0-9]\)|[157]/[0-9]{6}/[0-9]"),
    fits=compact_is("[157][0-9]{7}"),  # without brackets it may be any number of eight digits
    alone=0.8,
    text=r"(?-u:\b{start-half})[157]\d{6}[(（]\d[)）]",
)
