"""Intervals of numbers: of one width or between stated bounds, then ever wider ones.

Arithmetic is decimal and exact: 0.3 with the width 0.1 lies in [0.3, 0.4), and long numbers keep
all their digits.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from commonseal.anonymize.builders.builder import Steps
from commonseal.anonymize.builders.fan_out import FanOut, check_fan_outs, groups
from commonseal.errors import BadInput
from commonseal.model import Text

_NUMBER = re.compile(r"^[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$")
_DIGITS = 300  # more than any number above can need, so that every sum and remainder is exact


@dataclass(frozen=True, slots=True)
class Intervals:
    """Half-open intervals `[low, high)`; below `bottom` is `<bottom`, from `top` on `>=top`.

    Give `width` (counted from `bottom`, else from `origin`) or `bounds` (ascending; what lies below
    the first is `<first`, from the last on `>=last`). Each fan-out joins so many neighbours into one
    interval of the next level. The open ends stay apart until the top of the hierarchy.
    """

    width: Decimal | None = None
    bounds: tuple[Decimal, ...] = ()
    bottom: Decimal | None = None
    top: Decimal | None = None
    origin: Decimal = Decimal(0)
    fan_outs: tuple[FanOut, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what contradicts itself. Raises: BadInput."""
        if (self.width is None) == (not self.bounds):
            raise BadInput(
                Text(en="expected either width or bounds", zh="width 与 bounds 应给出且只给出一个")
            )
        if self.width is not None and self.width <= 0:
            raise BadInput(Text(en="width: expected more than 0", zh="width：应大于 0"))
        if any(low >= high for low, high in itertools.pairwise(self.bounds)):
            raise BadInput(Text(en="bounds: expected ascending numbers", zh="bounds：应为递增的数"))
        if self.bounds and (self.bottom is not None or self.top is not None or self.origin):
            raise BadInput(
                Text(
                    en="bounds: the first and the last bound are bottom and top; leave bottom, top and origin out",
                    zh="bounds：首尾界限即为 bottom 与 top，请勿再写 bottom、top 或 origin",
                )
            )
        if self.bottom is not None and self.top is not None and self.bottom >= self.top:
            raise BadInput(Text(en="bottom: expected less than top", zh="bottom：应小于 top"))
        if self.width is not None and any(isinstance(fan_out, tuple) for fan_out in self.fan_outs):
            raise BadInput(
                Text(
                    en="fan_outs: a list of sizes needs bounds", zh="fan_outs：组大小列表须与 bounds 一起使用"
                )
            )
        check_fan_outs(self.fan_outs)

    @property
    def expects(self) -> Text:
        """Return what a value must be."""
        return Text(en="a number, such as 42 or -3.5", zh="数字，如 42 或 -3.5")

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each number's interval at every level, numbers ascending."""
        with localcontext(prec=_DIGITS):
            numbers = {value: as_number(value) for value in counts}
            known = sorted((number, value) for value, number in numbers.items() if number is not None)
            label = self._by_width if self.width is not None else self._by_bounds()
            steps: dict[str, Sequence[str] | None] = {value: label(number) for number, value in known}
        return steps | {value: None for value, number in numbers.items() if number is None}

    def _by_width(self, number: Decimal) -> list[str]:
        if (end := _open_end(number, self.bottom, self.top)) is not None:
            return [end] * (len(self.fan_outs) + 1)
        start = self.origin if self.bottom is None else self.bottom
        wide, labels = self.width or Decimal(1), []
        for fan_out in (1, *self.fan_outs):
            wide *= fan_out if isinstance(fan_out, int) else 1
            low = number - (number - start) % wide
            low = low - wide if low > number else low  # Decimal's remainder takes the sign of the dividend
            high = low + wide if self.top is None else min(low + wide, self.top)
            labels.append(f"[{as_digits(low)}, {as_digits(high)})")
        return labels

    def _by_bounds(self) -> _Between:
        inner = len(self.bounds) - 1
        levels = [[(each, each) for each in range(inner)], *groups(inner, self.fan_outs)]
        return _Between(self.bounds, levels)


@dataclass(frozen=True, slots=True)
class _Between:
    bounds: tuple[Decimal, ...]
    levels: list[list[tuple[int, int]]]

    def __call__(self, number: Decimal) -> list[str]:
        if (end := _open_end(number, self.bounds[0], self.bounds[-1])) is not None:
            return [end] * len(self.levels)
        place = bisect.bisect_right(self.bounds, number) - 1
        spans = (
            next((first, last) for first, last in level if first <= place <= last) for level in self.levels
        )
        return [
            f"[{as_digits(self.bounds[first])}, {as_digits(self.bounds[last + 1])})" for first, last in spans
        ]


def as_number(value: str) -> Decimal | None:
    """Return the number that a text writes, exactly; None for anything else, infinities included."""
    return Decimal(value) if _NUMBER.match(value) and value.isascii() else None


def as_digits(number: Decimal) -> str:
    """Write a number without exponent and without idle zeros.

    >>> as_digits(Decimal("1E+3")), as_digits(Decimal("-0.50")), as_digits(Decimal("-0"))
    ('1000', '-0.5', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _open_end(number: Decimal, bottom: Decimal | None, top: Decimal | None) -> str | None:
    if bottom is not None and number < bottom:
        return f"<{as_digits(bottom)}"
    if top is not None and number >= top:
        return f">={as_digits(top)}"
    return None
