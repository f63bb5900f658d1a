"""Map PostgreSQL's types to columns; the text that the server prints is what is cast.

| PostgreSQL | column |
|---|---|
| boolean | Boolean |
| smallint, integer, bigint | Int64 |
| real, double precision | Float64 |
| numeric(p, s), p <= 38 | Decimal(p, s), every digit kept |
| numeric otherwise | String, every digit kept |
| date, time, timestamp, timestamptz | Date, Time, Datetime(us), Datetime(us, UTC) |
| bytea | Binary |
| all else: text, uuid, json, inet, arrays, enums, intervals, ranges | String, as the server prints it |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from commonseal.source.faults import bad_table, shown
from commonseal.source.spool import Row, frame_of

_MOMENT = "%Y-%m-%d %H:%M:%S%.f"
_NUMERIC = 1700  # type codes are those of pg_type.dat
_DIGITS = 38  # the most a Parquet decimal holds here

Text = pl.Expr


class _Cast(NamedTuple):
    dtype: pl.DataType
    apply: Callable[[Text], pl.Expr]


def _whole(text: Text) -> pl.Expr:
    return text.cast(pl.Int64)


def _real(text: Text) -> pl.Expr:
    return text.cast(pl.Float64)


def _moment(text: Text) -> pl.Expr:
    return text.str.to_datetime(_MOMENT, time_unit="us")


def _instant(text: Text) -> pl.Expr:
    return _moment(text.str.strip_suffix("+00")).dt.replace_time_zone("UTC")


def _octets(text: Text) -> pl.Expr:
    return text.str.strip_prefix("\\x").str.decode("hex")


_CASTS: Mapping[int, _Cast] = {
    16: _Cast(pl.Boolean(), lambda text: text == "t"),
    17: _Cast(pl.Binary(), _octets),
    **dict.fromkeys((20, 21, 23), _Cast(pl.Int64(), _whole)),
    **dict.fromkeys((700, 701), _Cast(pl.Float64(), _real)),
    1082: _Cast(pl.Date(), lambda text: text.str.to_date("%Y-%m-%d")),
    1083: _Cast(pl.Time(), lambda text: text.str.to_time("%H:%M:%S%.f")),
    1114: _Cast(pl.Datetime("us"), _moment),
    1184: _Cast(pl.Datetime("us", "UTC"), _instant),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one result become a frame."""

    names: tuple[str, ...]
    casts: Mapping[str, _Cast]  # columns that do not stay text
    where: str

    @property
    def schema(self) -> pl.Schema:
        """The columns' types, in their order."""
        text = pl.String()
        return pl.Schema(
            {name: self.casts[name].dtype if name in self.casts else text for name in self.names}
        )

    def cast(self, rows: Sequence[Row]) -> pl.DataFrame:
        """Turn rows of text into a frame of `schema`.

        Raises:
            BadTable: names the column that holds a value its type cannot.
        """
        texts = frame_of(rows, pl.Schema(dict.fromkeys(self.names, pl.String())))
        return texts.with_columns(self._cast_one(texts, name) for name in self.casts)

    def _cast_one(self, texts: pl.DataFrame, name: str) -> pl.Series:
        try:
            return texts.select(self.casts[name].apply(pl.col(name)).alias(name)).to_series()
        except PolarsError:  # its text quotes the cell
            raise bad_table(
                self.where,
                f"column {shown(name)} holds a value that {self.casts[name].dtype} cannot "
                "(infinity, NaN, or a year out of range); cast it to text in a query",
                f"列 {shown(name)} 含 {self.casts[name].dtype} 无法表示的值（infinity、NaN 或超出范围的年份）；"
                "请在查询中转为文本",
            ) from None


def plan(names: Sequence[str], types: Sequence[tuple[int, int | None, int | None]], where: str) -> Plan:
    """Choose the casts for columns of the given (type code, precision, scale)."""
    casts = {name: found for name, kind in zip(names, types, strict=True) if (found := _cast_for(*kind))}
    return Plan(tuple(names), casts, where)


def _cast_for(code: int, precision: int | None, scale: int | None) -> _Cast | None:
    if code != _NUMERIC:
        return _CASTS.get(code)
    if precision is None or scale is None or precision > _DIGITS or not 0 <= scale <= precision:
        return None
    dtype = pl.Decimal(precision, scale)
    return _Cast(dtype, lambda text: text.cast(dtype))
