"""Recognize passports: PRC ordinary, diplomatic, service and public affairs, Hong Kong and Macao SAR."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

CATEGORY = category("passport", "Passport number", "护照号码", Level.HIGHLY_PRIVATE, Role.DIRECT)
_CHINA = "E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|(?:DE|SE|PE)[0-9]{7}|(?:KJ|HJ|K)[0-9]{8}|MA[0-9]{7}"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="passport passport_?no passportno huzhao huzhaohao hzhm hzh", han="护照"),
    speaks=compact_is(_CHINA),
    # D, S, P with eight digits, and the forms of other states, need the name.
    fits=compact_is("[A-Z]{0,2}[0-9]{6,9}[A-Z]?|[A-Z][0-9]{2}[A-Z]{2}[0-9]{4}"),
    alone=0.7,
    text=in_text("E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}"),
)
