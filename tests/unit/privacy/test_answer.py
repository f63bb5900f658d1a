"""Answers: right where the noise is next to nothing, bounded per person, nothing read but what was given."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonseal.errors import BadInput, ColumnMissing
from commonseal.privacy import (
    Answer,
    Count,
    Histogram,
    Ledger,
    Mean,
    Quantile,
    Query,
    Refusal,
    Statistic,
    Sum,
    ask,
    exact,
)
from commonseal.privacy.bound import GROUP, PERSON, bounded_rows
from commonseal.privacy.measure import measure

DAY = date(2026, 11, 24)
LOUD = exact(1_000_000)  # so dear that the noise is nothing, and the answer can be compared


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "budget.jsonl")
    made.grant("visits", "institute", exact("1000000000"), on=DAY)
    return made


@pytest.fixture(scope="module")
def visits() -> pl.DataFrame:
    draw = np.random.default_rng(5)
    people = draw.integers(0, 300, 1_000)
    return pl.DataFrame(
        {
            "person": [f"p{number}" for number in people],
            "sex": draw.choice(["m", "f", "x"], 1_000),
            "age": draw.integers(0, 100, 1_000),
            "cost": draw.exponential(200, 1_000).round(2),
        }
    )


def asked(*statistics: Statistic, **more: object) -> Query:
    made = Query("visits", "institute", statistics, by=(("sex", ("f", "m")),))
    return replace(made, **more)


def values(answer: Answer | Refusal, position: int = 0) -> list[float]:
    assert isinstance(answer, Answer)
    return [estimate.value for estimate in answer.measured[position].estimates]


def per_sex(visits: pl.DataFrame, expr: pl.Expr) -> list[float]:
    found = dict(visits.group_by("sex").agg(expr.alias("value")).iter_rows())
    return [found["f"], found["m"]]


def test_without_noise_the_answers_are_the_true_ones(visits: pl.DataFrame, ledger: Ledger) -> None:
    query = asked(
        Count(LOUD),
        Sum(LOUD, "cost", 0, 500),
        Mean(LOUD, "age", 0, 120),
        Quantile(LOUD, "age", 0, 100, (0.5,), 101),
        Histogram(LOUD, "age", edges=(0, 18, 65, 99)),
    )
    answer = ask(visits.lazy(), query, ledger, on=DAY)
    assert values(answer, 0) == per_sex(visits, pl.len())
    assert values(answer, 1) == pytest.approx(per_sex(visits, pl.col("cost").clip(0, 500).sum()), abs=1e-2)
    assert values(answer, 2) == pytest.approx(per_sex(visits, pl.col("age").mean()), abs=1e-4)
    assert values(answer, 3) == pytest.approx(per_sex(visits, pl.col("age").median()), abs=1)
    ages = [visits.filter(pl.col("sex") == sex)["age"].to_numpy() for sex in ("f", "m")]
    bins = np.array([0, 18, 65, 99])
    assert values(answer, 4) == [n for age in ages for n in np.histogram(age, bins)[0]]


def test_persons_are_counted_where_the_person_column_is_named(visits: pl.DataFrame, ledger: Ledger) -> None:
    query = asked(Count(LOUD), Count(LOUD, "rows"), person="person", max_rows=100, max_groups=3)
    answer = ask(visits.lazy(), query, ledger, on=DAY)
    assert values(answer, 0) == per_sex(visits, pl.col("person").n_unique())
    assert values(answer, 1) == per_sex(visits, pl.len())
    assert isinstance(answer, Answer)
    persons, rows = (each.noise[0].sensitivity for each in answer.measured)
    assert (persons, rows) == (2, 100)  # two groups are public, a hundred rows may be one person's
    assert answer.document["privacy"]["unit"] == "person"


def test_nobody_adds_more_than_was_agreed(visits: pl.DataFrame) -> None:
    query = asked(Count(LOUD), person="person", max_rows=3, max_groups=1)
    kept = bounded_rows(visits.lazy(), query)
    most = kept.group_by(PERSON).agg(pl.len(), pl.col(GROUP).n_unique())
    assert (most["len"].max(), most[GROUP].max()) == (3, 1)
    of_public_groups = visits.filter(pl.col("sex").is_in(["f", "m"]))
    assert set(kept[PERSON]) == set(of_public_groups["person"])  # and nobody is left out for it


def test_the_rows_that_stay_follow_the_seed(visits: pl.DataFrame) -> None:
    query = asked(Sum(LOUD, "cost", 0, 500), person="person", max_rows=1)
    one, again, other = (bounded_rows(visits.lazy(), replace(query, seed=seed)) for seed in (1, 1, 2))
    assert one.sort(PERSON).equals(again.sort(PERSON))
    assert not one.sort(PERSON).equals(other.sort(PERSON))


def test_the_rows_that_stay_are_a_fair_draw() -> None:
    """Of 4,000 persons with two rows each, the first stays for about half: five standard errors."""
    frame = pl.DataFrame({"person": [n // 2 for n in range(8_000)], "first": [1, 0] * 4_000})
    query = Query("visits", "institute", (Sum(LOUD, "first", 0, 1),), person="person")
    kept = bounded_rows(frame.lazy(), query)
    assert kept.height == 4_000
    assert abs(kept["first"].sum() - 2_000) < 5 * (4_000 * 0.25) ** 0.5


def test_rows_of_nobody_and_of_no_public_group_add_nothing(ledger: Ledger) -> None:
    frame = pl.DataFrame({"person": ["a", None, "b", "c"], "sex": ["f", "f", None, "x"]})
    query = asked(Count(LOUD), person="person", max_rows=5)
    assert values(ask(frame.lazy(), query, ledger, on=DAY)) == [1, 0]


def test_cells_that_are_no_number_add_nothing_and_are_not_told_of(ledger: Ledger) -> None:
    frame = pl.DataFrame({"cost": ["10", "", None, "secret", "NaN", "1e9", "-5"], "sex": ["f"] * 7})
    query = asked(
        Sum(LOUD, "cost", 0, 100), Mean(LOUD, "cost", 0, 100), Histogram(LOUD, "cost", (0, 50, 100))
    )
    answer = ask(frame.lazy(), query, ledger, on=DAY)
    assert values(answer, 0) == pytest.approx([110, 0], abs=1e-2)  # 10, and 1e9 drawn to 100, and -5 to 0
    assert values(answer, 1)[0] == pytest.approx(110 / 3, abs=1e-2)
    assert values(answer, 2) == [1, 0, 0, 0]
    assert isinstance(answer, Answer)
    assert "secret" not in repr(answer)


def test_numbers_are_matched_with_groups_as_text(ledger: Ledger) -> None:
    frame = pl.DataFrame({"district": [310101, 310101, 310104], "day": [date(2026, 1, 2)] * 3})
    by = (("district", ("310101", "310104")), ("day", ("2026-01-02",)))
    query = Query("visits", "institute", (Count(LOUD),), by=by)
    assert values(ask(frame.lazy(), query, ledger, on=DAY)) == [2, 1]


def test_no_group_at_all_is_one_group(visits: pl.DataFrame, ledger: Ledger) -> None:
    query = Query("visits", "institute", (Count(LOUD),))
    assert values(ask(visits.lazy(), query, ledger, on=DAY)) == [1_000]
    assert values(ask(visits.lazy().head(0), query, ledger, on=DAY)) == [0]


def test_categories_are_bins(visits: pl.DataFrame, ledger: Ledger) -> None:
    query = Query("visits", "institute", (Histogram(LOUD, "sex", categories=("x", "nobody", "f")),))
    counts = [(visits["sex"] == name).sum() for name in ("x", "nobody", "f")]
    assert values(ask(visits.lazy(), query, ledger, on=DAY)) == counts


def test_an_empty_group_is_answered_like_any_other(visits: pl.DataFrame, ledger: Ledger) -> None:
    query = Query(
        "visits",
        "institute",
        (Mean(exact(1), "age", 0, 120), Quantile(exact(1), "age", 0, 120, (0.5,)), Count(exact(1))),
        by=(("sex", ("nobody",)),),
    )
    answer = ask(visits.lazy(), query, ledger, on=DAY)
    assert isinstance(answer, Answer)
    assert 0 <= values(answer, 0)[0] <= 120
    assert 0 <= values(answer, 1)[0] <= 120


def test_an_interval_of_a_mean_holds(visits: pl.DataFrame) -> None:
    """Nineteen in twenty at least; 200 runs, five standard errors."""
    query = Query("visits", "institute", (Mean(exact("0.2"), "age", 0, 120),))
    rows, truth = bounded_rows(visits.lazy(), query), visits["age"].mean()
    told = [measure(rows, query.statistics[0], query).estimates[0] for _ in range(200)]
    held = sum(estimate.low <= truth <= estimate.high for estimate in told)
    assert held >= 200 * 0.95 - 5 * (200 * 0.95 * 0.05) ** 0.5


def test_an_answer_is_in_the_ledger_and_an_unpaid_one_is_refused(
    visits: pl.DataFrame, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "small.jsonl")
    ledger.grant("visits", "institute", exact("1"), on=DAY)
    query = asked(Count(exact("0.6")))
    answer = ask(visits.lazy(), query, ledger, on=DAY)
    assert isinstance(answer, Answer)
    (recorded,) = ledger.answers()
    assert recorded["answer"] == answer.document
    refused = ask(visits.lazy(), query, ledger, on=DAY)
    assert isinstance(refused, Refusal)
    assert (refused.account.left, refused.asked) == (exact("0.4"), exact("0.6"))
    nobody = ask(visits.lazy(), replace(query, recipient="stranger"), ledger, on=DAY)
    assert isinstance(nobody, Refusal)
    assert len(ledger.answers()) == 1


@pytest.mark.parametrize(
    ("query", "kind", "says"),
    [
        (asked(Sum(LOUD, "nope", 0, 1)), ColumnMissing, "nope"),
        (asked(Sum(LOUD, "day", 0, 1)), BadInput, "'day'"),
        (asked(Count(LOUD, "persons")), BadInput, "person"),
        (asked(Count(LOUD), max_rows=2), BadInput, "max_rows_per_person"),
        (asked(Sum(LOUD, "cost", 5, 5)), BadInput, "bounds"),
        (asked(Sum(LOUD, "cost", 0, float("inf"))), BadInput, "bounds"),
        (asked(Histogram(LOUD, "cost")), BadInput, "edges or categories"),
        (asked(Histogram(LOUD, "cost", edges=(3, 1))), BadInput, "rising"),
        (asked(Count(LOUD), by=(("sex", ("f", "f")),)), BadInput, "twice"),
        (asked(Count(LOUD), by=(("sex", ()),)), BadInput, "by.sex"),
        (asked(Count(LOUD), person="sex", max_rows=2), BadInput, "person column"),
        (asked(), BadInput, "statistics"),
        (asked(Count(LOUD), by=(("a", tuple(map(str, range(400)))), ("b", tuple(map(str, range(400)))))), BadInput, "160000"),
    ],
)  # fmt: skip
def test_a_bad_question_costs_nothing(
    visits: pl.DataFrame, ledger: Ledger, query: Query, kind: type[BadInput], says: str
) -> None:
    frame = visits.lazy().with_columns(day=pl.lit(DAY))
    with pytest.raises(kind, match=says.replace("[", r"\[")):
        ask(frame, query, ledger, on=DAY)
    assert ledger.accounts()[0].spent == 0


@pytest.mark.parametrize("epsilon", ["0", "-1", "nan", "inf", "x", "0.0000000001"])
def test_an_epsilon_is_a_plain_positive_number(epsilon: str) -> None:
    with pytest.raises(BadInput, match="epsilon"):
        exact(epsilon)


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['opendp'] = None\n"
        "from commonseal.errors import BadInput\n"
        "from commonseal.privacy.noise import opendp\n"
        "try: opendp()\n"
        "except BadInput as fault: print(fault.message.en); print(fault.message.zh)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.count("pip install 'commonseal[privacy]'") == 2
