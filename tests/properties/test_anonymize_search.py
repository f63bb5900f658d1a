"""The search against brute force, and what it promises, on random tables and hierarchies."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import Asked, Hierarchy, compress, decide, hierarchy_from_rows
from commonseal.anonymize.loss import LOSSES, LossName, make_loss
from commonseal.anonymize.models import (
    DistinctLDiversity,
    KAnonymity,
    Model,
    TCloseness,
    sensitive_distribution,
)
from commonseal.anonymize.search import Problem, check, search
from commonseal.errors import BadInput
from commonseal.judge import measure
from commonseal.table import ROWS


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
        | {"s": [str(v) for v in random.integers(0, 3, rows)]}
    )
    asked = Asked(
        k=draw(st.integers(1, 4)),
        l=draw(st.sampled_from([None, 2])),
        t=draw(st.sampled_from([None, 0.2, 0.5])),
        suppression_rate_max=draw(st.sampled_from([0.0, 0.1, 0.3, 1.0])),
        loss=draw(st.sampled_from(LOSSES)),
    )
    return frame, made, asked


def problem_of(frame: pl.DataFrame, made: list[Hierarchy], asked: Asked) -> Problem:
    quasi = [h.column for h in made]
    counted = frame.group_by([*quasi, "s"]).agg(pl.len().alias(ROWS)).sort([*quasi, "s"])
    tuples, units = compress(counted, quasi, {h.column: h for h in made}, sensitive="s")
    models: list[Model] = [KAnonymity(asked.k)]
    if asked.l:
        models.append(DistinctLDiversity("s", asked.l))
    if asked.t:
        models.append(TCloseness("s", asked.t, sensitive_distribution(units)))
    limit = int(asked.suppression_rate_max * frame.height + 1e-9)
    return Problem(tuples, units, tuple(models), make_loss(asked.loss, tuples), limit)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_search_finds_what_brute_force_finds(drawn: tuple[pl.DataFrame, list[Hierarchy], Asked]) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, asked)
    found = search(problem)
    every = [check(problem, levels) for levels in itertools.product(*(range(h.height) for h in made))]
    lawful = [one for one in every if one.suppressed <= problem.suppressed_max]
    assert (found.best is None) == (not lawful)
    if found.best is not None:
        best = min(one.score for one in lawful)
        assert np.isclose(found.best.score, best, rtol=1e-9, atol=1e-12)
        assert found.nodes_checked <= found.nodes_total


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
        risk = measure(kept.group_by([*quasi, "s"]).agg(pl.len().alias(ROWS)), quasi, sensitive="s")
        assert risk.smallest_class >= asked.k
        assert risk.classes == plan.classes
        assert asked.l is None or (risk.smallest_l or 0) >= asked.l


@settings(max_examples=100, deadline=None)
@given(problems(), st.sampled_from(LOSSES))
def test_a_bound_is_never_above_the_score(
    drawn: tuple[pl.DataFrame, list[Hierarchy], Asked], loss: LossName
) -> None:
    frame, made, asked = drawn
    problem = problem_of(frame, made, Asked(**{**_fields(asked), "loss": loss}))
    for levels in itertools.product(*(range(h.height) for h in made)):
        one = check(problem, levels)
        bound = problem.loss.bound(np.array([levels]), np.array([one.suppressed_monotone]))
        assert bound[0] <= one.score + 1e-9 * max(1.0, abs(one.score))


def _fields(asked: Asked) -> dict[str, object]:
    return {name: getattr(asked, name) for name in ("k", "l", "t", "suppression_rate_max")}
