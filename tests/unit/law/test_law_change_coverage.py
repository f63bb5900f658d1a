from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commonseal.errors import BadPack
from commonseal.law import FACTS, coverage_of, load_book
from commonseal.law.coverage import facts_read


def test_our_book_covers_what_it_lists() -> None:
    found = coverage_of(load_book())
    assert found.faults == ()
    assert len(found.articles) > 400
    assert all(bool(article.rules) != (article.reason is not None) for article in found.articles)
    assert [section.section for section in found.sections if not section.rules] == []
    assert found.facts == sum(map(len, FACTS.values()))


def test_a_book_without_a_pack_misses_its_rules() -> None:
    found = coverage_of(load_book(["cn", "city"]))
    assert any("EU-GDPR-33: rule eu.gdpr." in fault.en for fault in found.faults)
    without = coverage_of(load_book(["eu"]))
    assert all(not section.rules for section in without.sections)


def test_others_rules_need_no_place_in_our_list(pack: Callable[..., Path]) -> None:
    assert coverage_of(load_book(["cn", "city", "eu", pack({})])).faults == ()


def test_facts_that_no_rule_reads_are_listed(pack: Callable[..., Path]) -> None:
    found = coverage_of(load_book([pack({})]))
    unread = {(subject, fact.name) for subject, fact in found.unread}
    assert ("column", "category") in unread
    assert ("column", "level") not in unread  # its condition
    assert ("column", "name") not in unread  # its sentence, and the engine
    assert ("device_application", "households") not in unread  # the engine derives from it
    assert ("incident", "persons") in unread


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("cn.gds.21-1.answer-conditional", {"received_at", "extension_granted", "paused_days"}),
        ("cn.gds.29-2.records-three-years", {"record_days"}),
        ("cn.pipl.66-2.unit-fine", {"annual_turnover"}),
    ],
)
def test_a_rule_reads_more_than_its_condition(rule: str, read: set[str]) -> None:
    found = load_book(["/".join(rule.split(".")[:2])]).rule(rule)
    assert found is not None
    assert read <= facts_read(found)


def test_a_list_that_is_broken_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lawbook").mkdir()
    (tmp_path / "lawbook" / "coverage.yaml").write_text("reasons: [", encoding="utf-8")
    book = load_book(["eu/wp216"])
    monkeypatch.setattr("commonseal.law.coverage.files", lambda name: tmp_path)
    with pytest.raises(BadPack, match="not valid YAML"):
        coverage_of(book)
