"""The noise is the noise that was promised: its distribution, its price, the accuracy that is told.

Chances: a test that compares frequencies fails on right code with a chance below 1e-6, by its bound.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from commonseal.privacy.noise import Grid, choose, laplace, opendp, within
from commonseal.privacy.query import exact

DRAWS = 40_000
RARE = 1e-6


def draws(sensitivity: int, epsilon: str, count: int = DRAWS) -> np.ndarray:
    return laplace(np.zeros(count, dtype=np.int64), sensitivity, exact(epsilon)).values


@pytest.mark.parametrize(("sensitivity", "epsilon"), [(1, "0.5"), (3, "1"), (1, "2")])
def test_the_noise_is_discrete_laplace(sensitivity: int, epsilon: str) -> None:
    q = math.exp(-float(epsilon) / sensitivity)
    found = draws(sensitivity, epsilon)
    # bins of at least 20 expected draws, both tails in one bin each
    far = max(k for k in range(1, 1000) if DRAWS * (1 - q) / (1 + q) * q**k >= 20)
    inner = np.arange(-far, far + 1)
    shares = (1 - q) / (1 + q) * q ** np.abs(inner)
    tail = (1 - shares.sum()) / 2
    seen = [(found < -far).sum(), *((found == k).sum() for k in inner), (found > far).sum()]
    assert stats.chisquare(seen, DRAWS * np.array([tail, *shares, tail])).pvalue > RARE


def test_a_counts_error_is_the_one_of_theory() -> None:
    """E|X| = 2q / (1 - q^2); the mean of 40,000 draws lies within five standard errors (chance 6e-7)."""
    q = math.exp(-0.5)
    errors = np.abs(draws(1, "0.5"))
    theory = 2 * q / (1 - q * q)
    spread = math.sqrt(2 * q / (1 - q) ** 2 - theory**2)
    assert abs(errors.mean() - theory) < 5 * spread / math.sqrt(DRAWS)


def test_one_person_more_changes_no_share_by_more_than_the_price() -> None:
    """P[answer = k | n] <= e^epsilon P[answer = k | n + 1], up to five standard errors of the log ratio."""
    epsilon = 0.7
    one, other = draws(1, "0.7"), draws(1, "0.7") + 1
    for k in range(-4, 6):
        a, b = (one == k).sum(), (other == k).sum()
        assert abs(math.log(a / b)) <= epsilon + 5 * math.sqrt(1 / a + 1 / b)


def test_the_accuracy_holds_nineteen_times_in_twenty() -> None:
    noised = laplace(np.zeros(DRAWS, dtype=np.int64), 1, exact("0.3"))
    missed = (np.abs(noised.values) > noised.within).mean()
    allowed = 0.05 + 5 * math.sqrt(0.05 * 0.95 / DRAWS)
    assert missed <= allowed
    narrower = (np.abs(noised.values) > noised.within - 1).mean()
    assert narrower > 0.05 - 5 * math.sqrt(0.05 * 0.95 / DRAWS)  # and no smaller number would do
    assert noised.within == within(noised.scale)


@pytest.mark.parametrize("epsilon", ["0.0001", "0.1", "0.3", "1", "3.333333333", "100"])
@pytest.mark.parametrize("sensitivity", [1, 3, 10_000, 2**29])
def test_the_price_is_never_above_what_was_paid(sensitivity: int, epsilon: str) -> None:
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    scale = laplace(np.zeros(1, dtype=np.int64), sensitivity, exact(epsilon)).scale
    price = Fraction(dp.m.make_laplace(*space, scale=scale).map(sensitivity))
    assert price <= exact(epsilon)
    assert float(price) == pytest.approx(float(epsilon), rel=1e-9)


def test_the_noise_cannot_be_drawn_again() -> None:
    assert draws(1, "0.01", 50).tolist() != draws(1, "0.01", 50).tolist()


def test_sums_beyond_32_bits_pass() -> None:
    (value,) = laplace(np.array([5_000_000_000_000]), 1, exact("1")).values.tolist()
    assert abs(value - 5_000_000_000_000) < 60  # chance e^-60


def test_a_quantile_is_chosen_within_the_rank_that_is_told() -> None:
    rows = np.repeat(np.arange(101), 30)
    epsilon = exact("0.5")
    misses, runs = 0, 300
    for _ in range(runs):
        chosen = choose([rows], list(range(101)), 0.5, 1, epsilon)
        (index,) = chosen.indexes
        below, above = (rows < index).sum(), (rows > index).sum()
        misses += abs(below - above) / 2 > chosen.rank_within  # its best candidate, 50, is off by none
    assert misses <= 0.05 * runs + 5 * math.sqrt(0.05 * 0.95 * runs)


def test_a_quantile_of_one_person_with_many_rows_costs_as_many_times_more() -> None:
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.symmetric_distance()
    chosen = choose([np.arange(5)], [0, 2, 4], 0.25, 4, exact("1"))
    made = dp.m.make_private_quantile(*space, dp.max_divergence(), [0, 2, 4], 0.25, chosen.scale)
    assert made.map(4) <= 1 + 1e-12
    assert sum(Fraction(made.map(1)) for _ in range(4)) <= 1


@pytest.mark.parametrize(("origin", "reach"), [(0, 100), (55, 55), (0, 1e15), (0, 1e-9), (1e9, 0.5)])
def test_a_grid_reaches_its_bounds_with_steps_that_are_powers_of_two(origin: float, reach: float) -> None:
    grid = Grid.around(origin, reach)
    assert math.frexp(grid.step)[0] == 0.5
    assert reach <= grid.most * grid.step <= reach + grid.step
    assert 2**28 <= grid.most <= 2**29
