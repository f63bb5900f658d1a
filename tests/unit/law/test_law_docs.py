"""What the documentation shows is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from commonseal.law import FACTS, Book, decide
from commonseal.law.build import build_rule
from commonseal.law.schema import check_shape, rule_schema
from commonseal.law.treat import OPERATORS
from commonseal.law.yaml_file import read_yaml

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
        *schema["properties"]["kind"]["x-reserved"],
    ]
    assert [word for word in words if word not in text] == []


def test_the_schema_knows_the_operators_subjects_and_ranks() -> None:
    schema = rule_schema()
    assert schema["$defs"]["treatment"]["properties"]["operator"]["enum"] == list(OPERATORS)
    assert schema["properties"]["subject"]["enum"] == list(FACTS)
