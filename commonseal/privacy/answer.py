"""Ask a question: pay first, then count, add noise, record, and only then answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from commonseal.errors import BadInput, ColumnMissing
from commonseal.model import Text
from commonseal.privacy.bound import bounded_rows
from commonseal.privacy.document import answer_document, query_document
from commonseal.privacy.faults import query_faults
from commonseal.privacy.ledger import Account, Ledger, Refusal
from commonseal.privacy.measure import Measured, measure
from commonseal.privacy.noise import opendp
from commonseal.privacy.query import Histogram, Mean, Quantile, Query, Sum
from commonseal.seal.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; it stands in the ledger already, under `entry`."""

    query: Query
    measured: tuple[Measured, ...]
    account: Account
    entry: int
    document: Mapping[str, Any]  # as the ledger holds it


def ask(frame: pl.LazyFrame, query: Query, ledger: Ledger, *, on: date) -> Answer | Refusal:
    """Answer a question out of its budget, or refuse it.

    Args: frame: rows of people, as `open_table` gives them. on: the day that is written in the ledger.
    Returns: an answer that is `query.epsilon`-differentially private for one person (one row where no
        person column is named) added or removed; or a refusal, for which no row was read.
    Raises: BadInput, ColumnMissing: before anything is spent. A fault after that (no memory, a table
        that cannot be read to its end) leaves the budget spent.
    """
    _check(frame, query)
    opendp()  # absent: say so before anything is spent
    name = hashlib.sha256(canonical_json(query_document(query))).hexdigest()
    spent = ledger.spend(query.dataset, query.recipient, query.epsilon, query=name, on=on)
    if isinstance(spent, Refusal):
        return spent
    rows = bounded_rows(frame, query)
    measured = tuple(measure(rows, statistic, query) for statistic in query.statistics)
    document = answer_document(query, measured, spent.account, spent.entry)
    ledger.record(spent, document, on=on)
    return Answer(query, measured, spent.account, spent.entry, document)


def _check(frame: pl.LazyFrame, query: Query) -> None:
    """Look at the question and the table's columns, at no row: nothing told here depends on the data."""
    faults = query_faults(query)
    if faults:
        raise BadInput(
            Text(
                en="\n".join(f"{field}: {what.en}" for field, what in faults),
                zh="\n".join(f"{field}：{what.zh}" for field, what in faults),
            )
        )
    schema = frame.collect_schema()
    missing = [column for column in query.columns if column not in schema]
    if missing:
        names = list(schema.names())[:30]
        raise ColumnMissing(
            Text(
                en=f"no column {', '.join(missing)}; the table has: {', '.join(names)}",
                zh=f"没有列 {'、'.join(missing)}；表中的列为：{'、'.join(names)}",
            )
        )
    _check_kinds(schema, query)


def _check_kinds(schema: pl.Schema, query: Query) -> None:
    numeric = {
        s.column
        for s in query.statistics
        if isinstance(s, Sum | Mean | Quantile) or (isinstance(s, Histogram) and s.edges)
    }
    for column in query.columns:
        kind = schema[column]
        no_number = column in numeric and not (kind.is_numeric() or kind in (pl.String, pl.Boolean))
        if kind.is_nested() or kind == pl.Binary or no_number:
            raise BadInput(
                Text(
                    en=f"column '{column}': is of type {kind}; expected "
                    f"{'numbers, or text that holds them' if column in numeric else 'plain values'}",
                    zh=f"列“{column}”：类型为 {kind}；应为{'数字或含数字的文字' if column in numeric else '普通值'}",
                )
            )
