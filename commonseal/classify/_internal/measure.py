"""Count, for every recognizer and every column, how many values speak, fit and pass their check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.classify._internal.in_text import search_text
from commonseal.classify._internal.minors import are_minors
from commonseal.classify._internal.recognizer import Check, Recognizer
from commonseal.classify._internal.values import batches

Counts = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SHAPES: dict[str, pl.Expr] = {
    "numeric": pl.col("value").str.contains(r"^[-+]?(?:[0-9][0-9,]*)?\.?[0-9]+(?:[eE][-+]?[0-9]+)?%?$"),
    "integer": pl.col("value").str.contains(r"^[-+]?[0-9]+$"),
    "flag": pl.col("folded").is_in(
        ["0", "1", "y", "n", "yes", "no", "true", "false", "t", "f", "是", "否", "有"]
    ),
    "long": pl.col("value").str.len_chars() >= 15,
    "sentence": pl.col("value").str.contains(r"[\s，。；：！？、,;!?]"),
    "token": pl.col("value").str.contains(r"^[A-Za-z0-9_\-/#:.+=]+$"),
}


@dataclass(frozen=True, slots=True)
class Measures:
    """What was counted; all arrays are (recognizers, columns), the shapes and totals (columns,).

    Attributes:
        total: values that are not blank. distinct: different ones among them.
        speak, fit: values that speak, and that speak or fit. checkable, passed: by the checksum.
        plausible: values that pass the weaker check. inside: values with such a thing in their text.
        minors: values that tell of a person under fourteen.
        shapes: name -> count of values of that shape, and `least`, `most` of the integers.
    """

    total: Counts
    distinct: Counts
    speak: Counts
    fit: Counts
    checkable: Counts
    passed: Counts
    plausible: Counts
    inside: Counts
    minors: Counts
    shapes: dict[str, Counts]


def measure(frame: pl.DataFrame, recognizers: Sequence[Recognizer], as_of: date) -> Measures:
    """Measure every column of the frame against every recognizer, in one pass over the values."""
    names = ("speak", "fit", "checkable", "passed", "plausible", "inside", "minors")
    measures = Measures(
        total=np.zeros(frame.width),
        distinct=np.zeros(frame.width),
        shapes={name: np.zeros(frame.width) for name in (*_SHAPES, "least", "most")},
        **{name: np.zeros((len(recognizers), frame.width)) for name in names},
    )
    for start, values in batches(frame):
        _measure_batch(values, start, recognizers, as_of, measures)
    return measures


def _measure_batch(
    values: pl.DataFrame, start: int, recognizers: Sequence[Recognizer], as_of: date, into: Measures
) -> None:
    """Add the counts of one batch of columns in place."""
    place = values["column"].to_numpy().astype(np.int64) + start
    weight = values["count"].to_numpy().astype(np.float64)
    width = into.total.shape[0]

    def add(target: Counts, chosen: Mask) -> None:
        target += np.bincount(place[chosen], weights=weight[chosen], minlength=width)

    add(into.total, np.ones(len(place), bool))
    into.distinct[:] += np.bincount(place, minlength=width)
    answers = _answer(values, recognizers)
    for name in _SHAPES:
        add(into.shapes[name], answers[name].to_numpy())
    _bounds(values, place, answers["integer"], into)
    identified = np.zeros(len(place), bool)
    for row, recognizer in enumerate(recognizers):
        speaks = _spoken(values, recognizer, answers, row)
        add(into.speak[row], speaks)
        fits = answers[f"f{row}"].to_numpy() | speaks if recognizer.fits is not None else speaks
        add(into.fit[row], fits)
        _check(values, recognizer.checksum, speaks, (place, weight), into.passed[row], into.checkable[row])
        _check(values, recognizer.plausible, speaks, (place, weight), into.plausible[row], None)
        add(into.minors[row], are_minors(values, fits, recognizer.category.id, as_of))
        if recognizer.text is not None and recognizer.category.id not in ("address", "person_name"):
            identified |= speaks
    for row, found in search_text(values["value"], ~identified, recognizers):
        add(into.inside[row], found)


def _answer(values: pl.DataFrame, recognizers: Sequence[Recognizer]) -> pl.DataFrame:
    """Evaluate every expression in one go, so that Polars spreads them over the processors."""
    wanted = [expr.alias(name) for name, expr in _SHAPES.items()]
    for row, recognizer in enumerate(recognizers):
        if recognizer.speaks is not None:
            wanted.append(recognizer.speaks.fill_null(False).alias(f"s{row}"))
        if recognizer.fits is not None:
            wanted.append(recognizer.fits.fill_null(False).alias(f"f{row}"))
    return values.lazy().select(wanted).collect()


def _spoken(values: pl.DataFrame, recognizer: Recognizer, answers: pl.DataFrame, row: int) -> Mask:
    if recognizer.speaks is None:
        return np.zeros(values.height, bool)
    speaks: Mask = answers[f"s{row}"].to_numpy().copy()
    if recognizer.refine is not None and speaks.any():
        speaks[speaks] = recognizer.refine(values["compact"].filter(pl.Series(speaks))) == 1
    return speaks


def _check(
    values: pl.DataFrame,
    check: Check | None,
    speaks: Mask,
    at: tuple[NDArray[np.int64], Counts],
    passed: Counts,
    checkable: Counts | None,
) -> None:
    if check is None or not speaks.any():
        return
    answers = check(values["compact"].filter(pl.Series(speaks)))
    place, weight = at[0][speaks], at[1][speaks]
    passed += np.bincount(place, weights=weight * (answers == 1), minlength=len(passed))
    if checkable is not None:
        checkable += np.bincount(place, weights=weight * ~np.isnan(answers), minlength=len(passed))


def _bounds(values: pl.DataFrame, place: NDArray[np.int64], integer: pl.Series, into: Measures) -> None:
    """Note the least and the most of each column's integers."""
    numbers = pl.DataFrame({"place": place, "number": values["value"]}).filter(integer)
    bounds = (
        numbers.with_columns(pl.col("number").cast(pl.Float64, strict=False))
        .group_by("place")
        .agg(pl.col("number").min().alias("least"), pl.col("number").max().alias("most"))
    )
    at = bounds["place"].to_numpy()
    into.shapes["least"][at] = bounds["least"].to_numpy()
    into.shapes["most"][at] = bounds["most"].to_numpy()
