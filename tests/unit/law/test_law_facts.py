from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from commonseal.errors import BadInput
from commonseal.law import FACTS
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


def test_every_fact_is_in_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "facts.md").read_text(encoding="utf-8")
    for subject, facts in FACTS.items():
        section = page.split(f"## {subject}\n")[1].split("\n## ")[0]
        rows = dict(line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `"))
        documented = {name.strip().strip("`"): kind.strip() for name, kind in rows.items()}
        kinds = {name: f"{fact.kind}{', or null' if fact.nullable else ''}" for name, fact in facts.items()}
        assert documented == kinds, subject
        for fact in facts.values():
            assert all(f"`{choice}`" in section for choice in fact.choices), fact.name
