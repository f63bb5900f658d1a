"""Compiled loops of microaggregation. Importing this module imports numba: `microaggregate` does so late.

Shapes: n records of d standardized values, `value` float64[n, d]; `weight` int64[n], rows of each.
"""

from __future__ import annotations

import numpy as np

from commonseal.anonymize.recode.local_kernels import Floats, Ints
from commonseal.table.compiled import compiled


@compiled
def squared(value: Floats, members: Ints, at: Floats) -> Floats:
    """Return the squared distance of each member from a point."""
    distance = np.zeros(len(members))
    for place in range(len(members)):
        for column in range(value.shape[1]):
            off = value[members[place], column] - at[column]
            distance[place] += off * off
    return distance


@compiled
def gathered(value: Floats, weight: Ints, members: Ints, around: int, k: int) -> Ints:
    """Return the places in `members` of the nearest of a record, itself first, that hold k rows together."""
    distance = squared(value, members, value[around])
    wanted = np.arange(len(members))
    if len(members) > 4 * k:  # each holds a row or more: the k nearest are enough
        wanted = np.flatnonzero(distance <= np.partition(distance, k - 1)[k - 1])
    by_distance = wanted[np.argsort(distance[wanted], kind="mergesort")]
    rows = 0
    for count in range(len(by_distance)):
        rows += weight[members[by_distance[count]]]
        if rows >= k:
            return by_distance[: count + 1]
    return by_distance


@compiled
def mdav(value: Floats, weight: Ints, k: int) -> Ints:
    """Group records: those around the one farthest from the mean, then those around the one farthest from it.

    Returns: int64[n], groups of k rows or more, where all together hold as many.
    Source: Domingo-Ferrer, Mateo-Sanz 2002; Domingo-Ferrer, Torra 2005 (MDAV).
    """
    of = np.zeros(len(weight), np.int64)
    left = np.arange(len(weight))
    rows, group = weight.sum(), 0
    away_from = np.zeros(value.shape[1])
    while rows >= 2 * k:
        if group % 2 == 0:
            away_from[:] = 0.0
            for member in left:
                away_from += value[member] * (weight[member] / rows)
        around = left[np.argmax(squared(value, left, away_from))]
        away_from = value[around].copy()
        stays = np.ones(len(left), np.bool_)
        for place in gathered(value, weight, left, around, k):
            of[left[place]] = group
            rows -= weight[left[place]]
            stays[place] = False
        left = left[stays]
        group += rows >= k  # else heavy records took so much that the rest is no group: it joins this one
    for member in left:
        of[member] = group
    return of


@compiled
def optimal_groups(value: Floats, weight: Ints, k: int) -> Ints:
    """Group sorted numbers so that the sum of squared errors is least, k rows or more in each group.

    Args: value: float64[n], ascending. Returns: int64[n]. Source: Hansen, Mukherjee 2003.
    """
    count = len(value)
    rows, sums, squares = np.zeros(count + 1, np.int64), np.zeros(count + 1), np.zeros(count + 1)
    for place in range(count):
        rows[place + 1] = rows[place] + weight[place]
        sums[place + 1] = sums[place] + weight[place] * value[place]
        squares[place + 1] = squares[place] + weight[place] * value[place] * value[place]
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    begin_of = np.zeros(count + 1, np.int64)
    for end in range(1, count + 1):
        heaviest = 0
        for begin in range(end - 1, -1, -1):
            inside = rows[end] - rows[begin]
            heaviest = max(heaviest, weight[begin])
            if inside < k or best[begin] == np.inf:
                continue
            total = sums[end] - sums[begin]
            error = best[begin] + squares[end] - squares[begin] - total * total / inside
            if error < best[end]:
                best[end], begin_of[end] = error, begin
            if inside - heaviest >= 2 * k:  # could be two groups, and would not be worse
                break
    of = np.zeros(count, np.int64)
    end, group = count, 0
    while end > 0:
        begin = begin_of[end]
        of[begin:end] = group
        group += 1
        end = begin
    return of


@compiled
def fixed_groups(weight: Ints, k: int) -> Ints:
    """Cut records, as they stand, into runs of k rows; what is left at the end joins the last run."""
    of = np.zeros(len(weight), np.int64)
    group, rows, left = 0, 0, weight.sum()
    for place in range(len(weight)):
        of[place] = group
        rows += weight[place]
        left -= weight[place]
        if rows >= k and left >= k:
            group, rows = group + 1, 0
    return of
