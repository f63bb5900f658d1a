"""Say which labels of a released column a known value may stand behind.

An attacker reads labels as anybody does: `[20, 40)`, `[20, 30[`, `20-29`, `>=80`, `100***`, `1935-03`,
`1930s`, `{a, b}`, `*`; and by public hierarchies where they are given. What a null hides, or a null
that the attacker has, could be anything: no person is ever ruled out by it. Resolved on distinct values
only; the rules are in `intervals` and `patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from commonseal.judge.attack import intervals, patterns
from commonseal.judge.attack.codes import Ints

Rows = Sequence[Sequence[str]]  # a hierarchy in ARX's form: the value, then its labels
Hierarchies = Mapping[str, Rows]
_PAIR = {"v": pl.Int64, "l": pl.Int64}


@dataclass(frozen=True, slots=True)
class Fit:
    """The labels of each value, compressed: those of value v are `label[start[v]:start[v + 1]]`."""

    start: Ints
    label: Ints
    labels: int
    open_labels: frozenset[int]  # those that hide everything: `*`, null

    @property
    def per_value(self) -> float:
        """Mean number of labels of a value."""
        return len(self.label) / max(1, len(self.start) - 1)


def fit_labels(values: pl.Series, labels: pl.Series, hierarchy: Rows | None = None) -> Fit:
    """Find for each value the labels that it may stand behind.

    Args: values, labels: String, distinct, nulls as None (`codes.Coded.texts`).
    Postcondition: a label that was made from a value, by a rule named above or by `hierarchy`, fits it.
    """
    known = pl.DataFrame({"v": np.arange(len(values)), "text": values}, schema_overrides=_PAIR)
    shown = pl.DataFrame({"l": np.arange(len(labels)), "text": labels}, schema_overrides=_PAIR)
    hides = shown["text"].is_null() | shown["text"].str.contains(r"^\*+$").fill_null(value=True)
    some, read = known.drop_nulls("text"), shown.filter(~hides)
    pairs = [_exact(some, read), *_by_rules(some, read)]
    # packed: where intervals overlap much, a hash of millions of pairs takes four times their memory
    keys = np.unique(np.concatenate([_packed(each, len(labels)) for each in pairs]))
    if hierarchy:
        keys = _by_hierarchy(keys, some, read, hierarchy, len(labels))
    anything = [
        known.select("v").join(shown.filter(hides).select("l"), how="cross"),
        known.filter(pl.col("text").is_null()).select("v").join(shown.select("l"), how="cross"),
    ]
    keys = np.unique(np.concatenate([keys, *(_packed(each, len(labels)) for each in anything)]))
    value, label = np.divmod(keys, max(1, len(labels)))
    start = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(np.bincount(value, minlength=len(values)), out=start[1:])
    return Fit(start, label, len(labels), frozenset(shown.filter(hides)["l"].to_list()))


def _packed(pairs: pl.DataFrame, labels: int) -> Ints:
    """Return each pair (v, l) as one number."""
    keys: Ints = pairs["v"].to_numpy() * max(1, labels) + pairs["l"].to_numpy()
    return keys


def _exact(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    return known.join(shown, on="text").select("v", "l")


def _by_rules(known: pl.DataFrame, shown: pl.DataFrame) -> list[pl.DataFrame]:
    """Try every rule on the labels that are no value as they stand."""
    return [
        rule(known, shown)
        for rule in (intervals.within, patterns.starred, patterns.calendar, patterns.sets, patterns.divisions)
    ]


def _by_hierarchy(keys: Ints, known: pl.DataFrame, shown: pl.DataFrame, hierarchy: Rows, labels: int) -> Ints:
    """Let the hierarchy decide wherever it knows both the value and the label; the rules stay elsewhere."""
    ways = [(row[0], label) for row in hierarchy for label in row]
    up = pl.DataFrame(ways, schema={"value": pl.String, "label": pl.String}, orient="row").unique()
    told = known.join(up, left_on="text", right_on="value").join(shown, left_on="label", right_on="text")
    knows = known.join(up.select("value").unique(), left_on="text", right_on="value", how="semi")["v"]
    names = shown.join(up.select("label").unique(), left_on="text", right_on="label", how="semi")["l"]
    value, label = np.divmod(keys, max(1, labels))
    decided = np.isin(value, knows.to_numpy()) & np.isin(label, names.to_numpy())
    return np.concatenate([keys[~decided], _packed(told, labels)])
