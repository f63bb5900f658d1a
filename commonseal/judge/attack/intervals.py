"""Read labels that are intervals of numbers, of years or of dates, and find the values inside.

`[20, 40)`, `[20, 30[`, `]20, 30]`, `20-29` (both ends in), `<20`, `<=20`, `>=80`, `80+`. Bounds that are
dates hold dates; bounds that are years hold the dates of these years too.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NUMBER = r"-?(?:\d+(?:\.\d+)?|inf|∞)"
_DATE = r"\d{4}-\d{2}-\d{2}"
_BRACKETS = rf"^(?P<opens>[\[\](])\s*(?P<low>{_DATE}|{_NUMBER})\s*[,;，]\s*(?P<high>{_DATE}|{_NUMBER})\s*(?P<closes>[\[\])])$"
_RANGE = r"^(?P<low>\d+(?:\.\d+)?)\s*[-–~]\s*(?P<high>\d+(?:\.\d+)?)$"
_ONE_SIDED = r"^(?P<sign><=|<|≤|>=|>|≥)\s*(?P<bound>-?\d+(?:\.\d+)?)$|^(?P<from>\d+(?:\.\d+)?)\s*\+$"
_IS_DATE = rf"^{_DATE}"
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


def within(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs (v, l) of each value with every interval that holds it.

    Args: known: columns v, text, distinct. shown: columns l, text, distinct.
    """
    bounds = pl.concat([_brackets(shown), _ranges(shown), _one_sided(shown)])
    if not bounds.height:
        return pl.DataFrame(schema={"v": pl.Int64, "l": pl.Int64})
    numbers = known.with_columns(pl.col("text").cast(pl.Float64, strict=False).alias("at"))
    days = known.filter(pl.col("text").str.contains(_IS_DATE)).with_columns(
        pl.col("text").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("day")
    )
    dates = days.with_columns(pl.col("day").to_physical().cast(pl.Float64).alias("at"))
    years = days.with_columns(pl.col("day").dt.year().cast(pl.Float64).alias("at"))
    of_years = (
        ~pl.col("dated")
        & (pl.col("low").is_between(_FIRST_YEAR, _LAST_YEAR) | pl.col("low").is_infinite())
        & (pl.col("high").is_between(_FIRST_YEAR, _LAST_YEAR) | pl.col("high").is_infinite())
    )
    return pl.concat(
        [
            _inside(numbers, bounds.filter(~pl.col("dated"))),
            _inside(dates, bounds.filter("dated")),
            _inside(years, bounds.filter(of_years)),
        ]
    )


def _brackets(shown: pl.DataFrame) -> pl.DataFrame:
    found = shown.select("l", pl.col("text").str.extract_groups(_BRACKETS).alias("part")).unnest("part")
    found = found.drop_nulls("low")
    dated = pl.col("low").str.contains(_IS_DATE) & pl.col("high").str.contains(_IS_DATE)
    return found.select(
        "l",
        _bound("low").alias("low"),
        _bound("high").alias("high"),
        (pl.col("opens") == "[").alias("low_in"),
        (pl.col("closes") == "]").alias("high_in"),
        dated.alias("dated"),
    ).drop_nulls()


def _ranges(shown: pl.DataFrame) -> pl.DataFrame:
    found = shown.select("l", pl.col("text").str.extract_groups(_RANGE).alias("part")).unnest("part")
    # 1935-03 is a month, not the numbers from 1935 to 3
    found = (
        found.drop_nulls("low")
        .select("l", _bound("low"), _bound("high"))
        .filter(pl.col("low") <= pl.col("high"))
    )
    return found.with_columns(low_in=pl.lit(True), high_in=pl.lit(True), dated=pl.lit(False))


def _one_sided(shown: pl.DataFrame) -> pl.DataFrame:
    found = shown.select("l", pl.col("text").str.extract_groups(_ONE_SIDED).alias("part")).unnest("part")
    found = found.filter(pl.col("bound").is_not_null() | pl.col("from").is_not_null())
    sign, bound = pl.col("sign").fill_null(">="), pl.coalesce("bound", "from").cast(pl.Float64)
    up = sign.is_in([">", ">=", "≥"])
    closed = sign.is_in(["<=", "≤", ">=", "≥"])
    return found.select(
        "l",
        pl.when(up).then(bound).otherwise(-float("inf")).alias("low"),
        pl.when(up).then(float("inf")).otherwise(bound).alias("high"),
        (closed & up).alias("low_in"),
        (closed & ~up).alias("high_in"),
        pl.lit(False).alias("dated"),
    )


def _bound(name: str) -> pl.Expr:
    text = pl.col(name).str.replace("∞", "inf", literal=True)
    day = text.str.to_date("%Y-%m-%d", strict=False).to_physical().cast(pl.Float64)
    return pl.coalesce(text.cast(pl.Float64, strict=False), day).alias(name)


def _inside(known: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs by place among the sorted values: no interval looks at a value outside it."""
    known = known.filter(pl.col("at").is_not_null() & pl.col("at").is_not_nan()).sort("at")
    at = known["at"].to_numpy()
    low, high = bounds["low"].to_numpy(), bounds["high"].to_numpy()
    first = np.where(
        bounds["low_in"].to_numpy(), np.searchsorted(at, low, "left"), np.searchsorted(at, low, "right")
    )
    last = np.where(
        bounds["high_in"].to_numpy(), np.searchsorted(at, high, "right"), np.searchsorted(at, high, "left")
    )
    count = np.maximum(last - first, 0)
    place = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count) if len(count) else count
    place = place + np.arange(count.sum())
    return pl.DataFrame(
        {"v": known["v"].to_numpy()[place], "l": np.repeat(bounds["l"].to_numpy(), count)},
        schema={"v": pl.Int64, "l": pl.Int64},
    )
