"""Measure how well a table hides its people, from its counted tuples alone.

Independent of the search: it never asks what was intended, only what stands in the table.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from commonseal.errors import BadTable
from commonseal.model import Risk, Text
from commonseal.table import ROWS


def measure(
    counted: pl.DataFrame, quasi: Sequence[str], *, sensitive: str | None = None, person: str | None = None
) -> Risk:
    """Measure the classes of equal quasi-identifiers (prosecutor's view).

    Args:
        counted: one row a distinct (quasi..., sensitive?, person?), with its rows in `table.ROWS`.
        quasi: may be empty: then all rows are one class.
    Returns: risk per class is 1 / persons in it (GB/T 42460 annex D.1.2); t is the equal-distance
        earth mover's distance from this very table.
    Raises: BadTable when there are no rows.
    """
    if counted.height == 0:
        raise BadTable(Text(en="no rows to judge", zh="没有可供评判的行"))
    if not quasi:
        counted, quasi = counted.with_columns(__all__=pl.lit(0)), ["__all__"]
    size = pl.col(person).n_unique() if person else pl.col(ROWS).sum()
    classes = counted.group_by(list(quasi)).agg(size.alias("size"))["size"]
    persons = counted[person].n_unique() if person else int(counted[ROWS].sum())
    histogram = classes.value_counts(name="number").sort("size")
    l_and_t = _spread(counted, quasi, sensitive, person) if sensitive else (0, None, None)
    return Risk(
        rows=int(counted[ROWS].sum()),
        persons=persons,
        classes=len(classes),
        smallest_class=int(histogram["size"][0]),
        sample_uniques=int((classes == 1).sum()),
        highest_risk=1.0 / int(histogram["size"][0]),
        average_risk=len(classes) / int(classes.sum()),
        homogeneous_classes=l_and_t[0],
        smallest_l=l_and_t[1],
        highest_t=l_and_t[2],
        class_sizes=tuple((int(of), int(number)) for of, number in histogram.iter_rows()),
    )


def _spread(
    counted: pl.DataFrame, quasi: Sequence[str], sensitive: str, person: str | None
) -> tuple[int, int, float]:
    """Return (classes with one sensitive value, the fewest values in a class, the farthest t)."""
    size = pl.col(person).n_unique() if person else pl.col(ROWS).sum()
    pairs = counted.group_by([*quasi, sensitive]).agg(size.alias("count"))
    whole = counted.group_by(sensitive).agg(size.alias("whole"))
    share = pairs.join(
        whole.with_columns(pl.col("whole") / pl.col("whole").sum()), on=sensitive, nulls_equal=True
    )
    apart = (pl.col("count") / pl.col("count").sum() - pl.col("whole")).abs() - pl.col("whole")
    classes = share.group_by(list(quasi)).agg(values=pl.len(), t=(apart.sum() + 1) / 2)
    alone = int((classes["values"] == 1).sum()) if len(whole) > 1 else len(classes)
    return alone, int(classes["values"].min()), float(classes["t"].max())  # type: ignore[arg-type]
