"""Say less of a value: the month of a date, the interval of a number, the cell of a place, a district.

What cannot be read becomes null, and `operators.bad_count` counts it.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from commonseal.desensitize.canonical import EXACT, as_date, as_number, as_text, column_of
from commonseal.desensitize.district import district
from commonseal.desensitize.params import Params

TARGETS = ("month", "year", "interval", "grid", "district")
PARAMS = ("to", "width", "start", "cell_deg")

_PAIR = r"^\s*[(（]?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*[,，;；\s]\s*(-?[0-9]+(?:\.[0-9]+)?)\s*[)）]?\s*$"
_MOST_DECIMALS = 9


def generalize(column: str, dtype: pl.DataType, params: Params) -> pl.Expr:
    """Return the text that stands for each value at the level `to`.

    month "2024-01"; year "2024"; interval "[20, 30)"; grid "116.39" or "116.39,39.90", the lower
    corner of the cell; district "浙江省杭州市西湖区". Raises: BadInput for bad parameters or types.
    """
    to = params.choice("to", TARGETS)
    if to in ("month", "year"):
        date = as_date(column, dtype)
        return date.dt.strftime("%Y-%m" if to == "month" else "%Y")
    if to == "interval":
        return interval(as_number(column, dtype), params)
    if to == "grid":
        return grid(column, dtype, params)
    if dtype.is_numeric() or dtype.is_temporal():
        raise params.fault(
            "to", f"another level: type {dtype} holds no addresses", f"其他级别：类型 {dtype} 不含地址"
        )
    return district(as_text(column, dtype))


def interval(number: pl.Expr, params: Params) -> pl.Expr:
    """Return "[low, high)" of `width`, counted from `start` (default 0); both to their own decimals."""
    width, start = params.number("width", positive=True), params.number("start", 0)
    decimals = max(_decimals(params, "width", width), _decimals(params, "start", start))
    low = _floor(number, width, start, decimals)
    return pl.format("[{}, {})", _label(low, decimals), _label(low + _units(width, decimals), decimals))


def grid(column: str, dtype: pl.DataType, params: Params) -> pl.Expr:
    """Return the lower corner of the cell of `cell_deg` degrees, for one coordinate or a text "lon,lat".

    Beyond 180 degrees is no coordinate, and becomes null.
    """
    size = params.number("cell_deg", positive=True)
    if dtype.is_numeric():
        return _corner(as_number(column, dtype), size, params)
    text = column_of(column).cast(pl.String) if dtype != pl.String else column_of(column)
    first, second = (text.str.extract(_PAIR, place).cast(pl.Float64, strict=False) for place in (1, 2))
    pair = pl.concat_str([_corner(first, size, params), _corner(second, size, params)], separator=",")
    return pl.coalesce(pair, _corner(as_number(column, dtype), size, params))


def _corner(degrees: pl.Expr, size: float, params: Params) -> pl.Expr:
    decimals = _decimals(params, "cell_deg", size)
    on_earth = pl.when(degrees.abs() <= 180).then(degrees)
    return _label(_floor(on_earth, size, 0, decimals), decimals)


def _floor(number: pl.Expr, width: float, start: float, decimals: int) -> pl.Expr:
    """Return the lower bound in units of 10**-decimals (Int64).

    Whole units, for 0.3 / 0.1 is less than 3 in binary: a value within a millionth of a unit below a
    bound is taken to be on it.
    """
    whole_width, whole_start = _units(width, decimals), _units(start, decimals)
    scale: int = 10**decimals
    units = (number * scale).round(6) - whole_start
    steps = (units / whole_width).floor()
    low = pl.when(units.abs() < EXACT).then(steps).cast(pl.Int64, strict=False)
    return low * whole_width + whole_start


def _label(units: pl.Expr, decimals: int) -> pl.Expr:
    """Return units of 10**-decimals as text with just that many decimals."""
    if decimals == 0:
        return units.cast(pl.String)
    scale: int = 10**decimals
    return (units / scale).cast(pl.Decimal(38, decimals)).cast(pl.String)


def _units(value: float, decimals: int) -> int:
    return int(Decimal(str(value)).scaleb(decimals))


def _decimals(params: Params, name: str, value: float) -> int:
    """Return how many decimals `value` is written with."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    decimals = max(0, -int(exponent))
    if decimals > _MOST_DECIMALS or abs(value) >= EXACT:
        raise params.fault(
            name, f"a number of at most {_MOST_DECIMALS} decimals", f"至多 {_MOST_DECIMALS} 位小数的数"
        )
    return decimals
