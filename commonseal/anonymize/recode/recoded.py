"""A recoding that gives each distinct tuple labels of its own, applied as a lookup, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.anonymize.compress import as_text
from commonseal.errors import BadTable
from commonseal.model import Text

Ints = NDArray[np.int64]
_CLASS = "__class__"


@dataclass(frozen=True, slots=True)
class Lost:
    """What a recoding lost. Rows as the table has them; `granularity` is what was kept, in [0, 1].

    Granularity: 1 - the mean over columns and rows of (share - 1/D) / (1 - 1/D), the share of its domain
    of D rows that a cell's label covers; a suppressed cell has share 1. Source: Iyengar 2002; ARX. For a microaggregated column: 1 - SSE / SST.
    `sse_sst`: of microaggregated columns together, standardized; None where there are none.
    """

    rows: int
    suppressed_rows: int
    suppressed_cells: int
    changed_cells: int
    classes: int
    granularity: float
    by_column: tuple[tuple[str, float], ...]
    sse_sst: float | None = None


@dataclass(frozen=True, slots=True)
class Recoded:
    """Labels by class of tuples.

    `original`: the m tuples as text. `class_of` int64[m]: the row of `labels`, -1 where the tuple's rows
    leave. `labels`: c rows, the columns that change; null where a label is empty or a cell suppressed.
    """

    transformation: str
    quasi: tuple[str, ...]
    original: pl.DataFrame
    class_of: Ints
    labels: pl.DataFrame
    lost: Lost

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Recode a batch and drop the rows that leave.

        Args: frame: any rows of the table that was counted. Returns: same columns, n' <= n rows, same order;
        columns that change have the type of their labels, others keep theirs.
        Raises: BadTable when a row holds a combination that was not counted.
        """
        lookup = self.original.with_columns(pl.Series(_CLASS, self.class_of))
        found = frame.select(as_text(column).alias(column) for column in self.quasi).join(
            lookup, on=list(self.quasi), how="left", maintain_order="left"
        )[_CLASS]
        if unknown := found.null_count():
            raise BadTable(_unknown(unknown, self.quasi))
        if found.len() and int(found.min()) < 0:  # type: ignore[arg-type]
            stays = found >= 0
            frame, found = frame.filter(stays), found.filter(stays)
        return frame.with_columns(self.labels[column].gather(found) for column in self.labels.columns)


def _unknown(rows: int, quasi: tuple[str, ...]) -> Text:
    names = ", ".join(quasi)
    return Text(
        en=f"{rows} rows hold a combination of {names} that was not counted; the table changed since: "
        "count and recode it again",
        zh=f"{rows} 行的 {names} 组合未被统计过；表在此后有变动：请重新统计并重新编码",
    )
