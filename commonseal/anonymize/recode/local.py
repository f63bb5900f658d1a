"""Local recoding: labels by class, not by column, so that a dense place need not pay for a sparse one.

A class that fails is joined with the class that makes both lose least, until none fails; then points
move, classes dissolve into their neighbours, and classes split, while that loses less and every model
holds. Sources: Xu et al. 2006 (local recoding, its loss); Goldberger, Tassa 2010 (agglomeration).

Every step asks the models themselves, so models that are not monotone are kept as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import Model
from commonseal.anonymize.recode.growing import Space, grown
from commonseal.anonymize.recode.local_better import better
from commonseal.anonymize.recode.local_search import (
    Board,
    class_count,
    fused,
    join_failing,
    least_rows,
    nearest,
)
from commonseal.anonymize.recode.recoded import Lost, Recoded
from commonseal.anonymize.recode.ways import (
    Floats,
    Ints,
    Ways,
    cell_loss,
    checked_levels,
    checked_weights,
    originals,
    ways_up,
)
from commonseal.errors import BadInput
from commonseal.model import Text


def recode_locally(
    tuples: Tuples,
    units: Units,
    models: Sequence[Model],
    *,
    least_levels: Sequence[int] | None = None,
    most_levels: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
    suppressed_max: int = 0,
) -> Recoded:
    """Recode a table so that every class of equal labels keeps all models, and lose little.

    Before: any tuples. After: rows of one class carry equal labels, each the lowest label (between the
    least and the most level of its column) that all its rows share; no class of the released text fails
    a model; rows leave only where nothing they could be joined with passes, or, while `suppressed_max`
    lasts, where leaving loses less (all of a row that leaves is lost). Deterministic. Not proved to be the
    least loss.

    Args: least_levels, most_levels: one a column, the whole hierarchy where None. weights: how dear each
    column is. suppressed_max: rows that may leave.
    Raises: BadInput when more rows would have to leave.
    """
    least, most = checked_levels(tuples, least_levels, most_levels)
    ways, point_of = ways_up(tuples, least, most, checked_weights(tuples, weights))
    board = Board(ways, point_of, tuples.rows, units, tuple(models))
    return recode(board, tuples, "local recoding", suppressed_max)


def recode(board: Board, tuples: Tuples, transformation: str, suppressed_max: int) -> Recoded:
    """Find classes on a board, and put them into their public form. Raises: BadInput."""
    of_point = _cheapest_classes(board, suppressed_max)
    of = of_point[board.point_of]
    suppressed = int(tuples.rows[of < 0].sum())
    if suppressed > suppressed_max:
        raise BadInput(_nothing_passes(suppressed, tuples.total, suppressed_max))
    now = board.described(of_point, class_count(of_point))
    return _public(transformation, tuples, board.ways, of, now.rep, now.level)


def _cheapest_classes(board: Board, may_leave: int) -> Ints:
    """Return classes of points that all pass: int64[p], dense, -1 for points that cannot be kept.

    Begun twice, from single points joined and from one box cut: joins are best where classes are small
    (k), cuts where they must be like the whole (t).
    """
    points = len(board.ways.up)
    singles = np.arange(points)
    near = nearest(board, singles, points)
    best = better(board, fused(board, join_failing(board, singles, near, may_leave)), near)
    boxes = _boxes(board)
    if boxes is not None:
        best = min(best, better(board, fused(board, boxes), near), key=board.loss)
    while True:
        best = fused(board, best)
        if not board.failing(best, class_count(best)).any():
            return best
        best = join_failing(board, best, near, may_leave)


def _boxes(board: Board) -> Ints | None:
    """Return the classes of a partition into boxes, or None where it does not pass or labels do not join."""
    ways = board.ways
    space = Space(
        np.stack(ways.rank, axis=1).astype(np.uint32),
        board.weight(),
        tuple(np.linspace(0.0, 1.0, len(gap)) for gap in ways.gap),
        ways.gap,
        np.ones(ways.columns),
    )
    tree = grown(space, board.failing, least_rows(board.models))
    if tree is None or not np.isfinite(board.described(tree.of, class_count(tree.of)).total):
        return None
    return tree.of


def _public(transformation: str, tuples: Tuples, ways: Ways, of: Ints, rep: Ints, step: Ints) -> Recoded:
    """Name the labels of classes, and what they lose. `step` int64[c, columns]: above the least."""
    kept = np.flatnonzero(of >= 0)
    columns: dict[str, pl.Series] = {}
    by_column: list[tuple[str, float]] = []
    changed = hidden = 0
    for position, hierarchy in enumerate(tuples.hierarchies):
        level = ways.levels[position][step[:, position]]
        of_kept = level[of[kept]]
        if (of_kept > 0).any():
            node = ways.up[rep, ways.start[position] + step[:, position]]
            columns[hierarchy.column] = pl.Series([ways.label[n] or None for n in node], dtype=pl.String)
        changed += int(tuples.rows[kept][of_kept > 0].sum())
        hidden += int(tuples.rows[kept][of_kept == hierarchy.height].sum())
        by_column.append((hierarchy.column, 1.0 - _column_loss(tuples, position, of, level)))
    lost = Lost(
        rows=tuples.total,
        suppressed_rows=int(tuples.rows[of < 0].sum()),
        suppressed_cells=hidden,
        changed_cells=changed,
        classes=len(np.unique(of[(of >= 0) & (tuples.rows > 0)])),
        granularity=float(np.mean([share for _, share in by_column])),
        by_column=tuple(by_column),
    )
    quasi = tuple(hierarchy.column for hierarchy in tuples.hierarchies)
    return Recoded(transformation, quasi, originals(tuples), of, pl.DataFrame(columns), lost)


def _column_loss(tuples: Tuples, position: int, of: Ints, level: Ints) -> float:
    """Return the mean loss of a column's cells, 1 where they are hidden or their row leaves."""
    hierarchy = tuples.hierarchies[position]
    loss: Floats = np.ones(len(of))
    for used in np.unique(level[level < hierarchy.height]):
        here = np.flatnonzero((of >= 0) & (level[of] == used))
        loss[here] = cell_loss(hierarchy, used)[hierarchy.codes[:, used][tuples.codes[position][here]]]
    return float((loss * tuples.rows).sum() / max(1, tuples.total))


def _nothing_passes(rows: int, total: int, limit: int) -> Text:
    return Text(
        en=f"{rows} of {total} rows cannot be kept under the models asked for, at any labels; {limit} may "
        "leave; lower what is asked, allow more suppression, or name fewer quasi-identifiers",
        zh=f"{total} 行中有 {rows} 行无论如何泛化都不能满足所要求的模型，而最多可抑制 {limit} 行；"
        "请降低要求、放宽抑制比例或减少准标识符",
    )
