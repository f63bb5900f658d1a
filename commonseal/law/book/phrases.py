"""Tell a condition in words: a tree of lines, each a fact and what it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commonseal.law.book.choices import choice_word
from commonseal.law.book.terms import UNITS, fact_title, word
from commonseal.law.fact import FactType
from commonseal.law.rule import Parameter
from commonseal.law.subjects import FACTS
from commonseal.law.tree import (
    MIRRORED,
    TURNED,
    And,
    Bound,
    Call,
    Clause,
    Compare,
    FactOf,
    Items,
    Literally,
    Loop,
    Not,
    Or,
    ParamOf,
    Sign,
    Within,
    read_clause,
)
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a condition: of what it speaks, and what must be said of it; `lines` stand under it."""

    said: Text
    of: Text | None = None
    fact: str | None = None
    lines: tuple[Line, ...] = ()


ALL = Text(en="all of these hold", zh="同时满足下列各项")
ANY = Text(en="at least one of these holds", zh="满足下列任意一项")
NONE_OF_ALL = Text(en="these do not all hold", zh="下列各项不同时满足")
_SIGNS: dict[Sign, tuple[str, str]] = {
    "==": ("{}", "{}"),
    "!=": ("not {}", "不是{}"),
    "<": ("below {}", "低于 {}"),
    "<=": ("at most {}", "不超过 {}"),
    ">": ("above {}", "超过 {}"),
    ">=": ("at least {}", "不低于 {}"),
}
_DAYS: dict[Sign, tuple[str, str]] = {
    **_SIGNS,
    "<": ("before {}", "早于 {}"),
    "<=": ("no later than {}", "不晚于 {}"),
    ">": ("after {}", "晚于 {}"),
    ">=": ("no earlier than {}", "不早于 {}"),
}
_CALLS = {
    "startsWith": ("begins with {}", "以{}开头"),
    "endsWith": ("ends with {}", "以{}结尾"),
    "contains": ("contains {}", "包含{}"),
}
_NOT_CALLS = {
    "startsWith": ("does not begin with {}", "不以{}开头"),
    "endsWith": ("does not end with {}", "不以{}结尾"),
    "contains": ("does not contain {}", "不包含{}"),
}


def told_condition(source: str, subject: str, parameters: Mapping[str, Parameter]) -> Line:
    """Return a condition that `scan` has let through, in words."""
    return _Teller(FACTS[subject], parameters).line(read_clause(source, subject), turn=False)


