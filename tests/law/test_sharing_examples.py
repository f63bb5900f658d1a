"""Government sharing, the data regulation and export, with their whole packs at once: what a person would ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from commonseal.law import Book, decide, load_book
from commonseal.model import Decision, Outcome

REQUEST: dict[str, Any] = {
    "requester_kind": "department",
    "provider_kind": "department",
    "attribute": "conditional",
    "grade": "general",
    "personal": False,
    "use_basis": "Notarization Law art. 2",
    "use_scenario": "verify addresses",
    "use_scope": "notary desk",
    "share_method": "service_interface",
    "use_period": "until 2026-12-31",
    "head_approved": True,
    "provider_share_body": "Data Office",
    "received_at": "2026-02-14",
    "material_complete": True,
    "extension_granted": False,
    "answer": None,
    "delivered_at": None,
    "extra_conditions": False,
    "already_held": False,
    "return_flow": False,
    "new_exchange_system": False,
    "entrusted": False,
    "complaint": False,
}
EXPORT: dict[str, Any] = {
    "exported": True,
    "personal": True,
    "critical": False,
    "important_told": False,
    "export_basis": None,
    "export_exemption": None,
    "exported_persons": 0,
    "exported_sensitive_persons": 0,
}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(["cn/gds", "cn/ndsr", "cn/export"])


def asked(book: Book, facts: dict[str, Any], as_of: date, subject: str = "share_request") -> Decision:
    return decide(book, subject, facts, as_of=as_of, adopted=frozenset())


def rules(decision: Decision, outcome: Outcome) -> set[str]:
    return {found.citation.rule for found in decision.findings if found.outcome == outcome}


def due(decision: Decision) -> dict[str, date | datetime | None]:
    return {owed.rule: owed.due_at for owed in decision.obligations}


def test_a_request_without_a_basis_is_refused_from_the_first_day_of_the_regulation(book: Book) -> None:
    request = {**REQUEST, "use_basis": None}
    before = asked(book, request, date(2025, 7, 31))
    after = asked(book, request, date(2025, 8, 1))
    assert not [found for found in before.findings if found.citation.rule.startswith("cn.gds.")]
    assert not before.obligations
    assert after.outcome == Outcome.FORBIDDEN
    assert "cn.gds.20-2.request-states" in rules(after, Outcome.FORBIDDEN)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-02-13", date(2026, 3, 5)),  # the Friday before the make-up Saturday
        ("2026-02-14", date(2026, 3, 6)),  # that Saturday: the last working day before the Spring Festival
        ("2026-02-28", date(2026, 3, 13)),  # the make-up Saturday after it
        ("2026-02-14T09:30:00+08:00", date(2026, 3, 6)),
    ],
)
def test_a_conditional_request_around_the_spring_festival(book: Book, received: str, last: date) -> None:
    decision = asked(book, {**REQUEST, "received_at": received}, date(2026, 2, 28))
    assert due(decision)["cn.gds.21-1.answer-conditional"] == last
    assert decision.outcome == Outcome.CONDITIONAL
    assert not rules(decision, Outcome.UNDETERMINED)


def test_what_is_passed_on_is_refused_suspended_and_ordered_to_be_corrected(book: Book) -> None:
    use = {
        **REQUEST,
        "answer": "agreed",
        "answer_approved": True,
        "delivered_at": "2026-02-02",
        "to_third_party": True,
        "beyond_scope": False,
        "provider_consent": False,
        "rectified": False,
    }
    decision = asked(book, use, date(2026, 3, 2))
    assert decision.outcome == Outcome.FORBIDDEN
    assert "cn.gds.25-1.no-third-party" in rules(decision, Outcome.FORBIDDEN)
    named = {sanction.rule for sanction in decision.sanctions}
    assert {"cn.gds.27-2.suspend", "cn.gds.27-2.terminate", "cn.gds.40.third-party"} <= named


def test_a_dispute_climbs_in_three_steps(book: Book) -> None:
    steps = [
        {"reach": "same_level", "negotiated": False, "coordination_failed": False},
        {"reach": "same_level", "negotiated": True, "coordination_failed": False},
        {"reach": "cross_region", "negotiated": True, "coordination_failed": False},
        {"reach": "cross_region", "negotiated": True, "coordination_failed": True},
    ]
    found = [
        [
            (who.who, who.tier)
            for who in asked(book, {**REQUEST, "disputed": True, **step}, date(2026, 3, 2)).authorities
            if who.rule.startswith("cn.gds.28.")
        ]
        for step in steps
    ]
    assert found == [
        [("provider_department", "same_level")],
        [("share_authority", "same_level")],
        [("share_authority", "common_upper")],
        [("people_government", "same_level")],
    ]


def test_a_hole_that_endangers_the_public_is_reported_within_a_day(book: Book) -> None:
    facts = {"vulnerability": True, "national_security": True, "discovered_at": "2026-02-14T18:00:00+08:00"}
    decision = asked(book, facts, date(2026, 2, 14), "incident")
    wanted = datetime(2026, 2, 15, 18, tzinfo=timezone(timedelta(hours=8)))
    assert due(decision)["cn.ndsr.10.report-24-hours"] == wanted


@pytest.mark.parametrize(
    ("persons", "sensitive", "broken"),
    [
        (99_999, 0, set()),
        (100_000, 0, {"cn.export.8.contract-or-certification"}),
        (999_999, 0, {"cn.export.8.contract-or-certification"}),
        (1_000_000, 0, {"cn.export.7.million-persons"}),
        (0, 1, {"cn.export.8.some-sensitive"}),
        (0, 9_999, {"cn.export.8.some-sensitive"}),
        (0, 10_000, {"cn.export.7.ten-thousand-sensitive"}),
    ],
)
def test_what_an_export_needs_by_the_persons_of_the_year(
    book: Book, persons: int, sensitive: int, broken: set[str]
) -> None:
    facts = {**EXPORT, "exported_persons": persons, "exported_sensitive_persons": sensitive}
    decision = asked(book, facts, date(2026, 3, 2), "dataset")
    refused = {rule for rule in rules(decision, Outcome.FORBIDDEN) if rule.startswith("cn.export.")}
    assert refused == broken


def test_an_exemption_that_was_read_in_excerpt_warns_and_decides_nothing(book: Book) -> None:
    facts = {**EXPORT, "export_need": "contract", "exported_persons": 100_000}
    decision = asked(book, facts, date(2026, 3, 2), "dataset")
    assert "cn.export.5.needed-export" in rules(decision, Outcome.CONDITIONAL)
    assert "cn.export.8.contract-or-certification" in rules(decision, Outcome.FORBIDDEN)
