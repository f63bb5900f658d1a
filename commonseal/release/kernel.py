"""What is done to the rows of a release: one function from a batch to a batch, on any engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from polars.exceptions import PolarsError

from commonseal.anonymize import Plan
from commonseal.desensitize import treat
from commonseal.errors import BadAgreement
from commonseal.model import Text, Treatment
from commonseal.release.agreement import RowRule
from commonseal.source.engine import ORDER


@dataclass(frozen=True, slots=True)
class RowKernel:
    """Generalize and suppress by the plan, then treat the other cells; the same on every engine.

    `treatments` by column, quasi-identifiers left out; `columns` in the order in which they leave.
    It holds a derived key: it goes to the workers, never to disk.
    """

    columns: tuple[str, ...]
    plan: Plan | None
    treatments: Mapping[str, Treatment]
    patterns: Mapping[str, str]
    key: bytes

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that leave, in the columns that leave, with their order word if they had one."""
        if self.plan is not None:
            batch = self.plan.apply(batch)
        schema = batch.schema
        kept: list[pl.Expr] = []
        for column in self.columns:
            treatment = self.treatments.get(column)
            if treatment is None:
                kept.append(pl.col(column))
                continue
            made = treat(column, schema[column], treatment, key=self.key, patterns=self.patterns)
            if made is not None:
                kept.append(made)
        if ORDER in schema:
            kept.append(pl.col(ORDER))
        return batch.select(kept)


def row_filter(rules: Sequence[RowRule], schema: pl.Schema) -> pl.Expr | None:
    """Return the rows that an agreement lets go as a condition; None: all of them.

    A null never meets a condition on its value. Values compare as the column's own type; a number
    against a column of text (every column of a CSV) compares as a number.
    Raises: BadAgreement where a rule's value does not fit its column.
    """
    conditions = [_condition(rule, schema[rule.column]) for rule in rules]
    return pl.all_horizontal(conditions) if conditions else None


def _condition(rule: RowRule, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(rule.column)
    if rule.test == "present":
        return cell.is_not_null()
    values = rule.value if isinstance(rule.value, list) else [rule.value]
    if dtype == pl.String and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        cell, dtype = cell.cast(pl.Float64, strict=False), pl.Float64()
    try:
        if isinstance(dtype, pl.Datetime) and all(len(str(v)) == len("2026-01-31") for v in values):
            cell, dtype = cell.dt.date(), pl.Date()  # a day against a time is the whole day
        if isinstance(dtype, pl.Date | pl.Datetime):
            values = [datetime.fromisoformat(str(v)) for v in values]
        given = pl.Series(values, strict=False).cast(dtype, strict=True)
    except (PolarsError, TypeError, ValueError):
        raise _unfit(rule, dtype) from None
    match rule.test:
        case "one_of":
            held = cell.is_in(given.implode())
        case "none_of":
            held = ~cell.is_in(given.implode())
        case "at_least":
            held = cell >= given.item()
        case _:
            held = cell <= given.item()
    return held.fill_null(value=False)


def _unfit(rule: RowRule, dtype: pl.DataType) -> BadAgreement:
    return BadAgreement(
        Text(
            en=f"rows: column '{rule.column}' is {dtype}; the value of '{rule.test}' is not. Write it as the "
            "column's values are written",
            zh=f"rows：列“{rule.column}”的类型为 {dtype}，“{rule.test}”的取值与之不符；请按该列的写法填写",
        )
    )
