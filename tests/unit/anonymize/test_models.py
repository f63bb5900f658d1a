"""Each model on classes small enough to count by hand."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from commonseal.anonymize import MODELS, Aids, ModelAsked, compress, hierarchy_from_rows
from commonseal.anonymize.asked import make_models
from commonseal.anonymize.loss import make_loss
from commonseal.anonymize.search.candidate import Problem, check
from commonseal.errors import BadInput
from commonseal.table import ROWS

FLAT = hierarchy_from_rows("q", [[name, "*"] for name in "abc"], "")
TREE = hierarchy_from_rows(
    "s", [["flu", "lung", "*"], ["cough", "lung", "*"], ["ulcer", "gut", "*"], ["colic", "gut", "*"]], ""
)


def failing(
    values: dict[str, str],
    model: ModelAsked,
    *,
    aids: Aids | None = None,
    population: dict[str, int] | None = None,
) -> list[str]:
    """Return the classes that fail; `values` are the sensitive values of each class, a word a person."""
    rows = [(name, word) for name, words in values.items() for word in words.split()]
    frame = pl.DataFrame(rows, schema=["q", "s"], orient="row")
    counted = frame.group_by("q", "s").agg(pl.len().alias(ROWS)).sort("q", "s")
    everybody = None
    if population is not None:
        everybody = pl.DataFrame({"q": list(population), ROWS: list(population.values())})
    tuples, units = compress(counted, ["q"], {"q": FLAT}, sensitive="s", population=everybody)
    models = make_models((model,), units, aids or Aids())
    checked = check(Problem(tuples, units, models, make_loss("loss_gm", tuples), tuples.total), (0,))
    assert checked.suppressed in (int(tuples.rows[checked.lost].sum()), tuples.total + 1)
    return sorted(FLAT.labels[0][code] for code in tuples.codes[0][checked.lost])


def test_k_map_counts_the_population_or_reckons_with_its_size() -> None:
    table = {"a": "x x", "b": "x"}
    assert failing(table, ModelAsked("k_map", {"k": 3}), population={"a": 3, "b": 2, "c": 9}) == ["b"]
    assert failing(table, ModelAsked("k_map", {"k": 3, "population": 6})) == ["b"]  # 4 and 2 of 6 people
    assert failing(table, ModelAsked("k_map", {"k": 2, "population": 6})) == []


def test_delta_presence_bounds_the_share_that_is_in_the_table() -> None:
    table, people = {"a": "x x", "b": "x"}, {"a": 4, "b": 1}
    assert failing(table, ModelAsked("delta_presence", {"min": 0, "max": 0.5}), population=people) == ["b"]
    half = ModelAsked("delta_presence", {"min": 0.5, "max": 1})
    assert failing(table, half, population=people) == []
    assert failing(table, half, population={**people, "c": 1}) == [
        "a",
        "b",
        "c",
    ]  # of c nobody is in the table


def test_distinct_l() -> None:
    assert failing(
        {"a": "x y", "b": "x x x"}, ModelAsked("distinct_l_diversity", {"column": "s", "l": 2})
    ) == ["b"]


def test_entropy_l_is_decided_exactly() -> None:
    even = {"a": "x x y y z z", "b": "x x x y y z"}
    assert failing(even, ModelAsked("entropy_l_diversity", {"column": "s", "l": 3})) == ["b"]
    # 4 ln 4 / 4 against ln 2: two values once each beside one twice have entropy 1.5 bits
    assert failing({"a": "x x y z"}, ModelAsked("entropy_l_diversity", {"column": "s", "l": 2})) == []


def test_recursive_c_l() -> None:
    table = {"a": "x x x y z", "b": "x x x x y", "c": "x x"}
    asked = ModelAsked("recursive_cl_diversity", {"column": "s", "c": 2.0, "l": 2})
    assert failing(table, asked) == ["b", "c"]  # 3 < 2(1+1); 4 >= 2(1); 2 >= 0
    deeper = ModelAsked("recursive_cl_diversity", {"column": "s", "c": 4.0, "l": 3})
    assert failing(table, deeper) == ["b", "c"]  # 3 < 4(1); nothing is left from the third on


def test_t_closeness_by_each_distance() -> None:
    table = {"a": "1 1", "b": "3 3", "c": "1 2 3"}
    # the whole is 3/7, 1/7, 3/7; class a is 4/7 away, class c 4/21
    assert failing(table, ModelAsked("t_closeness", {"column": "s", "t": 0.5})) == ["a", "b"]
    assert failing(table, ModelAsked("t_closeness", {"column": "s", "t": 0.58})) == []
    ordered = ModelAsked("t_closeness", {"column": "s", "t": 0.49, "distance": "ordered"})
    assert failing(table, ordered) == ["a", "b"]  # (4/7 + 3/7) / 2
    named = ModelAsked("t_closeness", {"column": "s", "t": 0.01, "distance": "ordered"})
    with pytest.raises(BadInput, match="orders"):
        failing({"a": "low high"}, named)
    assert failing({"a": "low high"}, named, aids=Aids(orders={"s": ("low", "mid", "high")})) == []


def test_t_closeness_in_a_hierarchy() -> None:
    table = {"a": "flu cough", "b": "ulcer colic"}
    asked = ModelAsked("t_closeness", {"column": "s", "t": 0.49, "distance": "hierarchical"})
    # half of each class crosses from one organ to the other, at the top: 1/2
    assert failing(table, asked, aids=Aids(trees={"s": TREE})) == ["a", "b"]
    inside = {"a": "flu ulcer", "b": "cough colic"}  # within the organs, at half the height: 1/4
    assert failing(inside, asked, aids=Aids(trees={"s": TREE})) == []
    with pytest.raises(BadInput, match="hierarchy"):
        failing(table, asked)


def test_delta_disclosure_and_beta_likeness() -> None:
    table = {"a": "x x x y", "b": "x y y y"}  # the whole is half and half
    ratio = math.log(2)  # a quarter against a half
    assert failing(table, ModelAsked("delta_disclosure", {"column": "s", "delta": ratio + 1e-9})) == []
    assert failing(table, ModelAsked("delta_disclosure", {"column": "s", "delta": ratio - 1e-9})) == [
        "a",
        "b",
    ]
    absent = {"a": "x x y", "b": "y y"}
    assert failing(absent, ModelAsked("delta_disclosure", {"column": "s", "delta": 9.0})) == ["b"]
    assert failing(table, ModelAsked("basic_beta_likeness", {"column": "s", "beta": 0.5})) == []
    assert failing(table, ModelAsked("basic_beta_likeness", {"column": "s", "beta": 0.4})) == ["a", "b"]
    # -ln(1/2) = 0.69 is above the gain of 0.5, so enhancing changes nothing here
    assert failing(table, ModelAsked("enhanced_beta_likeness", {"column": "s", "beta": 5.0})) == []


def test_models_on_the_whole_table_let_the_smallest_classes_go() -> None:
    table = {"a": "x", "b": "x x", "c": "x x x"}
    assert failing(table, ModelAsked("average_risk", {"risk": 0.5})) == []  # 3 classes, 6 persons
    assert failing(table, ModelAsked("average_risk", {"risk": 0.4})) == ["a"]  # 2 of 5
    assert failing(table, ModelAsked("sample_uniqueness", {"rate": 0.1})) == ["a"]
    assert failing(table, ModelAsked("sample_uniqueness", {"rate": 0.2})) == []
    asked = ModelAsked("population_uniqueness", {"rate": 0.1, "population": 100, "estimator": "zayatz"})
    seen = []

    def estimate(sizes: np.ndarray, population: int, estimator: str) -> float:
        seen.append((sizes.tolist(), population, estimator))
        return float((sizes == 1).mean())

    assert failing(table, asked, aids=Aids(estimate=estimate)) == ["a"]
    assert seen == [([1, 2, 3], 100, "zayatz"), ([2, 3], 100, "zayatz")]
    with pytest.raises(BadInput, match="estimator"):
        failing(table, asked)


def test_an_unknown_model_or_column_is_told() -> None:
    with pytest.raises(BadInput, match="expected one of k_anonymity"):
        failing({"a": "x"}, ModelAsked("k_anonimity", {"k": 2}))
    with pytest.raises(BadInput, match="'t' was not counted"):
        failing({"a": "x"}, ModelAsked("distinct_l_diversity", {"column": "t", "l": 2}))
    assert len(MODELS) == 13


def test_limits_are_decided_in_whole_numbers() -> None:
    tenth = {"a": "x y y y y", "b": "x x y y y"}  # the whole is 3 of 10; each class is 1/10 away
    assert failing(tenth, ModelAsked("t_closeness", {"column": "s", "t": 0.1})) == []
    numbers = {"a": "1 2 2 2 2", "b": "1 1 2 2 2"}
    for distance in ("equal", "ordered"):
        asked = ModelAsked("t_closeness", {"column": "s", "t": 0.1, "distance": distance})
        assert failing(numbers, asked) == []
        assert failing(numbers, ModelAsked("t_closeness", {**asked.params, "t": 0.0999})) == ["a", "b"]
    organs = {"a": "flu ulcer ulcer ulcer ulcer", "b": "flu flu ulcer ulcer ulcer"}
    asked = ModelAsked("t_closeness", {"column": "s", "t": 0.1, "distance": "hierarchical"})
    assert failing(organs, asked, aids=Aids(trees={"s": TREE})) == []
    crowd = {"a": " ".join(["x"] * 11), "b": " ".join(["x"] * 11)}
    assert failing(crowd, ModelAsked("k_map", {"k": 15, "population": 30})) == []  # 11 of 22 of 30
    assert failing(crowd, ModelAsked("k_map", {"k": 16, "population": 30})) == ["a", "b"]
    lopsided = {"a": " ".join(["x"] * 121 + ["y"] * 110)}
    assert failing(lopsided, ModelAsked("recursive_cl_diversity", {"column": "s", "c": 1.1, "l": 2})) == ["a"]


def test_the_population_is_counted_in_persons() -> None:
    frame = pl.DataFrame({"q": ["a", "a", "b"], "who": ["1", "2", "3"]})
    everybody = pl.DataFrame({"q": ["a", "a", "b", "b", "c"], "who": ["1", "2", "1", "3", "4"]})
    counts = [
        each.group_by("q", "who").agg(pl.len().alias(ROWS)).sort("q", "who") for each in (frame, everybody)
    ]
    tuples, units = compress(counts[0], ["q"], {"q": FLAT}, person="who", population=counts[1])
    models = make_models((ModelAsked("k_map", {"k": 4, "population": "t"}),), units, Aids())
    problem = Problem(tuples, units, models, make_loss("loss_gm", tuples), tuples.total)
    assert check(problem, (0,)).suppressed == 3
    assert check(problem, (1,)).suppressed == 0  # four persons, though five rows
    fifth = make_models((ModelAsked("k_map", {"k": 5, "population": "t"}),), units, Aids())
    assert check(Problem(tuples, units, fifth, problem.loss, tuples.total), (1,)).suppressed == 3
