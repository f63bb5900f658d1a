"""What must hold of any questions: the budget, and that one person moves an answer no more than is said."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.errors import BadInput
from commonseal.privacy import Count, Histogram, Ledger, Mean, Query, Refusal, Sum, exact
from commonseal.privacy.bound import GROUP, PERSON, bounded_rows
from commonseal.privacy.measure import measure

DAY = date(2026, 11, 24)
LOUD = exact(1_000_000_000)
PRICES = st.decimals(min_value="0.000000001", max_value="3", places=9).map(exact)


@contextmanager
def fresh_ledger() -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory() as folder:
        yield Ledger(Path(folder) / "budget.jsonl")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["grant", "spend"]), st.sampled_from("ab"), st.sampled_from("xy"), PRICES),
        max_size=15,
    )
)
def test_what_is_spent_never_exceeds_what_was_granted(steps: list[tuple[str, str, str, Fraction]]) -> None:
    with fresh_ledger() as ledger:
        ledger.grant("a", "x", exact(1), on=DAY)
        for kind, dataset, recipient, price in steps:
            before = {(a.dataset, a.recipient): a for a in ledger.accounts()}
            if kind == "grant":
                try:
                    ledger.grant(dataset, recipient, price, on=DAY)
                except BadInput:
                    assert price < before[dataset, recipient].spent
            else:
                left = before[dataset, recipient].left if (dataset, recipient) in before else 0
                spent = ledger.spend(dataset, recipient, price, query="0" * 64, on=DAY)
                assert isinstance(spent, Refusal) is (price > left)
            for account in ledger.accounts():
                assert 0 <= account.spent <= account.granted


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bo", "cy", None]),
        st.sampled_from(["f", "m", "x", None]),
        st.one_of(st.none(), st.floats(-50, 150, allow_nan=False)),
    ),
    max_size=20,
)
OF_ONE = st.lists(st.tuples(st.sampled_from(["f", "m", "x"]), st.floats(-1e6, 1e6)), min_size=1, max_size=8)


def table(rows: list[tuple[str | None, str | None, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"who": pl.String, "sex": pl.String, "age": pl.Float64}, orient="row")


@settings(deadline=None, max_examples=60)
@given(ROWS, OF_ONE, st.integers(1, 4), st.integers(1, 3), st.integers(0, 5), st.data())
def test_one_person_more_moves_an_answer_by_its_sensitivity_at_most(
    rows: list[tuple[str | None, str | None, float | None]],
    of_one: list[tuple[str, float]],
    max_rows: int,
    max_groups: int,
    seed: int,
    data: st.DataObject,
) -> None:
    """The rows of one person go in anywhere among the others; all others keep the very rows they had."""
    more = list(rows)
    for sex, age in of_one:
        more.insert(data.draw(st.integers(0, len(more))), ("new", sex, age))
    statistics = (
        Count(LOUD),
        Count(LOUD, "rows"),
        Sum(LOUD, "age", -10, 100),
        Histogram(LOUD, "age", edges=(0, 40, 120)),
        Mean(LOUD, "age", 0, 100),
    )
    query = Query(
        "d", "r", statistics, (("sex", ("f", "m")),), "who", max_rows, max_groups, seed=seed
    )  # fmt: skip
    with_one, without = (bounded_rows(table(each).lazy(), query) for each in (more, rows))
    others = with_one.filter(pl.col(PERSON) != "new")
    order = [PERSON, GROUP, "age"]
    assert others.sort(order).equals(without.sort(order))
    mine = with_one.filter(pl.col(PERSON) == "new")
    assert mine.height <= max_rows
    assert mine[GROUP].n_unique() <= max_groups
    for statistic in statistics[:4]:
        one, other = (measure(kept, statistic, query) for kept in (with_one, without))
        moved = sum(abs(a.value - b.value) for a, b in zip(one.estimates, other.estimates, strict=True))
        assert moved <= one.noise[0].sensitivity * (1 + 1e-6)


@settings(deadline=None, max_examples=25)
@given(ROWS, st.integers(1, 4))
def test_a_question_has_an_answer_whatever_the_rows(
    rows: list[tuple[str | None, str | None, float | None]], max_rows: int
) -> None:
    """No table makes it fail: a failure would tell something of the rows, after the budget is spent."""
    price = exact("0.1")
    statistics = (
        Count(price),
        Mean(price, "age", 0, 100),
        Histogram(price, "age", categories=("1.0", "2.0")),
    )
    query = Query("d", "r", statistics, (("sex", ("f", "m")),), "who", max_rows, max_rows)
    kept = bounded_rows(table(rows).lazy(), replace(query, seed=3))
    for statistic in statistics:
        for estimate in measure(kept, statistic, query).estimates:
            assert estimate.low is not None
            assert estimate.high is not None
            assert estimate.low <= estimate.value <= estimate.high
