"""One call judges a table: attackers, the level of GB/T 42460, the questions of WP216."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonseal.errors import BadInput
from commonseal.judge import Terms, judge_table, make_model, measure
from commonseal.judge.identifiability import Gbt42460, context_probability, identifiability
from commonseal.judge.models import count_table
from commonseal.judge.reidentification import reidentification
from commonseal.judge.wp216 import TABLE_6, Limits, three_questions
from commonseal.table import ROWS

SIZES = np.array([1, 3, 6])


def rows(**classes: str) -> pl.DataFrame:
    pairs = [(name, value) for name, values in classes.items() for value in values]
    return pl.DataFrame(pairs, schema=["q", "s"], orient="row")


def test_the_prosecutor_knows_who_is_in() -> None:
    risks = reidentification(SIZES, threshold=0.2)
    assert (risks.basis, risks.prosecutor.highest) == ("sample", 1.0)
    assert risks.prosecutor.average == pytest.approx(3 / 10)
    assert (risks.prosecutor.at_risk, risks.prosecutor.at_risk_rate) == (4, 0.4)
    assert risks.journalist == risks.prosecutor  # nothing is known of the population: the worst case
    assert reidentification(SIZES, threshold=1 / 3).prosecutor.at_risk == 1  # at risk is above, not at


def test_the_journalist_looks_in_the_population() -> None:
    risks = reidentification(SIZES, threshold=0.2, in_population=np.array([10, 10, 60]))
    assert risks.journalist.highest == 0.1
    assert risks.journalist.average == pytest.approx(max(3 / 80, (1 / 10 + 3 / 10 + 6 / 60) / 10))
    assert risks.journalist.at_risk == 0
    assert risks.marketer == pytest.approx(0.05)


def test_an_estimated_journalist_is_between_the_population_and_the_sample() -> None:
    risks = reidentification(SIZES, threshold=0.2, population=1000)
    assert risks.basis == "estimate"
    assert 1 / 1000 < risks.journalist.average < risks.prosecutor.average
    everybody = reidentification(SIZES, threshold=0.2, population=10)
    assert everybody.journalist.average == pytest.approx(everybody.prosecutor.average)


def test_levels_of_identifiability() -> None:
    large = np.array([20, 40])
    assert identifiability(large, quasi=["q"], direct=["name"]).level == 1
    assert identifiability(large, quasi=[]).level == 4
    public = identifiability(large, quasi=["q"])
    assert (public.r_a, public.r_b, public.risk) == (0, 0.05, 0.05)
    assert public.r_c == pytest.approx(0.0375)
    assert public.level == 2  # 0.05 is not less than the threshold 0.05
    assert identifiability(large + 1, quasi=["q"]).level == 3
    assert public.status == "needs_review"


def test_a_class_above_tau_makes_the_risk_one() -> None:
    found = identifiability(np.array([19, 400]), quasi=["q"])
    assert (found.r_a, found.risk, found.level) == (0.5, 1.0, 2)


def test_controlled_sharing_takes_the_mean_and_the_context() -> None:
    sizes = np.array([5, 20])
    found = identifiability(
        sizes, quasi=["q"], sharing="controlled", context=context_probability(0.1, 0.3, 0.2)
    )
    assert found.risk == pytest.approx(0.3 * (1 / 5 + 1 / 20) / 2)
    assert found.level == 3
    assert identifiability(sizes, quasi=["q"], sharing="enclave", context=1.0).level == 2


def test_the_doubtful_parts_of_the_guide_are_parameters() -> None:
    sizes = np.array([20, 40])
    strict = Gbt42460(tau_strict=False)
    assert identifiability(sizes, quasi=["q"], parameters=strict).risk == 1.0  # 1/20 >= 1/20
    assert identifiability(sizes, quasi=["q"], parameters=Gbt42460(dataset_risk="min")).risk == 1 / 40


@pytest.mark.parametrize("context", [-0.1, 1.1, 0.5])
def test_a_context_that_cannot_be_is_told(context: float) -> None:
    with pytest.raises(BadInput, match="context"):
        identifiability(SIZES, quasi=["q"], context=context)


def test_three_questions_of_a_raw_table() -> None:
    counted = count_table(rows(a="x", b="xxy", c="yyyy"), ["q"])
    single, link, infer = three_questions(counted, ["s"])
    assert (single.answer, single.share) == ("yes", 1 / 8)
    assert (link.answer, link.share) == ("yes", 1 / 8)
    assert (infer.answer, infer.share, infer.column) == ("yes", 5 / 8, "s")
    assert three_questions(counted, ["s"], limits=Limits(singling_out=0.2))[0].answer == "no"


def test_a_key_that_stays_links_everybody() -> None:
    counted = count_table(rows(a="xy", b="xy"), ["q"])
    assert [question.answer for question in three_questions(counted, ["s"])] == ["no", "no", "no"]
    link = three_questions(counted, ["s"], keys=["pseudonym"])[1]
    assert (link.answer, link.share, link.column) == ("yes", 1.0, "pseudonym")


def test_what_all_have_is_not_inferred() -> None:
    assert three_questions(count_table(rows(a="xx", b="xx"), ["q"]), ["s"])[2].answer == "no"
    assert three_questions(count_table(rows(a="x"), ["q"]), [])[2].answer == "not_judged"


def test_table_6_has_seven_techniques() -> None:
    assert len(TABLE_6) == 7
    assert {row[0]: row[1:] for row in TABLE_6}["aggregation_or_k_anonymity"] == ("no", "yes", "yes")


def test_a_judgement_agrees_with_the_measures_of_a_release() -> None:
    table = rows(a="xxy", b="xy", c="z", d="yyyyyz")
    counted = table.group_by("q", "s").agg(pl.len().alias(ROWS))
    risk = measure(counted, ["q"], sensitive="s")
    found = judge_table(table, ["q"], sensitive=["s"])
    for name in ("rows", "persons", "classes", "smallest_class", "sample_uniques", "class_sizes"):
        assert getattr(found, name) == getattr(risk, name)
    assert (found.highest_risk, found.average_risk) == (risk.highest_risk, risk.average_risk)
    spread = found.sensitive[0]
    assert (spread.smallest_l, spread.homogeneous_classes) == (risk.smallest_l, risk.homogeneous_classes)
    assert spread.highest_t == pytest.approx(risk.highest_t)


def test_a_population_table_is_counted() -> None:
    people = rows(a="." * 9, b="." * 4, c="." * 7)
    found = judge_table(rows(a="x", b="xy"), ["q"], population_table=people)
    assert found.reidentification.basis == "population_table"
    assert found.reidentification.journalist.highest == 1 / 4
    assert found.uniqueness is not None
    assert found.uniqueness.population == 20


def test_models_are_held_in_the_same_call() -> None:
    models = [
        make_model("k_anonymity", {"k": 2}),
        make_model("distinct_l_diversity", {"column": "s", "l": 2}),
    ]
    found = judge_table(rows(a="xy", b="xx"), ["q"], models=models)
    assert [held.passed for held in found.models] == [True, False]
    assert not found.holds


def test_the_copula_is_asked_by_its_seed() -> None:
    table = rows(**{f"c{n}": "xy" for n in range(40)})
    assert judge_table(table, ["q"], population=1000).copula is None
    found = judge_table(table, ["q", "s"], population=1000, terms=Terms(copula_seed=1)).copula
    assert found is not None
    assert found.uniqueness < 0.05
