"""The lawbook, and what a rule alone says of a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from commonseal.law import FACTS, Book, Case, Rule, decide, load_book


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="session")
def comes_out() -> Callable[[Rule, Case], bool]:
    """Say whether a case comes out as its file expects, with the rule alone and its pack adopted."""

    def check(rule: Rule, case: Case) -> bool:
        by_subject = {subject: (rule,) if rule.subject == subject else () for subject in FACTS}
        book = Book(packs=(rule.pack,), rules=(rule,), digest="", by_subject=by_subject)
        decision = decide(book, rule.subject, case.given, as_of=case.as_of, adopted=frozenset({rule.pack}))
        treated = [found.treatment for found in decision.findings if found.treatment is not None]
        limit = rule.parameters[rule.then.limit].on(case.as_of) if case.limit is not None else None
        return (
            decision.considered[0].applied == case.applies
            and decision.outcome == case.outcome
            and treated == ([case.treatment] if case.treatment is not None else [])
            and limit == case.limit
        )

    return check
