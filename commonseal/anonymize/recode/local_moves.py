"""Compiled proposals that make classes of a local recoding lose less: move, dissolve, split.

Shapes and names as in `local_kernels`. A proposal touches few classes; those of one round are disjoint,
so that each may be taken back alone when a model refuses it.
"""

from __future__ import annotations

import numpy as np

from commonseal.anonymize.recode.local_kernels import (
    TINY,
    Floats,
    Ints,
    Mask,
    Nodes,
    joint_with,
    price,
    widen,
)
from commonseal.table.compiled import compiled

MOVE, DISSOLVE, SPLIT = 1, 2, 3
MANY = 500  # points of a class above which single points are not tried


@compiled
def without(point: int, members: Ints, up: Nodes, start: Ints, cost: Floats, level: Ints) -> float:
    """Return what a row of a class loses when one point has left it; `level` is room to work in."""
    rep = members[0] if members[0] != point else members[1]
    level[:] = 0
    for other in members:
        if other != point:
            widen(up, start, rep, level, other)
    return price(up, start, cost, rep, level)


@compiled
def parted(
    step: int,
    node: int,
    members: Ints,
    weight: Ints,
    up: Nodes,
    start: Ints,
    cost: Floats,
    level: Ints,
    least: int,
) -> float:
    """Return what all rows lose when those of one label part from a class; inf where a part is too small."""
    total = 0.0
    for side in range(2):
        rep, rows = -1, 0
        level[:] = 0
        for point in members:
            if (up[point, step] == node) == (side == 0):
                if rep < 0:
                    rep = point
                rows += weight[point]
                widen(up, start, rep, level, point)
        if rows < least:
            return np.inf
        total += rows * price(up, start, cost, rep, level)
    return total


@compiled
def better_home(
    point: int,
    a: int,
    near: Nodes,
    of: Ints,
    weight: Ints,
    up: Nodes,
    start: Ints,
    cost: Floats,
    rep: Ints,
    level: Ints,
    rows: Ints,
    each: Floats,
) -> tuple[float, int]:
    """Return what it costs to take a point into the cheapest class of its neighbours, and that class."""
    best, home = np.inf, -1
    for candidate in near[point]:
        if candidate < 0:
            break
        b = of[candidate]
        if b == a or b < 0:
            continue
        both = joint_with(up, start, cost, rep, level, b, point)
        added = weight[point] * both + rows[b] * (both - each[b])
        if added < best:
            best, home = added, b
    return best, home


@compiled
def propose(
    stale: Mask,
    near: Nodes,
    of: Ints,
    begin: Ints,
    member: Ints,
    weight: Ints,
    up: Nodes,
    start: Ints,
    cost: Floats,
    rep: Ints,
    level: Ints,
    rows: Ints,
    each: Floats,
    least: int,
    ceiling: Floats,
    gain: Floats,
    kind: Ints,
    what: Ints,
    target: Ints,
    home: Ints,
) -> None:
    """Write for each stale class its best proposal into gain, kind, what and target; homes into `home`.

    MOVE: point `what` to class `target`. DISSOLVE: each point to its `home`. SPLIT: the points whose node
    at step `what` is `target` leave. `least`: rows below which no part may fall.
    `ceiling` float64[c]: proposals that gain as much or more were refused before.
    """
    room = np.zeros(len(start) - 1, np.int64)
    for a in range(len(begin) - 1):
        if not stale[a]:
            continue
        gain[a], kind[a] = TINY, 0
        members = member[begin[a] : begin[a + 1]]
        if len(members) == 0:
            continue
        now, elsewhere = rows[a] * each[a], 0.0
        for point in members:
            added, home[point] = better_home(
                point, a, near, of, weight, up, start, cost, rep, level, rows, each
            )
            elsewhere += added
            if home[point] >= 0 and 1 < len(members) <= MANY and rows[a] - weight[point] >= least:
                left = without(point, members, up, start, cost, room)
                won = now - (rows[a] - weight[point]) * left - added
                if gain[a] < won < ceiling[a]:
                    gain[a], kind[a], what[a], target[a] = won, MOVE, point, home[point]
        if gain[a] < now - elsewhere < ceiling[a]:
            gain[a], kind[a] = now - elsewhere, DISSOLVE
        if rows[a] < 2 * least or len(members) < 2:
            continue
        for column in range(len(start) - 1):
            if level[a, column] == 0:
                continue
            step = start[column] + level[a, column] - 1
            for place in range(len(members)):
                node = up[members[place], step]
                seen = False
                for before in range(place):
                    if up[members[before], step] == node:
                        seen = True
                        break
                if not seen:
                    won = now - parted(step, node, members, weight, up, start, cost, room, least)
                    if gain[a] < won < ceiling[a]:
                        gain[a], kind[a], what[a], target[a] = won, SPLIT, step, node


@compiled
def carry_out(
    of: Ints,
    begin: Ints,
    member: Ints,
    up: Nodes,
    gain: Floats,
    kind: Ints,
    what: Ints,
    target: Ints,
    home: Ints,
    count: int,
    action: Ints,
    source: Ints,
) -> tuple[int, int]:
    """Carry out proposals in place, the most gain first, each class touched once.

    `action` int64[classes], -1 at first: becomes the number of the proposal that touched each class;
    `source`: the class that made each proposal.
    Returns: (proposals carried out, classes used now).
    """
    done = 0
    for a in np.argsort(-gain, kind="mergesort"):
        if kind[a] == 0 or action[a] >= 0:
            continue
        members = member[begin[a] : begin[a + 1]]
        if kind[a] == MOVE:
            if action[target[a]] >= 0:
                continue
            action[target[a]] = done
            of[what[a]] = target[a]
        elif kind[a] == DISSOLVE:
            free = True
            for point in members:
                free = free and action[home[point]] < 0
            if not free:
                continue
            for point in members:
                action[home[point]] = done
                of[point] = home[point]
        else:
            if count == len(action):
                continue
            for point in members:
                if up[point, what[a]] == target[a]:
                    of[point] = count
            action[count] = done
            count += 1
        action[a] = done
        source[done] = a
        done += 1
    return done, count
