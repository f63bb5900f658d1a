"""Give the attacker something to know where no auxiliary table is at hand.

He gets the raw quasi-identifiers of a share of the people, drawn with a seed, and among them as many
outsiders who are not in the data, so that he can be wrong. Outsiders are people who were held out before
the release, where somebody has done so; else they are drawn from the data itself: each column's value
follows the column before it as it does in the data (a first-order Markov chain over the columns in
their order). All single columns and all neighbouring pairs are then as in the data; an outsider may by
chance look just like somebody real, as a stranger may.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import polars as pl

from commonseal.errors import BadInput
from commonseal.judge.attack.codes import Ints, code_column, plain
from commonseal.judge.attack.sides import persons_of, require
from commonseal.model import Text

TRUTH = "__truth__"  # who a row is, where no column says it: the person's number in the original
Outsiders = Literal["in_auxiliary", "held_out", "drawn"]


def with_truth(original: pl.DataFrame, person: str | None) -> pl.DataFrame:
    """Add the column `TRUTH` to the original: the person column as text, else the row's number."""
    if person is not None:
        require(original, [person], "original")
        return original.with_columns(plain(original[person]).alias(TRUTH))
    return original.with_columns(pl.int_range(pl.len()).cast(pl.String).alias(TRUTH))


def half_known(
    original: pl.DataFrame,
    quasi: Sequence[str],
    *,
    seed: int,
    known_rate: float = 0.5,
    outsiders: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return what the attacker knows: the columns `quasi` as text, and `TRUTH` for the judge, shuffled.

    Args:
        original: with the column `TRUTH` (`with_truth`); people, not rows, are drawn.
        known_rate: the share of the people that is known, in (0, 1].
        outsiders: people of the same kind who are not in the original; None: drawn, one for each known
            person. Their truth is null.
    Raises: BadInput where nobody is left to know; ColumnMissing.
    """
    require(original, list(quasi), "original")
    random = np.random.default_rng(seed)
    number, persons = persons_of(original, TRUTH)
    known = random.permutation(persons)[: round(persons * known_rate)]
    if not len(known):
        raise BadInput(
            Text(
                en=f"the original holds {persons} people: none is left to know at a rate of {known_rate}; raise it",
                zh=f"原始数据共 {persons} 人：按 {known_rate} 的比例无人可知；请调高",
            )
        )
    chosen = np.zeros(persons, dtype=bool)
    chosen[known] = True
    text = pl.DataFrame([plain(original[name]).alias(name) for name in quasi])
    inside = (
        text.with_columns(plain(original[TRUTH]).alias(TRUTH))
        .filter(pl.Series(chosen[number]))
        .unique(maintain_order=True)
    )
    if outsiders is None:
        outside = _drawn(text, len(known), random)
    else:
        require(outsiders, list(quasi), "outsiders")
        outside = pl.DataFrame([plain(outsiders[name]).alias(name) for name in quasi])
    both = pl.concat([inside, outside.with_columns(pl.lit(None, dtype=pl.String).alias(TRUTH))])
    return both[random.permutation(both.height)]


def _drawn(text: pl.DataFrame, count: int, random: np.random.Generator) -> pl.DataFrame:
    """Draw rows from the chain over the columns."""
    columns = [code_column(text[name]) for name in text.columns]
    drawn = [columns[0].of[random.integers(0, text.height, count)]]
    for before, column in pairwise(columns):
        drawn.append(_follow(drawn[-1], before.of, column.of, random))
    return pl.DataFrame(
        [column.texts[of].alias(name) for name, column, of in zip(text.columns, columns, drawn, strict=True)]
    )


def _follow(given: Ints, before: Ints, column: Ints, random: np.random.Generator) -> Ints:
    """Draw for each given value one of the values that follow it in the data, as often as they do."""
    order = np.argsort(before, kind="stable")
    start = np.searchsorted(before[order], given, "left")
    stop = np.searchsorted(before[order], given, "right")
    return column[order[random.integers(start, stop)]]
