"""Know the administrative divisions of China (GB/T 2260), revoked ones included.

A number keeps the district it was issued in, however often districts were merged since. A code that
the list (`commonseal.table.divisions`) does not know lowers the certainty and denies nothing: new
districts come every year.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers
from commonseal.table.divisions import PLACEHOLDERS, divisions

_KINDS = re.compile("(?:特别行政[区區]|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟)$")


@cache
def division_codes() -> tuple[str, ...]:
    """Return every six-digit code of then and now, ascending."""
    return tuple(sorted({division.code for division in divisions()}))


@cache
def division_names() -> tuple[str, ...]:
    """Return every name, in full and, for provinces and cities, without its kind (北京市, 北京)."""
    names = {division.name for division in divisions()} - PLACEHOLDERS
    return tuple(sorted(names | {short for name in names if len(short := _KINDS.sub("", name)) > 1}))


def known_division(compact: pl.Series) -> Answers:
    """Answer whether the first six digits are a division of then or now."""
    return compact.str.slice(0, 6).is_in(list(division_codes())).to_numpy().astype(np.float64)
