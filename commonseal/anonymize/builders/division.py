"""Administrative divisions of China above a code or a name: district, city, province.

A code keeps the division it was issued in, revoked ones included. In a municipality (北京, 天津, 上海,
重庆) the city is the province; a county-level city directly under a province is its own city.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

from commonseal.anonymize.builders.builder import Steps
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.table.divisions import PLACEHOLDERS, divisions

DivisionLevel = Literal["district", "city", "province"]
DIVISION_LEVELS: tuple[DivisionLevel, ...] = get_args(DivisionLevel)

MUNICIPALITIES = ("11", "12", "31", "50")
_CODE = re.compile(r"^\d{2}(?:\d{2}(?:\d{2}(?:\d{3}(?:\d{3})?)?)?)?$")
_KIND = re.compile("(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
_SIMPLE = str.maketrans("別區門", "别区门")  # the table writes Hong Kong and Macao in traditional characters


@dataclass(frozen=True, slots=True)
class Divisions:
    """The `levels` above a division, finest first.

    Reads codes of 2, 4, 6, 9 or 12 digits (what comes after the sixth is dropped) and names: 江苏省南京市
    鼓楼区 and its shorter forms, where only one division bears them. Labels are full names; a district
    that the table does not know keeps its code.
    """

    levels: tuple[DivisionLevel, ...] = DIVISION_LEVELS

    def __post_init__(self) -> None:
        """Refuse levels that do not grow coarser. Raises: BadInput."""
        places = [DIVISION_LEVELS.index(level) for level in self.levels]
        if not places or any(a >= b for a, b in itertools.pairwise(places)):
            raise BadInput(
                Text(
                    en="levels: expected some of district, city, province, in this order",
                    zh="levels：应为 district, city, province 中的若干项，按此顺序",
                )
            )

    @property
    def expects(self) -> Text:
        """Return what a value must be."""
        return Text(
            en="a GB/T 2260 code such as 320106, or a name that only one division bears, such as 江苏省南京市鼓楼区",
            zh="GB/T 2260 代码，如 320106；或不会与其他区划混淆的名称，如江苏省南京市鼓楼区",
        )

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each division's labels, by code, then what cannot be read."""
        table = _table()
        codes = {value: table.code_of(value) for value in counts}
        known = sorted((code, value) for value, code in codes.items() if code is not None)
        steps: dict[str, Sequence[str] | None] = {
            value: [table.label(code, level) for level in self.levels] for code, value in known
        }
        return steps | {value: None for value, code in codes.items() if code is None}


@dataclass(frozen=True, slots=True)
class _Table:
    """Codes to their newest names, and names to the codes that bear them, present ones apart."""

    name: dict[str, str] = field(default_factory=dict)
    bears: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bears_now: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def code_of(self, value: str) -> str | None:
        """Return the six digits of a value; None where its province, or the name, is not known."""
        if value.isascii() and _CODE.match(value):
            code = value[:6].ljust(6, "0")
            return code if f"{code[:2]}0000" in self.name else None
        name = re.sub(r"\s+", "", value).translate(_SIMPLE)
        for bears in (self.bears_now, self.bears):
            if name in bears:
                return next(iter(bears[name])) if len(bears[name]) == 1 else None
        return None

    def label(self, code: str, level: DivisionLevel) -> str:
        """Return the full name at a level, or of the division itself where that is coarser."""
        province = self.name[f"{code[:2]}0000"]
        if level == "province" or code[2:] == "0000":
            return province
        city = self._city(code)
        if level == "city" or code[4:] == "00":
            return city
        if code not in self.name:
            return f"{city if f'{code[:4]}00' in self.name else province} {code}"
        return city if self._is_own_city(code) else city + self.name[code]

    def _city(self, code: str) -> str:
        province = self.name[f"{code[:2]}0000"]
        if self._is_own_city(code):
            return province + self.name.get(code, f" {code}")
        name = self.name.get(f"{code[:4]}00", f" {code[:4]}00")
        return province if name in PLACEHOLDERS or code[:2] in MUNICIPALITIES else province + name

    def _is_own_city(self, code: str) -> bool:
        return code[4:] != "00" and "直辖" in self.name.get(f"{code[:4]}00", "")


@cache
def _table() -> _Table:
    table = _Table()
    entries = [(each.code, each.name.translate(_SIMPLE), each.current) for each in divisions()]
    for code, name, _ in entries:
        table.name[code] = name  # a code's newest name comes last
    for code, name, current in entries:
        if name in PLACEHOLDERS:
            continue
        for written in _ways(table, code, name):
            table.bears[written].add(code)
            if current:
                table.bears_now[written].add(code)
    return table


def _ways(table: _Table, code: str, name: str) -> set[str]:
    """Return how a name is written: alone, after its city, after its province, after both."""
    province = table.name[f"{code[:2]}0000"]
    if code[2:] == "0000":
        return {name, _KIND.sub("", name)}
    city = table.name.get(f"{code[:4]}00", "")
    before = {"", province, _KIND.sub("", province)}
    if code[4:] != "00" and city not in PLACEHOLDERS:
        before |= {start + city for start in before}
    ways = {start + name for start in before}
    if code[4:] == "00":
        ways |= {start + short for start in before if len(short := _KIND.sub("", name)) > 1}
    return ways
