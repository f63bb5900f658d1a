"""Check the words of a condition: a small, closed part of CEL, before anything compiles it.

The invariants, each a fault at load:
- at most 4 KB of source, brackets nested at most 32 deep, comprehensions at most 2 deep: the CEL core
  has no cost limit, and a long enough chain of operators crashes it;
- every name is a declared fact of the rule's subject (`column.level`), a parameter of the rule
  (`param.k_min`), a bound variable, or one of a few functions. `has()` is not among them: a missing
  fact must make the rule undetermined, never false;
- numbers and days stand as dated parameters. A literal number is 0, or a level;
- a text compared with a choice is one of its choices, so a slip of the pen cannot make a rule mute.

CEL: https://github.com/google/cel-spec, run by `common-expression-language`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonseal.law.fact import FactType, Kind, nearest
from commonseal.law.subjects import FACTS
from commonseal.model import Text

MAX_SOURCE = 4096
MAX_DEPTH = 32
MAX_NESTING = 2

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_COMPARE = ("==", "!=", "<", "<=", ">", ">=")
_CONSTANTS = ("true", "false", "null", "in")
_MEMBERS = ("startsWith", "endsWith", "contains", "size", "exists", "all")
_BEFORE_A_LIST = ("", "in", "(", ",", "[", "!", "&&", "||")  # else it would be an index
_MACROS = ("exists", "all")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a condition: its kind and its text."""

    kind: str
    text: str


def tokens(source: str) -> tuple[Token, ...]:
    """Return the words of a condition, without spaces; joined by spaces they mean the same.

    >>> [token.text for token in tokens("column.level>=4")]
    ['column', '.', 'level', '>=', '4']
    """
    return tuple(
        Token(match.lastgroup or "other", match.group())
        for match in _TOKEN.finditer(source)
        if match.lastgroup != "space"
    )


@dataclass(frozen=True, slots=True)
class Scan:
    """What a condition reads, found without compiling it."""

    reads: frozenset[str]
    params: frozenset[str]
    nesting: int
    steps: tuple[int, ...] = ()  # steps[p]: parts that cost n^p for lists of n entries


def scan_condition(source: str, subject: str, params: Sequence[str]) -> tuple[Scan, list[Text]]:
    """Check a condition without compiling it: sizes, names, literals."""
    if len(source.encode()) > MAX_SOURCE:
        fault = Text(
            en=f"when: got {len(source.encode())} bytes, expected at most {MAX_SOURCE}",
            zh=f"when：{len(source.encode())} 字节，最多 {MAX_SOURCE} 字节",
        )
        return Scan(frozenset(), frozenset(), 0), [fault]
    words = tokens(source)
    nesting, faults = _depths(words)
    known = FACTS[subject]
    reads = frozenset(w for w in _members_of(words, subject) if w in known)
    used = frozenset(w for w in _members_of(words, "param") if w in params)
    faults += list(_name_faults(words, subject, known, params))
    faults += list(_literal_faults(words, subject, known))
    return Scan(reads, used, nesting, _steps(words)), faults


def _members_of(words: Sequence[Token], root: str) -> Iterator[str]:
    for position in range(len(words) - 2):
        if _is_root(words, position, root) and words[position + 1].text == ".":
            yield words[position + 2].text


def _is_root(words: Sequence[Token], position: int, root: str) -> bool:
    before = words[position - 1].text if position else ""
    return words[position].kind == "name" and words[position].text == root and before != "."


def _steps(words: Sequence[Token]) -> tuple[int, ...]:
    """Count what grows with the lists of facts: loops over them, and looking for an entry (`in`) or comparing whole.

    A loop over a list that is written out repeats what stands in it as often as the list has entries.
    """
    open_: list[
        tuple[bool, int]
    ] = []  # of each bracket: whether it loops over a list of facts, and how often else
    entries: list[int] = []
    size = 0  # of the written list that ended last
    counts = [0] * (MAX_DEPTH + 3)
    for position, word in enumerate(words):
        before = [each.text for each in words[max(0, position - 3) : position]]
        after = words[position + 1].text if position + 1 < len(words) else ""
        power = sum(grows for grows, _ in open_)
        often = math.prod(times for _, times in open_)
        if word.text in ("(", "[") and word.kind == "sign":
            loops = word.text == "(" and before[-1:] != [] and before[-1] in _MACROS
            written = loops and before[0] == "]"
            open_.append((loops and not written, size if written else 1))
            entries.append(1)
            if loops and not written:
                counts[power + 1] += often
        elif word.text in (")", "]") and word.kind == "sign" and open_:
            open_.pop()
            size = entries.pop()
        elif word.text == "," and entries:
            entries[-1] += 1
        elif (word.text == "in" and after != "[") or (
            word.text in ("==", "!=") and power and "." in before[-2:-1]
        ):
            counts[power + 1] += often
    while counts and not counts[-1]:
        counts.pop()
    return tuple(counts)


