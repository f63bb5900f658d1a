"""Check the facts of a case against their declarations: nothing else exists inside a condition.

A fact that is not given is *missing*: a rule that needs it is undetermined. A fact given as null is
known to be absent, and only a nullable one may be. Dates and moments are kept as ISO text and reach a
condition so, moments in UTC, so that their order is the calendar's (CEL takes no Python date).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from functools import lru_cache
from math import isclose

from commonseal.errors import BadInput
from commonseal.law.fact import NUMBERS, FactType, Kind, Value, nearest
from commonseal.law.subjects import FACTS
from commonseal.model import Fact, Text

__all__ = ["FACTS", "NUMBERS", "FactType", "Kind", "Value", "typed_facts"]

MAX_COUNT = 10**15  # beyond it a float no longer tells whole numbers apart
DAY = len("2026-01-01")
_REAL = (int, float)  # a tuple: a union is built anew at every call
PER_1000 = "devices_per_1000_households"


def typed_facts(subject: str, facts: Mapping[str, Fact], *, as_of: date) -> dict[str, Value]:
    """Return the facts as a condition sees them, checked against their types.

    A null where the type allows none counts as missing. Every fault is collected.

    Raises: BadInput: unknown subject, unknown fact, or a value of another type.
    """
    if subject not in FACTS:
        raise BadInput(
            Text(
                en=f"subject: got {subject!r}, expected one of {', '.join(FACTS)}",
                zh=f"subject：得到 {subject!r}，应为 {'、'.join(FACTS)} 之一",
            )
        )
    readers, values = _readers(subject), dict[str, Value]()
    faults: list[Text] = []
    for name, fact in facts.items():
        flag, declared, read = readers.get(name, _UNKNOWN)
        if flag and (fact is True or fact is False):  # most facts are flags: the short way
            values[name] = fact
        elif declared is None:
            faults.append(_unknown(subject, name))
        elif fact is None:
            if declared.nullable:
                values[name] = None
        else:
            values[name] = value = read(declared, fact)
            if value is None and not _is_blank(declared, fact):
                faults.append(_mistyped(subject, declared, fact))
    faults += _filled(subject, FACTS[subject], values, as_of)
    if faults:
        raise BadInput(
            Text(en="\n".join(fault.en for fault in faults), zh="\n".join(fault.zh for fault in faults))
        )
    return values


_Read = Callable[[FactType, Fact], Value]


@lru_cache(maxsize=32)
def _readers(subject: str) -> Mapping[str, tuple[bool, FactType | None, _Read]]:
    return {
        name: (declared.kind == Kind.FLAG, declared, _READ[declared.kind])
        for name, declared in FACTS[subject].items()
    }


@lru_cache(maxsize=32)
def moments_of(subject: str) -> frozenset[str]:
    """Return the names of a subject's facts that are moments."""
    return frozenset(name for name, declared in FACTS[subject].items() if declared.kind == Kind.MOMENT)


@lru_cache(maxsize=32)
def lists_of(subject: str) -> tuple[str, ...]:
    """Return the names of a subject's facts that are lists."""
    return tuple(name for name, declared in FACTS[subject].items() if declared.kind == Kind.LIST)


def _is_blank(declared: FactType, fact: Fact) -> bool:
    """Say whether a reference is a text of blanks: it refers to nothing."""
    return declared.kind == Kind.TEXT and declared.nullable and isinstance(fact, str)


def _filled(
    subject: str, declared: Mapping[str, FactType], values: dict[str, Value], as_of: date
) -> list[Text]:
    """Fill the facts that follow from others; return a fault for each that was given and differs."""
    faults: list[Text] = []
    if "today" in declared and values.setdefault("today", as_of.isoformat()) != as_of.isoformat():
        faults.append(
            Text(
                en=f"{subject}.today: differs from as_of {as_of}; leave it out, as_of fills it",
                zh=f"{subject}.today：与 as_of {as_of} 不一致；不必给出，由 as_of 填入",
            )
        )
    devices, households = values.get("devices"), values.get("households")
    if PER_1000 in declared and isinstance(devices, int) and isinstance(households, int) and households > 0:
        per_1000 = devices * 1000 / households
        given = values.setdefault(PER_1000, per_1000)
        if isinstance(given, float) and not isclose(given, per_1000, rel_tol=1e-9):
            faults.append(
                Text(
                    en=f"{subject}.{PER_1000}: differs from devices and households; leave it out, they fill it",
                    zh=f"{subject}.{PER_1000}：与设备数、户数不一致；不必给出，由二者算出",
                )
            )
    return faults


