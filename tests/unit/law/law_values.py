"""Made-up values for any declared fact."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from commonseal.law import Kind
from commonseal.law.fact import FactType

FILLED = {"today", "devices_per_1000_households"}  # from other facts, with which they must agree
TEXTS = ["", "x", "pipl13_1", "pipl13_3", "pipl13_7", "mobile", "password", "income", "diagnosis", "DE"]
DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))
MOMENTS = st.datetimes(
    datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(timezone(timedelta(hours=8)))
)


def values(fact: FactType) -> st.SearchStrategy[Any]:
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: st.sampled_from(TEXTS),
        Kind.CHOICE: st.sampled_from(fact.choices or ("",)),
        Kind.FLAG: st.booleans(),
        Kind.LEVEL: st.integers(1, 4),
        Kind.COUNT: st.integers(0, 30)
        | st.sampled_from([29, 30, 31, 1095, 1096, 10_000, 100_000, 1_000_000]),
        Kind.RATE: st.sampled_from([0.0, 0.3, 0.5, 1.0]),
        Kind.AMOUNT: st.sampled_from([0.0, 5000.0, 300.0]),
        Kind.DATE: DAYS,
        Kind.MOMENT: DAYS | MOMENTS,
        Kind.LIST: st.lists(
            st.sampled_from(["purpose", "city", "city/desensitization", "age"]), max_size=3
        ).map(tuple),
    }
    made = by_kind[fact.kind]
    return st.none() | made if fact.nullable else made
