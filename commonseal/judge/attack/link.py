"""Link known tuples to released classes without ever holding one against all of the other.

The classes stand in a trie, a level for each column, the telling columns first. A block of tuples walks
down together: at each level every tuple goes on to those children whose label fits its value, all in one
packed lookup. What one tuple visits is what agrees with it so far, so the cost follows the matches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from commonseal.judge.attack.codes import Ints
from commonseal.judge.attack.labels import Fit

BLOCK = 250_000  # tuples that walk together
MOST_STEPS = 5_000_000  # that a block takes at one level: bounds memory where many labels fit a value
DENSE_SPACE = 1 << 24  # below this the children are looked up in a table, else by bisection


@dataclass(frozen=True, slots=True)
class _Level:
    """The children of one level: `child[node * labels + label]`, -1 where there is none, or by `keys`."""

    column: int
    labels: int
    keys: Ints
    child: Ints | None

    def go(self, node: Ints, label: Ints) -> Ints:
        """Return the child of each node by each label, -1 where there is none."""
        key = node * self.labels + label
        if self.child is not None:
            below: Ints = self.child[key]
            return below
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[place] == key, place, -1)


def link(
    tuples: Ints, classes: Ints, fits: Sequence[Fit], *, block: int = BLOCK
) -> Iterator[tuple[Ints, Ints]]:
    """Yield blocks of pairs (tuple, class): every class of which each label fits the tuple's value.

    Args: tuples: int64[tuples, columns] of value codes. classes: int64[classes, columns] of label codes,
        distinct rows. fits: one a column.
    Postcondition: all pairs of one tuple stand in one block; no pair twice.
    """
    if not len(tuples) or not len(classes):
        return
    levels, leaf = _trie(classes, fits)
    first = 0
    while first < len(tuples):
        walked = _walk(tuples[first : first + block], levels, fits)
        if walked is None:  # too many at once: fewer tuples, from here on
            block = max(1, block // 4)
            continue
        at, node = walked
        yield at + first, leaf[node]
        first += block


def _walk(tuples: Ints, levels: Sequence[_Level], fits: Sequence[Fit]) -> tuple[Ints, Ints] | None:
    """Take a block down to the leaves; None where it would spread beyond `MOST_STEPS`."""
    at, node = np.arange(len(tuples)), np.zeros(len(tuples), dtype=np.int64)
    for level in levels:
        values, fit = tuples[at, level.column], fits[level.column]
        if len(tuples) > 1 and (fit.start[values + 1] - fit.start[values]).sum() > MOST_STEPS:
            return None
        at, node = _descend(at, node, values, fit, level)
    return at, node


def _trie(classes: Ints, fits: Sequence[Fit]) -> tuple[list[_Level], Ints]:
    """Build the levels, and the class of each leaf."""
    order = sorted(range(len(fits)), key=lambda column: (fits[column].per_value, -fits[column].labels))
    node = np.zeros(len(classes), dtype=np.int64)
    nodes, levels = 1, []
    for column in order:
        labels = max(1, fits[column].labels)
        keys, below = np.unique(node * labels + classes[:, column], return_inverse=True)
        child = None
        if nodes * labels <= DENSE_SPACE:
            child = np.full(nodes * labels, -1, dtype=np.int64)
            child[keys] = np.arange(len(keys))
        levels.append(_Level(column, labels, keys, child))
        node, nodes = below.astype(np.int64), len(keys)
    leaf = np.empty(nodes, dtype=np.int64)
    leaf[node] = np.arange(len(classes))
    return levels, leaf


def _descend(at: Ints, node: Ints, values: Ints, fit: Fit, level: _Level) -> tuple[Ints, Ints]:
    """Take every tuple one level down by each label of its value; those that find no child end here."""
    first = fit.start[values]
    count = fit.start[values + 1] - first
    if len(count) and (count.min() != 1 or count.max() != 1):
        at, node = np.repeat(at, count), np.repeat(node, count)
        offset = np.cumsum(count) - count
        first = np.repeat(first - offset, count) + np.arange(len(at))
    below = level.go(node, fit.label[first]) if len(at) else node
    found = below >= 0
    return at[found], below[found]
