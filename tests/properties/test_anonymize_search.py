"""The search against brute force, and what it promises, on random tables and hierarchies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import Asked, Hierarchy, ModelAsked, compress, decide, hierarchy_from_rows
from commonseal.anonymize.asked import Aids, make_models
from commonseal.anonymize.limits import allowed_levels
from commonseal.anonymize.loss import LOSSES, LossName, make_loss
from commonseal.anonymize.search.optimal import Problem, check, search
from commonseal.anonymize.search.wide import search_wide
from commonseal.errors import BadInput
from commonseal.judge.models import holds_all, make_model
from commonseal.table import ROWS

MODELS_ASKED = [
    ModelAsked("entropy_l_diversity", {"column": "s", "l": 2}),
    ModelAsked("recursive_cl_diversity", {"column": "s", "c": 2.0, "l": 2}),
    ModelAsked("t_closeness", {"column": "s", "t": 0.3, "distance": "ordered"}),
    ModelAsked("delta_disclosure", {"column": "s", "delta": 1.0}),
    ModelAsked("basic_beta_likeness", {"column": "s", "beta": 1.0}),
    ModelAsked("enhanced_beta_likeness", {"column": "s", "beta": 1.0}),
    ModelAsked("distinct_l_diversity", {"column": "r", "l": 2}),
    ModelAsked("average_risk", {"risk": 0.3}),
    ModelAsked("sample_uniqueness", {"rate": 0.05}),
]


@st.composite
def hierarchies(draw: st.DrawFn, column: str) -> Hierarchy:
    """A proper hierarchy over 2 to 5 values with 2 to 4 levels."""
    values = draw(st.integers(2, 5))
    rows = [[str(value)] for value in range(values)]
    groups = list(range(values))
    for level in range(draw(st.integers(0, 2))):
        merged = draw(st.lists(st.integers(0, 2), min_size=values, max_size=values))
        parent = {group: merged[group % values] for group in groups}
        groups = [parent[group] for group in groups]
        for row, group in zip(rows, groups, strict=True):
            row.append(f"L{level}-{group}")
    return hierarchy_from_rows(column, [[*row, "*"] for row in rows], "")


@st.composite
def problems(draw: st.DrawFn) -> tuple[pl.DataFrame, list[Hierarchy], Asked]:
    width = draw(st.integers(1, 4))
    made = [draw(hierarchies(f"q{number}")) for number in range(width)]
    rows = draw(st.integers(4, 60))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {h.column: [str(v) for v in random.integers(0, len(h.codes), rows)] for h in made}
        | {
            "s": [str(v) for v in random.integers(0, 3, rows)],
            "r": [str(v) for v in random.integers(0, 2, rows)],
        }
    )
    asked = Asked(
        k=draw(st.integers(1, 4)),
        l=draw(st.sampled_from([None, 2])),
        t=draw(st.sampled_from([None, 0.2, 0.5])),
        suppression_rate_max=draw(st.sampled_from([0.0, 0.1, 0.3, 1.0])),
        loss=draw(st.sampled_from(LOSSES)),
        models=tuple(draw(st.lists(st.sampled_from(MODELS_ASKED), max_size=2, unique_by=lambda m: m.name))),
        weights=draw(st.sampled_from([{}, {"q0": 3.0}])),
        levels=draw(st.sampled_from([{}, {"q0": (1, None)}])),
    )
    return frame, made, asked


def counted_of(frame: pl.DataFrame, quasi: list[str]) -> pl.DataFrame:
    return frame.group_by([*quasi, "s", "r"]).agg(pl.len().alias(ROWS)).sort([*quasi, "s", "r"])


def problem_of(frame: pl.DataFrame, made: list[Hierarchy], asked: Asked) -> Problem:
    quasi = [h.column for h in made]
    counted = counted_of(frame, quasi)
    tuples, units = compress(counted, quasi, {h.column: h for h in made}, sensitive=["s", "r"])
    models = make_models(asked.all_models("s"), units, Aids())
    limit = int(asked.suppression_rate_max * frame.height + 1e-9)
    least, most = allowed_levels(made, asked.levels, asked.within)
    return Problem(tuples, units, models, make_loss(asked.loss, tuples, asked.weights), limit, least, most)


def candidates(problem: Problem) -> Iterator[tuple[int, ...]]:
    return itertools.product(
        *(range(low, high + 1) for low, high in zip(problem.bottom, problem.top, strict=True))
    )


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_search_finds_what_brute_force_finds(drawn: tuple[pl.DataFrame, list[Hierarchy], Asked]) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, asked)
    found = search(problem)
    every = [check(problem, levels) for levels in candidates(problem)]
    lawful = [one for one in every if one.suppressed <= problem.suppressed_max]
    assert (found.best is None) == (not lawful)
    if found.best is not None:
        best = min(one.score for one in lawful)
        assert np.isclose(found.best.score, best, rtol=1e-9, atol=1e-12)
        assert found.nodes_checked <= found.nodes_total
        assert found.optimal
        assert np.isclose(found.bound, best, rtol=1e-9, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_what_leaves_keeps_the_models(drawn: tuple[pl.DataFrame, list[Hierarchy], Asked]) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, asked)
    quasi = [h.column for h in made]
    try:
        plan = decide(problem.tuples, problem.units, asked, sensitive="s")
    except BadInput:
        return
    kept = plan.apply(frame)
    assert frame.height - kept.height == plan.suppressed_rows
    if kept.height:
        promised = asked.all_models("s")
        held = holds_all(
            kept, quasi, [make_model(each.name, dict(each.params)) for each in promised], reference=frame
        )
        assert [each for each in held if not each.passed] == []
        assert held[0].classes == plan.classes


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(1, 60))
def test_a_wide_search_keeps_the_models_and_its_bound_holds(
    drawn: tuple[pl.DataFrame, list[Hierarchy], Asked], checks: int
) -> None:
    """The ways for lattices too large to lay out, on small ones, where the truth is known."""
    frame, made, asked = drawn
    problem = problem_of(frame, made, asked)
    found = search_wide(problem, 0, checks_max=checks)
    scores = [one.score for one in (check(problem, levels) for levels in candidates(problem))]
    assert found.bound <= min(scores) + 1e-9 * max(1.0, abs(found.bound))
    if found.best is not None:
        assert found.best.suppressed <= problem.suppressed_max
        assert min(scores) <= found.best.score + 1e-9
    assert found.nodes_checked <= checks + 1  # the top is always looked at


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(1, 20))
def test_a_search_cut_short_tells_how_far_it_may_be_off(
    drawn: tuple[pl.DataFrame, list[Hierarchy], Asked], checks: int
) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, asked)
    found = search(problem, checks_max=checks)
    best = min(check(problem, levels).score for levels in candidates(problem))
    assert found.bound <= best + 1e-9 * max(1.0, abs(best)) or (found.best is None and np.isinf(best))
    assert not found.optimal or np.isclose(found.best.score if found.best else np.inf, best, rtol=1e-9)


@settings(max_examples=100, deadline=None)
@given(problems(), st.sampled_from(LOSSES))
def test_a_bound_is_never_above_the_score(
    drawn: tuple[pl.DataFrame, list[Hierarchy], Asked], loss: LossName
) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, Asked(**{**_fields(asked), "loss": loss}))
    for levels in candidates(problem):
        one = check(problem, levels)
        bound = problem.loss.bound(np.array([levels]), np.array([one.least_suppressed]))
        assert bound[0] <= one.score + 1e-9 * max(1.0, abs(one.score))


def _fields(asked: Asked) -> dict[str, object]:
    return {
        name: getattr(asked, name) for name in ("k", "l", "t", "suppression_rate_max", "models", "weights")
    }
