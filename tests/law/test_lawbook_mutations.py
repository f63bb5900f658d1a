"""Change one sign of a condition at a time: some test of the rule must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from commonseal.law import Case, Rule, load_book
from commonseal.law.condition import read_condition
from commonseal.law.scan import Token, tokens

FLIPS: dict[str, tuple[str, ...]] = {
    "==": ("!=",),
    "!=": ("==",),
    "<": (">=", "<="),
    "<=": (">", "<"),
    ">": ("<=", ">="),
    ">=": ("<", ">"),
    "&&": ("||",),
    "||": ("&&",),
    "!": ("",),
    "exists": ("all",),
}
RULES = load_book().rules


def mutants(source: str) -> Iterator[str]:
    """Yield the condition with one sign flipped, one listed choice dropped, or all of it turned round."""
    words = tokens(source)
    texts = [word.text for word in words]
    for position, word in enumerate(words):
        for other in FLIPS.get(word.text, ()) if word.kind != "text" else ():
            yield " ".join([*texts[:position], other, *texts[position + 1 :]])
        if _listed(words, position):
            start, end = (
                (position, position + 2) if texts[position + 1] == "," else (position - 1, position + 1)
            )
            yield " ".join([*texts[:start], *texts[end:]])
    yield f"!({source})"


def _listed(words: tuple[Token, ...], position: int) -> bool:
    around = (
        (words[position - 1].text, words[position + 1].text) if 0 < position < len(words) - 1 else ("", "")
    )
    in_list = around[0] in ("[", ",") and around[1] in ("]", ",")
    return words[position].kind == "text" and in_list and around != ("[", "]")


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
def test_a_flipped_sign_makes_a_test_of_the_rule_fail(
    rule: Rule, comes_out: Callable[[Rule, Case], bool]
) -> None:
    unnoticed = []
    for source in mutants(rule.condition.source):
        condition, faults = read_condition(source, rule.subject, tuple(rule.parameters))
        assert condition is not None, (source, faults)
        mutant = replace(rule, condition=condition)
        if all(comes_out(mutant, case) for case in rule.cases):
            unnoticed.append(source)
    assert not unnoticed
