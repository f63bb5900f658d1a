"""Measure each statistic on bounded rows: exact whole numbers, their sensitivity, then noise.

R is the most rows of one person, G the most groups, [a, b] the bounds, c the middle of the bounds.

| statistic | vector that is noised | what one person moves it (L1) |
|---|---|---|
| count of persons | persons of each group | min(G, R) |
| count of rows | rows of each group | R |
| sum | sum of each group | R max(abs(a), abs(b)) |
| mean | sums of (cell - c), and rows, of each group | R (b - a) / 2, and R |
| histogram | persons or rows of each bin of each group | R |
| quantile | chosen, not noised: scores of candidates | R rows |

The groups share nobody but for a person's own bounded rows, so a whole vector costs what one entry costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from commonseal.privacy.bound import GROUP, PERSON
from commonseal.privacy.noise import Grid, Ints, choose, laplace, within
from commonseal.privacy.query import Count, Histogram, Mean, Of, Quantile, Query, Statistic, Sum

LAPLACE, NOISY_MAX = "discrete Laplace", "noisy max, exponential noise"


@dataclass(frozen=True, slots=True)
class Noise:
    """What was noised, in its own unit: `sensitivity` per person, `scale` of the noise."""

    part: str  # count, sum, rank
    mechanism: str
    epsilon: float
    sensitivity: float
    scale: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number of an answer. With probability 0.95 the truth of the bounded rows is in [low, high]."""

    group: tuple[str, ...]
    value: float
    low: float | None
    high: float | None
    bin: str | None = None  # of a histogram
    at: float | None = None  # of a quantile
    rank_within: float | None = None  # of a quantile: rows by which its rank may be off, at 95%


@dataclass(frozen=True, slots=True)
class Measured:
    """One statistic's answer. `of`: what is counted; None where nothing is."""

    statistic: Statistic
    of: Of | None
    noise: tuple[Noise, ...]
    estimates: tuple[Estimate, ...]


def measure(rows: pl.DataFrame, statistic: Statistic, query: Query) -> Measured:
    """Return the private answer to one statistic.

    Args: rows: of `bounded_rows`, for this very query.
    Returns: an answer that is `statistic.epsilon`-differentially private. Null cells, and cells that
        are no number, add nothing to sum, mean, quantile and histogram.
    """
    match statistic:
        case Count():
            return _count(rows, statistic, query)
        case Sum():
            return _sum(rows, statistic, query)
        case Mean():
            return _mean(rows, statistic, query)
        case Quantile():
            return _quantile(rows, statistic, query)
        case Histogram():
            return _histogram(rows, statistic, query)


def _count(rows: pl.DataFrame, statistic: Count, query: Query) -> Measured:
    of = _of(statistic, query)
    counted = _tally(rows, pl.col(GROUP), len(query.groups), of)
    moved = min(query.max_groups, query.max_rows, len(query.groups)) if of == "persons" else query.max_rows
    noised = laplace(counted, moved, statistic.epsilon)
    noise = Noise("count", LAPLACE, float(statistic.epsilon), moved, noised.scale)
    pairs = zip(query.groups, noised.values.tolist(), strict=True)
    estimates = [Estimate(group, n, n - noised.within, n + noised.within) for group, n in pairs]
    return Measured(statistic, of, (noise,), tuple(estimates))


def _sum(rows: pl.DataFrame, statistic: Sum, query: Query) -> Measured:
    grid = Grid.around(0.0, max(abs(statistic.lower), abs(statistic.upper)))
    cells = _on_grid(rows, statistic, grid)
    moved = query.max_rows * grid.most
    noised = laplace(_totals(cells, len(query.groups)), moved, statistic.epsilon)
    noise = Noise("sum", LAPLACE, float(statistic.epsilon), moved * grid.step, noised.scale * grid.step)
    wide = noised.within * grid.step
    pairs = zip(query.groups, (noised.values * grid.step).tolist(), strict=True)
    return Measured(
        statistic, None, (noise,), tuple(Estimate(group, n, n - wide, n + wide) for group, n in pairs)
    )


def _mean(rows: pl.DataFrame, statistic: Mean, query: Query) -> Measured:
    middle, half = (statistic.lower + statistic.upper) / 2, (statistic.upper - statistic.lower) / 2
    grid = Grid.around(middle, half)
    cells = _on_grid(rows, statistic, grid)
    moved, share = query.max_rows * grid.most, statistic.epsilon / 2
    sums = laplace(_totals(cells, len(query.groups)), moved, share)
    counts = laplace(_tally(cells, pl.col(GROUP), len(query.groups), "rows"), query.max_rows, share)
    # each interval fails one time in forty, so both hold nineteen times in twenty
    off = within(sums.scale, 0.025) * grid.step, within(counts.scale, 0.025)
    estimates = tuple(
        _mean_of(group, statistic, total * grid.step, count, off)
        for group, total, count in zip(
            query.groups, sums.values.tolist(), counts.values.tolist(), strict=True
        )
    )
    noise = (
        Noise("sum", LAPLACE, float(share), moved * grid.step, sums.scale * grid.step),
        Noise("count", LAPLACE, float(share), query.max_rows, counts.scale),
    )
    return Measured(statistic, None, noise, estimates)


