"""Turn counts into confidence.

    c = alone, or towards `checked` by the share of checksums passed beyond chance,
        less up to a fifth where the weaker check fails
    a matching name takes away three quarters of the doubt: c' = 1 - (1 - c) / 4
    values that only fit count under a matching name, with 0.75
    confidence = share of the values that match x c (or c')

A category stands as a candidate from a confidence of 0.5 and a match of six values in ten on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonseal.classify._internal.measure import Counts, Measures
from commonseal.classify._internal.recognizer import Recognizer

_LEAST_CONFIDENCE = 0.5
_LEAST_MATCH = 0.6
_FITS = 0.75
_DOUBT_LEFT = 0.25


@dataclass(frozen=True, slots=True)
class Certainty:
    """What each recognizer may claim; all arrays are (recognizers, columns).

    Attributes: of_values: certainty of the values that speak, whatever their share. confidence: of
    the category for the whole column. match: share of the values counted. standing: confidence plus
    what ranks the candidates, -1 where there is none.
    """

    of_values: Counts
    confidence: Counts
    match: Counts
    standing: Counts


def weigh(measures: Measures, recognizers: Sequence[Recognizer], backed: NDArray[np.bool_]) -> Certainty:
    """Weigh every recognizer on every column; `backed` tells where the name (or a neighbour) speaks.

    Ranking: values that settle it and a name, values that settle it, a name over values that fit.
    """
    of_values = _of_values(measures, recognizers)
    total = np.maximum(measures.total, 1)
    speak, fit = measures.speak / total, measures.fit / total
    by_values = speak * of_values
    with_name = np.where(backed, speak * (1 - (1 - of_values) * _DOUBT_LEFT), by_values)
    with_name = np.where(measures.speak > 0, with_name, 0.0)
    by_name = np.where(backed, fit * _FITS, 0.0)
    fits_more = by_name > with_name
    confidence = np.where(fits_more, by_name, with_name)
    match = np.where(fits_more, fit, speak)
    candidate = (confidence >= _LEAST_CONFIDENCE) & (match >= _LEAST_MATCH)
    settled = (by_values >= _LEAST_CONFIDENCE) & (speak >= _LEAST_MATCH)
    standing = np.where(candidate, confidence + backed + 2.0 * settled, -1.0)
    return Certainty(of_values, confidence, match, standing)


def _of_values(measures: Measures, recognizers: Sequence[Recognizer]) -> Counts:
    alone, checked, chance, has_check, has_doubt = (
        np.array([getter(r) for r in recognizers], dtype=float)[:, None]
        for getter in (
            lambda r: r.alone,
            lambda r: r.checked,
            lambda r: r.chance,
            lambda r: r.checksum is not None,
            lambda r: r.plausible is not None,
        )
    )
    passed = measures.passed / np.maximum(measures.checkable, 1)
    beyond_chance = np.clip((passed - chance) / (1 - chance), 0, 1)
    checkable = (has_check == 1) & (measures.checkable > 0)
    certain = np.where(checkable, alone + (checked - alone) * beyond_chance, alone)
    plausible = measures.plausible / np.maximum(measures.speak, 1)
    return np.where(has_doubt == 1, certain * (0.8 + 0.2 * plausible), certain)
