"""Compiled loops of local recoding: nearest neighbours, joins of classes, and proposals to better them.

Importing this module imports numba, about half a second: `local` imports it where it needs it.

Shapes: p points (distinct tuples at the least levels), n columns, c classes. `up` int32[p, steps] holds
each point's node at every level, column after column; column j owns steps start[j] to start[j + 1], the
last of which is a node above all that costs inf. `cost` float64[nodes] is what one row loses by a node.
A class is `rep` (any point of it) and `level` int64[c, n]: its label in column j is the node
up[rep, start[j] + level[j]], which all its points share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonseal.table.compiled import compiled

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

TINY = 1e-9  # rounding of a sum of costs is no gain


@compiled
def apart(up: Nodes, start: Ints, cost: Floats, one: int, other: int, limit: float) -> float:
    """Return what a row loses when two rows of `up` are joined; stops at `limit`; inf where none is allowed."""
    total = 0.0
    for column in range(len(start) - 1):
        step = start[column]
        while up[one, step] != up[other, step]:
            step += 1
        total += cost[up[one, step]]
        if total >= limit:
            return total  # type: ignore[no-any-return]  # not `break`: that halves the speed
    return total


@compiled
def joint(up: Nodes, start: Ints, cost: Floats, rep: Ints, level: Ints, a: int, b: int) -> float:
    """Return what a row loses in the join of two classes; inf where none is allowed."""
    one, other, total = rep[a], rep[b], 0.0
    for column in range(len(start) - 1):
        step = start[column] + max(level[a, column], level[b, column])
        while up[one, step] != up[other, step]:
            step += 1
        total += cost[up[one, step]]
    return float(total)


@compiled
def joint_with(up: Nodes, start: Ints, cost: Floats, rep: Ints, level: Ints, a: int, point: int) -> float:
    """Return what a row loses when a class takes a point in; inf where none is allowed."""
    one, total = rep[a], 0.0
    for column in range(len(start) - 1):
        step = start[column] + level[a, column]
        while up[one, step] != up[point, step]:
            step += 1
        total += cost[up[one, step]]
    return float(total)


@compiled
def widen(up: Nodes, start: Ints, rep: int, level: Ints, point: int) -> None:
    """Raise `level` in place until the class of `rep` holds `point` too."""
    for column in range(len(start) - 1):
        step = start[column] + level[column]
        while up[rep, step] != up[point, step]:
            step += 1
        level[column] = step - start[column]


@compiled
def price(up: Nodes, start: Ints, cost: Floats, rep: int, level: Ints) -> float:
    """Return what one row of a class loses."""
    total = 0.0
    for column in range(len(start) - 1):
        total += cost[up[rep, start[column] + level[column]]]
    return total


@compiled
def keep_near(near: Nodes, far: Floats, point: int, other: int, distance: float) -> int:
    """Insert `other` into the sorted list of a point, unless it stands there."""
    last = near.shape[1] - 1
    for place in range(last + 1):
        if near[point, place] == other:
            return 0
    place = last
    while place > 0 and far[point, place - 1] > distance:
        far[point, place] = far[point, place - 1]
        near[point, place] = near[point, place - 1]
        place -= 1
    far[point, place] = distance
    near[point, place] = other
    return 1


@compiled
def look_along(
    order: Ints,
    reach: int,
    up: Nodes,
    start: Ints,
    cost: Floats,
    near: Nodes,
    far: Floats,
) -> None:
    """Compare each class with the `reach` that follow it in `order`; keep the nearest of both in place."""
    count, last = len(order), near.shape[1] - 1
    for place in range(count):
        one = order[place]
        for ahead in range(place + 1, min(count, place + reach + 1)):
            other = order[ahead]
            limit = max(far[one, last], far[other, last])
            distance = apart(up, start, cost, one, other, limit)
            if distance < far[one, last]:
                keep_near(near, far, one, other, distance)
            if distance < far[other, last]:
                keep_near(near, far, other, one, distance)


@compiled
def look_around(wide: int, up: Nodes, start: Ints, cost: Floats, near: Nodes, far: Floats) -> None:
    """Compare each class with the neighbours of its `wide` nearest neighbours (Dong et al. 2011)."""
    last = near.shape[1] - 1
    for one in range(near.shape[0]):
        for by in range(wide):
            friend = near[one, by]
            if friend < 0:
                break
            for place in range(wide):
                other = near[friend, place]
                if other < 0:
                    break
                if other != one:
                    distance = apart(up, start, cost, one, other, far[one, last])
                    if distance < far[one, last]:
                        keep_near(near, far, one, other, distance)


@compiled
def members_of(of: Ints, count: int) -> tuple[Ints, Ints]:
    """Return (begin int64[c + 1], member int64[p]): the points of class a are member[begin[a]:begin[a + 1]]."""
    begin = np.zeros(count + 1, np.int64)
    for point in range(len(of)):
        begin[of[point] + 1] += 1
    for a in range(count):
        begin[a + 1] += begin[a]
    free = begin[:-1].copy()
    member = np.empty(len(of), np.int64)
    for point in range(len(of)):
        member[free[of[point]]] = point
        free[of[point]] += 1
    return begin, member


@compiled
def describe(
    up: Nodes, start: Ints, cost: Floats, weight: Ints, begin: Ints, member: Ints
) -> tuple[Ints, Ints, Ints, Floats]:
    """Return (rep, level, rows, price a row) of each class; rep is -1 where a class is empty."""
    count, columns = len(begin) - 1, len(start) - 1
    rep = np.full(count, -1, np.int64)
    level = np.zeros((count, columns), np.int64)
    rows = np.zeros(count, np.int64)
    each = np.zeros(count, np.float64)
    for a in range(count):
        if begin[a] == begin[a + 1]:
            continue
        rep[a] = member[begin[a]]
        for place in range(begin[a], begin[a + 1]):
            rows[a] += weight[member[place]]
            widen(up, start, rep[a], level[a], member[place])
        each[a] = price(up, start, cost, rep[a], level[a])
    return rep, level, rows, each


@compiled
def partner(
    a: int,
    candidates: Nodes,
    of: Ints,
    up: Nodes,
    start: Ints,
    cost: Floats,
    rep: Ints,
    level: Ints,
    rows: Ints,
    each: Floats,
    failing: Mask,
    best: float,
    chosen: int,
) -> tuple[float, int]:
    """Return the least added loss for a row that is helped, and the class to join, among candidates."""
    for candidate in candidates:
        if candidate < 0:
            break
        b = of[candidate]
        if b == a or b < 0:
            continue
        both = joint(up, start, cost, rep, level, a, b)
        added = (rows[a] + rows[b]) * both - rows[a] * each[a] - rows[b] * each[b]
        added /= max(1, rows[a] + rows[b] if failing[b] else rows[a])
        if added < best:
            best = added
            chosen = b
    return best, chosen


@compiled
def pair_up(
    near: Nodes,
    of: Ints,
    begin: Ints,
    member: Ints,
    up: Nodes,
    start: Ints,
    cost: Floats,
    rep: Ints,
    level: Ints,
    rows: Ints,
    each: Floats,
    failing: Mask,
    everywhere: bool,
) -> tuple[Ints, Floats]:
    """Join each failing class with its best partner, cheapest first, each class once.

    Args: near: of each thing, neighbours among things; of: the class of each thing; begin, member: the
    things of each class. everywhere: a class without a partner among neighbours looks at all classes.
    Returns: into int64[c]: the class that each becomes part of, itself mostly; and what its best join
    adds to the loss for each row that is helped, inf where it found no partner.
    """
    count = len(rep)
    itself = np.arange(count)
    every = itself.astype(np.int32)
    added = np.full(count, np.inf)
    wish = np.full(count, -1, np.int64)
    for a in range(count):
        if not failing[a]:
            continue
        for place in range(begin[a], begin[a + 1]):
            added[a], wish[a] = partner(
                a,
                near[member[place]],
                of,
                up,
                start,
                cost,
                rep,
                level,
                rows,
                each,
                failing,
                added[a],
                wish[a],
            )
        if wish[a] < 0 and everywhere:
            added[a], wish[a] = partner(
                a, every, itself, up, start, cost, rep, level, rows, each, failing, added[a], wish[a]
            )
    into = itself.copy()
    taken = np.zeros(count, np.bool_)
    for a in np.argsort(added, kind="mergesort"):
        if wish[a] < 0 or added[a] == np.inf:
            break
        if not taken[a] and not taken[wish[a]]:
            taken[a] = taken[wish[a]] = True
            into[a] = wish[a]
    return into, added
