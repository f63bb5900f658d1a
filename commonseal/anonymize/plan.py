"""Decide the levels of a table, and apply them as a lookup.

Compress, search, apply: `decide` sees counted tuples only; a `Plan` then treats the rows of any
engine, batch by batch.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from commonseal.anonymize.compress import as_text
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import LossName, Tuples, make_loss
from commonseal.anonymize.models import (
    DistinctLDiversity,
    KAnonymity,
    Model,
    TCloseness,
    Units,
    sensitive_distribution,
)
from commonseal.anonymize.search import Problem, search
from commonseal.errors import BadInput
from commonseal.model import Text

_KEY = "__class__"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an anonymization. `l` and `t` speak of the one sensitive column."""

    k: int
    l: int | None = None  # noqa: E741 - the literature's name
    t: float | None = None
    suppression_rate_max: float = 0.0
    loss: LossName = "loss_gm"


@dataclass(frozen=True, slots=True)
class Plan:
    """Levels chosen for each quasi-identifier, and the classes that are suppressed at them."""

    quasi: tuple[str, ...]
    hierarchies: tuple[Hierarchy, ...]
    levels: tuple[int, ...]
    suppressed_keys: tuple[int, ...]
    score: float
    suppressed_rows: int
    classes: int
    nodes_total: int
    nodes_checked: int
    optimal: bool
    search_seconds: float = field(compare=False, default=0.0)

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Generalize a batch and drop the rows of suppressed classes.

        Args: frame: any rows of the planned table. Returns: same columns, n' <= n rows, same order;
        columns at level 0 keep their type, others become text; null stays null at level 0.
        Raises: polars errors when a value was not counted (the table changed under the plan).
        """
        code = [self._code(position) for position in range(len(self.quasi))]
        if self.suppressed_keys:
            frame = frame.filter(~self._key(code).is_in(pl.lit(self._suppressed()).implode()))
        return frame.with_columns(
            _labels(hierarchy, level).gather(code[position]).alias(column)
            for position, (column, hierarchy, level) in enumerate(
                zip(self.quasi, self.hierarchies, self.levels, strict=True)
            )
            if level
        )

    def _code(self, position: int) -> pl.Expr:
        hierarchy, level = self.hierarchies[position], self.levels[position]
        return as_text(self.quasi[position]).replace_strict(
            pl.Series(hierarchy.labels[0]),
            pl.Series(hierarchy.codes[:, level]),
            return_dtype=pl.Int64,
        )

    def _key(self, code: Sequence[pl.Expr]) -> pl.Expr:
        key = pl.lit(0, dtype=self._key_type())
        for expression, size in zip(code, self._sizes(), strict=True):
            key = key * size + expression.cast(self._key_type())
        return key.alias(_KEY)

    def _sizes(self) -> list[int]:
        return _sizes(self.hierarchies, self.levels)

    def _key_type(self) -> type[pl.DataType]:
        return pl.Int64 if math.prod(self._sizes()) < 1 << 62 else pl.Int128

    def _suppressed(self) -> pl.Series:
        return pl.Series(self.suppressed_keys, dtype=self._key_type())


def decide(tuples: Tuples, units: Units, asked: Asked, *, sensitive: str | None = None) -> Plan:
    """Search the levels of least loss that keep what is asked.

    Returns: a plan under which every class of the released rows holds at least k persons, and keeps
    l and t where asked. Raises: BadInput when even the most general levels do not pass.
    """
    started = time.perf_counter()
    limit = math.floor(asked.suppression_rate_max * tuples.total + 1e-9)
    problem = Problem(tuples, units, _models(asked, units, sensitive), make_loss(asked.loss, tuples), limit)
    found = search(problem)
    if found.best is None:
        raise BadInput(_nothing_passes(asked, tuples))
    best = found.best
    return Plan(
        quasi=tuple(hierarchy.column for hierarchy in tuples.hierarchies),
        hierarchies=tuples.hierarchies,
        levels=best.levels,
        suppressed_keys=_suppressed_keys(tuples, best.levels, ~best.kept),
        score=best.score,
        suppressed_rows=best.suppressed,
        classes=best.classes,
        nodes_total=found.nodes_total,
        nodes_checked=found.nodes_checked,
        optimal=found.optimal,
        search_seconds=time.perf_counter() - started,
    )


def _models(asked: Asked, units: Units, sensitive: str | None) -> tuple[Model, ...]:
    models: list[Model] = [KAnonymity(asked.k)]
    if asked.l is not None and sensitive is not None:
        models.append(DistinctLDiversity(sensitive, asked.l))
    if asked.t is not None and sensitive is not None:
        models.append(TCloseness(sensitive, asked.t, sensitive_distribution(units)))
    return tuple(models)


def _suppressed_keys(tuples: Tuples, levels: Sequence[int], lost: np.ndarray) -> tuple[int, ...]:
    """Return the packed keys of the lost classes, as exact Python integers (they may pass 64 bits)."""
    key = [0] * int(lost.sum())
    for codes, hierarchy, level in zip(tuples.codes, tuples.hierarchies, levels, strict=True):
        size = len(hierarchy.labels[level])
        at_level = hierarchy.codes[codes[lost], level].tolist()
        key = [packed * size + code for packed, code in zip(key, at_level, strict=True)]
    return tuple(sorted(set(key)))


def _sizes(hierarchies: Sequence[Hierarchy], levels: Sequence[int]) -> list[int]:
    return [len(hierarchy.labels[level]) for hierarchy, level in zip(hierarchies, levels, strict=True)]


def _labels(hierarchy: Hierarchy, level: int) -> pl.Expr:
    return pl.lit(pl.Series([label if label else None for label in hierarchy.labels[level]], dtype=pl.String))


def _nothing_passes(asked: Asked, tuples: Tuples) -> Text:
    wanted = f"k={asked.k}" + (f", l={asked.l}" if asked.l else "") + (f", t={asked.t}" if asked.t else "")
    return Text(
        en=f"no levels keep {wanted} with at most {asked.suppression_rate_max:.1%} of {tuples.total} rows "
        "suppressed, not even the most general; lower what is asked, allow more suppression, or name "
        "fewer quasi-identifiers",
        zh=f"即使泛化到最高层级，也无法在最多抑制 {asked.suppression_rate_max:.1%}（共 {tuples.total} 行）的条件下"
        f"满足 {wanted}；请降低要求、放宽抑制比例或减少准标识符",
    )
