"""Tell which identifiers repeat, and so tie several rows to one person.

Values are dealt by hash into slices and one slice is counted whole, so memory does not grow with the
rows. All rows of one value lie in one slice, so the slice's share of distinct values is the table's:
exact up to `SLICE_ROWS` rows, beyond them to well under 1%. (Polars' `approx_n_unique` errs by 5%,
measured, which would refuse one sound table in twenty.)
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from commonseal.model import Column, Level, Treatment
from commonseal.release.agreement import Agreement
from commonseal.release.facts import NAME, names_one_person
from commonseal.source import Table

SLICE_ROWS = 200_000
PERSONS_A_VALUE = 1.5  # a column with more persons a value than this names groups, not persons
REPEATED_BELOW = 0.9  # a column repeats where fewer than this share of its filled cells are distinct


def distinct_counts(table: Table, columns: Sequence[str]) -> dict[str, tuple[int, float]]:
    """Return for each column (distinct values, their share of the filled cells); 1.0 where all are null.

    Above `SLICE_ROWS` rows the first number is an estimate. An empty cell names nobody: it is not counted.
    """
    if not columns:
        return {}
    rows = table.rows
    if rows is None:
        rows = int(table.frame.select(pl.len()).collect(engine="streaming").item())
    slices = max(1, rows // SLICE_ROWS)
    counts: dict[str, tuple[int, float]] = {}
    for column in columns:  # one at a time: each has its own slice of the rows
        cell = pl.col(column)
        kept = table.frame.select(column).filter(cell.is_not_null() & (cell.hash() % slices == 0))
        distinct, filled = (
            kept.select(cell.n_unique().alias("distinct"), pl.len().alias("filled"))
            .collect(engine="streaming")
            .row(0)
        )
        counts[column] = (distinct * slices, distinct / filled if filled else 1.0)
    return counts


def repeating(table: Table, columns: Sequence[str]) -> set[str]:
    """Return those of the columns whose cells repeat."""
    return {name for name, (_, share) in distinct_counts(table, columns).items() if share < REPEATED_BELOW}


def of_one_person(table: Table, column: str, person: str) -> bool:
    """Tell whether equal cells of `column` are mostly one person's: a card is, a hospital's number is not."""
    pair = pl.struct(column, person)
    cells = table.frame.select(column, person).drop_nulls()
    slices = max(1, (table.rows or SLICE_ROWS) // SLICE_ROWS)
    kept = cells.filter(pl.col(column).hash() % slices == 0)
    values, pairs = (
        kept.select(pl.col(column).n_unique().alias("values"), pair.n_unique().alias("pairs"))
        .collect(engine="streaming")
        .row(0)
    )
    return bool(pairs < PERSONS_A_VALUE * values)


def repeated_identifiers(table: Table, agreement: Agreement, found: Sequence[Column]) -> tuple[str, ...]:
    """Return the direct identifiers that stand on several rows; the named person column always counts.

    A column repeats where fewer than nine tenths of its filled cells are distinct. Where a person column
    is named, one that holds many persons a value (a hospital's number) ties nobody's rows together.
    """
    uses = {column.name: column.use for column in agreement.columns}
    direct = [c for c in found if names_one_person(c) and uses.get(c.name) != "quasi"]
    surest = [c.name for c in direct if c.category.level == Level.HIGHLY_PRIVATE]
    others = [c.name for c in direct if c.name not in surest]
    repeated = repeating(table, surest)
    if repeated or not surest:  # a sure identifier on one row each says that nobody repeats
        repeated |= repeating(table, others)
    person = agreement.person
    return tuple(
        c.name
        for c in direct
        if uses.get(c.name) == "person"
        or (c.name in repeated and (person in (None, c.name) or of_one_person(table, c.name, str(person))))
    )


def linking(found: Sequence[Column], repeated: Sequence[str]) -> tuple[str, ...]:
    """Return what ties the rows of one person together: what repeats, and then a name too, for few share one."""
    names = {column.name for column in found if column.category.id == NAME} if repeated else set()
    return tuple(column.name for column in found if column.name in names or column.name in repeated)


def stays(treatment: Treatment | None) -> bool:
    """Tell whether a direct identifier's cells stay distinguishable: all but nulled and dropped ones do."""
    return treatment is None or treatment.operator not in ("null", "drop")