def _depths(words: Sequence[Token]) -> tuple[int, list[Text]]:
    """Count how deep comprehensions nest; refuse brackets that nest too deep or do not match."""
    loops: list[bool] = []
    nesting = deepest = 0
    for position, word in enumerate(words):
        if word.text in ("(", "[") and word.kind == "sign":
            before = words[position - 1].text if position else ""
            loops.append(word.text == "(" and before in _MACROS)
            nesting = max(nesting, sum(loops))
            deepest = max(deepest, len(loops))
        elif word.text in (")", "]") and word.kind == "sign" and loops:
            loops.pop()
    faults = []
    if nesting > MAX_NESTING:
        faults.append(
            Text(
                en=f"when: comprehensions nest {nesting} deep, expected at most {MAX_NESTING}",
                zh=f"when：推导嵌套 {nesting} 层，最多 {MAX_NESTING} 层",
            )
        )
    if deepest > MAX_DEPTH:
        faults.append(
            Text(
                en=f"when: brackets nest {deepest} deep, expected at most {MAX_DEPTH}",
                zh=f"when：括号嵌套 {deepest} 层，最多 {MAX_DEPTH} 层",
            )
        )
    return nesting, faults


def _name_faults(
    words: Sequence[Token], subject: str, known: Mapping[str, FactType], params: Sequence[str]
) -> Iterator[Text]:
    bound = {
        words[i + 2].text
        for i in range(len(words) - 3)
        if words[i].text in _MACROS and words[i + 1].text == "(" and words[i + 3].text == ","
    }
    for position, word in enumerate(words):
        before = words[position - 1].text if position else ""
        after = words[position + 1].text if position + 1 < len(words) else ""
        if word.kind == "other" or (word.text == "[" and before not in _BEFORE_A_LIST):
            yield Text(
                en=f"when: {word.text!r} is outside the language of conditions (docs/law.md)",
                zh=f"when：{word.text!r} 不在条件语言之内（见 docs/law.md）",
            )
        elif word.kind != "name":
            continue
        elif before == ".":
            owner = words[position - 2].text if position >= 2 else ""
            names: Sequence[str] | Mapping[str, FactType] = _MEMBERS
            if position >= 2 and _is_root(words, position - 2, owner) and owner in (subject, "param"):
                names = known if owner == subject else params
            elif after != "(":
                names = ()
            if word.text not in names:
                yield _no_such(f"{owner}.{word.text}", names)
        elif word.text in (subject, "param"):
            if after != ".":
                yield _no_such(word.text, known if word.text == subject else params)
        elif word.text not in _CONSTANTS and word.text not in bound and (word.text, after) != ("size", "("):
            yield _no_such(word.text, (f"{subject}.*", "param.*"))


def _no_such(name: str, names: Sequence[str] | Mapping[str, FactType]) -> Text:
    known = nearest(name.rpartition(".")[2], tuple(names))
    return Text(
        en=f"when: got {name!r}, expected one of {known}", zh=f"when：得到 {name!r}，应为 {known} 之一"
    )


def _literal_faults(words: Sequence[Token], subject: str, known: Mapping[str, FactType]) -> Iterator[Text]:
    for position, word in enumerate(words):
        if word.kind not in ("number", "text"):
            continue
        fact = _compared_with(words, position, subject, known)
        if word.kind == "number" and word.text != "0" and (fact is None or fact.kind != Kind.LEVEL):
            yield Text(
                en=f"when: got the number {word.text}, expected a parameter (param.NAME) with its dates",
                zh=f"when：出现数字 {word.text}，应写成带日期的参数（param.名称）",
            )
        if word.kind == "text" and fact is not None and fact.kind in (Kind.DATE, Kind.MOMENT):
            yield Text(
                en=f"when: got a day beside {fact.name}, expected a parameter (param.NAME)",
                zh=f"when：{fact.name} 与字面日期比较，应写成参数（param.名称）",
            )
        if word.kind == "text" and fact is not None and fact.choices and word.text[1:-1] not in fact.choices:
            yield Text(
                en=f"when: {fact.name} got {word.text}, expected one of {', '.join(fact.choices)}",
                zh=f"when：{fact.name} 得到 {word.text}，应为 {'、'.join(fact.choices)} 之一",
            )


def _compared_with(
    words: Sequence[Token], position: int, subject: str, known: Mapping[str, FactType]
) -> FactType | None:
    """Return the fact that a literal is compared with: `fact == literal` or `fact in [literal, ...]`."""
    at = position - 1
    if at >= 0 and words[at].text in ("[", ","):
        while at >= 0 and words[at].text != "[":
            at -= 1
        at -= 1
        if at < 0 or words[at].text != "in":
            return None
    elif at < 0 or words[at].text not in _COMPARE:
        return None
    if at >= 3 and words[at - 2].text == "." and _is_root(words, at - 3, subject):
        return known.get(words[at - 1].text)
    return None
