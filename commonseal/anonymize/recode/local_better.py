"""Better classes that hold: move points, dissolve classes, split them, while all rows together lose less.

Proposals of one round touch disjoint classes. All are carried out, the models are asked once, and what
they refuse is taken back: so any model is kept, monotone or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.recode.local_search import Board, Nodes, class_count, dense, least_rows
from commonseal.anonymize.recode.ways import Floats, Ints

Mask = NDArray[np.bool_]

ROUNDS = 60  # it settles in a dozen


def better(board: Board, of: Ints, near: Nodes) -> Ints:
    """Return classes that lose no more, all models holding.

    Before: no class of `of` int64[p] fails. After: none fails. Args: near: neighbours of each point.
    """
    # numba takes half a second to import: only who recodes locally pays for it
    from commonseal.anonymize.recode import local_moves as moves

    ways, weight, room = board.ways, board.weight(), len(of)
    plan = _Proposals.none(room)
    count, now = class_count(of), board.described(of, room)
    for _ in range(ROUNDS):
        moves.propose(
            plan.stale, near, of, now.begin, now.member, weight, ways.up, ways.start, ways.cost,
            now.rep, now.level, now.rows, now.each, least_rows(board.models), plan.ceiling,
            plan.gain, plan.kind, plan.what, plan.target, plan.home,
        )  # fmt: skip
        action, source, then_of = np.full(room, -1), np.full(room, -1), of.copy()
        done, used = moves.carry_out(
            then_of, now.begin, now.member, ways.up, plan.gain, plan.kind, plan.what, plan.target, plan.home,
            count, action, source,
        )  # fmt: skip
        if not done:
            break
        refused = _refused(board, then_of, action, done)
        _take_back(of, then_of, action, refused)
        then = board.described(then_of, room)
        if then.total > now.total or (refused.any() and _fails(board, then_of)):
            break
        plan.learn(of, action, source[:done], refused)
        of, now, count = then_of, then, used
    return dense(of)


@dataclass(frozen=True, slots=True)
class _Proposals:
    """The best proposal of each class, kept between rounds; see `local_moves.propose`."""

    stale: Mask
    ceiling: Floats
    gain: Floats
    kind: Ints
    what: Ints
    target: Ints
    home: Ints

    @staticmethod
    def none(room: int) -> _Proposals:
        """Return no proposals; every class is stale."""
        kind, what, target, home = (np.full(room, fill) for fill in (0, -1, -1, -1))
        stale, ceiling = np.ones(room, dtype=bool), np.full(room, np.inf)
        return _Proposals(stale, ceiling, np.zeros(room), kind, what, target, home)

    def learn(self, of: Ints, action: Ints, source: Ints, refused: Mask) -> None:
        """Mark what must be looked at again; a class that was refused proposes its next best."""
        touched = action >= 0
        self.ceiling[touched & ~refused[action]] = np.inf
        self.ceiling[source[refused]] = self.gain[source[refused]]
        self.stale[:] = touched
        homes_touched = (of >= 0) & (self.home >= 0) & touched[self.home]
        self.stale[of[homes_touched]] = True


def _refused(board: Board, of: Ints, action: Ints, done: int) -> Mask:
    """Return the actions that made some class fail: bool[done]; all, when one fails that none touched."""
    numbers = np.flatnonzero(np.bincount(of[of >= 0], minlength=len(action)))
    failing = numbers[board.failing(dense(of), len(numbers))]
    refused = np.zeros(done, dtype=bool)
    if (action[failing] < 0).any():
        refused[:] = True
    refused[action[failing[action[failing] >= 0]]] = True
    return refused


def _take_back(before: Ints, after: Ints, action: Ints, refused: Mask) -> None:
    """Give the points of refused actions their old classes again, in place."""
    number = np.where(before >= 0, action[before], -1)
    back = (number >= 0) & refused[number]
    after[back] = before[back]


def _fails(board: Board, of: Ints) -> bool:
    return bool(board.failing(dense(of), class_count(dense(of))).any())
