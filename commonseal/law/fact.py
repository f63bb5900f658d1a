"""The kinds of fact, and one short word to declare each: `flag("overseas", "...", "...")`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from commonseal.model import Text

Scalar = str | int | float | bool | None
Value = Scalar | list[str]


class Kind(StrEnum):
    """What a fact may hold."""

    TEXT = "text"
    CHOICE = "choice"  # a text out of `choices`
    FLAG = "flag"  # true or false
    LEVEL = "level"  # 1 to 4, `model.Level`
    COUNT = "count"  # a whole number, >= 0
    RATE = "rate"  # a number in [0, 1]
    AMOUNT = "amount"  # a number, >= 0, such as money
    DATE = "date"  # a day, without a time
    MOMENT = "moment"  # a time of day with its offset from UTC, or a day
    LIST = "list"  # texts


_FEW = 24  # names that a message lists whole
NUMBERS = (Kind.COUNT, Kind.RATE, Kind.AMOUNT)


@dataclass(frozen=True, slots=True)
class FactType:
    """One declared fact. `weight`: how much reading it makes a rule more special than its like."""

    name: str
    kind: Kind
    title: Text
    choices: tuple[str, ...] = ()
    nullable: bool = False
    weight: int = 0


def text(name: str, en: str, zh: str, *, weight: int = 0) -> FactType:
    """Declare a text."""
    return FactType(name, Kind.TEXT, Text(en=en, zh=zh), weight=weight)


def choice(name: str, en: str, zh: str, choices: tuple[str, ...], *, weight: int = 0) -> FactType:
    """Declare a text out of a few."""
    return FactType(name, Kind.CHOICE, Text(en=en, zh=zh), choices, weight=weight)


def flag(name: str, en: str, zh: str) -> FactType:
    """Declare something that is true or false."""
    return FactType(name, Kind.FLAG, Text(en=en, zh=zh))


def level(name: str, en: str, zh: str, *, weight: int = 0) -> FactType:
    """Declare a level of sensitivity, 1 to 4."""
    return FactType(name, Kind.LEVEL, Text(en=en, zh=zh), weight=weight)


def count(name: str, en: str, zh: str) -> FactType:
    """Declare a whole number, 0 or more."""
    return FactType(name, Kind.COUNT, Text(en=en, zh=zh))


def rate(name: str, en: str, zh: str) -> FactType:
    """Declare a number from 0 to 1."""
    return FactType(name, Kind.RATE, Text(en=en, zh=zh))


def amount(name: str, en: str, zh: str) -> FactType:
    """Declare a number that is 0 or more, such as a sum of money."""
    return FactType(name, Kind.AMOUNT, Text(en=en, zh=zh))


def day(name: str, en: str, zh: str) -> FactType:
    """Declare a day."""
    return FactType(name, Kind.DATE, Text(en=en, zh=zh))


def moment(name: str, en: str, zh: str) -> FactType:
    """Declare a moment: a time with its offset from UTC, or a day."""
    return FactType(name, Kind.MOMENT, Text(en=en, zh=zh))


def texts(name: str, en: str, zh: str) -> FactType:
    """Declare a list of texts."""
    return FactType(name, Kind.LIST, Text(en=en, zh=zh))


def or_null(declared: FactType) -> FactType:
    """Let a fact be null: known to be absent."""
    return replace(declared, nullable=True)


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the names that stand nearest to one that is not known, or all of a few."""
    if len(known) <= _FEW:
        return ", ".join(known) or "-"
    return ", ".join((*get_close_matches(name, known, n=5, cutoff=0.4), "... (docs/facts.md)"))


def subject(*declared: FactType) -> Mapping[str, FactType]:
    """Return the facts of a subject by name.

    Raises: ValueError: a name stands twice.
    """
    facts = {fact.name: fact for fact in declared}
    if len(facts) != len(declared):
        raise ValueError("a fact is declared twice")
    return MappingProxyType(facts)
