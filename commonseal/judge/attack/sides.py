"""Bring both tables to the form in which they are linked: distinct tuples, and who holds which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.errors import BadInput, ColumnMissing
from commonseal.judge.attack.codes import Coded, Ints, code_column, code_rows, is_opaque, plain
from commonseal.judge.attack.labels import Fit, Hierarchies, fit_labels
from commonseal.model import Text

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """One table: `tuples` int64[tuples, columns], `person_of` int64[rows], who holds what in `held`.

    `held`: distinct (person, tuple), Int64. `truth`: String[persons], who each one is; null where nobody knows.
    """

    tuples: Ints
    tuple_of: Ints
    person_of: Ints
    persons: int
    held: pl.DataFrame
    truth: pl.Series | None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.tuple_of)


@dataclass(frozen=True, slots=True)
class LinkedColumn:
    """A column that was, or was not, linked by: what it is called on either side, and what agreed."""

    release: str
    auxiliary: str
    labels: int  # distinct labels of the release
    labels_matched: int  # those that some value of the auxiliary fits
    values: int  # distinct values of the auxiliary
    values_matched: int
    used: bool


@dataclass(frozen=True, slots=True)
class Linkable:
    """Both sides, coded over the columns that are used, and which labels fit which values."""

    release: Side
    auxiliary: Side
    fits: tuple[Fit, ...]
    texts: tuple[tuple[pl.Series, pl.Series], ...]  # (labels, values) of each column that is used
    columns: tuple[LinkedColumn, ...]
    kept: Flags  # rows of the release that say something; those that hide all these columns are left out


def make_linkable(
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    match: Mapping[str, str],
    *,
    person: str | None,
    truth: str | None,
    hierarchies: Hierarchies,
    only_whole: bool = False,
) -> Linkable:
    """Code both tables over the columns of `match` (release to auxiliary).

    Args: person: the column of the release that says which rows are one person's; None: each row is one.
        truth: the column that says who a row is, in the auxiliary, and in the release where it is there.
        only_whole: use a column only if all its labels can be read, so that no fitting row is missed.
    Raises: BadInput where no column agrees at all.
    """
    shown = [code_column(release[name]) for name in match]
    known = [code_column(auxiliary[name]) for name in match.values()]
    ways = [hierarchies.get(name) for name in match]
    fits = [fit_labels(k.texts, s.texts, way) for k, s, way in zip(known, shown, ways, strict=True)]
    columns = [
        _column(*names, s, k, fit) for names, s, k, fit in zip(match.items(), shown, known, fits, strict=True)
    ]
    whole = [
        not only_whole or c.labels_matched + len(f.open_labels) == c.labels
        for c, f in zip(columns, fits, strict=True)
    ]
    use = [place for place, column in enumerate(columns) if column.used and whole[place]]
    if not use:
        raise _nothing_agrees(columns)
    fits, shown, known = ([of[place] for place in use] for of in (fits, shown, known))  # type: ignore[assignment]
    says = _says_something(shown, fits)
    who = person or (truth if readable(release, truth) else None)
    left = release.filter(pl.Series(says))
    return Linkable(
        release=_side([Coded(c.of[says], c.texts) for c in shown], left, who, truth),
        auxiliary=_side(known, auxiliary, truth, truth),
        fits=tuple(fits),
        texts=tuple((s.texts, k.texts) for s, k in zip(shown, known, strict=True)),
        columns=tuple(columns),
        kept=says,
    )


def readable(table: pl.DataFrame, column: str | None) -> bool:
    """Tell whether the column is there and its cells can be read."""
    return column is not None and column in table.columns and not is_opaque(table.schema[column])


def require(table: pl.DataFrame, columns: list[str], name: str) -> None:
    """Raise ColumnMissing, all of them named, unless the table has the columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ColumnMissing(
            Text(
                en=f"{name}: no column {', '.join(missing)}; it has {', '.join(table.columns[:30])}",
                zh=f"{name}：没有列 {'、'.join(missing)}；现有列：{'、'.join(table.columns[:30])}",
            )
        )


def persons_of(table: pl.DataFrame, column: str | None) -> tuple[Ints, int]:
    """Number the persons: int64[rows], and how many. A row without a person is a person of its own."""
    rows = table.height
    if column is None:
        return np.arange(rows), rows
    number = table[column].rank("dense").cast(pl.Int64) - 1
    unknown = number.is_null().to_numpy()
    known = number.fill_null(0).to_numpy().copy()
    named = table[column].drop_nulls().n_unique()
    known[unknown] = named + np.arange(unknown.sum())
    return known, named + int(unknown.sum())


def _side(columns: list[Coded], table: pl.DataFrame, person: str | None, truth: str | None) -> Side:
    tuples, tuple_of = code_rows(columns, table.height)
    person_of, persons = persons_of(table, person)
    held = pl.DataFrame(
        {"person": person_of, "tuple": tuple_of}, schema={"person": pl.Int64, "tuple": pl.Int64}
    )
    who = None
    if readable(table, truth):
        one = np.zeros(persons, dtype=np.int64)
        one[person_of] = np.arange(table.height)
        who = plain(table[truth])[one]  # type: ignore[index]
    return Side(tuples, tuple_of, person_of, persons, held.unique(maintain_order=True), who)


def _column(release: str, auxiliary: str, shown: Coded, known: Coded, fit: Fit) -> LinkedColumn:
    """Tell what agreed. A column where nothing but the hidden agrees is not linked by."""
    telling = ~np.isin(fit.label, list(fit.open_labels))
    value = np.repeat(np.arange(len(known.texts)), np.diff(fit.start))
    told = telling & known.texts.is_not_null().to_numpy()[value]
    matched = len(np.unique(fit.label[told]))
    return LinkedColumn(
        release,
        auxiliary,
        labels=len(shown.texts),
        labels_matched=matched,
        values=len(known.texts),
        values_matched=len(np.unique(value[told])),
        used=matched > 0,
    )


def _says_something(shown: list[Coded], fits: list[Fit]) -> Flags:
    hidden: list[Flags] = [
        np.isin(column.of, list(fit.open_labels)) for column, fit in zip(shown, fits, strict=True)
    ]
    blank: Flags = np.logical_and.reduce(hidden)
    return ~blank


def _nothing_agrees(columns: list[LinkedColumn]) -> BadInput:
    names = ", ".join(column.release for column in columns)
    return BadInput(
        Text(
            en=f"no value of the auxiliary table fits any label of the release in the columns {names}; "
            "give the public hierarchies with --hierarchies, or name other columns with --quasi",
            zh=f"在列 {names} 中，辅助表没有任何值与发布数据的标签相符；"
            "请用 --hierarchies 提供公开的泛化层级，或用 --quasi 指定其他列",
        )
    )
