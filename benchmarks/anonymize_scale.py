"""Claim: the search does not grow with the rows; 100M rows go from Parquet to Parquet in under a minute and 2 GiB.

Six quasi-identifiers, about 200,000 distinct tuples at every size, k = 5, 2% suppression. Count, search, apply and
judge are those of `commonseal anonymize`, each in a process of its own; the peer, in the same run, is a
bare Polars copy of the same file.

    python benchmarks/anonymize_scale.py [MILLIONS ...]     # 1 10 100; 100 needs about 2 GB under build/
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source
from release_10m import BUILD, measured

from commonseal.anonymize import build_hierarchy, write_hierarchy

PART = 1_000_000
TUPLES = 200_000
COLUMNS = ("age", "sex", "district", "education", "postcode", "arrived")
CONFIG = """
table: {table}
quasi: [age, sex, district, education, postcode, arrived]
hierarchies: hierarchies
models:
  - k_anonymity: {{k: 5}}
suppression_rate_max: 0.02
"""
COPY = "import sys, polars as pl; pl.scan_parquet(sys.argv[1]).sink_parquet(sys.argv[2], engine='streaming')"


def kinds(random: np.random.Generator) -> pl.DataFrame:
    """The distinct tuples: few people are very old, few districts are large."""
    size = TUPLES * 2
    return (
        pl.DataFrame(
            {
                "age": np.minimum(random.gamma(4, 11, size), 99).astype(np.int16),
                "sex": pl.Series(["f", "m"]).gather(random.integers(0, 2, size)),
                "district": pl.Series([f"district {d}" for d in range(16)]).gather(
                    random.integers(0, 16, size)
                ),
                "education": pl.Series(["none", "school", "college", "master", "doctor"]).gather(
                    random.choice(5, size, p=[0.1, 0.4, 0.3, 0.15, 0.05])
                ),
                "postcode": pl.Series([f"{p:06d}" for p in range(100_000, 100_200)]).gather(
                    random.integers(0, 200, size)
                ),
                "arrived": random.integers(1990, 2026, size).astype(np.int16),
            }
        )
        .unique(maintain_order=True)
        .head(TUPLES)
    )


def table(millions: int) -> Path:
    """Write the rows, part by part; made once."""
    path = BUILD / f"scale-{millions}.parquet"
    BUILD.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path
    random = np.random.default_rng(7)
    of = kinds(random)
    weight = random.pareto(1.2, TUPLES) + 1e-3
    weight /= weight.sum()

    def parts(with_columns, predicate, n_rows, batch_size):
        for _ in range(millions * 1_000_000 // PART):
            yield of[random.choice(TUPLES, PART, p=weight)]

    register_io_source(parts, schema=of.schema).sink_parquet(path, row_group_size=PART, engine="streaming")
    return path


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1, 10, 100]
    heads = (
        "rows",
        "tuples",
        "count s",
        "search s",
        "apply s",
        "judge s",
        "all s",
        "peak GiB",
        "copy s",
        "ratio",
    )
    print("".join(f"{head:>10}" for head in heads))
    for millions in sizes:
        source = table(millions)
        with tempfile.TemporaryDirectory(dir=BUILD) as name:
            folder = Path(name)
            (folder / "hierarchies").mkdir()
            for column in COLUMNS:
                values = (
                    pl.scan_parquet(source).select(pl.col(column).cast(pl.String).unique()).collect()[column]
                )
                write_hierarchy(
                    build_hierarchy(column, values.to_list()), folder / "hierarchies" / f"{column}.csv"
                )
            config = folder / "config.yaml"
            config.write_text(CONFIG.format(table=source), encoding="utf-8")
            command = [sys.executable, "-m", "commonseal", "anonymize", str(config)]
            started = time.perf_counter()
            _, peak, said = measured([*command, "--out", str(folder / "out.parquet"), "--json"])
            whole = time.perf_counter() - started
            started = time.perf_counter()
            measured([sys.executable, "-c", COPY, str(source), str(folder / "copy.parquet")])
            copied = time.perf_counter() - started
            done = json.loads(said)
            steps = done["seconds"]
            tuples = pl.scan_parquet(source).select(COLUMNS).head(5_000_000).unique().select(pl.len())
            row = [f"{millions}M", f"{tuples.collect(engine='streaming').item():,}"]
            row += [f"{steps[step]:.2f}" for step in ("count", "search", "apply", "judge")]
            row += [f"{whole:.1f}", f"{peak:.2f}", f"{copied:.1f}", f"{whole / copied:.2f}"]
            print("".join(f"{cell:>10}" for cell in row), flush=True)


if __name__ == "__main__":
    main()