class _Teller:
    def __init__(self, declared: Mapping[str, FactType], parameters: Mapping[str, Parameter]) -> None:
        self._declared, self._parameters = declared, parameters

    def line(self, clause: Clause, *, turn: bool) -> Line:
        """Tell a clause, or its contrary."""
        if isinstance(clause, Not):
            return self.line(clause.part, turn=not turn)
        if isinstance(clause, And | Or):
            joined = ALL if isinstance(clause, And) != turn else ANY
            lines = [self.line(part, turn=turn) for part in clause.parts]
            flat = (
                inner
                for each in lines
                for inner in (each.lines if each.of is None and each.said == joined else (each,))
            )
            return Line(joined, lines=tuple(flat))
        if isinstance(clause, Compare):
            return self._compared(clause, turn=turn)
        if isinstance(clause, Within):
            return self._within(clause, turn=turn)
        if isinstance(clause, Loop):
            return self._loop(clause, turn=turn)
        if isinstance(clause, Call):
            form = (_NOT_CALLS if turn else _CALLS)[clause.name]
            return self._about(clause.of, form, self._value(clause.given[0]))
        return self._about(clause, ("no", "否") if turn else ("yes", "是"))

    def _compared(self, clause: Compare, *, turn: bool) -> Line:
        left, sign, right = clause.left, clause.sign, clause.right
        if isinstance(left, Literally | ParamOf):
            left, sign, right = right, MIRRORED[sign], left
        sign = TURNED[sign] if turn else sign
        if isinstance(right, Literally) and right.value is None:
            return self._about(left, ("not given", "无") if sign == "==" else ("given", "有"))
        if isinstance(right, Literally) and isinstance(right.value, bool):
            return self._about(left, ("yes", "是") if right.value == (sign == "==") else ("no", "否"))
        if isinstance(right, Literally) and right.value == "":
            return self._about(left, ("empty", "空") if sign == "==" else ("not empty", "不为空"))
        kind = self._declared[left.name].kind if isinstance(left, FactOf) else ""
        return self._about(left, (_DAYS if kind in ("date", "moment") else _SIGNS)[sign], self._value(right))

    def _within(self, clause: Within, *, turn: bool) -> Line:
        if isinstance(clause.items, Items):
            form = ("none of: {}", "均不是：{}") if turn else ("one of: {}", "下列之一：{}")
            return self._about(clause.item, form, self._value(clause.items))
        form = ("does not include {}", "不包括{}") if turn else ("includes {}", "包括{}")
        return self._about(clause.items, form, self._value(clause.item))

    def _loop(self, clause: Loop, *, turn: bool) -> Line:
        listed, body = clause.items, clause.body
        each = isinstance(listed, Items) and isinstance(body, Within) and isinstance(body.item, Bound)
        if each and isinstance(body, Within):
            every = clause.name == "all"
            form = (
                (
                    ("does not include all of: {}", "未全部包括：{}")
                    if turn
                    else ("includes all of: {}", "包括：{}")
                )
                if every
                else (
                    ("includes none of: {}", "不包括：{}")
                    if turn
                    else ("includes one of: {}", "包括其中之一：{}")
                )
            )
            return self._about(body.items, form, self._value(listed))
        if clause.name == "exists" and isinstance(body, Compare) and body.sign == "==":
            form = ("does not include {}", "不包括{}") if turn else ("includes {}", "包括{}")
            return self._about(listed, form, self._value(body.right))
        if clause.name == "exists" and isinstance(body, Within):
            form = (
                ("includes none of: {}", "不包括：{}")
                if turn
                else ("includes one of: {}", "包括其中之一：{}")
            )
            return self._about(listed, form, self._value(body.items))
        if clause.name == "exists" and isinstance(body, Not) and isinstance(body.part, Within):
            form = (
                ("includes only: {}", "仅包括：{}")
                if turn
                else ("includes another than: {}", "包括下列以外的项：{}")
            )
            return self._about(listed, form, self._value(body.part.items))
        some = (clause.name == "exists") != turn
        form = ("an entry fits this", "有一项符合") if some else ("every entry fits this", "每一项均符合")
        head = self._about(listed, form)
        return Line(head.said, head.of, head.fact, (self.line(body, turn=turn),))

    def _about(self, clause: Clause, form: tuple[str, str], value: Text | None = None) -> Line:
        said = Text(en=form[0], zh=form[1]) if value is None else _put(form, value)
        of = clause.of if isinstance(clause, Call) else clause
        return Line(said, self._title(clause), of.name if isinstance(of, FactOf) else None)

    def _title(self, clause: Clause) -> Text:
        if isinstance(clause, FactOf):
            return fact_title(self._declared[clause.name])
        if isinstance(clause, Call) and clause.name == "size":
            of = self._title(clause.of)
            return Text(en=f"number of entries of “{of.en}”", zh=f"“{of.zh}”的项数")
        return Text(en="the entry", zh="该项") if isinstance(clause, Bound) else self._value(clause)

    def _value(self, clause: Clause) -> Text:
        if isinstance(clause, Items):
            each = [self._value(item) for item in clause.items]
            return Text(en=", ".join(t.en for t in each), zh="、".join(t.zh for t in each))
        if isinstance(clause, ParamOf):
            return parameter_value(self._parameters[clause.name])
        if isinstance(clause, Literally):
            told = clause.value
            return choice_word(told) if isinstance(told, str) else Text(en=str(told), zh=str(told))
        return self._title(clause)


def _put(form: tuple[str, str], value: Text) -> Text:
    return Text(en=form[0].format(value.en), zh=form[1].format(value.zh))


def parameter_value(parameter: Parameter) -> Text:
    """Return a parameter's newest value with its unit."""
    shown, unit = number(parameter.values[-1].value), word(UNITS, parameter.unit)
    if parameter.unit == "day of the calendar":
        return Text(en=shown, zh=shown)
    return Text(en=f"{shown} {unit.en}", zh=f"{shown}{unit.zh}" if unit.zh == "%" else f"{shown} {unit.zh}")


def number(value: float | int | str) -> str:
    """Return a number as a reader wants it.

    >>> number(50000000), number(0.05), number(1 / 3), number("2026-01-01")
    ('50,000,000', '0.05', '0.3333', '2026-01-01')
    """
    if isinstance(value, str):
        return value
    return f"{int(value):,}" if value == int(value) else f"{value:.4g}"
