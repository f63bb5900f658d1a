"""Compiled loops for what numpy can only do by sorting: group tuples, add up equal keys.

Whoever counts imports this module late: see `compiled`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonseal.table.compiled import compiled

Ints = NDArray[np.int64]
Narrow = NDArray[np.int32]

_SPREAD = np.int64(-7046029254386353131)  # 2**64 / golden ratio, odd: spreads keys over the slots
_AWAY = 33  # the high bits of the product are the well-mixed ones


@compiled
def group_tuples(
    codes: NDArray[np.integer[Any]],
    up: Narrow,
    start: Ints,
    active: Ints,
    stride: Ints,
    exact: bool,
    members: Narrow,
    rows: Ints,
) -> tuple[Ints, Narrow, Ints]:
    """Group the tuples `members` by their labels in the `active` columns.

    Args: codes: integers [columns, m], value codes. up: int32[...], label codes; column c's begin at `start[c]`.
        stride: one multiplier an active column; `exact` says that the packed key is unique (fits 62 bits),
        else keys are hashes and tuples are compared. members: int32[p] into m. rows: int64[p].
    Returns: (class int64[p], a member of each class int32[c], its rows int64[c]), in order of first sight.
    """
    size = 16
    while size < 2 * members.shape[0]:
        size *= 2
    slots = np.full(size, -1, np.int32)
    keys = np.empty(members.shape[0], np.int64)
    first = np.empty(members.shape[0], np.int32)
    total = np.empty(members.shape[0], np.int64)
    of = np.empty(members.shape[0], np.int64)
    count = 0
    for place in range(members.shape[0]):
        member = members[place]
        key = np.int64(0)
        for c in range(active.shape[0]):
            key += np.int64(up[start[c] + codes[active[c], member]]) * stride[c]
        slot = ((key * _SPREAD) >> _AWAY) & (size - 1)
        while True:
            found = slots[slot]
            if found < 0:
                slots[slot] = count
                keys[count] = key
                first[count] = member
                total[count] = rows[place]
                of[place] = count
                count += 1
                break
            same = keys[found] == key
            if same and not exact:
                for c in range(active.shape[0]):
                    column = active[c]
                    if up[start[c] + codes[column, member]] != up[start[c] + codes[column, first[found]]]:
                        same = False
                        break
            if same:
                total[found] += rows[place]
                of[place] = found
                break
            slot = (slot + 1) & (size - 1)
    return of, first[:count].copy(), total[:count].copy()


@compiled
def add_up(keys: Ints, weights: Ints) -> tuple[Ints, Ints]:
    """Add up the weights of equal keys.

    Args: keys, weights: int64[p]. Returns: (distinct keys, sums), int64 each, in order of first sight.
    """
    size = 16
    while size < 2 * keys.shape[0]:
        size *= 2
    slots = np.full(size, -1, np.int32)
    distinct = np.empty(keys.shape[0], np.int64)
    sums = np.empty(keys.shape[0], np.int64)
    count = 0
    for place in range(keys.shape[0]):
        key = keys[place]
        slot = ((key * _SPREAD) >> _AWAY) & (size - 1)
        while True:
            found = slots[slot]
            if found < 0:
                slots[slot] = count
                distinct[count] = key
                sums[count] = weights[place]
                count += 1
                break
            if distinct[found] == key:
                sums[found] += weights[place]
                break
            slot = (slot + 1) & (size - 1)
    return distinct[:count].copy(), sums[:count].copy()
