"""Choose each column's category from what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonseal.classify._internal.certainty import Certainty
from commonseal.classify._internal.leftover import leftover
from commonseal.classify._internal.measure import Measures
from commonseal.classify._internal.recognizer import Recognizer
from commonseal.classify.plain import MINOR, UNKNOWN
from commonseal.model import Category, Column, Evidence, Level

_NAME_ONLY = 0.3  # confidence in an empty column's name
_MIXTURE = 0.2  # share from which one kind among several claims a column
_TRACE = 0.01  # the same for one whose check digits leave no doubt
_HALF = 0.5
_BESIDE = 0.05  # share from which another kind is named beside the category
_SURE = 0.7
_VERY_SURE = 0.9
_LOOSE = ("address", "diagnosis")  # forms so wide that a sentence may have them
_DISTINCT_NAMES = 0.3  # labels repeat, people mostly do not: below this share a few names are chance
_OPAQUE = {"url", "password", "face_image", "biometric_template", "account"}  # nothing is read inside these


@dataclass(frozen=True, slots=True)
class Evidences:
    """All that the choice rests on; `named` is (recognizers, columns)."""

    recognizers: Sequence[Recognizer]
    measures: Measures
    certainty: Certainty
    named: NDArray[np.bool_]


def choose(given: Evidences, column: int, name: str, rows: int, null_rate: float) -> Column:
    """Return the column with its category; fail to `unknown`, never to something harmless."""
    if not given.measures.total[column]:
        return _empty(given, column, name, rows, null_rate)
    winner = _winner(given, column)
    if winner is None:
        return _left(given, column, name, rows, null_rate)
    recognizer = given.recognizers[winner]
    total = given.measures.total[column]
    checked = recognizer.checksum is not None and given.measures.checkable[winner, column] > 0
    evidence = Evidence(
        rows=rows,
        null_rate=null_rate,
        match_rate=_rate(given.certainty.match[winner, column]),
        checksum_rate=_rate(given.measures.passed[winner, column] / total) if checked else None,
        name_match=bool(given.named[winner, column]),
        others=_others(given, column, winner),
    )
    return Column(name, recognizer.category, _rate(given.certainty.confidence[winner, column]), evidence)


def _winner(given: Evidences, column: int) -> int | None:
    """Return the recognizer of the best standing, else the strongest part of a mixed column."""
    standing = given.certainty.standing[:, column]
    best = int(np.argmax(standing))
    if standing[best] >= 0:
        return best
    sure = given.certainty.of_values[:, column]
    share = given.measures.speak[:, column] / given.measures.total[column]
    levels = np.array([r.category.level for r in given.recognizers])
    tight = _tight(given, column)
    verified = np.array([r.checksum is not None for r in given.recognizers])
    part = (
        tight
        & (levels >= Level.SEMI_PRIVATE)
        & (((share >= _MIXTURE) & (sure >= _SURE)) | ((share >= _TRACE) & (sure >= _VERY_SURE) & verified))
    )
    if not part.any():
        return None
    rank = np.where(part, levels + share, -1.0)  # the most sensitive part speaks for the column
    return int(np.argmax(rank))


def _tight(given: Evidences, column: int) -> NDArray[np.bool_]:
    """Return which recognizers are strict enough to be believed on a few values of the column."""
    few = given.measures.distinct[column] < _DISTINCT_NAMES * given.measures.total[column]
    loose = (*_LOOSE, "person_name") if few else _LOOSE
    return np.array([r.category.id not in loose for r in given.recognizers])


def _left(given: Evidences, column: int, name: str, rows: int, null_rate: float) -> Column:
    inside = _whole_or_inside(given, column)
    category, confidence, match = leftover(given.measures, column, bool(inside))
    evidence = Evidence(rows, null_rate, _rate(match), None, False, inside)
    return Column(name, category, _rate(confidence), evidence)


def _empty(given: Evidences, column: int, name: str, rows: int, null_rate: float) -> Column:
    """Go by the name alone, with little confidence."""
    matching = np.flatnonzero(given.named[:, column]).tolist()
    found = bool(matching)
    category: Category = given.recognizers[matching[0]].category if found else UNKNOWN
    evidence = Evidence(rows, null_rate, 0.0, None, found)
    return Column(name, category, _NAME_ONLY if found else 0.0, evidence)


def _inside(given: Evidences, column: int) -> tuple[str, ...]:
    return tuple(
        given.recognizers[row].category.id
        for row in np.flatnonzero(given.measures.inside[:, column]).tolist()
    )


def _whole_or_inside(given: Evidences, column: int) -> tuple[str, ...]:
    """Return the kinds found in a column of words: as a whole cell now and then, or inside its text.

    Among numbers a few that look like something say nothing, so there only the text counts.
    """
    measures = given.measures
    found = measures.inside[:, column] > 0
    if measures.shapes["numeric"][column] < _HALF * measures.total[column]:
        sure = given.certainty.of_values[:, column] >= _SURE
        searched = np.array([r.text is not None for r in given.recognizers])
        found |= (measures.speak[:, column] > 0) & sure & searched & _tight(given, column)
    return tuple(given.recognizers[row].category.id for row in np.flatnonzero(found).tolist())


def _others(given: Evidences, column: int, winner: int) -> tuple[str, ...]:
    """Return what else the column holds: other kinds beside, things inside its text, minors."""
    total = given.measures.total[column]
    share = given.measures.speak[:, column] / total
    sure = given.certainty.of_values[:, column]
    levels = np.array([r.category.level for r in given.recognizers])
    beside = (
        (levels >= Level.SEMI_PRIVATE)
        & (share >= np.where(sure >= _VERY_SURE, _TRACE, _BESIDE))
        & (sure >= _SURE)
        & (share + given.certainty.match[winner, column] <= 1.0 + _TRACE)
    )
    category = given.recognizers[winner].category
    found = [given.recognizers[row].category.id for row in np.flatnonzero(beside).tolist() if row != winner]
    if category.id not in _OPAQUE:
        found += [other for other in _inside(given, column) if other not in (*found, category.id)]
    if given.measures.minors[winner, column]:
        found.append(MINOR.id)
    return tuple(found)


def _rate(share: float) -> float:
    """Return a share as a plain number in [0, 1], to four digits."""
    return round(float(min(max(share, 0.0), 1.0)), 4)
