"""Tell of every column what it is and how sensitive, from its values first and its name second.

    values -> measure -> weigh -> choose -> surroundings
    text,     which      into      one       coordinates in two columns,
    counted   match      [0, 1]    each      tracks of people

One recognizer a file; `registry` lists them. The levels follow the founding paper (names and identity
numbers highly private, addresses and phones semi-private), GB/T 42460-2023 annexes A and B, and
GB/T 45574-2025 annex A. Neither values nor parts of them are ever kept: evidence is counts and shares.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from commonseal.classify._internal.certainty import weigh
from commonseal.classify._internal.choose import Evidences, choose
from commonseal.classify._internal.measure import Counts, measure
from commonseal.classify._internal.names import names_speak
from commonseal.classify._internal.surroundings import mark_tracks, neighbours
from commonseal.classify.registry import CATEGORIES, RECOGNIZERS, text_patterns
from commonseal.classify.sample import spread
from commonseal.model import Column

__all__ = ["CATEGORIES", "classify", "spread", "text_patterns"]

# Ages are reckoned on this day where the caller names none. Too early a day calls too many people
# minors, never too few.
_EARLIEST = date(2026, 1, 1)


def classify(frame: pl.DataFrame, *, as_of: date = _EARLIEST) -> tuple[Column, ...]:
    """Classify every column, in the frame's order; every row given is looked at.

    Args: frame: any column types. as_of: the day on which people under fourteen are told.
    Returns: one `Column` each. Blank and null values and fillers ("-", "N/A", "无") are not counted;
    of a value longer than 2,000 characters the beginning is judged.
    Source: GB/T 43697-2024, 42460-2023, 45574-2025; formats in docs/classify.md.
    """
    measures = measure(frame, RECOGNIZERS, as_of)
    named = names_speak(frame.columns, RECOGNIZERS)
    certainty = weigh(measures, RECOGNIZERS, named | neighbours(measures, RECOGNIZERS))
    given = Evidences(RECOGNIZERS, measures, certainty, named)
    blanks = _null_rates(frame, measures.total)
    chosen = [choose(given, i, name, frame.height, blanks[i]) for i, name in enumerate(frame.columns)]
    return mark_tracks(chosen)


def _null_rates(frame: pl.DataFrame, total: Counts) -> list[float]:
    """Return the share of null and blank rows; of lists, whose values may outnumber rows, of null rows."""
    if not frame.height:
        return [0.0] * frame.width
    nested = [isinstance(kind, pl.List | pl.Array) for kind in frame.dtypes]
    counted = np.where(nested, frame.height - frame.null_count().to_numpy().reshape(-1), total)
    return [round(float(rate), 4) for rate in 1 - counted / frame.height]
