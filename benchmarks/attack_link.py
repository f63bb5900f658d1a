"""Measure the linking of an attack: 1M released rows against 1M known rows, with peers in the same run.

    python benchmarks/attack_link.py [--rows 1000000] [--splink 1000000]

Raw release: commonseal against a bare Polars join on the same columns (which finds the unique pairs and no
more: no truth, no values learned, no membership). Generalized release: commonseal alone, since equal
values find nothing there; its ratio is to the raw join. Splink links the raw columns, by
exact agreement.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import polars as pl

from commonseal.judge.attack import attack

QUASI = ["sex", "birth_date", "postcode", "district"]
PREFIX = 3  # characters of the postcode that a generalized release shows


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--splink", type=int, default=1_000_000)
    given = options.parse_args()
    release, known = tables(given.rows)
    peer_seconds, pairs = timed(lambda: bare_join(release, known))
    print(f"{'':44} {'seconds':>8} {'ratio':>6} {'claims':>9}")
    print(f"{'bare Polars join, unique on both sides':44} {peer_seconds:8.2f} {1:6.1f} {pairs:9,}")
    for name, table in (
        ("raw", release),
        ("generalized", generalized(release)),
        ("mixed levels", mixed(release)),
    ):
        seconds, found = timed(
            lambda t=table: attack(t, known, truth="who", quasi=QUASI, sensitive=["illness"])
        )
        if name == "raw":
            assert found.claims == pairs, (found.claims, pairs)
        print(f"{'attack, ' + name:44} {seconds:8.2f} {seconds / peer_seconds:6.1f} {found.claims:9,}")
    if given.splink:
        splink_peer(given.splink)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.1f} GiB")


def tables(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a release, and what an attacker knows: half of its people and as many others, shuffled."""
    random = np.random.default_rng(7)
    people = rows + rows // 2
    everybody = pl.DataFrame(
        {
            "who": np.arange(people),
            "sex": random.choice(["F", "M"], people),
            "birth_date": pl.Series(random.integers(-14_000, 18_000, people), dtype=pl.Int32).cast(pl.Date),
            "postcode": pl.Series(random.integers(579_000, 579_400, people)).cast(pl.String),
            "district": random.choice([f"district {number}" for number in range(8)], people),
            "illness": random.choice([f"illness {number}" for number in range(40)], people),
        }
    )
    return everybody.head(rows), everybody.tail(rows).drop("illness").sample(fraction=1, shuffle=True, seed=1)


def generalized(release: pl.DataFrame) -> pl.DataFrame:
    """Show the year of birth and the head of the postcode."""
    return release.with_columns(
        pl.col("birth_date").dt.strftime("%Y"),
        pl.col("postcode").str.head(PREFIX) + "***",
        pl.lit("*").alias("district"),
    )


def mixed(release: pl.DataFrame) -> pl.DataFrame:
    """Show some rows at one level and some at another, as local recoding does."""
    level = pl.Series(np.random.default_rng(3).integers(0, 3, release.height))
    month, year = pl.col("birth_date").dt.strftime("%Y-%m"), pl.col("birth_date").dt.strftime("%Y")
    return release.with_columns(
        pl.when(level == 0)
        .then(month)
        .when(level == 1)
        .then(year)
        .otherwise(pl.lit("*"))
        .alias("birth_date"),
        pl.when(level == 0)
        .then(pl.col("postcode").str.head(PREFIX) + "***")
        .otherwise("postcode")
        .alias("postcode"),
    )


def bare_join(release: pl.DataFrame, known: pl.DataFrame) -> int:
    """Count the tuples that stand once on each side."""
    once = [side.group_by(QUASI).len().filter(pl.col("len") == 1) for side in (release, known)]
    return once[0].join(once[1], on=QUASI).height


def splink_peer(rows: int) -> None:
    """Print how fast Splink's deterministic link makes the pairs that agree in all columns."""
    try:
        import splink
    except ImportError:
        print("splink is not installed: pip install 'commonseal[attack]'")
        return
    release, known = tables(rows)
    ours, found = timed(lambda: attack(release, known, truth="who", quasi=QUASI))

    def link() -> int:
        database = splink.DuckDBAPI()
        sides = [
            database.register(
                side.select(pl.col("who").alias("unique_id"), *QUASI).to_arrow(), dataset_display_name=name
            )
            for name, side in (("released", release), ("known", known))
        ]
        settings = splink.SettingsCreator(
            link_type="link_only", blocking_rules_to_generate_predictions=[splink.block_on(*QUASI)]
        )
        linker = splink.Linker(sides, settings, log_level="CRITICAL")
        return int(pl.from_arrow(linker.inference.deterministic_link().as_pyarrow_table()).height)

    theirs, pairs = timed(link)
    print(f"{f'attack, raw, {rows:,} rows':44} {ours:8.2f} {1:6.1f} {found.claims:9,}")
    print(f"{f'splink deterministic_link, {rows:,} rows':44} {theirs:8.2f} {theirs / ours:6.1f} {pairs:9,}")


def timed(work):
    """Return seconds and result of a second run."""
    work()
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
