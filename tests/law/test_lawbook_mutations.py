"""Change one sign of a condition at a time: some test of the rule must notice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from case_check import comes_out
from mutants import mutants

from commonseal.law import Rule, load_book
from commonseal.law.condition import read_condition

RULES = load_book().rules


def test_mutants_of_a_condition() -> None:
    made = list(mutants('column.level >= 4 && column.use in ["plain", "person"]'))
    assert made == [
        'column . level < 4 && column . use in [ "plain" , "person" ]',
        'column . level > 4 && column . use in [ "plain" , "person" ]',
        'column . level >= 4 || column . use in [ "plain" , "person" ]',
        'column . level >= 4 && column . use in [ "person" ]',
        'column . level >= 4 && column . use in [ "plain" ]',
        '!(column.level >= 4 && column.use in ["plain", "person"])',
    ]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_flipped_sign_makes_a_test_of_the_rule_fail(rule: Rule) -> None:
    unnoticed = []
    for source in mutants(rule.condition.source):
        condition, faults = read_condition(source, rule.subject, tuple(rule.parameters))
        assert condition is not None, (source, faults)
        mutant = replace(rule, condition=condition)
        if all(comes_out(mutant, case) for case in rule.cases):
            unnoticed.append(source)
    assert not unnoticed
