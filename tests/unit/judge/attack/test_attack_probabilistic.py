"""An attacker whose table has slips and gaps."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonseal.judge.attack import attack

pytest.importorskip("splink")
pytestmark = pytest.mark.slow


def tables(people: int = 3000) -> tuple[pl.DataFrame, pl.DataFrame]:
    random = np.random.default_rng(5)
    days = pl.Series(random.integers(-14_000, 18_000, people), dtype=pl.Int32).cast(pl.Date).cast(pl.String)
    release = pl.DataFrame(
        {
            "id": [f"p{number}" for number in range(people)],
            "birth": days,
            "sex": random.choice(["f", "m"], people),
            "zip": pl.Series(random.integers(57_000, 57_060, people)).cast(pl.String),
            "job": random.choice([f"job {number}" for number in range(30)], people),
        }
    )
    known = release.head(people // 2).with_columns(pl.Series("slip", random.random(people // 2) < 0.2))
    slipped = pl.col("birth").str.head(9) + "0"  # the last digit of the day is read as a nought
    known = known.with_columns(birth=pl.when("slip").then(slipped).otherwise("birth")).drop("slip")
    return release, known.sample(fraction=1, shuffle=True, seed=2)


def test_slips_hide_people_from_equality_not_from_probability() -> None:
    release, known = tables()
    exact = attack(release, known, truth="id")
    likely = attack(release, known, truth="id", method="probabilistic")
    assert 0.75 < (exact.reidentified.value or 0) < 0.9
    assert (likely.reidentified.value or 0) > 0.95
    assert (likely.precision.value or 0) > 0.95
    assert likely == attack(release, known, truth="id", method="probabilistic")


def test_a_generalized_release_is_linked_by_its_labels_and_classes_of_five_are_not_claimed() -> None:
    release, known = tables()
    coarse = release.with_columns(
        birth=pl.col("birth").str.head(3) + "0s", zip=pl.lit("570**"), job=pl.lit("*")
    )
    found = attack(coarse, known, truth="id", method="probabilistic")
    assert coarse.group_by("birth", "sex").len()["len"].min() > 5
    assert found.claims == 0
