"""The administrative divisions of China (GB/T 2260), then and now, as python-stdnum keeps them.

Source: `cn/loc` of python-stdnum (LGPL-2.1+), 1980 to today, with the years of each name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import numdb

_YEARS = re.compile(r"^\[(\d*)-(\d*)\]")
_UNDER_A_PROVINCE = ("省直辖县级行政区划", "省直辖县级行政单位", "省直辖行政单位")
_UNDER_A_REGION = ("自治区直辖县级行政区划", "自治区直辖县级行政单位")
# lines of the table that name no place
PLACEHOLDERS = frozenset({"市辖区", "县", "市区", *_UNDER_A_PROVINCE, *_UNDER_A_REGION})


@dataclass(frozen=True, slots=True)
class Division:
    """One name that a six-digit code bears or bore. `current`: no year is known in which it ended."""

    code: str
    name: str
    current: bool


def divisions() -> Iterator[Division]:
    """Yield every name of every code, a code's names from the oldest to the newest.

    >>> [division.name for division in divisions() if division.code == "320106"]
    ['鼓楼区']
    """
    # The tree of `NumDB.prefixes`: (length, low, high, properties, children), see stdnum/numdb.py.
    for _, province, _, properties, counties in numdb.get("cn/loc").prefixes:
        yield Division(province + "0000", properties["province"], current=True)
        for _, code, _, county, _ in counties:
            for name in county.get("county", "").split(","):
                years = _YEARS.match(name)
                ended = bool(years and years.group(2))
                yield Division(province + code, name[years.end() :] if years else name, current=not ended)
