"""Decide the levels of a table, and apply them as a lookup.

Compress, search, apply: `decide` sees counted tuples only; a `Plan` then treats the rows of any
engine, batch by batch.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from commonseal.anonymize.asked import Aids, Asked, make_models
from commonseal.anonymize.compress import as_text
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.limits import allowed_levels
from commonseal.anonymize.loss import Tuples, make_loss
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.search.optimal import Problem, Solution, search
from commonseal.anonymize.search.rollup import Narrow
from commonseal.errors import BadInput
from commonseal.model import Text

_KEY = "__class__"
_NO_AIDS = Aids()


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
    bound: float = 0.0  # no levels that pass lose less; the score itself where that is proved
    tied: bool = False  # another candidate that was checked loses the same
    search_seconds: float = field(compare=False, default=0.0)

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Generalize a batch and drop the rows of suppressed classes.

        Args: frame: any rows of the planned table. Returns: same columns, n' <= n rows, same order;
        columns at level 0 keep their type, others become text; null stays null at level 0.
        Raises: polars errors when a value was not counted (the table changed under the plan).
        """
        if self.suppressed_keys:
            code = [self._code(position) for position in range(len(self.quasi))]
            frame = frame.filter(~self._key(code).is_in(pl.lit(self._suppressed()).implode()))
        return self.relabel(frame)

    def relabel(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Generalize a batch and keep every row: what the levels do to people who are not in the table."""
        return frame.with_columns(
            _labels(hierarchy, level).gather(self._code(position)).alias(column)
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


def decide(
    tuples: Tuples, units: Units, asked: Asked, *, sensitive: str | None = None, aids: Aids = _NO_AIDS
) -> Plan:
    """Search the levels of least loss that keep what is asked.

    Args: sensitive: the column that the short forms `l` and `t` speak of.
    Returns: a plan under which the released rows keep every model asked.
    Raises: BadInput when even the most general levels allowed do not pass, or a model cannot be made.
    """
    started = time.perf_counter()
    least, most = allowed_levels(tuples.hierarchies, asked.levels, asked.within)
    models = make_models(asked.all_models(sensitive), units, aids)
    limit = math.floor(asked.suppression_rate_max * tuples.total + 1e-9)
    problem = Problem(tuples, units, models, make_loss(asked.loss, tuples, asked.weights), limit, least, most)
    found = _searched(problem, asked)
    if found.best is None:
        raise BadInput(_nothing_passes(asked, tuples, sensitive))
    best = found.best
    return Plan(
        quasi=tuple(hierarchy.column for hierarchy in tuples.hierarchies),
        hierarchies=tuples.hierarchies,
        levels=best.levels,
        suppressed_keys=_suppressed_keys(tuples, best.levels, best.lost),
        score=best.score,
        suppressed_rows=best.suppressed,
        classes=best.classes,
        nodes_total=found.nodes_total,
        nodes_checked=found.nodes_checked,
        optimal=found.optimal,
        bound=found.bound,
        tied=found.tied,
        search_seconds=time.perf_counter() - started,
    )


def _searched(problem: Problem, asked: Asked) -> Solution:
    """Search, after each column of the priorities has in turn been held at the least level that passes."""
    columns = [hierarchy.column for hierarchy in problem.tuples.hierarchies]
    for column in asked.priorities:
        place = columns.index(column)
        for level in range(problem.bottom[place], problem.top[place]):
            held = (*problem.top[:place], level, *problem.top[place + 1 :])
            narrowed = replace(problem, most=held)
            if search(narrowed, checks_max=asked.checks_max).best is not None:
                problem = narrowed
                break
    return search(problem, checks_max=asked.checks_max)


def _suppressed_keys(tuples: Tuples, levels: Sequence[int], lost: Narrow) -> tuple[int, ...]:
    """Return the packed keys of the lost classes, as exact Python integers (they may pass 64 bits)."""
    key = [0] * len(lost)
    for codes, hierarchy, level in zip(tuples.codes, tuples.hierarchies, levels, strict=True):
        size = len(hierarchy.labels[level])
        at_level = hierarchy.codes[codes[lost], level].tolist()
        key = [packed * size + code for packed, code in zip(key, at_level, strict=True)]
    return tuple(sorted(set(key)))


def _sizes(hierarchies: Sequence[Hierarchy], levels: Sequence[int]) -> list[int]:
    return [len(hierarchy.labels[level]) for hierarchy, level in zip(hierarchies, levels, strict=True)]


def _labels(hierarchy: Hierarchy, level: int) -> pl.Expr:
    return pl.lit(pl.Series([label if label else None for label in hierarchy.labels[level]], dtype=pl.String))


def _nothing_passes(asked: Asked, tuples: Tuples, sensitive: str | None) -> Text:
    wanted = ", ".join(str(model) for model in asked.all_models(sensitive))
    bounded = [name for name, given in (("levels", asked.levels), ("within", asked.within)) if given]
    or_en = f", widen {' and '.join(bounded)}" if bounded else ""
    or_zh = f"、放宽 {'、'.join(bounded)}" if bounded else ""
    return Text(
        en=f"no levels keep {wanted} with at most {asked.suppression_rate_max:.1%} of {tuples.total} rows "
        f"suppressed, not even the most general allowed; lower what is asked, allow more suppression{or_en}, or name "
        "fewer quasi-identifiers",
        zh=f"即使泛化到允许的最高层级，也无法在最多抑制 {asked.suppression_rate_max:.1%}（共 {tuples.total} 行）的条件下"
        f"满足 {wanted}；请降低要求、放宽抑制比例{or_zh}或减少准标识符",
    )
