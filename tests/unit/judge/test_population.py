"""Population uniqueness: the estimators against what they must give."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from commonseal.errors import BadInput, BadTable
from commonseal.judge.copula import estimate_by_copula, fit_copula
from commonseal.judge.pitman import _likelihood
from commonseal.judge.population import estimate_uniqueness, least_sample_size, uniqueness_rate
from commonseal.judge.reidentification import expected_risk


def sample_of(people: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, int, float]:
    """Draw people without return: the sizes of the sample's classes, N, and the true uniqueness."""
    drawn = np.random.default_rng(seed).choice(people, int(len(people) * share), replace=False)
    sizes = np.unique(drawn, return_counts=True)[1]
    everybody = np.unique(people, return_counts=True)[1]
    return sizes, len(people), float((everybody == 1).sum() / len(people))


def skewed(seed: int, people: int = 60_000) -> np.ndarray:
    """People in classes of very unequal sizes."""
    return np.random.default_rng(seed).zipf(1.35, people) % 10**9


def test_nobody_alone_means_nobody_unique() -> None:
    found = estimate_uniqueness(np.array([2, 5, 9]), 10**6)
    assert (found.zayatz, found.snb, found.pitman, found.dankar, found.choice) == (0, 0, 0, 0, "none")


def test_the_whole_population_is_counted_not_estimated() -> None:
    found = estimate_uniqueness(np.array([1, 1, 3]), 5)
    assert (found.zayatz, found.snb, found.pitman) == (0.4, 0.4, 0.4)


def test_a_population_smaller_than_the_sample_is_told() -> None:
    with pytest.raises(BadInput, match="at least the 5 persons"):
        estimate_uniqueness(np.array([2, 3]), 4)
    with pytest.raises(BadTable):
        estimate_uniqueness(np.array([], dtype=np.int64), 4)


@pytest.mark.parametrize(("share", "choice"), [(0.05, "pitman"), (0.3, "snb"), (0.6, "snb")])
def test_dankars_choice_comes_near_the_truth(share: float, choice: str) -> None:
    sizes, population, truth = sample_of(skewed(3), share, seed=4)
    found = estimate_uniqueness(sizes, population)
    assert found.dankar is not None
    assert found.choice in (choice, "zayatz")
    assert abs(found.dankar - truth) < 0.05


def test_dankar_takes_the_smaller_of_snb_and_zayatz() -> None:
    for share in (0.15, 0.4, 0.8):
        sizes, population, _ = sample_of(skewed(5), share, seed=6)
        found = estimate_uniqueness(sizes, population)
        assert found.snb is not None
        assert found.zayatz is not None
        assert found.dankar == min(found.snb, found.zayatz)


def test_snb_is_not_asked_where_the_sample_is_small() -> None:
    sizes, population, _ = sample_of(skewed(3), 0.05, seed=4)
    assert estimate_uniqueness(sizes, population).snb is None
    assert estimate_uniqueness(sizes, population, snb_above=0).snb is not None


def test_an_estimator_without_a_solution_limits_nothing() -> None:
    assert uniqueness_rate(np.array([1, 1]), 1000, "snb") == math.inf


def test_pitman_solves_its_equations() -> None:
    rng = np.random.default_rng(1)
    theta, alpha = 50.0, 0.6
    sizes: list[int] = []
    for n in range(5_000):  # Pitman's own urn
        if rng.random() < (theta + alpha * len(sizes)) / (theta + n):
            sizes.append(1)
        else:
            weights = np.array(sizes) - alpha
            sizes[rng.choice(len(sizes), p=weights / weights.sum())] += 1
    found = estimate_uniqueness(np.array(sizes), 10**6).pitman
    expected = math.exp(math.lgamma(theta + 1) - math.lgamma(theta + alpha)) * (10**6) ** (alpha - 1)
    assert found == pytest.approx(expected, rel=0.25)


def test_the_slope_of_the_likelihood_is_its_derivative() -> None:
    s, f, step = np.array([1.0, 2, 5, 30]), np.array([40.0, 11, 3, 1]), 1e-5
    n, u = float((s * f).sum()), float(f.sum())
    _, slope = _likelihood(s, f, n, u, 7.0, 0.4)
    for column, (dt, da) in enumerate([(step, 0.0), (0.0, step)]):
        up, _ = _likelihood(s, f, n, u, 7.0 + dt, 0.4 + da)
        down, _ = _likelihood(s, f, n, u, 7.0 - dt, 0.4 - da)
        assert (up - down) / (2 * step) == pytest.approx(slope[:, column], rel=1e-4)