def _text(declared: FactType, fact: Fact) -> Value:
    if not isinstance(fact, str):
        return None
    if not fact or fact.isspace():
        return None if declared.nullable else ""
    return str(fact)


def _choice(declared: FactType, fact: Fact) -> Value:
    return str(fact) if isinstance(fact, str) and fact in declared.choices else None


def _flag(declared: FactType, fact: Fact) -> Value:
    return fact if isinstance(fact, bool) else None


def _whole(declared: FactType, fact: Fact) -> Value:
    if not isinstance(fact, int) or isinstance(fact, bool):
        return None
    least, most = (1, 4) if declared.kind == Kind.LEVEL else (0, MAX_COUNT)
    return int(fact) if least <= fact <= most else None


def _number(declared: FactType, fact: Fact) -> Value:
    if not isinstance(fact, _REAL) or isinstance(fact, bool):
        return None
    return float(fact) if 0 <= fact <= (1 if declared.kind == Kind.RATE else MAX_COUNT) else None


def _day(declared: FactType, fact: Fact) -> Value:
    if isinstance(fact, datetime):
        return None
    if isinstance(fact, date):
        return fact.isoformat()
    try:
        return fact if isinstance(fact, str) and date.fromisoformat(fact).isoformat() == fact else None
    except ValueError:
        return None


def _moment(declared: FactType, fact: Fact) -> Value:
    """Return a day or a time with its offset as it was given; a time without an offset is none."""
    if isinstance(fact, datetime):
        return fact.isoformat() if fact.tzinfo is not None else None
    if not isinstance(fact, str) or len(fact) <= DAY:
        return _day(declared, fact)
    try:
        at = datetime.fromisoformat(fact)
        return str(fact) if at.tzinfo is not None and MINYEAR < at.year < MAXYEAR else None
    except ValueError:
        return None


def in_utc(moment: str) -> str:
    """Return a moment in UTC, so that the order of texts is that of time; a day stays a day.

    >>> in_utc("2026-03-02T07:30:00+08:00")
    '2026-03-01T23:30:00+00:00'
    """
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat() if len(moment) > DAY else moment


def _list(declared: FactType, fact: Fact) -> Value:
    if not isinstance(fact, tuple | list) or not all(isinstance(item, str) for item in fact):
        return None
    return [str(item) for item in fact]


_READ: Mapping[Kind, _Read] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.LEVEL: _whole,
    Kind.COUNT: _whole,
    Kind.RATE: _number,
    Kind.AMOUNT: _number,
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
    Kind.LIST: _list,
}

_UNKNOWN: tuple[bool, FactType | None, _Read] = (False, None, _text)


def _unknown(subject: str, name: str) -> Text:
    known = nearest(name, tuple(FACTS[subject]))
    return Text(
        en=f"{subject}.{name}: no such fact; known: {known}",
        zh=f"{subject}.{name}：没有这个事实；已有：{known}",
    )


def _mistyped(subject: str, declared: FactType, fact: Fact) -> Text:
    """Name the type that came, not the value: a fact may hold what must not be printed."""
    wanted = " | ".join(declared.choices) if declared.choices else str(declared.kind)
    return Text(
        en=f"{subject}.{declared.name}: got a {type(fact).__name__} that is no {wanted}, expected {wanted}",
        zh=f"{subject}.{declared.name}：得到的 {type(fact).__name__} 不合要求，应为 {wanted}",
    )
