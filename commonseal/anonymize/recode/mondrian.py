"""Multidimensional partitioning: cut the space of the quasi-identifiers into boxes, each a class.

For wide tables, where no single level a column is bearable. A box is cut at the median of its widest
column while both parts keep the models. Strict: boxes do not overlap. Source: LeFevre, DeWitt,
Ramakrishnan 2006 (Mondrian). Numbers are cut between values; labels where they part highest.

Time is n columns x m tuples x depth, memory one place (1, 2 or 4 bytes) a cell: no lattice, no pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import numpy as np

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import Model
from commonseal.anonymize.recode.boxes import Boxes, axis_of, named_boxes, places
from commonseal.anonymize.recode.growing import Space, grown
from commonseal.anonymize.recode.local_search import least_rows, refused_classes
from commonseal.anonymize.recode.ways import checked_weights
from commonseal.errors import BadInput
from commonseal.model import Text


def partition(
    tuples: Tuples,
    units: Units,
    models: Sequence[Model],
    *,
    numeric: Collection[str] | None = None,
    weights: Sequence[float] | None = None,
) -> Boxes:
    """Partition a table into boxes that keep all models.

    Before: any tuples. After: every class of the released text keeps all models; a numeric cell is the
    value or the interval `[least, largest]` of its class, any other the lowest label of its hierarchy
    that the class shares; no row leaves. Greedy, deterministic; not proved to be the least loss.

    Args: numeric: the columns that become intervals, those whose values are all numbers where None.
    weights: how dear each column is: a dear one is cut earlier.
    Raises: BadInput when the table as one class does not keep the models.
    """
    axes = [axis_of(hierarchy, numeric) for hierarchy in tuples.hierarchies]
    space = Space(
        places(axes, tuples.codes),
        tuples.rows,
        tuple(axis.scale for axis in axes),
        tuple(axis.gap for axis in axes),
        np.array(checked_weights(tuples, weights)),
    )
    tree = grown(space, partial(refused_classes, models, tuples.rows, units), least_rows(models))
    if tree is None:
        raise BadInput(_nothing_passes(tuples.total))
    boxes, public = named_boxes(tuples, axes, tree)
    if refused_classes(models, tuples.rows, units, public, boxes.lost.classes).any():
        raise BadInput(_public_fails())
    return boxes


def _nothing_passes(rows: int) -> Text:
    return Text(
        en=f"the {rows} rows as one class do not keep the models asked for; lower what is asked",
        zh=f"{rows} 行全部作为一个等价类也不满足所要求的模型；请降低要求",
    )


def _public_fails() -> Text:
    return Text(
        en="boxes that read alike fail a model together that each keeps alone; ask for a model that merging "
        "cannot break, or use local recoding",
        zh="标签相同的分区合并后不再满足某个模型；请改用合并后仍然成立的模型，或使用局部重编码",
    )
