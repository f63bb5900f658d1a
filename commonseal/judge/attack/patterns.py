"""Read labels that are part of a value: starred text, parts of a date, sets, the head of an address.

Each rule takes `known` (v, text) and `shown` (l, text), both distinct, and returns the pairs (v, l) that
fit; each is a join on text, one for every shape of label, never a look at all pairs.
"""

from __future__ import annotations

from itertools import groupby

import polars as pl

_IS_DATE = r"^\d{4}-\d{2}-\d{2}"
_HAN = r"\p{Han}"
_EMPTY = {"v": pl.Int64, "l": pl.Int64}


def starred(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Read `100***` and `138****1234`: a star hides one character; one single star at the end, any number."""
    found = [pl.DataFrame(schema=_EMPTY)]
    labels = shown.filter(
        pl.col("text").str.contains("*", literal=True) & ~pl.col("text").str.contains(r"^\{")
    )
    shapes = labels.with_columns(pl.col("text").str.replace_all(r"[^*]", ".").alias("shape"))
    for (shape,), of_shape in shapes.group_by("shape"):
        text = str(shape)
        if text.endswith(".*") and text.count("*") == 1:
            head = pl.col("text").str.head(len(text) - 1)
            found.append(_equal(known, head, of_shape.with_columns(head.alias("text"))))
        else:
            long = known.filter(pl.col("text").str.len_chars() == len(text))
            found.append(_equal(long, _masked(text), of_shape))
    return pl.concat(found)


def calendar(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Read minute, hour, day, month, quarter, year and decade of a date."""
    dates = known.filter(pl.col("text").str.contains(_IS_DATE))
    text = pl.col("text")
    quarter = ((text.str.slice(5, 2).cast(pl.Int32, strict=False) + 2) // 3).cast(pl.String)
    parts = [
        text.str.head(16),
        text.str.head(13),
        text.str.head(13).str.replace("T", " ", literal=True),
        text.str.head(10),
        text.str.head(7),
        text.str.head(4) + "-Q" + quarter,
        text.str.head(4),
        text.str.head(3) + "0s",
    ]
    return pl.concat([_equal(dates, part, shown) for part in parts])


def sets(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Read `{a, b}`: any one of them."""
    labels = shown.filter(pl.col("text").str.contains(r"^\{.*\}$"))
    one = pl.col("text").str.strip_prefix("{").str.strip_suffix("}").str.split(",")
    members = (
        labels.select("l", one.alias("text")).explode("text").with_columns(pl.col("text").str.strip_chars())
    )
    return _equal(known, pl.col("text"), members)


def divisions(known: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Read the head of an address or of a name of a division, written in Chinese characters."""
    found = [pl.DataFrame(schema=_EMPTY)]
    labels = shown.filter(pl.col("text").str.contains(_HAN) & (pl.col("text").str.len_chars() > 1))
    for length in labels["text"].str.len_chars().unique().sort().to_list():
        longer = known.filter(pl.col("text").str.len_chars() > length)
        alike = labels.filter(pl.col("text").str.len_chars() == length)
        found.append(_equal(longer, pl.col("text").str.head(length), alike))
    return pl.concat(found)


def _equal(known: pl.DataFrame, part: pl.Expr, shown: pl.DataFrame) -> pl.DataFrame:
    return known.select("v", part.alias("text")).drop_nulls("text").join(shown, on="text").select("v", "l")


def _masked(shape: str) -> pl.Expr:
    """Return each value with stars where the shape has them."""
    parts, at = [], 0
    for star, run in groupby(shape, key=lambda character: character == "*"):
        length = len(list(run))
        parts.append(pl.lit("*" * length) if star else pl.col("text").str.slice(at, length))
        at += length
    return pl.concat_str(parts)
