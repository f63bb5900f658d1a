"""Recognize ages: a number of years says nothing of itself, so the name or the unit decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("age", "Age", "年龄", Level.PERSONAL, Role.QUASI)
_YEARS = r"(?:1[0-2][0-9]|[1-9]?[0-9])"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="age ages age_?group age_?band nianling nl", han="年龄|岁数|周岁"),
    speaks=value_is(rf"{_YEARS}(?:[-~至]{_YEARS})?\s*(?:周?岁|(?i:years? old|yrs?))(?:以上|以下)?"),
    fits=value_is(
        rf"{_YEARS}(?:\.[0-9]+)?|[\[(]?{_YEARS}\s*[-~,–]\s*{_YEARS}[\])\[]?|[<>≤≥]=?\s*{_YEARS}|{_YEARS}\+"
    ),
    alone=0.9,
)
