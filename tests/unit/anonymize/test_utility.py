"""Each figure of utility, on tables small enough to reckon by hand or by brute force."""

from __future__ import annotations

import itertools
import math
import sys
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import Asked, Hierarchy, compress, decide, hierarchy_from_rows
from commonseal.anonymize.utility.figures import utility_of
from commonseal.anonymize.utility.frontier import class_sizes, frontier, solve_each
from commonseal.anonymize.utility.prediction import accuracy
from commonseal.anonymize.utility.recoding import Recoding, recoding_of_frames, recoding_of_plan, untouched
from commonseal.errors import BadInput, ColumnMissing
from commonseal.table import ROWS

AGE = hierarchy_from_rows("age", [[str(age), f"{age // 2 * 2}+", "*"] for age in range(4)], "")
SEX = hierarchy_from_rows("sex", [["f", "*"], ["m", "*"]], "")
BOTH = [AGE, SEX]
TABLE = pl.DataFrame({"age": ["0", "1", "2", "3", "3"], "sex": ["f", "f", "m", "m", "f"]})


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("age", "sex").agg(pl.len().alias(ROWS)).sort("age", "sex")


def at_levels(frame: pl.DataFrame, age: int, sex: int, kept: list[bool] | None = None) -> Recoding:
    """Return the recoding of a table whose rows all go to the same levels."""
    stays = np.ones(frame.height, dtype=bool) if kept is None else np.array(kept)
    released = frame.filter(pl.Series(stays)).with_columns(
        pl.col("age").replace_strict(AGE.label_of(age)), pl.col("sex").replace_strict(SEX.label_of(sex))
    )
    return recoding_of_frames(frame, released, BOTH, kept=stays)


def test_an_untouched_table_loses_nothing() -> None:
    tuples, _ = compress(counted(TABLE), ["age", "sex"], {h.column: h for h in BOTH})
    figures = utility_of(untouched(tuples))
    assert (figures.loss_gm, figures.loss_am, figures.entropy_am, figures.kl_divergence) == pytest.approx(
        (0, 0, 0, 0)
    )
    assert (figures.granularity, figures.precision, figures.ambiguity) == pytest.approx((1, 1, 1))
    assert (figures.classes, figures.average_class_size, figures.discernibility) == (5, 1.0, 5.0)


def test_figures_reckoned_by_hand() -> None:
    figures = utility_of(at_levels(TABLE, 1, 0))  # classes: (0+, f) 2, (2+, m) 2, (2+, f) 1
    assert figures.classes == 3
    assert figures.discernibility == 4 + 4 + 1
    assert figures.average_class_size == pytest.approx(5 / 3)
    # age: every label covers 2 of 4 values: (1/2 - 1/4) / (1 - 1/4) = 1/3; sex: 0
    assert figures.loss_am == pytest.approx(1 / 6)
    assert figures.loss_gm == pytest.approx(math.sqrt(4 / 3) - 1)
    assert figures.granularity == pytest.approx(1 - 1 / 6)
    assert figures.precision == pytest.approx(1 - (1 / 2) / 2)
    assert figures.ambiguity == pytest.approx(2)
    # age 0, 1: log2(2/1) each; age 2: log2(3/1); age 3 twice: log2(3/2)
    bits = 2 + math.log2(3) + 2 * math.log2(1.5)
    assert figures.entropy_am == pytest.approx(bits / 2)
    # (0,f) (1,f): 1/5 against 2/5/2; (2,m) (3,m) the same; (3,f): 1/5 against 1/5/2
    assert figures.kl_divergence == pytest.approx(0.2 * math.log2(2))


def test_a_suppressed_row_loses_everything() -> None:
    figures = utility_of(at_levels(TABLE, 0, 0, [True, True, True, True, False]))
    assert (figures.suppressed_rows, figures.classes) == (1, 4)
    assert figures.discernibility == 4 + 1 * 5
    assert figures.granularity == pytest.approx(0.8)
    assert figures.precision == pytest.approx(0.8)
    # q spreads the suppressed row over all 8 tuples: kept ones 1/5 + 1/40, the suppressed one 1/40
    expected = 4 * 0.2 * math.log2(0.2 / 0.225) + 0.2 * math.log2(0.2 / 0.025)
    assert figures.kl_divergence == pytest.approx(expected)
    nothing = utility_of(at_levels(TABLE, 0, 0, [False] * 5))
    assert (nothing.classes, nothing.average_class_size, nothing.ambiguity, nothing.granularity) == (
        0,
        0,
        0,
        0,
    )
    assert nothing.loss_gm == pytest.approx(1)


