"""Every pack together: the scenarios of scenarios.yaml, and a treatment for whatever the classifier finds."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from commonseal.classify import CATEGORIES
from commonseal.desensitize import operators
from commonseal.law import Book, decide, decision_json, replay, thresholds, treatment
from commonseal.model import Category, Decision, Outcome, Role, Treatment

SCENARIOS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("scenarios.yaml").read_text(encoding="utf-8")
)
DAY = date(2026, 3, 2)
CITY = frozenset({"city"})


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s["name"] for s in SCENARIOS])
def test_scenario(book: Book, scenario: dict[str, Any]) -> None:
    decision = decide(
        book,
        scenario["subject"],
        scenario["given"],
        as_of=scenario["as_of"],
        adopted=frozenset(scenario["adopted"]),
    )
    expect = scenario["expect"]
    found = {finding.citation.rule: finding for finding in decision.findings}
    if "outcome" in expect:
        assert decision.outcome == expect["outcome"]
    if "rules" in expect:
        assert sorted(found) == sorted(expect["rules"])
        asked = treatment(decision)
        wanted = expect.get("treatment")
        assert asked == (Treatment(wanted["operator"], wanted["params"]) if wanted else None)
    for rule, outcome in expect.get("finds", {}).items():
        assert rule in found, sorted(found)
        assert found[rule].outcome == outcome
    assert not found.keys() & set(expect.get("silent", ()))
    for rule, figures in expect.get("says", {}).items():
        for sentence in (found[rule].message.en, found[rule].message.zh):
            assert set(figures) <= set(re.findall(r"\d+", sentence.replace(",", "")))
    for rule, article in expect.get("cites", {}).items():
        assert found[rule].citation.article == article
    check_kinds(decision, expect)
    for lang in ("zh", "en"):
        assert replay(decision_json(decision, lang), book) == decision  # type: ignore[arg-type]


def check_kinds(decision: Decision, expect: dict[str, Any]) -> None:
    """Hold deadlines, authorities and fines against what is expected; a map that is empty means that there are none."""
    due = {owed.rule: owed.due_at for owed in decision.obligations}
    for rule, at in expect.get("due", {}).items():
        assert due[rule] == (datetime.fromisoformat(at) if "T" in at else date.fromisoformat(at))
    if expect.get("due") == {}:
        assert due == {}
    named = {(competence.who, competence.tier) for competence in decision.authorities}
    assert named >= {(who, tier) for who, tier in expect.get("authorities", ())}
    if expect.get("authorities") == []:
        assert named == set()
    fines = {sanction.rule: sanction for sanction in decision.sanctions}
    for rule, fine in expect.get("fines", {}).items():
        got = fines[rule]
        assert (got.fine_min, got.fine_max, got.open_ended) == (fine["least"], fine["most"], fine["open"])


def facts_of(category: Category, use: str, mode: str) -> dict[str, Any]:
    return {
        "name": "c",
        "category": category.id,
        "level": category.level,
        "role": category.role,
        "use": use,
        "sharing_mode": mode,
        "agreed": True,
        "confidence": 1.0,
        "minors": False,
        "declared": True,
        "found_level": int(category.level),
    }


@pytest.mark.parametrize("mode", ["public", "controlled", "enclave"])
@pytest.mark.parametrize("use", ["plain", "quasi", "sensitive", "person"])
@pytest.mark.parametrize("category", CATEGORIES.values(), ids=list(CATEGORIES))
def test_every_category_is_treated_or_refused(book: Book, category: Category, use: str, mode: str) -> None:
    decision = decide(book, "column", facts_of(category, use, mode), as_of=DAY, adopted=CITY)
    asked = treatment(decision)
    assert decision.outcome != Outcome.UNDETERMINED
    if decision.outcome == Outcome.FORBIDDEN:
        assert any(f.remedy is not None for f in decision.findings if f.outcome == Outcome.FORBIDDEN)
        return
    assert use == "quasi" or asked is not None
    if asked is not None:
        assert asked.operator in {operator.name for operator in operators.OPERATORS}
        readable = asked.operator == "keep"
        assert not (readable and category.role in (Role.DIRECT, Role.TEXT, Role.UNKNOWN))
        assert not (mode == "public" and readable and use == "plain" and category.level > 1)


def test_the_limits_of_each_sharing_mode(book: Book) -> None:
    for mode, k in (("public", 20), ("controlled", 5), ("enclave", 3)):
        facts = {"sharing_mode": mode, "has_sensitive": True, "linked": True}
        limits = {limit.measure: limit for limit in thresholds(book, facts, as_of=DAY, adopted=CITY)}
        assert limits["smallest_class"].limit == k
        assert limits["highest_risk"].limit == 1 / k
        assert set(limits) == {
            "smallest_class", "highest_risk", "suppression_rate", "homogeneous_classes", "smallest_l", "trace_unicity",
        } | ({"highest_t"} if mode == "public" else set())  # fmt: skip
        assert all(limit.remedy is not None for limit in limits.values())


def test_without_an_adopted_pack_no_limit_is_set(book: Book) -> None:
    facts = {"sharing_mode": "public", "has_sensitive": False, "linked": False}
    assert thresholds(book, facts, as_of=DAY, adopted=frozenset()) == ()
