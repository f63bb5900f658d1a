"""What the tables say is what CEL says, of every rule of the lawbook and of made-up conditions."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_values import FILLED, values

from commonseal.law import FACTS, load_book
from commonseal.law.cel_core import cel
from commonseal.law.condition import Condition, read_condition
from commonseal.law.facts import typed_facts
from commonseal.law.gate import gates
from commonseal.law.simple import simple_tests

BOOK = load_book()
DAY = date(2026, 3, 2)
LEAVES = [
    "column.agreed", "!column.minors", 'column.use == "plain"', 'column.use != "quasi"', 'column.category == "x"',
    'column.use in ["plain", "person"]', "column.level >= 3", "column.confidence < param.low", "column.confidence == 0",
    'column.name.startsWith("x")', "!(column.level < 2)", 'column.declared == true', 'column.sharing_mode == null',
]  # fmt: skip


@st.composite
def facts_of(draw: st.DrawFn, subject: str) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from(list(FACTS[subject]))) | st.just(set(FACTS[subject])))
    return {name: draw(values(FACTS[subject][name])) for name in sorted(names - FILLED)}


@lru_cache(maxsize=4096)
def compiled(source: str, subject: str, params: tuple[str, ...]) -> Condition:
    condition, faults = read_condition(source, subject, params)
    assert condition is not None, faults
    return condition


def agree(sources: list[tuple[str, dict[str, Any]]], subject: str, facts: dict[str, Any]) -> None:
    table = gates(sources, subject, FACTS[subject])
    typed = typed_facts(subject, facts, as_of=DAY)
    sure, asked = table.sift(typed)
    assert not sure & asked
    for place, (source, params) in enumerate(sources):
        condition = compiled(source, subject, tuple(params))
        holds = condition.holds(cel.Context({subject: typed, "param": params}))
        if sure >> place & 1:
            assert holds is True, source
        elif not asked >> place & 1:
            assert holds is False, source


@pytest.mark.parametrize("subject", list(FACTS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_tables_of_every_rule_say_what_cel_says(subject: str, data: st.DataObject) -> None:
    sources = [
        (rule.condition.source, rule.params_on(DAY))
        for rule in BOOK.by_subject[subject]
        if DAY in rule.effective
    ]
    agree(sources, subject, data.draw(facts_of(subject)))


@st.composite
def conditions(draw: st.DrawFn) -> str:
    def join(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(parts, st.sampled_from([" && ", " || "]), parts)
        return pairs.map(lambda p: f"({p[0]}{p[1]}{p[2]})") | parts.map(lambda p: f"!({p})")

    made = draw(st.recursive(st.sampled_from(LEAVES), join, max_leaves=6))
    return (
        made.removeprefix("(").removesuffix(")")
        if draw(st.booleans()) and made.count("(") == 1 and made[0] == "("
        else made
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=4), facts_of("column"))
def test_the_tables_of_any_condition_say_what_cel_says(sources: list[str], facts: dict[str, Any]) -> None:
    agree([(source, {"low": 0.5}) for source in sources], "column", facts)


def test_lists_are_read_too() -> None:
    sources = [
        '["purpose", "age"].all(item, item in agreement.columns_agreed)',
        '!("purpose" in agreement.columns_agreed) && agreement.overseas',
        'agreement.overseas || "age" in agreement.columns_agreed',
        '["purpose"].exists(item, item in agreement.columns_agreed)',
    ]
    kinds = [
        [None if c is None else len(c) for c in simple_tests(s, "agreement", FACTS["agreement"], {})]
        for s in sources
    ]
    assert kinds == [[1], [1, 1], [2], [None]]
    for columns in ([], ["purpose"], ["age", "purpose", "x"], ["age"]):
        for rest in ({"overseas": True}, {"overseas": False}, {}):
            agree(
                [(source, {}) for source in sources], "agreement", {"columns_agreed": tuple(columns), **rest}
            )
    agree([(source, {}) for source in sources], "agreement", {"overseas": True})


def test_a_condition_is_read_as_clauses() -> None:
    read = simple_tests("column.agreed && !(column.minors && column.declared)", "column", FACTS["column"], {})
    assert [len(clause or ()) for clause in read] == [1, 2]
    assert simple_tests('column.name.startsWith("x")', "column", FACTS["column"], {}) == [None]
