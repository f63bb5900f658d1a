"""Every model on small tables whose answer can be told by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import polars as pl
import pytest

from commonseal.errors import BadHierarchy, BadInput, BadTable, ColumnMissing
from commonseal.judge.models import (
    MODELS,
    AverageRisk,
    BasicBetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    RecursiveCLDiversity,
    SampleUniqueness,
    TCloseness,
    holds,
    holds_all,
    make_model,
)
from commonseal.judge.models.diversity import WHOLE_NUMBERS, enough_entropy
from commonseal.table import ROWS


def table(**classes: str) -> pl.DataFrame:
    """`a="xxy"`: a class a of three rows with the sensitive values x, x, y."""
    rows = [(name, value) for name, values in classes.items() for value in values]
    return pl.DataFrame(rows, schema=["q", "s"], orient="row")


def test_k_anonymity_counts_the_classes_that_fail() -> None:
    held = holds(table(a="xxx", b="xy", c="z"), ["q"], KAnonymity(2))
    assert (held.passed, held.worst, held.classes, held.classes_failing) == (False, 1, 3, 1)
    assert holds(table(a="xxx", b="xy"), ["q"], KAnonymity(2)).passed


def test_counted_tuples_and_rows_give_the_same() -> None:
    rows = table(a="xxxy", b="xyzz", c="zz")
    counted = rows.group_by("q", "s").agg(pl.len().alias(ROWS))
    models = [KAnonymity(3), EntropyLDiversity("s", 2), TCloseness("s", 0.3), BasicBetaLikeness("s", 1)]
    assert holds_all(rows, ["q"], models) == holds_all(counted, ["q"], models)


def test_persons_are_counted_where_they_are_named() -> None:
    rows = pl.DataFrame({"q": ["a"] * 4, "s": ["x", "x", "x", "y"], "who": ["p", "p", "p", "r"]})
    assert holds(rows, ["q"], KAnonymity(3)).passed
    assert not holds(rows, ["q"], KAnonymity(3), person="who").passed
    assert holds(rows, ["q"], EntropyLDiversity("s", 2), person="who").passed  # one x, one y


def test_nulls_are_equal_to_each_other_and_a_value() -> None:
    rows = pl.DataFrame({"q": [None, None, "a", "a"], "s": [None, "x", "x", None]})
    assert holds(rows, ["q"], KAnonymity(2)).classes == 2
    assert holds(rows, ["q"], DistinctLDiversity("s", 2)).passed


def test_without_quasi_identifiers_all_rows_are_one_class() -> None:
    held = holds(table(a="xx", b="y"), [], KAnonymity(3))
    assert (held.passed, held.classes) == (True, 1)


def test_entropy_of_equal_counts_is_exactly_log_l() -> None:
    assert holds(table(a="xxyyzz", b="xyz"), ["q"], EntropyLDiversity("s", 3)).passed
    held = holds(table(a="xxyyzz", b="xxyyz"), ["q"], EntropyLDiversity("s", 3))
    assert (held.passed, held.classes_failing) == (False, 1)
    assert held.worst == pytest.approx(math.exp(-(0.8 * math.log(0.4) + 0.2 * math.log(0.2))))


@pytest.mark.parametrize("n", [10, WHOLE_NUMBERS, 10**9 + 1])
def test_entropy_a_hair_below_is_below(n: int) -> None:
    assert enough_entropy((n, n), Fraction(2))
    assert not enough_entropy((n - 1, n + 1), Fraction(2))
    assert not enough_entropy((n, n, n + 1), Fraction(3))


def test_recursive_diversity_of_the_papers_example() -> None:
    rows = table(a="wwxyz")  # r = 2, 1, 1, 1
    assert holds(rows, ["q"], RecursiveCLDiversity("s", 1, 2)).passed  # 2 < 3
    assert not holds(rows, ["q"], RecursiveCLDiversity("s", 1, 3)).passed  # 2 < 2 is false
    assert holds(rows, ["q"], RecursiveCLDiversity("s", 1.01, 3)).passed
    few = holds(rows, ["q"], RecursiveCLDiversity("s", 100, 5))
    assert (few.passed, few.worst) == (False, math.inf)


def test_recursive_diversity_takes_the_number_that_was_written() -> None:
    rows = table(a="x" * 7 + "".join(chr(200 + n) for n in range(100)))  # 7 < 0.07 * 100 is false
    assert not holds(rows, ["q"], RecursiveCLDiversity("s", 0.07, 2)).passed
    assert 7 < 0.07 * 100  # and floating point says otherwise


SALARY = pl.DataFrame(  # Li et al. 2007, table 3: salaries 3k .. 11k, example in section 4.1
    {"q": ["all"] * 9, "salary": list(range(3, 12))}
)


def test_ordered_distance_of_the_papers_example() -> None:
    first = pl.DataFrame({"q": ["p"] * 3, "salary": [3, 4, 5]})
    second = pl.DataFrame({"q": ["p"] * 3, "salary": [6, 8, 11]})
    for rows, expected in ((first, 0.375), (second, 0.167)):
        held = holds(rows, ["q"], TCloseness("salary", 1, "ordered"), reference=SALARY)
        assert held.worst == pytest.approx(expected, abs=5e-4)
    exact = TCloseness("salary", 0.375, "ordered")
    assert holds(first, ["q"], exact, reference=SALARY).passed


def test_numbers_as_text_are_ordered_as_numbers() -> None:
    as_text = SALARY.with_columns(pl.col("salary").cast(pl.String))
    rows = pl.DataFrame({"q": ["p"] * 3, "salary": ["6", "8", "11"]})
    held = holds(rows, ["q"], TCloseness("salary", 1, "ordered"), reference=as_text)
    assert held.worst == pytest.approx(1 / 6)


DISEASES = (  # Li et al. 2007, figure 1, the part under "respiratory & digestive system diseases"
    ("flu", "respiratory infection", "vascular lung", "all"),
    ("pneumonia", "respiratory infection", "vascular lung", "all"),
    ("bronchitis", "respiratory infection", "vascular lung", "all"),
    ("ulcer", "stomach", "digestive", "all"),
    ("gastritis", "stomach", "digestive", "all"),
)


def test_hierarchical_distance_moves_along_the_tree() -> None:
    rows = pl.DataFrame({"q": ["a", "a", "b", "b"], "d": ["flu", "pneumonia", "ulcer", "gastritis"]})
    held = holds(rows, ["q"], TCloseness("d", 0.5, "hierarchical", DISEASES))
    assert (held.passed, held.worst) == (True, 0.5)  # half of the mass goes the whole way up
    near = pl.DataFrame({"q": ["a", "a", "b", "b"], "d": ["flu", "flu", "pneumonia", "pneumonia"]})
    assert holds(near, ["q"], TCloseness("d", 1, "hierarchical", DISEASES)).worst == pytest.approx(0.5 / 3)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((), "none or unequal"),
        ((("flu", "all"), ("ulcer",)), "none or unequal"),
        ((("flu", "all"),), "1 values have no row"),
        ((("flu", "x", "r"), ("ulcer", "x", "s")), "two parents"),
        ((("flu", "r"), ("ulcer", "s")), "several labels"),
    ],
)
def test_a_bad_hierarchy_is_told(rows: tuple[tuple[str, ...], ...], says: str) -> None:
    with pytest.raises(BadHierarchy, match=says) as fault:
        holds(
            pl.DataFrame({"q": ["a", "a"], "d": ["flu", "ulcer"]}),
            ["q"],
            TCloseness("d", 1, "hierarchical", rows),
        )
    assert "ulcer" not in str(fault.value)


def test_equal_distance_at_the_limit_passes() -> None:
    rows = table(a="xxxxx", b="xxxyy")  # reference 8 x, 2 y; both classes are exactly 0.2 away
    held = holds(rows, ["q"], TCloseness("s", 0.2))
    assert (held.passed, held.worst) == (True, 0.2)
    assert not holds(rows, ["q"], TCloseness("s", 0.19999999999)).passed


def test_the_reference_is_the_yardstick() -> None:
    rows = table(a="xx")
    assert holds(rows, ["q"], TCloseness("s", 0)).passed
    assert holds(rows, ["q"], TCloseness("s", 0), reference=table(a="xy")).worst == 0.5
    assert holds(rows, ["q"], BasicBetaLikeness("s", 9), reference=table(a="yy")).worst == math.inf


def test_delta_disclosure_minds_what_a_class_has_none_of() -> None:
    rows = table(a="xxxy", b="xyyy")
    assert holds(rows, ["q"], DeltaDisclosure("s", 0.7)).worst == pytest.approx(math.log(2))
    assert not holds(rows, ["q"], DeltaDisclosure("s", 0.69)).passed
    lacking = table(a="xxxy", b="yyyy")
    assert holds(lacking, ["q"], DeltaDisclosure("s", 9)).worst == math.inf
    assert holds(lacking, ["q"], DeltaDisclosure("s", 9, present_only=True)).passed


def test_beta_likeness_bounds_the_gain() -> None:
    rows = table(a="xxxy", b="xyyy")  # shares 1/2; the gain is (3/4 - 1/2) / (1/2) = 1/2
    assert holds(rows, ["q"], BasicBetaLikeness("s", 0.5)).passed
    assert not holds(rows, ["q"], BasicBetaLikeness("s", 0.49)).passed
    assert holds(rows, ["q"], EnhancedBetaLikeness("s", 0.5)).passed
    sure = table(a="xxxx", b="yyyy")  # gain 1, but -ln(1/2) = 0.69
    assert holds(sure, ["q"], BasicBetaLikeness("s", 1)).passed
    held = holds(sure, ["q"], EnhancedBetaLikeness("s", 1))
    assert (held.passed, held.worst) == (False, math.inf)
    assert holds(table(a="xx", b="xx"), ["q"], EnhancedBetaLikeness("s", 0.1)).passed  # all have it


def test_k_map_counts_in_the_population() -> None:
    people = table(a="....", b="..", c=".....")
    assert holds(table(a=".", b="."), ["q"], KMap(2), population=people).passed
    held = holds(table(a=".", b="."), ["q"], KMap(3), population=people)
    assert (held.worst, held.classes_failing) == (2, 1)
    assert holds(table(a=".", z="."), ["q"], KMap(1), population=people).worst == 0


def test_k_map_estimates_from_a_number() -> None:
    rows = table(**dict.fromkeys("abcd", "." * 5))
    assert holds(rows, ["q"], KMap(5, population=20)).threshold == 5  # all are in: as k-anonymity
    assert holds(rows, ["q"], KMap(5, population=2000)).threshold == 1  # P(X >= 1) = 0.049, mean 0.05
    truncated = KMap(5, population=2000, estimator="zero_truncated_poisson")
    assert holds(rows, ["q"], truncated).threshold == 2
    with pytest.raises(BadInput, match="expected a population"):
        holds(rows, ["q"], KMap(2))


def test_delta_presence_has_two_ends() -> None:
    people = table(a="....", b="..")
    inside = table(a=".", b=".")  # 1/4 and 1/2
    assert holds(inside, ["q"], DeltaPresence(0.25, 0.5), population=people).passed
    assert holds(inside, ["q"], DeltaPresence(0, 0.4), population=people).worst == 0.5
    assert holds(inside, ["q"], DeltaPresence(0.3, 1), population=people).worst == 0.25
    only_a = holds(table(a="."), ["q"], DeltaPresence(0.1, 1), population=people)
    assert (only_a.passed, only_a.worst) == (False, 0)  # nobody of b is in
    assert not holds(table(a=".", z="."), ["q"], DeltaPresence(0, 1), population=people).passed
    with pytest.raises(BadInput, match="same labels"):
        holds(table(z="."), ["q"], DeltaPresence(0, 1), population=people)


def test_models_of_the_whole_table() -> None:
    rows = table(a="...", b=".", c=".")
    assert holds(rows, ["q"], AverageRisk(0.6)).passed
    assert not holds(rows, ["q"], AverageRisk(0.59)).passed
    assert holds(rows, ["q"], SampleUniqueness(0.4)).worst == 0.4
    assert holds(rows, ["q"], PopulationUniqueness(0.4, 5)).passed
    unsolved = holds(table(a=".", b="."), ["q"], PopulationUniqueness(1, 1000, "snb"))
    assert (unsolved.passed, unsolved.worst) == (False, math.inf)


def test_what_cannot_be_judged_is_told() -> None:
    with pytest.raises(BadTable, match="no rows"):
        holds(table(a=""), ["q"], KAnonymity(2))
    with pytest.raises(ColumnMissing, match="no column z"):
        holds(table(a="x"), ["z"], KAnonymity(2))
    with pytest.raises(ColumnMissing, match="no column z"):
        holds(table(a="x"), ["q"], DistinctLDiversity("z", 2))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("k_anonymity", {"k": 0}),
        ("t_closeness", {"column": "s", "t": 1.5}),
        ("entropy_l_diversity", {"column": "s", "l": 0.5}),
        ("recursive_cl_diversity", {"column": "s", "c": 0, "l": 2}),
        ("delta_presence", {"min": 0.5, "max": 0.2}),
        ("basic_beta_likeness", {"column": "s"}),
        ("no_such_model", {}),
    ],
)
def test_a_bad_parameter_is_told(name: str, parameters: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=name):
        make_model(name, parameters)


def test_every_model_of_the_issue_is_there() -> None:
    assert set(MODELS) == {
        *("k_anonymity", "k_map", "delta_presence", "distinct_l_diversity", "entropy_l_diversity"),
        *("recursive_cl_diversity", "t_closeness", "delta_disclosure", "basic_beta_likeness"),
        *("enhanced_beta_likeness", "average_risk", "sample_uniqueness", "population_uniqueness"),
    }
