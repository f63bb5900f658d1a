"""Measure how unique whole sequences are: a few points of a trace name most people.

Source: de Montjoye, Hidalgo, Verleysen, Blondel, "Unique in the Crowd", Scientific Reports 3:1376
(2013): draw p points of a person's trace; the person is named if no other trace holds them all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

POINTS = 4
PEOPLE = 10_000  # drawn; the share's standard error is then at most half a point


def trace_unicity(
    rows: pl.DataFrame,
    link: str,
    point: Sequence[str],
    *,
    seed: int,
    points: int = POINTS,
    people: int = PEOPLE,
) -> float:
    """Return the share of linked sequences that `points` of their points single out, in [0, 1].

    Args:
        rows: at least the columns `link` and `point`; duplicates do not matter.
        link: what ties rows of one person together in the copy (a pseudonym).
        point: the columns that make one point, as they stand in the copy.
        people: sequences drawn at random (without replacement) where there are more.
    Returns: 0.0 for an empty table. A sequence shorter than `points` is judged by all it has.
    """
    pairs = rows.select(
        pl.col(link).rank("dense").cast(pl.Int64).alias("person") - 1,
        pl.struct(list(point)).rank("dense").cast(pl.Int64).alias("point") - 1,
    ).unique()
    pairs = pairs.drop_nulls("person")
    if pairs.height == 0:
        return 0.0
    by_person = _Lists(pairs["person"].to_numpy(), pairs["point"].to_numpy())
    by_point = _Lists(pairs["point"].to_numpy(), pairs["person"].to_numpy())
    random = np.random.default_rng(seed)
    drawn = np.arange(by_person.count)
    if len(drawn) > people:
        drawn = random.choice(drawn, people, replace=False)
    named = sum(_named(by_person.of(int(who)), by_point, random, points) for who in drawn)
    return named / len(drawn)


class _Lists:
    """For each key its sorted values (compressed sparse rows)."""

    def __init__(self, keys: Ints, values: Ints) -> None:
        order = np.lexsort((values, keys))
        self._values = values[order]
        self.count = int(keys.max()) + 1
        self._start = np.searchsorted(keys[order], np.arange(self.count + 1))

    def of(self, key: int) -> Ints:
        """Return the values of one key, ascending."""
        return self._values[self._start[key] : self._start[key + 1]]


def _named(trace: Ints, by_point: _Lists, random: np.random.Generator, points: int) -> bool:
    known = random.choice(trace, min(points, len(trace)), replace=False)
    crowds = sorted((by_point.of(int(point)) for point in known), key=len)
    alike = crowds[0]
    for crowd in crowds[1:]:
        if len(alike) == 1:
            return True
        place = np.searchsorted(crowd, alike)
        alike = alike[crowd[np.minimum(place, len(crowd) - 1)] == alike]
    return len(alike) == 1
