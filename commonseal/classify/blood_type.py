"""Recognize blood groups; bare letters are marks as well, so they need the name."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("blood_type", "Blood group", "血型", Level.SEMI_PRIVATE, Role.SENSITIVE)
_GROUP = "(?:A|B|AB|O)"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="blood_?type blood_?group xuexing xx abo", han="血型"),
    speaks=value_is(
        rf"(?:(?i:rh)[+-]?\s*)?{_GROUP}(?:型(?:\s*(?i:rh)?[+-])?|[+-]|\s*(?i:rh)\s*[+-])|{_GROUP}型?\((?i:rh)?[+-]\)"
    ),
    fits=value_is(rf"{_GROUP}|[0-9]|(?i:rh)?[+-]|不详"),
    alone=0.9,
)
