"""ARX 3.9.2's risk figures of adult over nine quasi-identifiers come out the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from commonseal.judge import judge_table
from commonseal.judge.population import estimate_uniqueness

pytestmark = pytest.mark.shared

QUASI = [
    *("sex", "age", "race", "marital-status", "education"),
    *("native-country", "workclass", "occupation", "salary-class"),
]


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shared / "data/tables/expected.json").read_text())
    return told


def test_the_figures_of_adult(shared: Path, expected: dict[str, Any]) -> None:
    adult = pl.read_csv(shared / "data/tables/adult/adult.csv", separator=";")
    risk = expected["risk_adult_raw"]
    found = judge_table(adult, QUASI, population=risk["population"]["size"])
    assert found.classes == risk["classes"]
    assert found.sample_uniques == risk["sample_uniques"]
    assert found.highest_risk == risk["highest_risk"]
    assert found.average_risk == pytest.approx(risk["average_risk"], rel=1e-12)
    pairs = expected["histogram_adult_raw"]
    assert [number for pair in found.class_sizes for number in pair] == pairs
    estimates, theirs = found.uniqueness, risk["population_uniqueness"]
    assert estimates is not None
    assert estimates.zayatz == pytest.approx(theirs["zayatz"], rel=1e-9)
    assert estimates.pitman == pytest.approx(theirs["pitman"], rel=1e-9)
    assert estimates.snb is theirs["snb"] is None
    assert estimates.choice == theirs["dankar_choice"]
    assert estimates.dankar == estimates.pitman


def test_why_snb_is_none_there(expected: dict[str, Any]) -> None:
    """ARX finds no solution; there is one, but of so small a sample it is not to be believed.

    In ARX's second equation D^(alpha + 2) multiplies where Chen and Keller-McNulty divide by it.
    """
    pairs = expected["histogram_adult_raw"]
    sizes = np.repeat(pairs[::2], pairs[1::2])
    found = estimate_uniqueness(sizes, expected["risk_adult_raw"]["population"]["size"], snb_above=0.0)
    assert found.snb == pytest.approx(0.2146, abs=1e-4)
    assert found.sampling_fraction < 1e-4
