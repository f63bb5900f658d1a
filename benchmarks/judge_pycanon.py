"""Measure k, l and t of one table against pycanon, in one run.

    python benchmarks/judge_pycanon.py ADULT.csv [--separator ';']

k-anonymity, distinct l-diversity and t-closeness (equal distance) of the sensitive column `occupation`
over eight quasi-identifiers. Ours is one call that counts once, the best of five; pycanon's three calls
are timed once: its t alone takes about a minute.
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path

import polars as pl

from commonseal.judge.models import DistinctLDiversity, KAnonymity, TCloseness, holds_all

QUASI = [
    *("sex", "age", "race", "marital-status"),
    *("education", "native-country", "workclass", "salary-class"),
]
SENSITIVE = "occupation"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("table", type=Path)
    options.add_argument("--separator", default=";")
    asked = options.parse_args()
    warnings.simplefilter("ignore")
    from pycanon import anonymity  # importing it warns

    table = pl.read_csv(asked.table, separator=asked.separator)
    people = table.to_pandas()
    models = [KAnonymity(1), DistinctLDiversity(SENSITIVE, 1), TCloseness(SENSITIVE, 1)]
    ours = min(timed(lambda: holds_all(table, QUASI, models)) for _ in range(5))
    got = [held.worst for held in holds_all(table, QUASI, models)]
    calls = {
        "k": lambda: anonymity.k_anonymity(people, QUASI),
        "l": lambda: anonymity.l_diversity(people, QUASI, [SENSITIVE]),
        "t": lambda: anonymity.t_closeness(people, QUASI, [SENSITIVE]),
    }
    print(f"{table.height:,} rows; ours, k + l + t in one call: {ours * 1000:.1f} ms")
    print("measure  pycanon seconds  times ours  pycanon  ours")
    for (name, call), mine in zip(calls.items(), got, strict=True):
        started = time.perf_counter()
        theirs = call()
        seconds = time.perf_counter() - started
        print(f"{name:7}  {seconds:15.2f}  {seconds / ours:9.0f}x  {theirs:<7.5g}  {mine:.5g}")


def timed(call: object) -> float:
    started = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
