"""Top and bottom coding: what lies beyond a limit is set to the limit, so that no extreme stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import polars as pl

from commonseal.errors import BadInput, ColumnMissing
from commonseal.model import Text
from commonseal.table import ROWS

_PLACE, _WHO = "__place__", "__who__"


@dataclass(frozen=True, slots=True)
class Ends:
    """The limits of one column, None where that end stays as it is.

    `order`: the values of an ordered column from low to high; None for numbers. `low_rows`, `high_rows`: rows
    whose value changes. `low_persons`, `high_persons`: persons (rows where none are named) who then
    share the limit or lie at it.
    """

    column: str
    low: float | str | None
    high: float | str | None
    order: tuple[str, ...] | None
    low_rows: int
    high_rows: int
    low_persons: int
    high_persons: int

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Set what lies beyond a limit to the limit: same schema and rows; nulls stay."""
        cell = pl.col(self.column)
        if self.order is None:
            kind = frame.schema[self.column]
            number = cell.cast(pl.Float64, strict=False)
            for limit, beyond in ((self.low, number.lt), (self.high, number.gt)):
                if limit is not None:
                    shown = pl.lit(f"{limit:g}") if kind == pl.String else pl.lit(limit).cast(kind)
                    cell = pl.when(beyond(limit)).then(shown).otherwise(cell)
            return frame.with_columns(cell.alias(self.column))
        first = self.order.index(str(self.low)) if self.low is not None else 0
        last = self.order.index(str(self.high)) if self.high is not None else len(self.order) - 1
        coded = [self.order[min(max(place, first), last)] for place in range(len(self.order))]
        return frame.with_columns(
            cell.replace_strict(self.order, coded, return_dtype=frame.schema[self.column])
        )


def find_ends(
    counted: pl.DataFrame,
    column: str,
    *,
    k: int,
    low: float | str | None = None,
    high: float | str | None = None,
    low_quantile: float | None = None,
    high_quantile: float | None = None,
    order: Sequence[str] | None = None,
    person: str | None = None,
) -> Ends:
    """Find the limits of a column, so that at least `k` persons stand at each.

    Before: any counted rows. After `apply`: every value beyond a limit equals it, and the limit stands for
    k persons or more. A limit given as a number stands or is refused; one given as a quantile of the rows
    moves inward until k persons are at or beyond it.

    Args: counted: distinct (column, person?) with `ROWS`; nulls are not counted. order: the values of an
    ordered column, low to high, for columns that are no numbers. low, high: limits; low_quantile,
    high_quantile: in (0, 1), where no limit is given. person: rows are persons where None.
    Raises: BadInput: fewer than k persons at a limit, limits that cross, a value not in `order`; ColumnMissing.
    """
    placed = _placed(counted, column, order, person)
    limits: list[float | None] = []
    persons: list[int] = []
    for given, quantile, top in ((low, low_quantile, False), (high, high_quantile, True)):
        limit, beyond = _limit(placed, _place_of(given, order, column), quantile, k, top=top, column=column)
        limits.append(limit)
        persons.append(beyond)
    bottom, top_limit = limits
    if bottom is not None and top_limit is not None and bottom >= top_limit:
        raise BadInput(_crossing(column, k))
    low_rows = _sum(placed.filter(pl.col(_PLACE) < (-inf if bottom is None else bottom)))
    high_rows = _sum(placed.filter(pl.col(_PLACE) > (inf if top_limit is None else top_limit)))
    names = [
        None if limit is None else (order[int(limit)] if order is not None else limit) for limit in limits
    ]
    ordered = tuple(order) if order is not None else None
    return Ends(column, names[0], names[1], ordered, low_rows, high_rows, persons[0], persons[1])


def _placed(
    counted: pl.DataFrame, column: str, order: Sequence[str] | None, person: str | None
) -> pl.DataFrame:
    """Return place, who and rows of what is not null, a place being the number or its rank in `order`."""
    for name in (column, *([person] if person else [])):
        if name not in counted.columns:
            raise ColumnMissing(Text(en=f"no column '{name}' to code", zh=f"没有可编码的列“{name}”"))
    known = counted.filter(pl.col(column).is_not_null())
    if order is not None:
        place = (
            pl.col(column).cast(pl.String).replace_strict(list(order), list(range(len(order))), default=None)
        )
    else:
        place = pl.col(column).cast(pl.Float64, strict=False)
    placed = known.select(
        place.cast(pl.Float64).alias(_PLACE),
        pl.col(person).alias(_WHO) if person else pl.lit(None).alias(_WHO),
        pl.col(ROWS),
    )
    if bad := placed.filter(pl.col(_PLACE).is_null() | pl.col(_PLACE).is_nan())[ROWS].sum():
        raise BadInput(_not_ordered(column, int(bad)))
    return placed


