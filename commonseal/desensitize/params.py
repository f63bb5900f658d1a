"""Read the parameters of a treatment; every fault names the column, the operator and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from commonseal.errors import BadInput
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters given to `operator` on `column`; absent and None are the same."""

    column: str
    operator: str
    given: Mapping[str, object]

    def fault(self, name: str, expected_en: str, expected_zh: str) -> BadInput:
        """Make the fault of parameter `name`, which is not what was expected."""
        got = repr(self.given.get(name))
        return BadInput(
            Text(
                en=f"column {self.column!r}, treatment {self.operator}: parameter {name!r} is {got}; "
                f"expected {expected_en}. Correct it in the rule or agreement that asks for it.",
                zh=f"列 {self.column!r}，处理方式 {self.operator}：参数 {name!r} 为 {got}；"
                f"应为{expected_zh}。请在提出该要求的规则或协议中改正。",
            )
        )

    def only(self, known: tuple[str, ...]) -> None:
        """Raise BadInput where a parameter is given that the operator does not know."""
        for name in self.given:
            if name not in known:
                said = ", ".join(known) or "-"
                raise self.fault(name, f"no such parameter (known: {said})", f"无此参数（可用：{said}）")

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None where it is absent."""
        value = self.given.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, "a whole number", "整数")
        return value

    def number(self, name: str, default: float | None = None, *, positive: bool = False) -> int | float:
        """Return a finite number; without a default it is required."""
        value = self.given.get(name, default)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if not numeric or not math.isfinite(value) or (positive and value <= 0):  # type: ignore[arg-type, operator]
            many = ("a number above 0", "大于 0 的数") if positive else ("a number", "数")
            raise self.fault(name, *many)
        return value  # type: ignore[return-value]

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return one of the `allowed` words."""
        value = self.given.get(name)
        if not isinstance(value, str) or value not in allowed:
            said = ", ".join(allowed)
            raise self.fault(name, f"one of: {said}", f"以下之一：{said}")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not empty; without a default it is required."""
        value = self.given.get(name, default)
        if not isinstance(value, str) or not value:
            raise self.fault(name, "a text", "文本")
        return value