def test_cells_of_many_levels_and_hidden_ones() -> None:
    released = pl.DataFrame({"age": ["0+", "0+", None, "2+", "2+"], "sex": ["f", "f", "m", "*", "*"]})
    recoding = recoding_of_frames(TABLE, released, BOTH)
    figures = utility_of(recoding)
    assert figures.classes == 3
    lost_age, lost_sex = (4 * (1 / 3) + 1) / 5, 2 / 5
    assert figures.granularity == pytest.approx(1 - (lost_age + lost_sex) / 2)
    assert class_sizes(recoding) == ((1, 1), (2, 2))


def test_labels_and_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="1 cells stand in no row"):
        recoding_of_frames(TABLE, TABLE.with_columns(age=pl.Series(["0", "1", "2", "3", "2+-"])), BOTH)
    with pytest.raises(BadInput, match="3 rows, expected 5"):
        recoding_of_frames(TABLE, TABLE.head(3), BOTH)


@st.composite
def recoded(draw: st.DrawFn) -> tuple[pl.DataFrame, Recoding]:
    """Rows with levels of their own, some of them suppressed."""
    rows = draw(st.integers(1, 25))
    one_of = lambda values: draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows))  # noqa: E731
    frame = pl.DataFrame({"age": one_of(AGE.labels[0]), "sex": one_of(SEX.labels[0])})
    kept = np.array(one_of([True, True, True, False]))
    cells: dict[str, list[Any]] = {}
    for hierarchy in BOTH:
        levels = one_of([*range(hierarchy.height), None])
        cells[hierarchy.column] = [
            None if level is None else hierarchy.label_of(level)[value]
            for value, level in zip(frame[hierarchy.column], levels, strict=True)
        ]
    released = pl.DataFrame(cells, schema={"age": pl.String, "sex": pl.String}).filter(pl.Series(kept))
    whole = pl.DataFrame(cells, schema={"age": pl.String, "sex": pl.String}).with_columns(
        kept=pl.Series(kept)
    )
    return pl.concat([frame.rename(lambda name: f"was_{name}"), whole], how="horizontal"), recoding_of_frames(
        frame, released, BOTH, kept=kept
    )


def box(hierarchy: Hierarchy, value: str, label: str | None, kept: bool) -> set[str]:
    """Return the values of the domain that a released cell may stand for."""
    if not kept or label is None:
        return set(hierarchy.labels[0])
    level = next(level for level in range(hierarchy.height) if hierarchy.label_of(level)[value] == label)
    return {other for other, name in hierarchy.label_of(level).items() if name == label}


@settings(max_examples=150, deadline=None)
@given(recoded())
def test_the_figures_are_those_of_brute_force(drawn: tuple[pl.DataFrame, Recoding]) -> None:
    rows, recoding = drawn
    figures = utility_of(recoding)
    boxes = [
        (box(AGE, row["was_age"], row["age"], row["kept"]), box(SEX, row["was_sex"], row["sex"], row["kept"]))
        for row in rows.iter_rows(named=True)
    ]
    total, left = rows.height, rows.filter("kept")
    lost = [np.mean([(len(cell) - 1) / (len(h.labels[0]) - 1) for cell in cells])
            for h, cells in zip(BOTH, zip(*boxes, strict=True), strict=True)]  # fmt: skip
    assert figures.granularity == pytest.approx(1 - np.mean(lost))
    assert figures.loss_am == pytest.approx(np.mean(lost))
    sizes = Counter(left.select("age", "sex").iter_rows())
    assert figures.classes == len(sizes)
    assert figures.discernibility == sum(s * s for s in sizes.values()) + (total - left.height) * total
    p = Counter(rows.select("was_age", "was_sex").iter_rows())
    q = {
        pair: sum(
            1 / (len(ages) * len(sexes)) for ages, sexes in boxes if pair[0] in ages and pair[1] in sexes
        )
        for pair in itertools.product(AGE.labels[0], SEX.labels[0])
    }
    assert sum(q.values()) == pytest.approx(total)
    divergence = sum(count / total * math.log2(count / q[pair]) for pair, count in p.items())
    assert figures.kl_divergence == pytest.approx(max(0.0, divergence), abs=1e-9)