def _mean_of(
    group: tuple[str, ...], statistic: Mean, total: float, count: int, off: tuple[float, int]
) -> Estimate:
    """Return a mean from a noisy sum around the middle and a noisy count, and where it may lie."""
    middle = (statistic.lower + statistic.upper) / 2

    def drawn(value: float) -> float:
        return min(max(middle + value, statistic.lower), statistic.upper)

    value = drawn(total / max(count, 1))
    fewest, most = count - off[1], count + off[1]
    if fewest < 1:
        return Estimate(group, value, statistic.lower, statistic.upper)
    low = min((total - off[0]) / fewest, (total - off[0]) / most)
    high = max((total + off[0]) / fewest, (total + off[0]) / most)
    return Estimate(group, value, drawn(low), drawn(high))


def _quantile(rows: pl.DataFrame, statistic: Quantile, query: Query) -> Measured:
    grid = Grid.around(statistic.lower, statistic.upper - statistic.lower)
    values = np.linspace(statistic.lower, statistic.upper, statistic.candidates)
    candidates = np.rint((values - grid.origin) / grid.step).astype(np.int64)
    cells = _on_grid(rows, statistic, grid)
    by_group = dict(cells.group_by(GROUP).agg(pl.col("cell")).iter_rows())
    groups = [np.array(by_group.get(index, []), dtype=np.int64) for index in range(len(query.groups))]
    share = statistic.epsilon / len(statistic.at)
    noise, estimates = [], []
    for at in statistic.at:
        chosen = choose(groups, candidates.tolist(), at, query.max_rows, share)
        noise.append(Noise("rank", NOISY_MAX, float(share), query.max_rows, chosen.scale))
        for group, index in zip(query.groups, chosen.indexes, strict=True):
            estimates.append(
                Estimate(group, float(values[index]), None, None, at=at, rank_within=chosen.rank_within)
            )
    return Measured(statistic, None, tuple(noise), tuple(estimates))


def _histogram(rows: pl.DataFrame, statistic: Histogram, query: Query) -> Measured:
    of, bins = _of(statistic, query), statistic.bins
    binned = rows.with_columns(_bin(rows[statistic.column], statistic).alias("bin")).drop_nulls("bin")
    cell = pl.col(GROUP) * len(bins) + pl.col("bin")
    counted = _tally(binned, cell, len(query.groups) * len(bins), of)
    moved = min(query.max_rows, len(counted)) if of == "persons" else query.max_rows
    noised = laplace(counted, moved, statistic.epsilon)
    noise = Noise("count", LAPLACE, float(statistic.epsilon), moved, noised.scale)
    named = ((group, name) for group in query.groups for name in bins)
    estimates = tuple(
        Estimate(group, n, n - noised.within, n + noised.within, bin=name)
        for (group, name), n in zip(named, noised.values.tolist(), strict=True)
    )
    return Measured(statistic, of, (noise,), estimates)


def _of(statistic: Count | Histogram, query: Query) -> Of:
    return statistic.of or ("rows" if query.person is None else "persons")


def _bin(cells: pl.Series, statistic: Histogram) -> pl.Series:
    """Return each cell's bin, null outside all of them."""
    if statistic.categories:
        names = list(statistic.categories)
        return cells.cast(pl.String).replace_strict(
            names, list(range(len(names))), default=None, return_dtype=pl.Int64
        )
    numbers = _numbers(cells)
    edges = np.array(statistic.edges)
    found = np.searchsorted(edges, numbers.fill_null(np.inf).to_numpy(), side="right") - 1
    found[numbers.fill_null(np.inf).to_numpy() == edges[-1]] = len(edges) - 2
    inside = (found >= 0) & (found < len(edges) - 1)
    return pl.Series(np.where(inside, found, -1), dtype=pl.Int64).replace(-1, None)


def _numbers(cells: pl.Series) -> pl.Series:
    """Return cells as floats, null where they are no number; whether they are is told to nobody."""
    return cells.cast(pl.Float64, strict=False).fill_nan(None)


def _on_grid(rows: pl.DataFrame, statistic: Sum | Mean | Quantile, grid: Grid) -> pl.DataFrame:
    """Return (GROUP, cell): each number drawn into the bounds, as whole steps from the grid's origin."""
    numbers = _numbers(rows[statistic.column]).clip(statistic.lower, statistic.upper)
    steps = ((numbers - grid.origin) / grid.step).round().cast(pl.Int64).clip(-grid.most, grid.most)
    return pl.DataFrame({GROUP: rows[GROUP], "cell": steps}).drop_nulls("cell")


def _totals(cells: pl.DataFrame, groups: int) -> Ints:
    return _spread(cells.group_by(GROUP).agg(pl.col("cell").sum()), groups)


def _tally(rows: pl.DataFrame, cell: pl.Expr, cells: int, of: Of) -> Ints:
    """Count rows, or distinct persons, of each cell: int64[cells], zeros and all."""
    number = pl.col(PERSON).n_unique() if of == "persons" else pl.len()
    return _spread(rows.group_by(cell.alias("of")).agg(number.cast(pl.Int64)), cells)


def _spread(pairs: pl.DataFrame, size: int) -> Ints:
    whole = np.zeros(size, dtype=np.int64)
    whole[pairs.to_series(0).to_numpy()] = pairs.to_series(1).to_numpy()
    return whole
