"""Compiled loops of multidimensional partitioning: choose cuts, part segments, route rows.

Importing this module imports numba: `mondrian` and `boxes` import it where they need it.

Shapes: m tuples, n columns, N boxes. `place` uint[m, n]: each cell's place in its column's order. Column
j's places are the entries first[j] to first[j + 1] of `scale` float64 (where a place lies, in [0, 1]) and
`gap` int16 (how high the labels on either side of the boundary after a place part). A box owns the
segment order[begin:end] of the tuples.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.recode.local_kernels import Floats, Ints
from commonseal.table.compiled import compiled

Places = NDArray[np.unsignedinteger[Any]]


@compiled
def spans(members: Ints, place: Places, low: Ints | Places, high: Ints | Places) -> None:
    """Write the least and the largest place of each column over a segment."""
    for column in range(place.shape[1]):
        low[column] = place[members[0], column]
        high[column] = low[column]
    for member in members:
        for column in range(place.shape[1]):
            at = np.int64(place[member, column])
            if at < low[column]:
                low[column] = at
            elif at > high[column]:
                high[column] = at


@compiled
def middle_cut(
    members: Ints,
    column: int,
    place: Places,
    rows: Ints,
    gap: Ints,
    low: int,
    high: int,
    least: int,
    counts: Ints,
) -> int:
    """Return the place after which to cut a column, -1 where no cut leaves `least` rows on both sides.

    Of the allowed cuts those between the highest labels, of these the one nearest the median.
    `counts` is room to work in, all 0, and left so.
    """
    total = 0
    for member in members:
        counts[place[member, column] - low] += rows[member]
        total += rows[member]
    best, best_gap, best_off, below = -1, np.int64(-1), 0, 0
    for at in range(low, high):
        if counts[at - low] == 0:
            continue
        below += counts[at - low]
        if below < least:
            continue
        if total - below < least:
            break
        off = abs(total - 2 * below)
        # an empty stretch follows: its highest boundary is as good a place to cut
        clear, after = gap[at], at + 1
        while counts[after - low] == 0:
            clear = max(clear, gap[after])
            after += 1
        if clear > best_gap or (clear == best_gap and off < best_off):
            best, best_gap, best_off = at, clear, off
    for at in range(low, high + 1):
        counts[at - low] = 0
    return best


@compiled
def cut_boxes(
    boxes: Ints,
    begin: Ints,
    end: Ints,
    order: Ints,
    place: Places,
    rows: Ints,
    first: Ints,
    scale: Floats,
    gap: Ints,
    weight: Floats,
    least: int,
    tried: Ints,
    column_of: Ints,
    cut_of: Ints,
    middle: Ints,
) -> None:
    """Choose a cut for each of `boxes`, the widest column first, and part its segment in place.

    `tried`: how many columns, widest first, were refused before. Writes column_of (-1: no cut is allowed),
    cut_of and middle, the place in `order` where the right part begins.
    """
    columns = place.shape[1]
    low, high = np.zeros(columns, np.int64), np.zeros(columns, np.int64)
    width = np.zeros(columns, np.float64)
    counts = np.zeros(np.max(first[1:] - first[:-1]), np.int64)
    for box in boxes:
        members = order[begin[box] : end[box]]
        spans(members, place, low, high)
        for column in range(columns):
            width[column] = weight[column] * (
                scale[first[column] + high[column]] - scale[first[column] + low[column]]
            )
        by_width = np.argsort(-width, kind="mergesort")
        column_of[box] = -1
        while tried[box] < columns:
            column = by_width[tried[box]]
            if low[column] == high[column]:
                tried[box] += 1
                continue
            of_column = gap[first[column] : first[column + 1]]
            cut = middle_cut(
                members, column, place, rows, of_column, low[column], high[column], least, counts
            )
            if cut >= 0:
                column_of[box], cut_of[box] = column, cut
                middle[box] = begin[box] + part(members, place, column, cut)
                break
            tried[box] += 1


@compiled
def part(members: Ints, place: Places, column: int, cut: int) -> int:
    """Bring the members at or below a cut to the front, in place and in order; return how many they are."""
    right = np.empty(len(members), np.int64)
    left_count, right_count = 0, 0
    for member in members:
        if place[member, column] <= cut:
            members[left_count] = member
            left_count += 1
        else:
            right[right_count] = member
            right_count += 1
    members[left_count:] = right[:right_count]
    return left_count


@compiled
def name_members(boxes: Ints, names: Ints, begin: Ints, end: Ints, order: Ints, of: Ints) -> None:
    """Write names[i] into `of` for the members of boxes[i]."""
    for number in range(len(boxes)):
        for at in range(begin[boxes[number]], end[boxes[number]]):
            of[order[at]] = names[number]


@compiled
def all_spans(
    boxes: Ints, begin: Ints, end: Ints, order: Ints, place: Places, low: Places, high: Places
) -> None:
    """Write the least and the largest place of each column of each box: [boxes, n]."""
    for number in range(len(boxes)):
        spans(order[begin[boxes[number]] : end[boxes[number]]], place, low[number], high[number])


@compiled
def route(place: Places, column_of: Ints, cut_of: Ints, child: Ints, leaf: Ints) -> Ints:
    """Return the leaf that each row falls into: int64[rows]. child: the left one; the right one follows it."""
    of = np.empty(place.shape[0], np.int64)
    for row in range(place.shape[0]):
        box = 0
        while column_of[box] >= 0:
            box = child[box] + (place[row, column_of[box]] > cut_of[box])
        of[row] = leaf[box]
    return of
