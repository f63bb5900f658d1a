"""Read a condition as a tree, so that it can be told in words and written in other languages of rules.

Only for conditions that `scan` has let through: the same small part of CEL, and nothing else.

    or      = and ("||" and)*            compare = unary [("==" | "!=" | "<" | ... | "in") unary]
    and     = compare ("&&" compare)*    unary   = "!" unary | value ("." name ["(" args ")"])*
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commonseal.law.scan import Token, tokens

Sign = Literal["==", "!=", "<", "<=", ">", ">="]
SIGNS: tuple[Sign, ...] = ("==", "!=", "<", "<=", ">", ">=")
TURNED: dict[Sign, Sign] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: dict[Sign, Sign] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact of the rule's subject."""

    name: str


@dataclass(frozen=True, slots=True)
class ParamOf:
    """A parameter of the rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """The variable of a loop."""

    name: str


@dataclass(frozen=True, slots=True)
class Literally:
    """A text, a number, true, false or null."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Items:
    """A literal list."""

    items: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values beside a sign."""

    sign: Sign
    left: Clause
    right: Clause


@dataclass(frozen=True, slots=True)
class Within:
    """`item in items`."""

    item: Clause
    items: Clause


@dataclass(frozen=True, slots=True)
class Call:
    """`startsWith`, `endsWith`, `contains` or `size` of a value."""

    name: str
    of: Clause
    given: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`items.exists(x, body)` or `items.all(x, body)`."""

    name: str
    items: Clause
    variable: str
    body: Clause


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    part: Clause


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Clause, ...]


Clause = FactOf | ParamOf | Bound | Literally | Items | Compare | Within | Call | Loop | Not | And | Or

_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def read_clause(source: str, subject: str) -> Clause:
    """Return the tree of a condition.

    >>> read_clause("dataset.encrypted && param.least <= dataset.persons", "dataset")
    And(parts=(FactOf(name='encrypted'), Compare(sign='<=', left=ParamOf(name='least'), right=FactOf(name='persons'))))

    Raises: ValueError: it is not of the language of conditions.
    """
    reader = _Reader(tokens(source), subject)
    clause = reader.any_of()
    if not reader.done:
        raise ValueError("words are left over")
    return clause


class _Reader:
    """Recursive descent over the words of a condition."""

    def __init__(self, words: Sequence[Token], subject: str) -> None:
        self._words, self._subject, self._at = words, subject, 0

    @property
    def done(self) -> bool:
        return self._at == len(self._words)

    def any_of(self) -> Clause:
        parts = [self._all_of()]
        while self._took("||"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self) -> Clause:
        parts = [self._compared()]
        while self._took("&&"):
            parts.append(self._compared())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _compared(self) -> Clause:
        left = self._unary()
        for sign in SIGNS:
            if self._took(sign):
                return Compare(sign, left, self._unary())
        return Within(left, self._unary()) if self._took("in") else left

    def _unary(self) -> Clause:
        if self._took("!"):
            return Not(self._unary())
        found = self._value()
        while self._took("."):
            found = self._member(found, self._next().text)
        return found

    def _member(self, of: Clause, name: str) -> Clause:
        if not self._took("("):
            if isinstance(of, Bound) and of.name == self._subject:
                return FactOf(name)
            if isinstance(of, Bound) and of.name == "param":
                return ParamOf(name)
            raise ValueError(f"no member {name}")
        if name in ("exists", "all"):
            variable = self._next().text
            self._need(",")
            body = self.any_of()
            self._need(")")
            return Loop(name, of, variable, body)
        return Call(name, of, self._rest(")"))

    def _value(self) -> Clause:
        word = self._next()
        if word.text == "(":
            inner = self.any_of()
            self._need(")")
            return inner
        if word.text == "[":
            return Items(self._rest("]"))
        if word.kind == "text":
            return Literally(_unquoted(word.text))
        if word.kind == "number":
            return Literally(float(word.text) if "." in word.text else int(word.text))
        if word.text in _CONSTANTS:
            return Literally(_CONSTANTS[word.text])
        if word.kind != "name":
            raise ValueError(f"unexpected {word.text}")
        if word.text == "size" and self._took("("):
            (of,) = self._rest(")")
            return Call("size", of, ())
        return Bound(word.text)

    def _rest(self, end: str) -> tuple[Clause, ...]:
        found: list[Clause] = []
        while not self._took(end):
            if found:
                self._need(",")
            found.append(self.any_of())
        return tuple(found)

    def _next(self) -> Token:
        if self.done:
            raise ValueError("it ends too soon")
        self._at += 1
        return self._words[self._at - 1]

    def _took(self, text: str) -> bool:
        here = not self.done and self._words[self._at].kind != "text" and self._words[self._at].text == text
        self._at += here
        return here

    def _need(self, text: str) -> None:
        if not self._took(text):
            raise ValueError(f"expected {text}")


def _unquoted(text: str) -> str:
    return text[1:-1].replace(f"\\{text[0]}", text[0]).replace("\\\\", "\\")
