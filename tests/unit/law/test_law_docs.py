"""What the documentation shows is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from commonseal.cli.law_facts import read_case
from commonseal.law import FACTS, Book, decide, load_book
from commonseal.law.build import build_rule
from commonseal.law.consequence import UNITS
from commonseal.law.fact_table import rewritten
from commonseal.law.schema import check_shape, rule_schema
from commonseal.law.treat import OPERATORS
from commonseal.law.yaml_file import read_yaml
from commonseal.model import Outcome

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_example_rule_loads_and_its_tests_come_out() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    file = read_yaml(text.split("```yaml\n")[1].split("```")[0].encode())
    assert check_shape(file), file.faults
    rule = build_rule(file, "ours", "ours/locker.yaml")
    assert rule is not None, file.faults
    book = Book(("ours",), (rule,), "", dict.fromkeys(FACTS, ()) | {"column": (rule,)})
    for case in rule.cases:
        decision = decide(book, "column", case.given, as_of=case.as_of, adopted=frozenset({"ours"}))
        assert decision.outcome == case.outcome
        assert decision.considered[0].applied == case.applies
    assert replace(rule, cases=()).speciality == (4, 3)


def test_every_field_operator_and_rank_is_documented() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    schema = rule_schema()
    fields = [*schema["properties"], *schema["properties"]["then"]["properties"]]
    words = [
        *fields,
        *OPERATORS,
        *schema["properties"]["rank"]["enum"],
        *(
            name
            for part in ("deadline", "retention", "sanction")
            for name in schema["$defs"][part]["properties"]
        ),
        *(name for name in schema["properties"]["tests"]["items"]["properties"]["expect"]["properties"]),
    ]
    assert [word for word in words if word not in text] == []


def test_every_kind_is_documented() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    kinds = text[text.index("## Kinds") : text.index("## Counting")]
    assert [kind for kind in rule_schema()["properties"]["kind"]["enum"] if f"`{kind}`" not in kinds] == []
    assert [unit for unit in UNITS if unit not in kinds] == []


def test_the_tables_of_facts_are_those_of_the_declarations() -> None:
    page = (DOCS / "facts.md").read_text(encoding="utf-8")
    assert page == rewritten(page, load_book()), "run python -m commonseal.law.fact_table docs/facts.md"
    for subject in FACTS:
        assert f"## {subject}\n" in page
        assert f"<!-- facts: {subject} -->" in page
        assert f"(examples/facts-{subject.replace('_', '-')}.json)" in page


@pytest.mark.parametrize("subject", list(FACTS))
def test_the_example_of_each_subject_runs(subject: str) -> None:
    case = read_case(DOCS / "examples" / f"facts-{subject.replace('_', '-')}.json")
    assert case.subject == subject
    decision = decide(load_book(), subject, case.facts, as_of=date(2026, 3, 3), adopted=frozenset())
    assert decision.outcome != Outcome.UNDETERMINED
    city = decide(
        load_book(), subject, case.facts, as_of=date(2026, 3, 3), adopted=frozenset(), jurisdiction="city"
    )
    assert any(note.applied for note in city.considered)


def test_the_schema_knows_the_operators_subjects_and_ranks() -> None:
    schema = rule_schema()
    assert schema["$defs"]["treatment"]["properties"]["operator"]["enum"] == list(OPERATORS)
    assert schema["properties"]["subject"]["enum"] == list(FACTS)
