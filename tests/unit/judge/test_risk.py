from __future__ import annotations

import polars as pl
import pytest

from commonseal.errors import BadPack, BadTable
from commonseal.judge import judge, measure, trace_unicity
from commonseal.model import Citation, Text, Threshold
from commonseal.table import ROWS


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by(frame.columns).agg(pl.len().alias(ROWS))


def test_risk_of_three_classes() -> None:
    risk = measure(counted(pl.DataFrame({"q": ["a"] * 4 + ["b"] * 2 + ["c"]})), ["q"])
    assert (risk.rows, risk.persons, risk.classes, risk.smallest_class) == (7, 7, 3, 1)
    assert risk.sample_uniques == 1
    assert risk.highest_risk == 1.0
    assert risk.average_risk == pytest.approx(3 / 7)
    assert risk.class_sizes == ((1, 1), (2, 1), (4, 1))
    assert risk.smallest_l is None


def test_persons_count_once_in_each_class() -> None:
    frame = pl.DataFrame({"q": ["a", "a", "a", "b"], "who": ["p", "p", "r", "p"]})
    risk = measure(counted(frame), ["q"], person="who")
    assert (risk.rows, risk.persons, risk.classes) == (4, 2, 2)
    assert risk.class_sizes == ((1, 1), (2, 1))
    assert risk.average_risk == pytest.approx(2 / 3)


def test_spread_of_a_sensitive_column() -> None:
    frame = pl.DataFrame({"q": ["a"] * 4 + ["b"] * 4, "s": list("xxxx") + list("xxyy")})
    risk = measure(counted(frame), ["q"], sensitive="s")
    assert risk.homogeneous_classes == 1
    assert risk.smallest_l == 1
    assert risk.highest_t == pytest.approx(0.25)  # 6 of 8 are x: a has 100%, b has 50%


def test_nulls_are_a_class_and_a_value() -> None:
    frame = pl.DataFrame({"q": [None, None, "a"], "s": [None, "x", "x"]})
    risk = measure(counted(frame), ["q"], sensitive="s")
    assert risk.classes == 2
    assert risk.smallest_l == 1


def test_without_quasi_identifiers_all_rows_are_one_class() -> None:
    assert measure(pl.DataFrame({ROWS: [10]}), []).smallest_class == 10


def test_no_rows_is_a_fault() -> None:
    with pytest.raises(BadTable, match="no rows"):
        measure(pl.DataFrame({"q": [], ROWS: []}, schema={"q": pl.String, ROWS: pl.UInt32}), ["q"])


def a_limit(measure: str, limit: float, *, at_least: bool) -> Threshold:
    return Threshold(measure, limit, at_least, Citation("r", Text("Law", "法"), "1", "model"))


@pytest.mark.parametrize(
    ("threshold", "passes"),
    [
        (a_limit("smallest_class", 2, at_least=True), True),
        (a_limit("smallest_class", 3, at_least=True), False),
        (a_limit("highest_risk", 0.5, at_least=False), True),
        (a_limit("suppression_rate", 0.05, at_least=False), False),
        (a_limit("smallest_l", 2, at_least=True), True),  # nothing sensitive: does not apply
    ],
)
def test_a_verdict_holds_measures_against_limits(threshold: Threshold, *, passes: bool) -> None:
    risk = measure(counted(pl.DataFrame({"q": ["a", "a"]})), ["q"])
    verdict = judge(risk, risk, [threshold], suppression_rate=0.1)
    assert verdict.passed == passes


def test_a_limit_on_what_nobody_measures_is_not_passed_over() -> None:
    risk = measure(counted(pl.DataFrame({"q": ["a", "a"]})), ["q"])
    with pytest.raises(BadPack, match="never heard of"):
        judge(risk, risk, [a_limit("never heard of", 1, at_least=False)], suppression_rate=0.0)


def test_four_points_name_a_person_with_a_way_of_his_own() -> None:
    common = [(f"p{n}", point) for n in range(50) for point in ("home", "work", "shop", "park")]
    rows = pl.DataFrame([*common, ("odd", "home"), ("odd", "moon")], schema=["who", "at"], orient="row")
    rate = trace_unicity(rows, "who", ["at"], seed=1)
    assert rate == pytest.approx(1 / 51)


def test_everybody_alone_is_all_named_and_everybody_alike_none() -> None:
    alone = pl.DataFrame({"who": [f"p{n}" for n in range(30)], "at": [f"x{n}" for n in range(30)]})
    alike = pl.DataFrame({"who": [f"p{n}" for n in range(30)], "at": ["x"] * 30})
    assert trace_unicity(alone, "who", ["at"], seed=1) == 1.0
    assert trace_unicity(alike, "who", ["at"], seed=1) == 0.0
    assert trace_unicity(alone.head(0), "who", ["at"], seed=1) == 0.0


def test_drawn_people_estimate_the_share() -> None:
    half = pl.DataFrame(
        {"who": [f"p{n}" for n in range(4000)], "at": [f"x{n}" if n % 2 else "same" for n in range(4000)]}
    )
    assert trace_unicity(half, "who", ["at"], seed=5, people=1000) == pytest.approx(0.5, abs=0.06)


def test_a_trace_is_measured_against_brute_force() -> None:
    rows = pl.DataFrame(
        {"who": [n % 20 for n in range(100)], "at": [(n * 7 + n // 20) % 9 for n in range(100)]}
    )
    traces = {who: set(part["at"]) for (who,), part in rows.group_by("who")}
    alone = sum(
        sum(mine <= other for other in traces.values()) == 1 for mine in traces.values()
    )  # with points >= every length, all of a trace is known
    assert trace_unicity(rows, "who", ["at"], seed=3, points=99) == pytest.approx(alone / 20)
