"""How much of a table is left after it was generalized and suppressed.

Every measure is a pure function of a `Recoding`. N rows, S of them suppressed, n quasi-identifiers;
a suppressed row counts as generalized to everything in every column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonseal.anonymize.loss import Floats, Ints
from commonseal.anonymize.utility.recoding import Mask, Recoding
from commonseal.table import group_codes

# KL costs one pass of the tuples for each combination of levels; local recoding may use thousands
MOST_KL_WORK = 200_000_000  # combinations of levels x tuples, some 10 s; beyond it KL is left out


@dataclass(frozen=True, slots=True)
class Utility:
    """The figures of one copy; docs/utility.md holds each formula and its source."""

    rows: int
    suppressed_rows: int
    classes: int
    loss_gm: float
    loss_am: float
    discernibility: float
    average_class_size: float  # 0 where nothing is left
    entropy_am: float  # bits
    entropy_lost: float  # share of the bits that the columns held
    granularity: float
    precision: float
    ambiguity: float
    kl_divergence: float | None  # bits; None where local recoding is too varied to compute it


def utility_of(recoding: Recoding) -> Utility:
    """Measure what is left of a table; what is untouched loses nothing: 0, 0, ..., granularity and precision 1."""
    _, class_rows = recoding.classes()
    lost, held = entropy(recoding), entropy_held(recoding)
    kept_rows = int(class_rows.sum())
    return Utility(
        rows=recoding.tuples.total,
        suppressed_rows=recoding.suppressed_rows,
        classes=len(class_rows),
        loss_gm=loss(recoding, geometric=True),
        loss_am=loss(recoding, geometric=False),
        discernibility=discernibility(recoding),
        average_class_size=kept_rows / len(class_rows) if len(class_rows) else 0.0,
        entropy_am=lost / max(1, len(recoding.levels)),
        entropy_lost=lost / held if held else 0.0,
        granularity=granularity(recoding),
        precision=precision(recoding),
        ambiguity=ambiguity(recoding),
        kl_divergence=kl_divergence(recoding),
    )


def loss(recoding: Recoding, *, geometric: bool) -> float:
    """Return ARX's "Loss": per column x = max(0, (mean share - 1/D) / (1 - 1/D)), D rows of the hierarchy.

    Over columns (prod (1 + x))^(1/n) - 1, or the mean. In [0, 1]. Source: Iyengar 2002; ARX.
    """
    rows, total = recoding.tuples.rows, max(1, recoding.tuples.total)
    scaled = []
    for column, hierarchy in enumerate(recoding.tuples.hierarchies):
        least = 1.0 / hierarchy.domain
        mean = float((recoding.shares(column) * rows).sum()) / total
        scaled.append(max(0.0, (mean - least) / (1.0 - least)) if hierarchy.domain > 1 else 0.0)
    if geometric:
        return float(np.prod(1.0 + np.array(scaled)) ** (1.0 / len(scaled)) - 1.0)
    return float(np.mean(scaled))


def discernibility(recoding: Recoding) -> float:
    """Return the sum of squared class sizes, plus S x N. Source: Bayardo, Agrawal 2005."""
    _, class_rows = recoding.classes()
    sizes = class_rows.astype(np.float64)
    return float((sizes * sizes).sum() + float(recoding.suppressed_rows) * recoding.tuples.total)


def entropy(recoding: Recoding) -> float:
    """Return the non-uniform entropy in bits, summed over cells.

    A cell: log2(rows of the input under its label / rows with its value). The cells of suppressed rows
    add log2(S / suppressed rows with the label). Source: de Waal, Willenborg 1999; Gionis, Tassa 2009; ARX.
    """
    return sum(_column_entropy(recoding, column) for column in range(len(recoding.levels)))


def entropy_held(recoding: Recoding) -> float:
    """Return the bits that the columns of the input held: N times the entropy of each, summed."""
    total, held = recoding.tuples.total, 0.0
    for codes in recoding.tuples.codes:
        counts = np.bincount(codes, weights=recoding.tuples.rows)
        counts = counts[counts > 0]
        held += float((counts * np.log2(total / counts)).sum())
    return held


def granularity(recoding: Recoding) -> float:
    """Return the granularity kept: 1 - mean over cells of (v - 1) / (V - 1).

    v: values that the cell's label may stand for, V: values of the hierarchy (1 - 0 where V is 1). In
    [0, 1], 1 for the untouched table. Source: Iyengar 2002.
    """
    return float(np.mean(granularity_by_column(recoding)))


def granularity_by_column(recoding: Recoding) -> tuple[float, ...]:
    """Return the granularity kept in each column."""
    rows, total = recoding.tuples.rows, max(1, recoding.tuples.total)
    kept = []
    for column, hierarchy in enumerate(recoding.tuples.hierarchies):
        most = len(hierarchy.codes)
        values = np.where(recoding.kept, recoding.leaves(column), float(most))
        lost = float(((values - 1.0) * rows).sum()) / (most - 1) / total if most > 1 else 0.0
        kept.append(1.0 - lost)
    return tuple(kept)


def precision(recoding: Recoding) -> float:
    """Return Sweeney's Prec: 1 - mean over cells of level / highest level. Source: Sweeney 2002, def. 5.

    A suppressed row or cell stands at the highest level. A hierarchy of one level loses nothing.
    """
    rows, total = recoding.tuples.rows, max(1, recoding.tuples.total)
    climbed = []
    for levels, hierarchy in zip(recoding.levels, recoding.tuples.hierarchies, strict=True):
        highest = hierarchy.height - 1
        at = np.where(recoding.kept, np.minimum(levels, highest), highest)
        climbed.append(float((at * rows).sum()) / highest / total if highest else 0.0)
    return 1.0 - float(np.mean(climbed))


def ambiguity(recoding: Recoding) -> float:
    """Return how many tuples of the domain a record that left may stand for, on average.

    The product over columns of the values under each label; at least 1, or 0 where nothing left.
    Source: Goldberger, Tassa 2010.
    """
    rows = np.where(recoding.kept, recoding.tuples.rows, 0)
    left = int(rows.sum())
    boxes = np.exp2(sum(np.log2(recoding.leaves(column)) for column in range(len(recoding.levels))))
    return float((boxes * rows).sum() / left) if left else 0.0


def kl_divergence(recoding: Recoding) -> float | None:
    """Return KL(p || q) in bits, between the input's joint distribution of the quasi-identifiers and the release's.

    p(t) is the share of rows with the tuple t. q(t) is what a reader of the release must suppose who
    knows nothing else: each released row is spread evenly over all tuples of the domain that its
    labels may stand for, and each suppressed row over the whole domain (the hierarchies' values). So q
    is above 0 wherever p is, and nothing is smoothed. Source: Kifer, Gehrke 2006, sec. 4.
    Returns: >= 0; None where local recoding makes it cost more than `MOST_KL_WORK`.
    """
    rows, kept, total = recoding.tuples.rows, recoding.kept, recoding.tuples.total
    heights = [hierarchy.height + 1 for hierarchy in recoding.tuples.hierarchies]
    vectors = group_codes(list(recoding.levels), heights)
    used = np.unique(vectors.of[kept])
    if len(used) * len(rows) > MOST_KL_WORK:
        return None
    domain = float(sum(np.log2(len(hierarchy.codes)) for hierarchy in recoding.tuples.hierarchies))
    mass: Floats = np.full(len(rows), recoding.suppressed_rows * np.exp2(-domain))
    for vector in used:
        mass += _spread(recoding, kept & (vectors.of == vector))
    same = group_codes(
        list(recoding.tuples.codes.astype(np.int64)), [len(h.codes) for h in recoding.tuples.hierarchies]
    )
    first = np.zeros(same.count, dtype=np.int64)
    first[same.of] = np.arange(len(rows), dtype=np.int64)
    p, q = same.total(rows) / total, mass[first] / total
    there = p > 0
    return max(0.0, float((p[there] * np.log2(p[there] / q[there])).sum()))


def _spread(recoding: Recoding, members: Mask) -> Floats:
    """Return the rows that one combination of levels spreads onto each tuple: float64[m]."""
    at = [int(levels[members][0]) for levels in recoding.levels]
    size = np.zeros(len(members), dtype=np.float64)
    keys, sizes = [], []
    all_codes = recoding.tuples.codes.astype(np.int64)
    for level, codes, hierarchy in zip(at, all_codes, recoding.tuples.hierarchies, strict=True):
        hidden = level == hierarchy.height
        keys.append(np.zeros_like(codes) if hidden else hierarchy.codes[codes, level])
        sizes.append(1 if hidden else len(hierarchy.labels[level]))
        inside = np.full(1, len(hierarchy.codes)) if hidden else np.bincount(hierarchy.codes[:, level])
        size += np.log2(inside[keys[-1]])
    boxes = group_codes(keys, sizes)
    rows = np.bincount(boxes.of[members], weights=recoding.tuples.rows[members], minlength=boxes.count)
    return np.asarray(rows[boxes.of] * np.exp2(-size))


def _column_entropy(recoding: Recoding, column: int) -> float:
    rows, codes = recoding.tuples.rows, recoding.tuples.codes[column]
    hierarchy, levels = recoding.tuples.hierarchies[column], recoding.levels[column]
    of_value = np.bincount(codes, weights=rows, minlength=len(hierarchy.codes))
    under = [
        np.bincount(at_level, weights=of_value)[at_level]
        for at_level in (hierarchy.codes[:, level] for level in range(hierarchy.height))
    ]
    table = np.column_stack([*under, np.full(len(of_value), of_value.sum())])
    bits = float((rows * np.log2(table[codes, levels] / np.maximum(of_value[codes], 1.0))).sum())
    return bits + _suppressed_entropy(recoding.labels(column)[~recoding.kept], rows[~recoding.kept])


def _suppressed_entropy(labels: Ints, rows: Ints) -> float:
    counts = np.bincount(labels, weights=rows)
    counts = counts[counts > 0]
    return float((counts * np.log2(rows.sum() / counts)).sum()) if len(counts) else 0.0
