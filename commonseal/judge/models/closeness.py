"""t-closeness: no class is far from the whole, by the earth mover's distance.

Source: Li, Li, Venkatasubramanian, "t-Closeness: Privacy Beyond k-Anonymity and l-Diversity", ICDE 2007.
Each distance is computed twice. Over the values that occur in a class, in floating point, for all
classes; and near the limit, over all m values in whole numbers (`closeness_exact`), from the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from commonseal.errors import BadInput
from commonseal.judge.models.closeness_exact import Tree, read_tree, work
from commonseal.judge.models.counted import Counted, Ints, Spread, as_numbers
from commonseal.judge.models.held import NEAR, Floats, Given, Held, exactly, of_classes, within
from commonseal.model import Text

Distance = Literal["equal", "ordered", "hierarchical"]


@dataclass(frozen=True, slots=True)
class TCloseness:
    """In every class the values of `column` are distributed within `t` of the reference.

    The reference is the input where it is given, else the table itself. Distances between values:
    "equal" 1; "ordered" the steps between them in the order of all m values of table and reference,
    divided by m - 1 (numbers by size, all else as text, null first); "hierarchical" the level at which
    `hierarchy` first gives both one label, divided by its last level.

    Args: hierarchy: rows of labels as in ARX's files: the value itself, then its label at each level;
        the last level has one label. order: the values of an ordered distance in their order, where
        neither size nor text tells it; it names all that occur.
    Measured: the greatest distance, in [0, 1]. Postcondition: it is <= t. Raises: BadHierarchy.
    """

    name: ClassVar[str] = "t_closeness"
    column: str
    t: float
    distance: Distance = "equal"
    hierarchy: tuple[tuple[str | None, ...], ...] | None = None
    order: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        within(self.name, "t", self.t, 0, 1)

    def check(self, counted: Counted, given: Given) -> Held:
        """Measure each class's distance from the reference."""
        spread = counted.spread(self.column, given.reference)
        tree = None
        if self.distance == "ordered":
            spread = in_order(spread, self.order, self.column)
        elif self.distance == "hierarchical":
            tree = read_tree(spread.values, self.hierarchy or (), self.column)
        far = distances(spread, self.distance, tree)
        failing = far > self.t
        for number in np.flatnonzero(np.abs(far - self.t) <= NEAR):
            failing[number] = exact_distance(spread, int(number), self.distance, tree) > exactly(self.t)
        worst = far.max() if failing.any() else min(far.max(), self.t)
        return of_classes(self.name, self.column, failing, worst, "<=", self.t)


def distances(spread: Spread, distance: Distance, tree: Tree | None = None) -> Floats:
    """Return each class's earth mover's distance from the reference: float64[c], in [0, 1]."""
    whole = spread.whole / spread.whole.sum()
    if distance == "equal":
        far = _equal(spread, whole)
    elif distance == "ordered":
        far = _ordered(spread, whole)
    elif tree is not None:
        far = _hierarchical(spread, whole, tree)
    else:
        raise ValueError("a hierarchical distance needs a tree")
    clipped: Floats = np.clip(far, 0.0, 1.0)
    return clipped


def exact_distance(spread: Spread, number: int, distance: Distance, tree: Tree | None = None) -> Fraction:
    """Return one class's distance without rounding, from the definition."""
    counts, whole = spread.of_class(number), spread.whole.tolist()
    n, total = sum(counts), sum(whole)
    apart = [count * total - all_ * n for count, all_ in zip(counts, whole, strict=True)]
    moved, scale = work(apart, distance, tree)
    return Fraction(moved, scale * n * total) if scale else Fraction(0)


def in_order(spread: Spread, named: Sequence[str] | None = None, column: str = "") -> Spread:
    """Return the spread with its values in the order of an ordered distance.

    Without `named`, numbers that stand as text are ordered as numbers, where all values are; else text is
    ordered as text. Raises: BadInput where `named` leaves out a value.
    """
    places = as_numbers(spread.values) if named is None else _places(spread.values, named, column)
    if places is spread.values:
        return spread
    order = places.arg_sort().to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    value = place[spread.value]
    sort = np.lexsort((value, spread.of))
    return replace(
        spread,
        of=spread.of[sort],
        value=value[sort],
        count=spread.count[sort],
        whole=spread.whole[order],
        values=spread.values.gather(order),
    )


def _places(values: pl.Series, named: Sequence[str], column: str) -> pl.Series:
    place = {name: number for number, name in enumerate(named)}
    texts = values.cast(pl.String).to_list()
    missing = sum(text is not None and text not in place for text in texts)
    if missing:
        raise BadInput(
            Text(
                en=f"t_closeness: order: {missing} values of {column} are not in it; add them",
                zh=f"t_closeness：order：{column} 有 {missing} 个值不在其中；请补充",
            )
        )
    return pl.Series([None if text is None else place[text] for text in texts], dtype=pl.Int64)


def _equal(spread: Spread, whole: Floats) -> Floats:
    # half the sum of |p - q|; the values that a class has none of add what the others leave of q
    share, present = spread.count / spread.totals[spread.of], whole[spread.value]
    apart = _sums(spread.of, np.abs(share - present) - present, len(spread.totals))
    return (apart + 1.0) / 2.0


def _ordered(spread: Spread, whole: Floats) -> Floats:
    """Sum |P - Q| over the running sums P, Q. P stands still between the values of a class."""
    m, classes = len(whole), len(spread.totals)
    if m < 2:
        return np.zeros(classes)
    upto = np.cumsum(whole)  # Q
    below = np.concatenate([[0.0], np.cumsum(upto)])  # sum of Q before each value
    start = np.searchsorted(spread.of, np.arange(classes))
    running = np.cumsum(spread.count)
    level = (running - (running[start] - spread.count[start])[spread.of]) / spread.totals[spread.of]  # P
    end = np.append(spread.value[1:], m)
    end[np.append(start[1:], len(end)) - 1] = m
    turn = np.clip(np.searchsorted(upto, level), spread.value, end)  # Q passes P here
    apart = level * (2 * turn - spread.value - end) - 2 * below[turn] + below[spread.value] + below[end]
    before = below[spread.value[start]]  # P is 0 before the first value
    far: Floats = (_sums(spread.of, apart, classes) + before) / (m - 1)
    return far


def _hierarchical(spread: Spread, whole: Floats, tree: Tree) -> Floats:
    """Sum over the inner nodes height x min(what comes in, what goes out); a node without rows moves nothing."""
    classes = len(spread.totals)
    far = np.zeros(classes)
    of, node, q_of = spread.of, spread.value, whole
    p = spread.count / spread.totals[of]
    for height, parent in enumerate(tree.parents, start=1):
        q_parent = _sums(parent, q_of, int(parent.max()) + 1)
        apart = p - q_of[node]
        key, back = np.unique(of * len(q_parent) + parent[node], return_inverse=True)
        above, upper = key // len(q_parent), key % len(q_parent)
        more = _sums(back, np.maximum(apart, 0.0), len(key))
        less = _sums(back, np.maximum(-apart, 0.0) - q_of[node], len(key)) + q_parent[upper]
        far += _sums(above, height * np.minimum(more, less), classes)
        p, of, node, q_of = _sums(back, p, len(key)), above, upper, q_parent
    return far / max(tree.height, 1)


def _sums(of: Ints, weights: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(of, weights=weights, minlength=size), dtype=np.float64)
