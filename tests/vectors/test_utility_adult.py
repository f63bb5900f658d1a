"""The figures of utility are those that ARX scored its optima with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonseal.anonymize import Asked, compress, decide, read_hierarchies
from commonseal.anonymize.utility.figures import Utility, utility_of
from commonseal.anonymize.utility.recoding import recoding_of_plan
from commonseal.source import open_table
from commonseal.source.engine import PolarsEngine

pytestmark = pytest.mark.shared


def scored(figures: Utility, loss: str) -> float:
    named = {
        "loss_gm": figures.loss_gm,
        "loss_am": figures.loss_am,
        "discern": figures.discernibility,
        "entropy_am": figures.entropy_am,
    }
    return named[loss]


def assert_agreed(shared: Path, suppression: tuple[float, ...]) -> None:
    optima = json.loads((shared / "data/tables/expected.json").read_text())["optima"]
    cases = [case for case in optima if case["model"] is None and case["dataset"] == "adult"]
    cases = [case for case in cases if case["suppression_rate_max"] in suppression]
    assert {case["loss"] for case in cases} == {"loss_gm", "loss_am", "discern", "entropy_am"}
    folder = shared / "data/tables/adult"
    quasi = cases[0]["quasi"]
    counted = PolarsEngine().count(open_table(folder / "adult.csv"), quasi, None)
    tuples, units = compress(counted, quasi, read_hierarchies(folder, quasi))
    for case in cases:
        asked = Asked(k=case["k"], suppression_rate_max=case["suppression_rate_max"], loss=case["loss"])
        plan = decide(tuples, units, asked)
        figures = utility_of(recoding_of_plan(tuples, plan, plan.levels))
        assert scored(figures, case["loss"]) == pytest.approx(case["score"], rel=1e-6)
        assert figures.suppressed_rows == case["suppressed_rows"]
        assert figures.classes == case["classes"]


def test_the_figures_agree_with_the_optima_without_suppression(shared: Path) -> None:
    assert_agreed(shared, (0.0,))


@pytest.mark.slow
def test_the_figures_agree_with_the_optima_with_suppression(shared: Path) -> None:
    assert_agreed(shared, (0.02, 0.05))
