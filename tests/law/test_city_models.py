"""The cases that the founding paper tells, judged by the whole lawbook with the city's model texts adopted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from commonseal.law import Book, decide
from commonseal.model import Decision, Fact, Finding, Outcome

DAY = date(2026, 3, 2)
PAGE = Path(__file__).parents[2] / "docs" / "law-models.md"
FACES = {
    "device_kind": "face_recognition",
    "recognition": "identification",
    "sensitive": True,
    "devices": 300,
    "households": 1000,
    "counties": 1,
    "adopted_instrument_rank": "local_regulation",
    "approved_by": None,
    "in_use_from": None,
}


def judged(
    book: Book, subject: str, facts: Mapping[str, Fact], *, adopted: frozenset[str] = frozenset()
) -> Decision:
    law = "cn" if adopted else "city"
    return decide(book, subject, facts, as_of=DAY, adopted=adopted, jurisdiction=law)


def found(decision: Decision, rule: str) -> Finding | None:
    return next((f for f in decision.findings if f.citation.rule == rule), None)


def test_three_hundred_cameras_for_a_thousand_households_are_beyond_need_with_the_figures(book: Book) -> None:
    decision = judged(book, "device_application", {"devices": 300, "households": 1000})
    finding = found(decision, "city.collection.proportion-ceiling")
    assert decision.outcome == Outcome.FORBIDDEN
    assert finding is not None
    for sentence in (finding.message.en, finding.message.zh):
        assert {"1000", "300", "150"} <= set(re.findall(r"\d+", sentence))
    assert "Model text that the city adopted" in finding.message.en
    assert "本市采用的示范文本" in finding.message.zh


def test_without_the_city_s_text_no_ratio_is_set(book: Book) -> None:
    facts = {"devices": 300, "households": 1000}
    decision = decide(book, "device_application", facts, as_of=DAY, adopted=frozenset(), jurisdiction="cn")
    assert not [f for f in decision.findings if f.citation.rule.startswith("city.")]


@pytest.mark.parametrize(
    ("rank", "asked", "advised"),
    [
        ("local_regulation", True, False),
        ("government_rule", False, True),
        ("normative_document", False, True),
    ],
)
def test_approval_is_asked_for_where_the_instrument_can_set_a_licence(
    book: Book, rank: str, asked: bool, advised: bool
) -> None:
    decision = judged(book, "device_application", {**FACES, "adopted_instrument_rank": rank})
    assert (found(decision, "city.collection.sensitive-approval") is not None) == asked
    assert (found(decision, "city.collection.sensitive-approval-advisory") is not None) == advised


@pytest.mark.parametrize(("counties", "tier"), [(1, "county"), (2, "municipal")])
def test_one_county_or_the_city_approves(book: Book, counties: int, tier: str) -> None:
    decision = judged(book, "device_application", {**FACES, "counties": counties})
    named = [a for a in decision.authorities if a.citation.rule.startswith("city.collection.competent-")]
    assert [(a.who, a.tier) for a in named] == [("cyberspace_administration", tier)]


def test_a_parking_project_that_waits_half_a_year_is_a_breach(book: Book) -> None:
    facts = {"requester_kind": "enterprise", "delivered_at": None, "waiting_days": 183, "disputed": True,
             "reach": "same_level", "answer": "agreed", "ownership": None}  # fmt: skip
    decision = judged(book, "share_request", facts)
    assert decision.outcome == Outcome.FORBIDDEN
    assert found(decision, "city.sharing.ownership-named") is not None
    assert "city.sharing.half-year-delay-sanction" in {s.citation.rule for s in decision.sanctions}
    assert ("share_authority", "same_level") in {(a.who, a.tier) for a in decision.authorities}


def test_three_authorities_that_open_one_case_each_are_told_to_make_it_one(book: Book) -> None:
    decision = judged(book, "incident", {"open_cases": 3, "subject_matter": "personal_information"})
    finding = found(decision, "city.supervision.one-incident-one-case")
    assert finding is not None
    assert finding.outcome == Outcome.FORBIDDEN
    assert finding.message.en.startswith("3 authorities")
    leads = [a.who for a in decision.authorities if a.citation.rule.startswith("city.supervision.lead-")]
    assert leads == ["cyberspace_administration"]


def test_platform_and_vendor_that_blame_each_other_are_both_named(book: Book) -> None:
    facts = {"project_lead": "government", "causes": ["enterprise_service", "product"], "held_responsible": [],
             "leaked": True, "discovered_at": "2026-03-02T09:30:00+08:00", "parties_told_at": None,
             "person_investigated": False, "management_investigated": False, "investigation_opened_at": None}  # fmt: skip
    decision = judged(book, "incident", facts)
    rules = {f.citation.rule for f in decision.findings}
    assert {f"city.responsibility.{name}" for name in (
        "main-responsibility", "direct-responsibility", "product-responsibility", "government-held",
        "enterprise-held", "technology-provider-held", "investigate-person", "investigate-management",
    )} <= rules  # fmt: skip
    owed = {o.citation.rule: o.due_at for o in decision.obligations}
    assert owed["city.responsibility.parties-told"] == datetime.fromisoformat("2026-03-02T10:30+08:00")
    assert owed["city.responsibility.double-investigation-opens"] == date(2026, 3, 5)


def test_medical_data_in_which_patients_were_identified_are_withdrawn_and_the_releaser_answers(
    book: Book,
) -> None:
    facts = {"data_state": "anonymized", "reidentified_persons": 800, "sharing_suspended": False,
             "held_responsible": []}  # fmt: skip
    decision = judged(book, "incident", facts, adopted=frozenset({"city/anonymization"}))
    assert decision.outcome == Outcome.FORBIDDEN
    assert found(decision, "city.anonymization.releaser-answers") is not None
    assert found(decision, "city.responsibility.government-held") is None


def test_a_circular_carries_no_joint_punishment(book: Book) -> None:
    facts = {"joint_punishment": True, "measure_basis_rank": "normative_document"}
    decision = judged(book, "credit_entry", facts)
    assert found(decision, "city.credit.punished-on-lawful-grounds") is not None
    assert decision.outcome == Outcome.FORBIDDEN


def test_the_page_of_model_texts_names_every_model_rule_and_how_it_stands(book: Book) -> None:
    rows = re.findall(
        r"^\| `(city\.[a-z.-]+)` \|.*\| (IV\.[A-C]\.\d) \| (adds|fills|conflicts) \|",
        PAGE.read_text(encoding="utf-8"),
        re.M,
    )
    assert len({rule for rule, _, _ in rows}) == len(rows)
    models = {(r.id, r.citation.article, r.stands) for r in book.rules if r.citation.status == "model"}
    assert set(rows) == models


def test_a_number_of_a_model_text_says_who_set_it_and_why(book: Book) -> None:
    for rule in book.rules:
        if rule.citation.status == "model":
            for parameter in rule.parameters.values():
                for value in parameter.values:
                    assert value.references[0].title.startswith("set by this model text"), rule.id
