"""What microaggregation puts in place of numbers, and what that loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.recode.local_search import class_count
from commonseal.anonymize.recode.recoded import Lost, Recoded
from commonseal.anonymize.recode.ways import Floats, Ints, cell_loss, originals

By = Literal["mean", "median"]


def standardized(value: Floats, rows: Ints) -> Floats:
    """Return each column with mean 0 and deviation 1 over the rows; NaN stays."""
    mean, deviation = _moments(value, rows)
    return np.asarray((value - mean) / np.where(deviation > 0, deviation, 1.0))


def _moments(value: Floats, rows: Ints) -> tuple[Floats, Floats]:
    weight = np.where(np.isnan(value), 0, rows[:, None])
    total = np.maximum(weight.sum(axis=0), 1)
    mean = (np.nan_to_num(value) * weight).sum(axis=0) / total
    return mean, np.sqrt((np.nan_to_num(value - mean) ** 2 * weight).sum(axis=0) / total)


def replaced(value: Floats, rows: Ints, of: Ints, by: By) -> Floats:
    """Return each group's mean or median, weighted by rows: float64[groups, d]."""
    groups = class_count(of)
    made = np.full((groups, value.shape[1]), np.nan)
    kept = np.flatnonzero(of >= 0)
    for column in range(value.shape[1]):
        if by == "mean":
            total = np.bincount(of[kept], weights=rows[kept], minlength=groups)
            sums = np.bincount(of[kept], weights=value[kept, column] * rows[kept], minlength=groups)
            made[:, column] = sums / np.maximum(total, 1)
            continue
        order = kept[np.lexsort([value[kept, column], of[kept]])]
        for members in np.split(order, np.flatnonzero(np.diff(of[order])) + 1) if len(order) else []:
            upto = np.cumsum(rows[members])
            low = members[np.searchsorted(upto, (upto[-1] + 1) // 2)]
            high = members[np.searchsorted(upto, upto[-1] // 2 + 1)]
            made[of[members[0]], column] = (value[low, column] + value[high, column]) / 2
    return made


def result(
    tuples: Tuples, value: Floats, replaced: Floats, of: Ints, at: Sequence[int], chosen: Sequence[bool],
    classes: int, transformation: str,
) -> Recoded:  # fmt: skip
    """Put groups into their public form, with what they lose. Args: replaced: float64[groups, d]."""
    member = np.zeros(class_count(of), dtype=np.int64)
    member[of[of >= 0]] = np.flatnonzero(of >= 0)
    labels: dict[str, pl.Series] = {}
    by_column: list[tuple[str, float]] = []
    error, spread = _errors(value, replaced, of, tuples.rows)
    kept_rows, changed, d = int(tuples.rows[of >= 0].sum()), 0, 0
    for position, hierarchy in enumerate(tuples.hierarchies):
        if chosen[position]:
            labels[hierarchy.column] = pl.Series(replaced[:, d], nan_to_null=True, dtype=pl.Float64)
            by_column.append((hierarchy.column, 1.0 - float(error[d] / spread[d]) if spread[d] else 1.0))
            stays = np.flatnonzero((of >= 0) & ~np.isnan(value[:, d]))
            changed += int(tuples.rows[stays][value[stays, d] != replaced[of[stays], d]].sum())
            d += 1
            continue
        codes = hierarchy.codes[:, at[position]][tuples.codes[position]]
        loss = np.where(of < 0, 1.0, cell_loss(hierarchy, at[position])[codes])
        by_column.append((hierarchy.column, 1.0 - float((loss * tuples.rows).sum() / max(1, tuples.total))))
        if at[position] > 0:
            names = [hierarchy.labels[at[position]][code] or None for code in codes[member]]
            labels[hierarchy.column] = pl.Series(names, dtype=pl.String)
            changed += kept_rows
    lost = Lost(
        rows=tuples.total,
        suppressed_rows=tuples.total - kept_rows,
        suppressed_cells=0,
        changed_cells=changed,
        classes=classes,
        granularity=float(np.mean([kept for _, kept in by_column])),
        by_column=tuple(by_column),
        sse_sst=_ratio(error, spread),
    )
    quasi = tuple(hierarchy.column for hierarchy in tuples.hierarchies)
    return Recoded(transformation, quasi, originals(tuples), of, pl.DataFrame(labels), lost)


def _errors(value: Floats, replaced: Floats, of: Ints, rows: Ints) -> tuple[Floats, Floats]:
    """Return per column the squared errors, and the squared deviations from the mean; what left has lost all."""
    mean, _ = _moments(value, rows)
    now = np.tile(mean, (len(value), 1))
    now[of >= 0] = replaced[of[of >= 0]]
    weight = rows[:, None]
    error = np.nan_to_num((value - now) ** 2 * weight).sum(axis=0)
    return error, np.nan_to_num((value - mean) ** 2 * weight).sum(axis=0)


def _ratio(error: Floats, spread: Floats) -> float:
    varied = spread > 0
    return float((error[varied] / spread[varied]).mean()) if varied.any() else 0.0
