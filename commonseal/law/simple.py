"""Read a condition as clauses, all of which must hold; of the simple tests in one clause any may.

`a && (b || !c)` has the clauses `a` and `b or not c`. A test is simple where its truth hangs on one fact and
nothing else: `s.flag`, `s.choice == "x"`, `s.choice in ["x"]`, `s.fact != null`, `s.count >= param.n`,
`"x" in s.list`, `["x", "y"].all(i, i in s.list)`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from commonseal.law.fact import NUMBERS, FactType, Kind, Value
from commonseal.law.scan import Token, tokens

_REAL = (int, float)  # a tuple: a union is built anew at every call
Compare = Callable[[float, float], bool]
_COMPARE: Mapping[str, tuple[Compare, Compare]] = {  # and its opposite
    "<": (operator.lt, operator.ge),
    "<=": (operator.le, operator.gt),
    ">": (operator.gt, operator.le),
    ">=": (operator.ge, operator.lt),
    "==": (operator.eq, operator.ne),
    "!=": (operator.ne, operator.eq),
}


@dataclass(frozen=True, slots=True)
class Among:
    """A test that is true exactly where the fact is one of `values` (or, not `among`, none of them)."""

    fact: str
    values: frozenset[Value]  # texts, flags or null
    among: bool

    def holds(self, value: Value) -> bool:
        """Say whether the test is true of a value."""
        return (value in self.values) == self.among


@dataclass(frozen=True, slots=True)
class Limit:
    """A test of a number against a number."""

    fact: str
    compare: Compare
    number: float

    def holds(self, value: Value) -> bool | None:
        """Say whether the test is true of a value; None where it is no number."""
        return self.compare(value, self.number) if isinstance(value, _REAL) else None


@dataclass(frozen=True, slots=True)
class Holds:
    """A test whether a list has all of some texts, or, not `all_of`, lacks one of them."""

    fact: str
    texts: frozenset[str]
    all_of: bool

    def holds(self, value: Value) -> bool | None:
        """Say whether the test is true of a value; None where it is no list."""
        return self.texts.issubset(value) == self.all_of if isinstance(value, list) else None


Test = Among | Limit | Holds
Either = tuple[Test, ...]
_Words = Sequence[Token]


@dataclass(frozen=True, slots=True)
class _Scope:
    subject: str
    declared: Mapping[str, FactType]
    params: Mapping[str, object]


def simple_tests(
    source: str, subject: str, declared: Mapping[str, FactType], params: Mapping[str, object]
) -> list[Either | None]:
    """Return the clauses of a condition; None stands for a part that is not simple."""
    return _clauses(tokens(source), _Scope(subject, declared, params), negated=False)


def _clauses(words: _Words, scope: _Scope, *, negated: bool) -> list[Either | None]:
    words = _bare(words)
    for sign in ("||", "&&"):
        parts = _split(words, sign)
        if len(parts) > 1:
            read = [_clauses(part, scope, negated=negated) for part in parts]
            # the opposite of `a || b` is `!a && !b`
            return (
                [clause for part in read for clause in part] if (sign == "&&") != negated else _either(read)
            )
    if words and words[0].text == "!":
        return _clauses(words[1:], scope, negated=not negated)
    test = _test(words, scope, negated=negated)
    return [(test,) if test is not None else None]


def _either(parts: Sequence[Sequence[Either | None]]) -> list[Either | None]:
    """Join clauses by `or`; where two parts have several clauses it would grow, and CEL is asked."""
    several = [part for part in parts if len(part) > 1]
    if len(several) > 1 or any(clause is None for part in parts for clause in part):
        return [None]
    one: Either = tuple(test for part in parts if len(part) == 1 for test in part[0] or ())
    return [(*one, *(clause or ())) for clause in several[0]] if several else [one]


def _bare(words: _Words) -> _Words:
    """Take away brackets that hold the whole."""
    while len(words) > 2 and words[0].text == "(" and _split(words, None) == [words]:
        words = words[1:-1]
    return words


def _split(words: _Words, sign: str | None) -> list[_Words]:
    """Cut words at a sign outside all brackets; with no sign, after the first bracket that closes."""
    parts, depth, start = [], 0, 0
    for position, word in enumerate(words):
        if word.kind == "sign":
            depth += (word.text in ("(", "[")) - (word.text in (")", "]"))
            if depth == 0 and (word.text == sign or (sign is None and position < len(words) - 1)):
                parts.append(words[start:position])
                start = position + 1
    return [*parts, words[start:]]


def _test(words: _Words, scope: _Scope, *, negated: bool) -> Test | None:
    if words and words[0].text != scope.subject:
        return _holds(words, scope, negated=negated)
    if len(words) < 3 or words[1].text != ".":
        return None
    fact, rest = scope.declared.get(words[2].text), words[3:]
    if fact is None or fact.kind == Kind.LIST:
        return None
    if not rest:
        return Among(fact.name, frozenset({not negated}), True) if _is_flag(fact) else None
    sign = rest[0].text
    if sign == "in" and len(rest) > 2 and rest[1].text == "[" and rest[-1].text == "]":
        return _among(fact, rest[2:-1], negated=negated)
    if sign in ("==", "!=") and len(rest) == 2:
        among = _among(fact, rest[1:], negated=negated)
        if among is not None:
            return among if sign == "==" else replace(among, among=not among.among)
    return _limit(fact, rest, scope.params, negated=negated) if sign in _COMPARE else None


def _holds(words: _Words, scope: _Scope, *, negated: bool) -> Holds | None:
    """Read `"x" in s.list` and `["x", "y"].all(i, i in s.list)`."""
    said = " ".join(word.text for word in words)
    if words[0].kind == "text" and len(words) == 5:
        texts, rest = words[:1], said.removeprefix(words[0].text)
        form = f" in {scope.subject} . "
    else:
        end = next((n for n, word in enumerate(words) if word.text == "]"), 0)
        texts, rest = words[1:end:2], " ".join(word.text for word in words[end + 1 :]).removesuffix(" )")
        bound = words[end + 4].text if len(words) > end + 4 else ""
        form = f". all ( {bound} , {bound} in {scope.subject} . "
    fact = scope.declared.get(rest.removeprefix(form)) if rest.startswith(form) else None
    if (
        fact is None
        or fact.kind != Kind.LIST
        or not texts
        or any("\\" in text.text or text.kind != "text" for text in texts)
    ):
        return None
    return Holds(fact.name, frozenset(text.text[1:-1] for text in texts), not negated)


def _limit(fact: FactType, rest: _Words, params: Mapping[str, object], *, negated: bool) -> Limit | None:
    number: object = None
    if len(rest) == 2 and rest[1].kind == "number":
        number = float(rest[1].text)
    elif len(rest) == 4 and rest[1].text == "param" and rest[2].text == ".":
        number = params.get(rest[3].text)
    if fact.kind not in (*NUMBERS, Kind.LEVEL) or not isinstance(number, int | float):
        return None
    return Limit(fact.name, _COMPARE[rest[0].text][1 if negated else 0], number)


def _is_flag(fact: FactType) -> bool:
    """Say whether a fact is a flag that is never null: only CEL can say what comes of a null flag."""
    return fact.kind == Kind.FLAG and not fact.nullable


def _among(fact: FactType, words: _Words, *, negated: bool) -> Among | None:
    """Return the test against a list of literals, or None where one is no text, flag or null of the fact."""
    found: set[Value] = set()
    for position, word in enumerate(words):
        if position % 2:
            if word.text != ",":
                return None
        elif word.text == "null":
            found.add(None)
        elif word.kind == "text" and fact.kind in (Kind.CHOICE, Kind.TEXT) and "\\" not in word.text:
            found.add(word.text[1:-1])
        elif word.text in ("true", "false") and _is_flag(fact):
            found.add(word.text == "true")
        else:
            return None
    return Among(fact.name, frozenset(found), not negated) if found else None
