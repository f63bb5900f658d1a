"""Measure pseudonyms: values a CPU-second, against what the machine's SHA-256 allows, and what writing costs.

    python benchmarks/pseudonyms.py [--values 2000000] [--repeat 3]

Allowed: HMAC-SHA-256 of a value of at most 55 bytes, its pads hashed beforehand, is two compressions. So
is one SHA-256 of 64 bytes, its padding being a block of its own. Hence `openssl speed -bytes 64 sha256`,
in operations a second of one core, is the most that any HMAC can do with OpenSSL's compression function.
Everything is CPU time of the whole process, best of `--repeat`, in one run on one machine.
"""

from __future__ import annotations

import argparse
import hmac
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from polars_hash import CryptographicHashingNameSpace

from commonseal.desensitize import treat
from commonseal.desensitize.pseudonym import key_text
from commonseal.model import Treatment

KEY = bytes(range(32))
COLUMN = "identity_number"
CODECS = ("zstd", "lz4", "uncompressed")


def main() -> None:
    """Print the two tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--values", type=int, default=2_000_000)
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    table = identity_numbers(given.values)
    print_speed(table, given.repeat)
    print_writing(table, given.repeat)


def identity_numbers(count: int) -> pl.DataFrame:
    """Return distinct 18-digit texts, as many as asked for."""
    numbers = np.random.default_rng(7).integers(10**17, 10**18 - 1, count)
    return pl.DataFrame({COLUMN: pl.Series(numbers).cast(pl.String)})


def expressions() -> dict[str, pl.Expr]:
    """Return the ways to a pseudonym inside Polars."""
    hexed = CryptographicHashingNameSpace(pl.col(COLUMN)).hmac_sha256(key=key_text(KEY, "hmac_sha256"))
    made = treat(COLUMN, pl.String(), Treatment("hmac_sha256"), key=KEY)
    national = treat(COLUMN, pl.String(), Treatment("hmac_sm3"), key=KEY)
    assert made is not None
    assert national is not None
    return {
        "operator hmac_sha256 (bytes)": made,
        "polars-hash alone (hex)": hexed,
        "polars-hash, str.decode('hex') (bytes)": hexed.str.decode("hex"),
        "operator, then to hex for reading": made.bin.encode("hex"),
        "operator hmac_sm3 (bytes)": national,
    }


def print_speed(table: pl.DataFrame, repeat: int) -> None:
    """Print values a CPU-second, and the share of what SHA-256 allows."""
    allowed = openssl_rate()
    rates = {}
    for name, made in expressions().items():
        lazy = table.lazy().select(made)
        rates[name] = table.height / best(lambda q=lazy: q.collect(engine="streaming"), repeat)
    few = table[COLUMN].head(200_000).to_list()
    rates["Python hmac.digest"] = len(few) / best(lambda: python_digest(few), repeat)
    rates["Python hmac, pads kept by copy()"] = len(few) / best(lambda: python_copy(few), repeat)
    print(f"{'':40} {'values/CPU-s':>14} {'share of allowed':>17}")
    if allowed is not None:
        print(f"{'allowed by openssl sha256, 64 bytes':40} {allowed:14,.0f} {1:17.0%}")
    for name, rate in rates.items():
        share = "-" if allowed is None or "sm3" in name else f"{rate / allowed:.0%}"
        print(f"{name:40} {rate:14,.0f} {share:>17}")


def print_writing(table: pl.DataFrame, repeat: int) -> None:
    """Print what hashing and writing one column of Parquet cost together, as bytes and as hex."""
    ways = expressions()
    forms = {"bytes": ways["operator hmac_sha256 (bytes)"], "hex": ways["polars-hash alone (hex)"]}
    print(f"\n{'form':8} {'codec':14} {'hash + write, CPU-s':>20} {'write only, CPU-s':>18} {'MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "column.parquet"
        for codec in CODECS:
            for form, made in forms.items():
                hashed = table.select(made)
                lazy = table.lazy().select(made)
                both = best(lambda q=lazy, c=codec: q.sink_parquet(path, compression=c), repeat)
                write = best(lambda h=hashed, c=codec: h.lazy().sink_parquet(path, compression=c), repeat)
                print(f"{form:8} {codec:14} {both:20.2f} {write:18.2f} {path.stat().st_size / 1e6:8.1f}")


def openssl_rate() -> float | None:
    """Return SHA-256 operations a second on 64 bytes, by `openssl speed`; None where there is none."""
    tool = shutil.which("openssl")
    if tool is None:
        return None
    command = [tool, "speed", "-mr", "-bytes", "64", "-seconds", "1", "sha256"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    final = next(line for line in said.splitlines() if line.startswith("+F:") and ":sha256:" in line)
    return float(final.rsplit(":", 1)[1]) / 64


def python_digest(values: list[str]) -> None:
    """Hash as the standard library's shortest way does."""
    key = key_text(KEY, "hmac_sha256").encode()
    for value in values:
        hmac.digest(key, value.encode(), "sha256")


def python_copy(values: list[str]) -> None:
    """Hash as the standard library's fastest way does: the pads once, then a copy a value."""
    keyed = hmac.new(key_text(KEY, "hmac_sha256").encode(), digestmod="sha256")
    for value in values:
        one = keyed.copy()
        one.update(value.encode())
        one.digest()


def best(work: Callable[[], object], repeat: int) -> float:
    """Return the least CPU seconds of `repeat` runs, after one that does not count."""
    work()
    spent = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


if __name__ == "__main__":
    main()
