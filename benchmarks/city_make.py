"""A city of 1,000,000 in well under a minute, and how that compares with merely writing its bytes.

Run: python benchmarks/city_make.py [residents]
The peer is a bare Polars write of the same finished tables, in the same run, on the same disk.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from commonseal.city import make_city
from commonseal.city.draw import BLOCK


def main(residents: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        city = make_city(Path(folder) / "city", residents=residents, seed=1)
        made = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        wrote = sum(_write(city.folder / file.name, Path(folder) / file.name) for file in city.files)
    size = sum(file.bytes for file in city.files)
    print(f"residents          {residents:>14,}")
    print(f"rows               {city.rows:>14,}")
    print(f"bytes              {size:>14,}")
    print(f"seconds            {made:>14.2f}")
    print(f"rows a second      {city.rows / made:>14,.0f}")
    print(f"peak memory, GiB   {peak:>14.2f}")
    print(f"bare Polars write  {wrote:>14.2f} s")
    print(f"ratio              {made / wrote:>14.2f} x the bare write")


def _write(source: Path, target: Path) -> float:
    """Write a finished table as the city writes it, and return the seconds of the write alone."""
    table = pl.read_parquet(source)
    start = time.perf_counter()
    table.write_parquet(target, compression="zstd", compression_level=1, row_group_size=BLOCK)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
