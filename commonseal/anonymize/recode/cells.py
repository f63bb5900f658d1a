"""Cell suppression: hide as few cells as will do, instead of dropping rows or generalizing columns.

A hidden cell is empty in the release. It is a label of its own: rows with the same cells hidden and the
same cells left are one class.
"""

from __future__ import annotations

from collections.abc import Sequence

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import Model
from commonseal.anonymize.recode.local import recode
from commonseal.anonymize.recode.local_search import Board
from commonseal.anonymize.recode.recoded import Recoded
from commonseal.anonymize.recode.ways import checked_levels, checked_weights, ways_hidden


def suppress_cells(
    tuples: Tuples,
    units: Units,
    models: Sequence[Model],
    *,
    levels: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
    suppressed_max: int = 0,
) -> Recoded:
    """Hide cells of rows whose class fails, until every class keeps all models.

    Before: any tuples. After: each cell carries its label at its column's level or is hidden; no class of
    equal released cells fails a model; equal rows are treated alike. Cells of rows that pass are hidden
    only where a failing row needs their company and nothing cheaper was found. Greedy, deterministic; the
    number of hidden cells is not proved to be the least.

    Args: levels: what is generalized first, one a column, 0 where None (a plan's levels, say). weights: how
    dear a hidden cell of each column is. suppressed_max: rows that may leave.
    Raises: BadInput when more rows would have to leave: not even all cells hidden make the models hold.
    """
    at, _ = checked_levels(tuples, levels, None)
    ways, point_of = ways_hidden(tuples, at, checked_weights(tuples, weights))
    board = Board(ways, point_of, tuples.rows, units, tuple(models))
    return recode(board, tuples, "cell suppression", suppressed_max)
