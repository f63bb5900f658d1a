"""Of any classes the estimators give a share or say that they have none, without a warning."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commonseal.judge.copula import estimate_by_copula
from commonseal.judge.population import estimate_uniqueness
from commonseal.judge.reidentification import reidentification

sizes_of = st.lists(
    st.one_of(st.just(1), st.integers(1, 6), st.integers(1, 200_000)), min_size=1, max_size=60
).map(np.array)
times = st.one_of(st.integers(1, 3), st.integers(1, 10**6))


@given(sizes_of, times, st.sampled_from([0.0, 0.1]))
@example(np.array([1, 2, 1, 3_000_000]), 7, 0.1)  # beyond what is summed step by step
@settings(deadline=None, max_examples=80)
def test_every_estimate_is_a_share(sizes: np.ndarray, times: int, snb_above: float) -> None:
    found = estimate_uniqueness(sizes, int(sizes.sum()) * times, snb_above=snb_above)
    alone = int((sizes == 1).sum()) / int(sizes.sum())
    for estimate in (found.zayatz, found.snb, found.pitman, found.dankar):
        assert estimate is None or 0 <= estimate <= 1
    assert found.zayatz is not None
    assert found.zayatz <= alone * (1 + 1e-9)  # who is not alone in the sample is not unique
    assert (found.choice == "none") == (alone == 0)


@given(sizes_of, times)
@settings(deadline=None)
def test_an_estimated_journalist_finds_no_more_than_the_prosecutor(sizes: np.ndarray, times: int) -> None:
    population = int(sizes.sum()) * times
    risks = reidentification(sizes, threshold=0.2, population=population)
    assert 0 < risks.journalist.average <= risks.prosecutor.average * (1 + 1e-12)
    assert risks.journalist.highest <= risks.prosecutor.highest
    assert risks.marketer >= 1 / population * (1 - 1e-9)


@given(
    st.lists(st.tuples(*[st.sampled_from([None, "1", "2", "10"])] * 3), min_size=1, max_size=30),
    st.integers(30, 10**9),
)
@settings(deadline=None, max_examples=50)
def test_the_copula_gives_a_share_of_any_table(rows: list[tuple[str | None, ...]], population: int) -> None:
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "c": pl.String}, orient="row")
    found = estimate_by_copula(table, ["a", "b", "c"], population, seed=1, drawn=50, points=64)
    assert 0 <= found.uniqueness <= 1
