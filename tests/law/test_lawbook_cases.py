"""Every test that stands in a rule file, and what every rule file must have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from case_check import difference, needs

from commonseal.classify import CATEGORIES
from commonseal.law import Book, Case, Rule, load_book

BOOK = load_book()
CASES = [(rule, case) for rule in BOOK.rules for case in rule.cases]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{r.id}: {c.name}" for r, c in CASES])
def test_a_case_comes_out_as_its_file_says(rule: Rule, case: Case) -> None:
    assert difference(rule, case) is None


@pytest.mark.parametrize("rule", BOOK.rules, ids=[rule.id for rule in BOOK.rules])
def test_a_rule_has_a_case_that_fires_it_and_one_that_does_not(rule: Rule) -> None:
    assert {case.applies for case in rule.cases} == {True, False}
    assert len({case.name for case in rule.cases}) == len(rule.cases)
    assert needs(rule) == []


def test_every_rule_id_stands_under_its_pack(book: Book) -> None:
    for rule in book.rules:
        assert rule.id.startswith(rule.pack.replace("/", ".") + "."), rule.file


def test_only_the_city_has_models(book: Book) -> None:
    for rule in book.rules:
        models = rule.pack.startswith("city/")
        assert rule.citation.status in ({"model"} if models else {"verified", "needs_review"}), rule.id


def test_a_model_rule_does_not_claim_a_standard_that_was_read_in_excerpt_only(book: Book) -> None:
    for rule in book.rules:
        for parameter in rule.parameters.values():
            for value in parameter.values:
                for reference in value.references:
                    if "GB/T" in reference.title:
                        assert "read in excerpt only" in reference.title, rule.id


def test_categories_that_rules_name_are_categories_of_the_classifier(book: Book) -> None:
    for rule in book.by_subject["column"]:
        named = {text for list_ in re.findall(r"column\.category (?:in \[(.*?)\]|== (\S+))", rule.condition.source)
                 for text in re.findall(r"\w+", " ".join(list_))}  # fmt: skip
        assert named <= set(CATEGORIES), rule.id


@pytest.mark.shared
def test_a_verified_rule_rests_on_a_row_of_the_fact_sheet_read_in_source(book: Book, shared: Path) -> None:
    sheet = (shared / "law" / "law-facts.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(): cells[-2].strip() for line in sheet.splitlines()
            if len(cells := line.split("|")) > 3}  # fmt: skip
    for rule in book.rules:
        if rule.citation.status == "verified":
            # a few laws stand in running text: the source then names law and article
            assert rule.source in rows or re.search(r" arts?\.? \d", rule.source), rule.id
            standing = rows.get(rule.source, "")
            assert not re.fullmatch(r"[EMN](/[EMN])*", standing), f"{rule.id}: {rule.source} is {standing}"
