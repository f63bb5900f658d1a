from __future__ import annotations

import polars as pl
import pytest

from commonseal.anonymize import (
    Asked,
    ModelAsked,
    Plan,
    build_hierarchy,
    compress,
    decide,
    hierarchy_from_rows,
)
from commonseal.anonymize.limits import allowed_levels
from commonseal.errors import BadInput
from commonseal.table import ROWS

AGE = build_hierarchy("age", [str(age) for age in range(20, 60)])  # value, 2, 4, 8, 16 years, *
BORN = build_hierarchy(
    "born", [f"19{year}-0{month}-1{month}" for year in range(60, 80) for month in range(1, 9)]
)
SEX = hierarchy_from_rows("sex", [["f", "*"], ["m", "*"]], "")


def planned(asked: Asked) -> Plan:
    frame = pl.DataFrame({"age": [str(20 + i % 40) for i in range(400)], "sex": ["f", "m"] * 200})
    counted = frame.group_by("age", "sex").agg(pl.len().alias(ROWS)).sort("age", "sex")
    tuples, units = compress(counted, ["age", "sex"], {"age": AGE, "sex": SEX})
    return decide(tuples, units, asked)


def test_levels_and_widths_bound_the_lattice() -> None:
    assert allowed_levels([AGE, SEX], {}, {}) == ((0, 0), (AGE.height - 1, 1))
    assert allowed_levels([AGE, SEX], {"sex": (1, None)}, {"age": 10}) == ((0, 1), (3, 1))
    assert allowed_levels([BORN], {}, {"born": 31}) == ((0,), (3,))  # value, hour, day, month


def test_a_width_is_of_the_values_however_labels_are_written() -> None:
    rows = [[str(v), f"{v // 5 * 5}-{v // 5 * 5 + 4}", "young" if v < 20 else ">=20", "*"] for v in range(40)]
    age = hierarchy_from_rows("age", [*rows, ["", "", "", "*"]], "")
    for within, most in ((0, 0), (3, 0), (4, 1), (18, 1), (19, 2), (39, 3)):
        assert allowed_levels([age], {}, {"age": within}) == ((0,), (most,))
    with pytest.raises(BadInput, match="at its least level 2 values lie farther apart than 10"):
        allowed_levels([age], {"age": (2, None)}, {"age": 10})


def test_every_fault_of_the_limits_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        allowed_levels([AGE, SEX], {"sex": (1, 5), "who": (0, 1)}, {"sex": 1})
    assert caught.value.message.en.splitlines() == [
        "levels, within: column 'who' is no quasi-identifier",
        "levels: column 'sex': got 1 to 5, expected 0 <= least <= most <= 1",
        "within: column 'sex': the values of its hierarchy are neither all numbers nor all dates (YYYY-MM-DD)",
    ]
    assert "within" in caught.value.message.zh


def test_a_plan_stays_within_what_was_asked() -> None:
    free = planned(Asked(k=40))
    assert free.levels == (4, 0)
    kept = planned(Asked(k=40, within={"age": 10}, suppression_rate_max=0.0))
    assert kept.levels == (2, 1)
    with pytest.raises(BadInput, match="allow more suppression, widen within"):
        planned(Asked(k=40, within={"age": 2}))


def test_weights_and_priorities_choose_the_column_that_gives() -> None:
    assert planned(Asked(k=40, weights={"age": 50.0})).levels == (2, 1)
    assert planned(Asked(k=40, priorities=("age",))).levels == (2, 1)
    assert planned(Asked(k=40, priorities=("sex", "age"))).levels == (4, 0)


def test_a_budget_of_checks_leaves_a_bound() -> None:
    cut = planned(Asked(k=40, checks_max=1))
    assert not cut.optimal
    assert cut.levels == (5, 1)
    assert cut.bound <= planned(Asked(k=40)).score < cut.score


def test_two_candidates_of_one_score_are_told() -> None:
    frame = pl.DataFrame({"x": ["f", "m", "f", "m"], "y": ["f", "f", "m", "m"]})
    counted = frame.with_columns(pl.lit(1).alias(ROWS))
    twice = {name: hierarchy_from_rows(name, [["f", "*"], ["m", "*"]], "") for name in ("x", "y")}
    tuples, units = compress(counted, ["x", "y"], twice)
    plan = decide(tuples, units, Asked(models=(ModelAsked("k_anonymity", {"k": 2}),)))
    assert plan.tied
    assert plan.optimal
