"""Name a column that no recognizer claims: by the shape of its values, and unknown rather than harmless."""

from __future__ import annotations

from commonseal.classify._internal.measure import Measures
from commonseal.classify.plain import CODE, FLAG, FREE_TEXT, QUANTITY, UNKNOWN
from commonseal.classify.record_id import CATEGORY as RECORD_ID
from commonseal.model import Category

_MOST = 0.9  # share from which "nearly all" begins
_FEW_LABELS = 50
_REPEATS = 4  # a label is worn by this many rows on average; rarer words may be anything
_ID_DIGITS = 8


def leftover(measures: Measures, column: int, found_inside: bool) -> tuple[Category, float, float]:
    """Return (category, confidence, share of the values of that shape).

    Flag, quantity and code are level 1, so each asks for nearly all values and none with a finding.
    """
    share = {name: counts[column] / measures.total[column] for name, counts in measures.shapes.items()}
    if found_inside:
        return FREE_TEXT, 0.8, max(share["long"], share["sentence"])
    if share["flag"] >= _MOST and measures.distinct[column] <= 3:
        return FLAG, 0.9 * share["flag"], share["flag"]
    if share["numeric"] >= _MOST:
        return _number(measures, column, share["numeric"], share["integer"])
    return _words(measures, column, share)


def _number(measures: Measures, column: int, numeric: float, integer: float) -> tuple[Category, float, float]:
    total, distinct = measures.total[column], measures.distinct[column]
    least, most = measures.shapes["least"][column], measures.shapes["most"][column]
    unique = distinct >= 0.95 * total and total >= 20 and integer >= _MOST
    in_a_row = unique and most - least < 1.1 * total
    long_number = unique and least >= 10 ** (_ID_DIGITS - 1)
    if in_a_row or long_number:
        return RECORD_ID, 0.6 * integer, integer
    if integer >= _MOST and distinct <= 20 and total >= _REPEATS * distinct:
        return CODE, 0.7 * integer, integer
    return QUANTITY, 0.8 * numeric, numeric


def _words(measures: Measures, column: int, share: dict[str, float]) -> tuple[Category, float, float]:
    total, distinct = measures.total[column], measures.distinct[column]
    repeats = total >= _REPEATS * distinct
    if share["long"] >= 0.3 and share["sentence"] >= 0.3 and not (repeats and distinct <= _FEW_LABELS):
        return FREE_TEXT, 0.7, share["sentence"]
    if distinct <= _FEW_LABELS and repeats and share["long"] < 1 - _MOST:
        return CODE, 0.7, 1.0
    if share["long"] >= 0.5:  # long and without a blank: Chinese without punctuation, or a long token
        token = share["token"] >= _MOST
        return (UNKNOWN, 0.0, 0.0) if token else (FREE_TEXT, 0.6, share["long"])
    return UNKNOWN, 0.0, 0.0
