"""Cameras, faces and incidents, decided by whole packs: what the numbers at their edges come to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from commonseal.law import Book, decide, load_book
from commonseal.model import Decision, Outcome

DAY = date(2026, 3, 2)

CAMERAS: dict[str, Any] = {
    "applicant_kind": "operating_unit",
    "device_kind": "camera",
    "place": "operated_public_place",
    "purpose": "public_security",
    "near_military": False,
    "sign_posted": True,
    "range_beyond_need": False,
    "meets_standard": True,
    "in_use_from": None,
    "filed_on": None,
    "changed_on": None,
    "retention_days": 30,
    "purpose_achieved": False,
    "recognition": "none",
}
FACES: dict[str, Any] = CAMERAS | {
    "device_kind": "face_recognition",
    "recognition": "identification",
    "purpose_stated": "search for wanted persons",
    "necessity_report": "N-2026-4",
    "notice_items": [
        "identity_and_contact",
        "purpose_and_manner",
        "retention",
        "necessity_and_impact",
        "rights",
    ],
    "based_on_consent": False,
    "minors": False,
    "faces_leave_device": False,
    "face_days": 7,
    "face_days_needed": 7,
    "impact_assessment": "PIA-2026-9",
    "assessed_on": "2026-01-05",
    "assessment_days": 1096,
    "alternative": None,
    "alternative_offered": True,
    "pressed": False,
    "security_measures": [
        "encryption",
        "security_audit",
        "access_control",
        "authorisation",
        "intrusion_defence",
    ],
    "faces_filed_on": None,
    "faces_reached_on": "2026-03-02",
    "resident_entry": False,
}
LEAK: dict[str, Any] = {
    "persons": 1_000_000,
    "sensitive_persons": 0,
    "discovered_at": "2026-03-02T09:00:00+08:00",
    "received_at": "2026-03-02T10:00:00+08:00",
    "reported_at": None,
    "crime_suspected": False,
}


@pytest.fixture(scope="module")
def packs() -> Book:
    return load_book(["cn/vid", "cn/face", "cn/inc", "cn/audit"])


def decided(packs: Book, subject: str, facts: dict[str, Any]) -> Decision:
    return decide(packs, subject, facts, as_of=DAY, adopted=frozenset())


def grave(decision: Decision) -> set[str]:
    return {found.citation.rule for found in decision.findings if found.outcome != Outcome.ALLOWED}


@pytest.mark.parametrize("days", [29, 30, 90])
@pytest.mark.parametrize("place", ["public_infrastructure", "operated_public_place", "other_public_place"])
def test_30_days_of_video_are_a_minimum_and_only_where_article_17_binds(
    packs: Book, place: str, days: int
) -> None:
    applicant = "security_duty_unit" if place == "other_public_place" else "operating_unit"
    facts = CAMERAS | {"place": place, "applicant_kind": applicant, "retention_days": days}
    decision = decided(packs, "device_application", facts)
    if days == 29 and place != "other_public_place":
        assert (decision.outcome, grave(decision)) == (Outcome.FORBIDDEN, {"cn.vid.17.keep-30-days"})
    else:
        assert (decision.outcome, grave(decision)) == (Outcome.ALLOWED, set())


@pytest.mark.parametrize("place", ["public_infrastructure", "operated_public_place", "other_public_place"])
def test_90_days_of_video_that_has_served_its_purpose_are_too_long_everywhere(
    packs: Book, place: str
) -> None:
    applicant = "security_duty_unit" if place == "other_public_place" else "operating_unit"
    facts = CAMERAS | {
        "place": place,
        "applicant_kind": applicant,
        "retention_days": 90,
        "purpose_achieved": True,
    }
    decision = decided(packs, "device_application", facts)
    rule = (
        "cn.vid.9.shortest-necessary" if place == "other_public_place" else "cn.vid.17.delete-after-30-days"
    )
    assert (decision.outcome, grave(decision)) == (Outcome.CONDITIONAL, {rule})


def test_99_999_faces_are_stored_without_a_filing(packs: Book) -> None:
    decision = decided(packs, "device_application", FACES | {"faces_stored": 99_999})
    assert (decision.outcome, decision.obligations) == (Outcome.ALLOWED, ())


def test_100_000_faces_are_filed_with_the_province_within_30_working_days(packs: Book) -> None:
    decision = decided(packs, "device_application", FACES | {"faces_stored": 100_000})
    assert decision.outcome == Outcome.CONDITIONAL
    assert [owed.due_at for owed in decision.obligations] == [date(2026, 4, 14)]
    assert ("cyberspace_administration", "provincial") in {(a.who, a.tier) for a in decision.authorities}


def test_a_video_system_is_filed_with_the_county_police_within_30_days(packs: Book) -> None:
    running = {"in_use_from": "2026-03-02", "build_records": True, "protected": True, "outsourced": False,
               "staff_vetted": True, "access_controlled": True, "retrieval_register": True, "contractor_keeps": False,
               "retrieved_by": None, "published_unmasked": False, "interference": None}  # fmt: skip
    decision = decided(packs, "device_application", CAMERAS | running)
    assert decision.outcome == Outcome.CONDITIONAL
    assert [owed.due_at for owed in decision.obligations] == [date(2026, 4, 1)]
    assert {(a.who, a.tier) for a in decision.authorities} == {("public_security", "county")}


@pytest.mark.parametrize(
    ("operator", "due_at", "authorities"),
    [
        (
            "critical",
            "2026-03-02T10:00:00+08:00",
            {("protection_department", "any"), ("public_security", "any")},
        ),
        ("central_organ", "2026-03-02T11:00:00+08:00", {("cyberspace_administration", "same_level")}),
        ("other", "2026-03-02T13:00:00+08:00", {("cyberspace_administration", "provincial")}),
    ],
)
def test_a_leak_of_1_000_000_persons_is_reported_in_1_2_or_4_hours(
    packs: Book, operator: str, due_at: str, authorities: set[tuple[str, str]]
) -> None:
    decision = decided(packs, "incident", LEAK | {"operator_kind": operator})
    assert decision.outcome == Outcome.CONDITIONAL
    assert [owed.due_at for owed in decision.obligations] == [datetime.fromisoformat(due_at)]
    assert authorities <= {(a.who, a.tier) for a in decision.authorities}
    assert "cn.inc.g5.larger" in {found.citation.rule for found in decision.findings}


@pytest.mark.parametrize(
    ("operator", "passed_on"),
    [
        ("critical", "2026-03-02T10:30:00+08:00"),
        ("central_organ", "2026-03-02T11:00:00+08:00"),
        ("other", "2026-03-02T11:00:00+08:00"),
    ],
)
def test_a_leak_of_10_000_000_persons_is_passed_on_as_well(
    packs: Book, operator: str, passed_on: str
) -> None:
    decision = decided(packs, "incident", LEAK | {"operator_kind": operator, "persons": 10_000_000})
    due = {owed.citation.rule: owed.due_at for owed in decision.obligations}
    assert len(due) == 2
    assert due[f"cn.inc.4.{operator.replace('_', '-')}-pass-on"] == datetime.fromisoformat(passed_on)


def test_999_999_persons_are_not_reported_once_they_are_graded_general(packs: Book) -> None:
    leak = LEAK | {"operator_kind": "other", "persons": 999_999}
    assert decided(packs, "incident", leak).outcome == Outcome.UNDETERMINED
    graded = decided(packs, "incident", leak | {"level": 4})
    assert (graded.outcome, graded.obligations) == (Outcome.ALLOWED, ())
