from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from commonseal.errors import BadInput
from commonseal.law.facts import typed_facts
from commonseal.model import Level, Role

DAY = date(2026, 3, 2)


def test_enums_and_dates_become_plain_values() -> None:
    got = typed_facts("column", {"level": Level.SEMI_PRIVATE, "role": Role.DIRECT}, as_of=DAY)
    assert got == {"level": 3, "role": "direct"}
    assert type(got["role"]) is str
    assert typed_facts("agreement", {"valid_to": date(2026, 1, 2)}, as_of=DAY) == {
        "valid_to": "2026-01-02",
        "today": "2026-03-02",
    }


def test_null_is_absent_where_allowed_and_missing_where_not() -> None:
    assert typed_facts("agreement", {"legal_basis": None, "purpose": None}, as_of=DAY) == {
        "legal_basis": None,
        "today": "2026-03-02",
    }


def test_a_text_of_blanks_is_no_text() -> None:
    got = typed_facts("agreement", {"basis_reference": " ", "purpose": "\t", "id": " A 1"}, as_of=DAY)
    assert got == {"basis_reference": None, "purpose": "", "id": " A 1", "today": "2026-03-02"}


@pytest.mark.parametrize(
    ("subject", "facts"),
    [
        ("column", {"level": 5}),
        ("column", {"level": True}),
        ("column", {"role": "boss"}),
        ("column", {"agreed": "yes"}),
        ("column", {"confidence": 1.5}),
        ("column", {"confidence": float("nan")}),
        ("column", {"colour": "red"}),
        ("release", {"rows": -1}),
        ("release", {"smallest_class": 2.5}),
        ("agreement", {"valid_to": datetime(2026, 1, 1)}),
        ("agreement", {"valid_to": "2026-1-1"}),
        ("agreement", {"columns_agreed": "name"}),
        ("agreement", {"columns_agreed": (1,)}),
        ("agreement", {"today": date(2020, 1, 1)}),
        ("permit", {}),
        ("share_request", {"received_at": "2026-03-02T10:00:00"}),
        ("share_request", {"received_at": datetime(2026, 3, 2)}),
        ("share_request", {"received_at": "yesterday"}),
        ("share_request", {"received_at": 20260302}),
        ("incident", {"loss": -1}),
        ("incident", {"loss": float("inf")}),
        ("incident", {"loss": True}),
        ("incident", {"persons": 10**16}),
        ("device_application", {"devices": 300, "households": 1000, "devices_per_1000_households": 30}),
    ],
)
def test_what_is_not_of_its_type_is_refused(subject: str, facts: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        typed_facts(subject, facts, as_of=DAY)


def test_every_fault_is_listed_and_no_value_is_shown() -> None:
    secret = "11010519491231002X"
    with pytest.raises(BadInput) as fault:
        typed_facts("column", {"role": secret, "level": secret, "colour": secret}, as_of=DAY)
    for text in (fault.value.message.en, fault.value.message.zh):
        assert len(text.splitlines()) == 3
        assert secret not in text


def test_a_moment_keeps_its_offset_and_a_day_is_one() -> None:
    at = datetime(2026, 2, 14, 10, 30, tzinfo=timezone(timedelta(hours=8)))
    got = typed_facts(
        "share_request",
        {"received_at": at, "agreed_at": DAY, "answered_at": "2026-03-01T02:30:00Z"},
        as_of=DAY,
    )
    assert got == {
        "received_at": "2026-02-14T10:30:00+08:00",
        "agreed_at": "2026-03-02",
        "answered_at": "2026-03-01T02:30:00Z",
    }


def test_devices_per_thousand_households_follow_from_both() -> None:
    got = typed_facts("device_application", {"devices": 300, "households": 1000}, as_of=DAY)
    assert got["devices_per_1000_households"] == 300.0
    nobody = typed_facts("device_application", {"devices": 300, "households": 0}, as_of=DAY)
    assert "devices_per_1000_households" not in nobody
    alone = typed_facts("device_application", {"devices_per_1000_households": 3}, as_of=DAY)
    assert alone["devices_per_1000_households"] == 3.0


def test_an_unknown_fact_is_told_its_nearest() -> None:
    with pytest.raises(BadInput, match="received_at"):
        typed_facts("share_request", {"recieved_at": "2026-03-02"}, as_of=DAY)