def _limit(
    placed: pl.DataFrame, given: float | None, quantile: float | None, k: int, *, top: bool, column: str
) -> tuple[float | None, int]:
    """Return one limit, and the persons at or beyond it."""
    if given is None and quantile is None:
        return None, 0
    upto = _upto(placed, top=top)
    if given is not None:
        beyond = upto.filter(pl.col(_PLACE) >= given if top else pl.col(_PLACE) <= given)
        persons = _most(beyond)
        if persons < k:
            raise BadInput(_too_few(column, persons, k, top=top))
        return given, persons
    share = 1.0 - (quantile or 0.0) if top else (quantile or 0.0)
    if not 0.0 < share < 1.0:
        raise BadInput(_no_quantile(column))
    lawful = upto.filter((pl.col(_WHO) >= k) & (pl.col(ROWS) >= share * _sum(placed)))
    if lawful.is_empty():
        raise BadInput(_too_few(column, _most(upto), k, top=top))
    return float(lawful[_PLACE][0]), int(lawful[_WHO][0])


def _upto(placed: pl.DataFrame, *, top: bool) -> pl.DataFrame:
    """Return each place from one end on, with the persons and the rows at it or beyond."""
    return (
        placed.sort(_PLACE, descending=top)
        .with_columns(
            pl.when(pl.col(_WHO).is_null())
            .then(pl.col(ROWS))
            .otherwise(pl.col(_WHO).is_first_distinct())
            .alias(_WHO)
        )
        .group_by(_PLACE, maintain_order=True)
        .agg(pl.col(_WHO).sum(), pl.col(ROWS).sum())
        .with_columns(pl.col(_WHO).cum_sum(), pl.col(ROWS).cum_sum())
    )


def _most(upto: pl.DataFrame) -> int:
    return int(upto[_WHO].to_numpy().max(initial=0))


def _sum(placed: pl.DataFrame) -> int:
    return int(placed[ROWS].sum())


def _place_of(given: float | str | None, order: Sequence[str] | None, column: str) -> float | None:
    if given is None:
        return None
    if order is not None:
        if str(given) not in order:
            raise BadInput(
                Text(
                    en=f"column '{column}': the limit is not in its order",
                    zh=f"列“{column}”：限值不在其顺序表中",
                )
            )
        return float(order.index(str(given)))
    try:
        return float(given)
    except ValueError:
        raise BadInput(
            Text(
                en=f"column '{column}': the limit is no number; give `order` for an ordered column",
                zh=f"列“{column}”：限值不是数值；有序列请给出顺序表",
            )
        ) from None


def _too_few(column: str, persons: int, k: int, *, top: bool) -> Text:
    end_en, end_zh = ("high", "上") if top else ("low", "下")
    return Text(
        en=f"column '{column}': {persons} persons at or beyond the {end_en} limit, expected {k} or more; move it inward",
        zh=f"列“{column}”：{end_zh}限及其之外只有 {persons} 人，应不少于 {k} 人；请将限值内移",
    )


def _crossing(column: str, k: int) -> Text:
    return Text(
        en=f"column '{column}': the low limit is not below the high one (k={k}); code one end only, or lower k",
        zh=f"列“{column}”：下限不低于上限（k={k}）；请只编码一端，或降低 k",
    )


def _not_ordered(column: str, rows: int) -> Text:
    return Text(
        en=f"column '{column}': {rows} rows hold neither a number nor a value of the given order",
        zh=f"列“{column}”：有 {rows} 行既非数值，也不在给定的顺序表中",
    )


def _no_quantile(column: str) -> Text:
    return Text(
        en=f"column '{column}': a quantile is expected to lie between 0 and 1",
        zh=f"列“{column}”：分位数应在 0 与 1 之间",
    )