def test_the_frontier_has_an_entry_for_each_k_and_says_where_nothing_passes() -> None:
    random = np.random.default_rng(3)
    frame = pl.DataFrame(
        {
            "age": [str(v) for v in random.integers(0, 4, 60)],
            "sex": [("f", "m")[v] for v in random.integers(0, 2, 60)],
        }
    )
    tuples, units = compress(counted(frame), ["age", "sex"], {h.column: h for h in BOTH})
    found = frontier(tuples, solve_each(tuples, units, Asked(k=5)), choices=(2, 10, 60, 61))
    assert [choice.k for choice in found] == [2, 10, 60, 61]
    assert found[3].levels is None
    for choice in found[:3]:
        assert choice.utility is not None
        assert choice.highest_risk is not None
        assert choice.average_risk is not None
        assert choice.highest_risk <= 1 / choice.k
        assert choice.average_risk <= choice.highest_risk
    losses = [choice.utility.loss_gm for choice in found[:3] if choice.utility]
    assert losses == sorted(losses)
    assert found[0].optimal


def test_risks_are_of_persons_where_they_are_known() -> None:
    frame = pl.DataFrame({"age": ["0", "0", "1"], "sex": ["f", "f", "f"], "who": ["a", "a", "b"]})
    by = frame.group_by("age", "sex", "who").agg(pl.len().alias(ROWS)).sort("age")
    tuples, units = compress(by, ["age", "sex"], {h.column: h for h in BOTH}, person="who")
    assert units.person is not None
    recoding = untouched(tuples)
    assert class_sizes(recoding) == ((1, 1), (2, 1))
    assert class_sizes(recoding, (units.tuple_of, units.person)) == ((1, 2),)


def people(rows: int = 400) -> pl.DataFrame:
    random = np.random.default_rng(5)
    age, sex = random.integers(0, 4, rows), random.integers(0, 2, rows)
    pay = np.where(random.random(rows) < 0.1, 1 - (age > 1), age > 1)
    return pl.DataFrame({"age": age.astype(str), "sex": [("f", "m")[v] for v in sex], "pay": pay.astype(str)})


def test_a_target_is_predicted_before_and_after() -> None:
    frame = people()
    same = accuracy(frame, frame, ["age", "sex", "pay"], "pay", seed=1)
    assert same.before == same.after > 0.85 > same.baseline
    assert same.kept == pytest.approx(1)
    halves = frame.with_columns(pl.col("age").replace_strict(AGE.label_of(1)))
    assert accuracy(frame, halves, ["age", "sex"], "pay", seed=1).after > 0.85
    gone = accuracy(frame, frame.with_columns(age=pl.lit("*")), ["age", "sex"], "pay", seed=1)
    assert gone.after < 0.65
    assert accuracy(frame, frame.with_columns(age=pl.lit("*")), ["age", "sex"], "pay", seed=1) == gone


def test_suppressed_rows_stay_in_the_trial() -> None:
    frame = people()
    none = accuracy(frame, frame.clear(), ["age", "sex"], "pay", seed=1, kept=np.zeros(400, dtype=bool))
    assert none.after == pytest.approx(none.baseline, abs=0.01)
    assert none.rows == 400


def test_a_target_that_cannot_be_predicted_is_told() -> None:
    frame = people()
    with pytest.raises(ColumnMissing, match="'wage'"):
        accuracy(frame, frame, ["age"], "wage", seed=1)
    with pytest.raises(BadInput, match="at least 2"):
        accuracy(frame.with_columns(one=pl.lit("x")), frame, ["age"], "one", seed=1)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(BadInput, match=r"commonseal\[utility\]"):
        accuracy(people(), people(), ["age"], "pay", seed=1)


def test_a_plan_is_read_back_as_it_was_found() -> None:
    tuples, units = compress(counted(TABLE), ["age", "sex"], {h.column: h for h in BOTH})
    plan = decide(tuples, units, Asked(k=2, suppression_rate_max=0.2))
    figures = utility_of(recoding_of_plan(tuples, plan, plan.levels))
    assert figures.loss_gm == pytest.approx(plan.score)
    assert (figures.suppressed_rows, figures.classes) == (plan.suppressed_rows, plan.classes)
