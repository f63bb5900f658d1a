"""Know the administrative divisions of China (GB/T 2260), revoked ones included.

A number keeps the district it was issued in, however often districts were merged since. The list is
the one python-stdnum keeps (`cn/loc`, LGPL-2.1+; 1980 to today, with years). A code that it does not
know lowers the certainty and denies nothing: new districts come every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl
from stdnum import numdb

from commonseal.classify._internal.checksums import Answers

_YEARS = re.compile(r"\[[^\]]*\]")
_KINDS = re.compile("(?:特别行政[区區]|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟)$")
_PLACEHOLDERS = {"市辖区", "县", "市区", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@cache
def division_codes() -> tuple[str, ...]:
    """Return every six-digit code of then and now, ascending."""
    return tuple(sorted({code for code, _ in _entries()}))


@cache
def division_names() -> tuple[str, ...]:
    """Return every name, in full and, for provinces and cities, without its kind (北京市, 北京)."""
    names = {name for _, name in _entries()} - _PLACEHOLDERS
    return tuple(sorted(names | {short for name in names if len(short := _KINDS.sub("", name)) > 1}))


def known_division(compact: pl.Series) -> Answers:
    """Answer whether the first six digits are a division of then or now."""
    return compact.str.slice(0, 6).is_in(list(division_codes())).to_numpy().astype(np.float64)


def _entries() -> Iterator[tuple[str, str]]:
    # The tree of `NumDB.prefixes`: (length, low, high, properties, children), see stdnum/numdb.py.
    for _, province, _, properties, counties in numdb.get("cn/loc").prefixes:
        yield province + "0000", properties["province"]
        for _, code, _, county, _ in counties:
            for name in _YEARS.sub("", county.get("county", "")).split(","):
                yield province + code, name
