"""The earth mover's distances of t-closeness from their definitions, in whole numbers.

`apart` holds, for each of m values, p - q times whatever makes it whole. Source: Li, Li,
Venkatasubramanian, ICDE 2007, sections 4.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.errors import BadHierarchy
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Tree:
    """A hierarchy over m values: `parents[h]` maps the nodes at height h to those at height h + 1."""

    parents: tuple[NDArray[np.int64], ...]

    @property
    def height(self) -> int:
        """Return the height of the root; 0 where a value is its own root."""
        return len(self.parents)


def work(apart: Sequence[int], distance: str, tree: Tree | None) -> tuple[int, int]:
    """Return the work of moving the earth, and what it must be divided by; 0 where nothing can differ."""
    if distance == "equal":
        return sum(map(abs, apart)), 2
    if distance == "ordered":
        return sum(map(abs, accumulate(apart))), len(apart) - 1
    if tree is None:
        raise ValueError("a hierarchical distance needs a tree")
    moved = 0
    for height, parent in enumerate(tree.parents, start=1):
        more, less = ([0] * (int(parent.max()) + 1) for _ in range(2))
        for node, extra in zip(parent.tolist(), apart, strict=True):
            (more if extra > 0 else less)[node] += abs(extra)
        moved += height * sum(map(min, more, less))
        apart = [come - gone for come, gone in zip(more, less, strict=True)]
    return moved, tree.height


def read_tree(values: pl.Series, rows: Sequence[Sequence[str | None]], column: str) -> Tree:
    """Return the hierarchy's nodes over the values of a column.

    Args: rows: the value itself, then its label at each level. A null or empty value is the null's row.
    Raises: BadHierarchy: no rows, ragged, a value without a row, a label with two parents, several roots.
    """
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise _bad(column, "expected rows of one length, got none or unequal", "各行应等长，得到空或不等长")
    by_value = {row[0] or None: row for row in rows}
    wanted = [value or None for value in values.cast(pl.String).to_list()]
    missing = sum(value not in by_value for value in wanted)
    if missing:
        raise _bad(column, f"{missing} values have no row; add them", f"{missing} 个值没有对应的行；请补充")
    kept = [by_value[value] for value in wanted]
    nodes = np.arange(len(kept))
    parents = []
    for level in range(1, len(rows[0])):
        labels: dict[str | None, int] = {}
        label_of = np.array([labels.setdefault(row[level], len(labels)) for row in kept], dtype=np.int64)
        parent = np.full(int(nodes.max()) + 1, -1, dtype=np.int64)
        parent[nodes] = label_of
        if (parent[nodes] != label_of).any():
            raise _bad(
                column, f"level {level}: a label has two parents", f"第 {level} 级：有标签属于两个上级"
            )
        parents.append(parent)
        nodes = label_of
    if int(nodes.max()) > 0:
        raise _bad(column, "the last level has several labels, expected one", "最后一级应只有一个标签")
    return Tree(tuple(parents))


def _bad(column: str, en: str, zh: str) -> BadHierarchy:
    return BadHierarchy(Text(en=f"hierarchy of {column}: {en}", zh=f"{column} 的泛化层次：{zh}"))