def test_zayatz_of_two_sizes_by_hand() -> None:
    # N = 4, n = 2, classes seen: one of 1, and by its side one of 1: P(1 | size 1) = 1/2
    found = estimate_uniqueness(np.array([1, 1]), 4)
    assert found.zayatz == pytest.approx(1.0)
    # sizes 1 and 2 in n = 3 of N = 6: P(1|1) = 1/2, P(1|2) = 2*4C2/(6C3)... = 3/5
    found = estimate_uniqueness(np.array([1, 2]), 6)
    assert found.zayatz == pytest.approx((0.5 / (0.5 + 0.6)) / 3)


@pytest.mark.parametrize("zero_truncated", [False, True])
def test_the_least_class_is_improbable_for_fewer(zero_truncated: bool) -> None:
    def tail(least: int, mean: float) -> float:
        below = sum(math.exp(-mean) * mean**x / math.factorial(x) for x in range(least))
        return (1 - below) / (1 - math.exp(-mean) if zero_truncated else 1)

    for k, population in ((5, 10**4), (20, 2000), (50, 5000)):
        least = least_sample_size(
            k, sample=1000, population=population, significance=0.05, zero_truncated=zero_truncated
        )
        mean = k * 1000 / population
        assert least == k or tail(least, mean) <= 0.05
        assert least == 1 or tail(least - 1, mean) > 0.05


def test_the_expected_risk_of_a_class_of_one() -> None:
    sizes = np.array([1, 99])
    pi = 0.01
    assert expected_risk(sizes, 10_000)[0] == pytest.approx(pi / (1 - pi) * math.log(1 / pi))
    assert expected_risk(sizes, 100).tolist() == pytest.approx([1, 1 / 99])


@pytest.mark.parametrize("population", [10**8, 40_000, 15_000, 10_001])
def test_the_expected_risk_is_its_integral(population: int) -> None:
    v = (np.arange(2_000_000) + 0.5) / 2_000_000
    for f in (2, 63, 64, 65, 400):
        pi = 10_000 / population
        whole = float((v ** (f - 1) * pi / (pi + (1 - pi) * v)).mean())
        assert expected_risk(np.array([f, 10_000 - f]), population)[0] == pytest.approx(whole, rel=1e-3)


def test_the_copula_of_independent_columns_is_exact() -> None:
    rng = np.random.default_rng(2)
    codes = np.stack([rng.integers(0, 6, 20_000), rng.integers(0, 9, 20_000), rng.integers(0, 4, 20_000)], 1)
    copula = fit_copula(codes, np.ones(len(codes)))
    records = codes[:50]
    shares = [np.bincount(codes[:, i]) / len(codes) for i in range(3)]
    product = np.prod([share[records[:, i]] for i, share in enumerate(shares)], axis=0)
    assert copula.probability(records, np.random.default_rng(3)) == pytest.approx(product, rel=0.1)


def test_the_copula_finds_the_tie_of_two_columns() -> None:
    rng = np.random.default_rng(2)
    first = rng.standard_normal(30_000)
    second = -0.8 * first + 0.6 * rng.standard_normal(30_000)
    codes = np.stack([np.digitize(first, [-1, 0, 1]), np.digitize(second, [-0.5, 0.7])], 1)
    lower = fit_copula(codes, np.ones(len(codes))).lower
    assert lower[1, 0] == pytest.approx(-0.8, abs=0.02)


def test_the_copula_estimates_a_population_from_a_tenth() -> None:
    rng = np.random.default_rng(7)
    age = rng.normal(45, 18, 40_000).astype(int)
    income = (age + rng.normal(0, 15, 40_000)).astype(int)
    where = rng.zipf(1.6, 40_000) % 300
    people = pl.DataFrame({"age": age, "income": income, "where": where})
    truth = people.group_by(people.columns).len().filter(pl.col("len") == 1).height / people.height
    found = estimate_by_copula(people.sample(fraction=0.1, seed=1), people.columns, people.height, seed=1)
    assert found.uniqueness == pytest.approx(truth, abs=0.05)
    assert 0 < found.standard_error < 0.012
    again = estimate_by_copula(people.sample(fraction=0.1, seed=1), people.columns, people.height, seed=1)
    assert found == again
