"""ARX's optima: levels, score, suppressed rows and classes of `expected.json` come out the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from commonseal.anonymize import Asked, Plan, compress, decide, read_hierarchies
from commonseal.judge import measure
from commonseal.source import open_table
from commonseal.source.engine import PolarsEngine

pytestmark = pytest.mark.shared

# one case a model and loss stays among the fast tests; the others take minutes on a busy machine
FAST = {
    ("adult", None, "loss_gm", 0.05, 5),
    ("adult", None, "discern", 0.0, 5),
    ("adult", None, "entropy_am", 0.0, 5),
    ("adult", None, "loss_am", 0.0, 5),
    ("adult", "ldiv=5", "loss_gm", 0.0, 5),
    ("adult", "tclose=0.2", "loss_gm", 0.0, 5),
    ("creditcard", None, "loss_gm", 0.05, 5),
}


def key_of(case: dict[str, Any]) -> tuple[Any, ...]:
    return case["dataset"], case["model"], case["loss"], case["suppression_rate_max"], case["k"]


def cases(shared: Path, *, fast: bool) -> list[dict[str, Any]]:
    optima = json.loads((shared / "data/tables/expected.json").read_text())["optima"]
    spoken = [case for case in optima if (case["model"] or "ldiv")[:4] in ("ldiv", "tclo")]
    return [case for case in spoken if (key_of(case) in FAST) == fast]


def solve(shared: Path, case: dict[str, Any]) -> Plan:
    folder = shared / "data/tables" / case["dataset"]
    table = open_table(folder / f"{case['dataset']}.csv")
    sensitive = case["sensitive"]
    counted = PolarsEngine().count(table, [*case["quasi"], *([sensitive] if sensitive else [])], None)
    hierarchies = read_hierarchies(folder, case["quasi"])
    tuples, units = compress(counted, case["quasi"], hierarchies, sensitive=sensitive)
    kind, _, value = (case["model"] or "").partition("=")
    asked = Asked(
        k=case["k"],
        l=int(value) if kind == "ldiv" else None,
        t=float(value) if kind == "tclose" else None,
        suppression_rate_max=case["suppression_rate_max"],
        loss=case["loss"],
    )
    return decide(tuples, units, asked, sensitive=sensitive)


def assert_as_expected(plan: Plan, case: dict[str, Any]) -> None:
    assert list(plan.levels) == case["levels"], key_of(case)
    assert plan.score == pytest.approx(case["score"], rel=1e-6)
    assert plan.suppressed_rows == case["suppressed_rows"]
    assert plan.classes == case["classes"]
    assert plan.nodes_total == case["lattice_nodes"]
    assert plan.optimal


def test_one_case_a_model_and_loss(shared: Path) -> None:
    found = cases(shared, fast=True)
    assert len(found) == len(FAST)
    for case in found:
        assert_as_expected(solve(shared, case), case)


@pytest.mark.slow
def test_all_other_cases(shared: Path) -> None:
    found = cases(shared, fast=False)
    assert len(found) + len(FAST) == 34
    for case in found:
        assert_as_expected(solve(shared, case), case)


def test_risk_of_the_raw_table(shared: Path) -> None:
    expected = json.loads((shared / "data/tables/expected.json").read_text())
    quasi = expected["optima"][0]["quasi"]
    table = open_table(shared / "data/tables/adult/adult.csv")
    risk = measure(PolarsEngine().count(table, quasi, None), quasi)
    raw = expected["risk_adult_raw"]
    assert risk.classes == raw["classes"]
    assert risk.sample_uniques == raw["sample_uniques"]
    assert risk.average_risk == pytest.approx(raw["average_risk"], rel=1e-12)
    assert risk.highest_risk == raw["highest_risk"]
    flat = [number for pair in risk.class_sizes for number in pair]
    assert flat == expected["histogram_adult_raw"]


def test_an_overlapping_interval_hierarchy_is_read_as_arx_reads_it(shared: Path) -> None:
    hierarchies = read_hierarchies(shared / "data/tables/creditcard", ["AGE"])
    age = hierarchies["AGE"]
    assert age.domain == 100
    assert len(age.labels[0]) == 83
    assert age.label_of(1)["72"] == "[71,75]"  # the later of its two rows


def test_a_table_that_was_anonymized_keeps_its_columns(shared: Path) -> None:
    case = next(case for case in cases(shared, fast=True) if key_of(case)[0] == "creditcard")
    plan = solve(shared, case)
    table = open_table(shared / "data/tables/creditcard/creditcard.csv")
    raw = table.frame.collect()
    kept = plan.apply(raw)
    assert kept.columns == raw.columns
    assert raw.height - kept.height == case["suppressed_rows"]
    assert kept.group_by(case["quasi"]).agg(pl.len())["len"].min() >= case["k"]
