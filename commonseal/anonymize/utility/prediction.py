"""How well a target can still be predicted from the quasi-identifiers: before, after, and by guessing."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.anonymize.compress import as_text
from commonseal.errors import BadInput, ColumnMissing
from commonseal.model import Text

FOLDS = 5
ROWS_MAX = 50_000
_HIDDEN = "*"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Shares of rows predicted right, in [0, 1], over the same rows and folds.

    `baseline` says the most frequent class of the training rows each time (zero rule).
    """

    target: str
    rows: int
    classes: int
    before: float
    after: float
    baseline: float
    folds: int
    seed: int

    @property
    def kept(self) -> float | None:
        """Share of what the features tell beyond guessing that is left; None where they told nothing."""
        told = self.before - self.baseline
        return (self.after - self.baseline) / told if told > 0 else None


def accuracy(
    original: pl.DataFrame,
    released: pl.DataFrame,
    features: Sequence[str],
    target: str,
    *,
    seed: int,
    kept: NDArray[np.bool_] | None = None,
    rows_max: int = ROWS_MAX,
) -> Accuracy:
    """Predict `target` from `features`, as they were and as they were released.

    Logistic regression (L2, C = 1) on one-hot features, 5-fold stratified cross-validation with `seed`.
    The target is that of the original rows; a suppressed row stays in, all its features `*`, so that
    before and after are of the same people. Nulls are a value of their own.

    Args:
        original: one row a person. released: the rows that left, in the same order.
        kept: which rows of `original` left; None where all did.
        rows_max: above it, so many rows are drawn with `seed`.
    Raises: ColumnMissing; BadInput where the target has fewer than 2 classes of 5 rows, or the extra is absent.
    Source: in the manner of Iyengar 2002 and of ARX's classification utility.
    """
    missing = [column for column in (*features, target) if column not in original.columns]
    if missing:
        raise ColumnMissing(
            Text(
                en=f"no column '{missing[0]}'; the table has: {', '.join(original.columns[:30])}",
                zh=f"没有列“{missing[0]}”；表中的列为：{'、'.join(original.columns[:30])}",
            )
        )
    features = [column for column in features if column != target]
    kept = np.ones(original.height, dtype=bool) if kept is None else kept
    truth = original.select(as_text(target))[target].to_numpy().astype(str)
    rows = _drawn(truth, rows_max, seed)
    truth = truth[rows]
    before = original.select(as_text(column) for column in features)[rows]
    after = _with_suppressed(released.select(as_text(column) for column in features), kept)[rows]
    right = _cross_validate([before, after], truth, seed)
    return Accuracy(target, len(rows), len(np.unique(truth)), *right, FOLDS, seed)


def _drawn(truth: NDArray[np.str_], rows_max: int, seed: int) -> NDArray[np.int64]:
    """Return the places of the rows to learn on: classes of at least `FOLDS` rows, at most `rows_max` rows."""
    rows = np.arange(len(truth), dtype=np.int64)
    if len(rows) > rows_max:
        rows = np.sort(np.random.default_rng(seed).choice(rows, rows_max, replace=False))
    classes, of, count = np.unique(truth[rows], return_inverse=True, return_counts=True)
    rows = rows[count[of] >= FOLDS]
    if int((count >= FOLDS).sum()) < 2:
        raise BadInput(
            Text(
                en=f"target: got {len(classes)} classes, expected at least 2 with {FOLDS} rows each",
                zh=f"目标列：共有 {len(classes)} 个类别，应至少有 2 个各含 {FOLDS} 行以上的类别",
            )
        )
    return rows


def _with_suppressed(released: pl.DataFrame, kept: NDArray[np.bool_]) -> pl.DataFrame:
    place = np.where(kept, np.cumsum(kept) - 1, 0)
    if not released.height:
        return pl.DataFrame({column: [_HIDDEN] * len(kept) for column in released.columns})
    back = released[place]
    return back.with_columns(
        pl.when(pl.Series(kept)).then(pl.col(column)).otherwise(pl.lit(_HIDDEN)).alias(column)
        for column in back.columns
    )


def _cross_validate(
    tables: Sequence[pl.DataFrame], truth: NDArray[np.str_], seed: int
) -> tuple[float, float, float]:
    """Return the shares predicted right from each table, and by the zero rule."""
    try:
        # an extra, and a second to import: only who asks for a target pays
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
        from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
        from sklearn.preprocessing import OneHotEncoder  # type: ignore[import-untyped]
    except ImportError as fault:
        raise BadInput(
            Text(
                en="a target needs scikit-learn: pip install 'commonseal[utility]'",
                zh="预测目标列需要 scikit-learn：pip install 'commonseal[utility]'",
            )
        ) from fault
    wide = [OneHotEncoder().fit_transform(table.to_numpy()) for table in tables]
    _, labels = np.unique(truth, return_inverse=True)
    right = np.zeros(3)
    for learn, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels):
        for place, matrix in enumerate(wide):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a fit that stops early is only a little less right
                fitted = LogisticRegression(solver="newton-cg").fit(matrix[learn], labels[learn])
            right[place] += int((fitted.predict(matrix[test]) == labels[test]).sum())
        commonest = int(np.argmax(np.bincount(labels[learn])))
        right[2] += int((labels[test] == commonest).sum())
    before, after, baseline = (float(count) / len(labels) for count in right)
    return before, after, baseline
