"""Choose which pairs a probabilistic link looks at: those that agree in a few columns, in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import polars as pl

MOST_PAIRS = 5_000_000  # that one blocking rule may make: what two cores compare in some ten seconds


def blocking(released: pl.DataFrame, known: pl.DataFrame, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Choose the rules that make pairs: the fewest columns that keep the pairs bounded, in several ways.

    A true pair with a slip in one column is still made by a rule without it.
    """
    for width in range(1, len(names) + 1):
        made = {rule: _pairs(released, known, rule) for rule in combinations(names, width)}
        fitting = sorted(
            (rule for rule, pairs in made.items() if 0 < pairs <= MOST_PAIRS), key=lambda r: made[r]
        )
        if len(fitting) > 1 or (fitting and width >= len(names) - 1):
            return _covering(fitting, names)
    return [tuple(names)]


def _covering(rules: Sequence[tuple[str, ...]], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Keep the rules of fewest pairs, one at least that does without each column."""
    kept = list(rules[:2])
    for name in names:
        if all(name in rule for rule in kept):
            kept.extend([rule for rule in rules if name not in rule][:1])
    return kept


def _pairs(released: pl.DataFrame, known: pl.DataFrame, rule: tuple[str, ...]) -> int:
    """Count the pairs that agree in the columns of a rule."""
    here, there = (frame.drop_nulls(list(rule)).group_by(list(rule)).len() for frame in (released, known))
    both = here.join(there, on=list(rule))
    return int((both["len"].cast(pl.Int64) * both["len_right"].cast(pl.Int64)).sum())
