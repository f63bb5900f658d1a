"""Measure local recoding: granularity kept and seconds, against the iterated optimum and ARX's own figures.

    python benchmarks/local_recoding.py [--tables ../shared/data/tables] [--k 5] [--repeat 3]

The table is adult, 30,162 rows, nine quasi-identifiers, nothing suppressed. Peers:

- iterated optimum, in this run: the optimal levels with suppression allowed, then the same for the rows
  they suppress, until none are left or nothing passes. That is ARX's method, by our search, in one process.
- ARX 3.9.2, not in this run: its result in `expected.json`; it took about 10 s, warm, on this kind of machine.

Granularity is given twice. `kept`: the mean over columns of 1 - (share - 1/D) / (1 - 1/D), as everywhere
here. `ARX's`: ARX averages the shares of all columns first and scales then, which counts columns of
few values for more; its own figure is to be read against that column.

Seconds are wall time, best of `--repeat`, after one run that does not count (compilation). Counting
and reading are left out of all of them. Every result is checked by Polars: no class below k.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from commonseal.anonymize import Asked, compress, decide, read_hierarchies
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import KAnonymity
from commonseal.anonymize.recode.cells import suppress_cells
from commonseal.anonymize.recode.local import recode_locally
from commonseal.anonymize.recode.mondrian import partition
from commonseal.anonymize.recode.ways import cell_loss
from commonseal.errors import BadInput
from commonseal.source import open_table
from commonseal.table import ROWS, group_codes

ARX_SECONDS = 10.0
Made = TypeVar("Made")


def main() -> None:
    """Print a line for each method."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--tables", type=Path, default=Path("../shared/data/tables"))
    options.add_argument("--k", type=int, default=5)
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    expected = json.loads((given.tables / "expected.json").read_text())
    quasi = expected["optima"][0]["quasi"]
    frame = open_table(given.tables / "adult/adult.csv").frame.collect()
    counted = frame.group_by(quasi).agg(pl.len().alias(ROWS)).sort(quasi)
    tuples, units = compress(counted, quasi, read_hierarchies(given.tables / "adult", quasi))
    models = [KAnonymity(given.k)]
    domains = np.array([hierarchy.domain for hierarchy in tuples.hierarchies])
    heads = (f"k = {given.k}", "kept", "ARX's", "classes", "seconds", "faster")
    print("{:42} {:>7} {:>7} {:>8} {:>8} {:>7}".format(*heads))
    if given.k == 5:
        (arx,) = expected["local_recoding"].values()
        line(
            "ARX 3.9.2, its own run", None, arx["granularity_kept"], arx["classes"], ARX_SECONDS, ARX_SECONDS
        )
    peer_seconds, (kept, classes) = best(lambda: iterated_optimum(tuples, given.k), given.repeat)
    line("iterated optimum (the peer of this run)", *both(kept, domains), classes, peer_seconds, peer_seconds)
    for name, recode in (
        ("local recoding", lambda: recode_locally(tuples, units, models)),
        ("partitioning, hierarchies' labels", lambda: partition(tuples, units, models, numeric=[])),
        ("partitioning, intervals for age", lambda: partition(tuples, units, models)),
        ("cell suppression alone", lambda: suppress_cells(tuples, units, models)),
    ):
        seconds, made = best(recode, given.repeat)
        out = made.apply(frame)
        assert out.height == frame.height
        assert out.group_by(quasi).len()["len"].min() >= given.k
        kept = np.array([share for _, share in made.lost.by_column])
        line(name, *both(kept, domains), made.lost.classes, seconds, peer_seconds)


def line(
    name: str, kept: float | None, as_arx: float, classes: int, seconds: float, peer_seconds: float
) -> None:
    """Print one result."""
    shown = "-" if kept is None else f"{kept:.4f}"
    print(f"{name:42} {shown:>7} {as_arx:7.4f} {classes:8,} {seconds:8.2f} {peer_seconds / seconds:6.1f}x")


def both(kept: np.ndarray, domains: np.ndarray) -> tuple[float, float]:
    """Return granularity as it is averaged here, and as ARX averages it. Args: kept, domains: one a column."""
    least = 1 / domains
    share = (1 - kept) * (1 - least) + least
    return float(kept.mean()), float(1 - (share.mean() - least.mean()) / (1 - least.mean()))


def iterated_optimum(tuples: Tuples, k: int) -> tuple[np.ndarray, int]:
    """Return what each column keeps, and the classes, of optimal levels for all rows, for the rest, and so on."""
    rest = np.arange(len(tuples.rows))
    lost, classes = np.zeros(len(tuples.hierarchies)), 0
    while len(rest):
        part = Tuples(tuples.codes[:, rest], tuples.rows[rest], tuples.hierarchies)
        try:
            plan = decide(part, Units(np.arange(len(rest)), part.rows), Asked(k=k, suppression_rate_max=1.0))
        except BadInput:
            break
        if plan.suppressed_rows == part.total:
            break
        chosen = list(zip(part.hierarchies, plan.levels, strict=True))
        codes = [h.codes[:, level][of] for (h, level), of in zip(chosen, part.codes, strict=True)]
        grouping = group_codes(codes, [len(h.labels[level]) for h, level in chosen])
        stays = grouping.total(part.rows)[grouping.of] >= k
        each = [cell_loss(h, level)[of] for (h, level), of in zip(chosen, codes, strict=True)]
        lost += (np.array(each) * part.rows)[:, stays].sum(axis=1)
        classes += plan.classes
        rest = rest[~stays]
    lost += tuples.rows[rest].sum()
    return 1 - lost / tuples.total, classes


def best(work: Callable[[], Made], repeat: int) -> tuple[float, Made]:
    """Return the least wall seconds of `repeat` runs, after one that does not count, and what was made."""
    made = work()
    spent = []
    for _ in range(repeat):
        start = time.perf_counter()
        made = work()
        spent.append(time.perf_counter() - start)
    return min(spent), made


if __name__ == "__main__":
    main()
