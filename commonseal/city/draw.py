"""Draw random numbers by table and block, so that no table's bytes depend on another's.

Every (seed, table, block) has a Philox stream of its own: a pure function of its arguments, the same in
every process. No global state.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BLOCK = 250_000  # rows a block, and a row group of Parquet


class Stream(IntEnum):
    """The number of each table's stream; never renumber one, or every city changes."""

    PLACES = 1
    ORGANISATIONS = 2
    HOUSEHOLDS = 3
    PEOPLE = 4
    WORK = 5
    NAMES = 6
    NUMBERS = 7
    RESIDENTS = 8
    VEHICLES = 9
    DEVICES = 10
    TRIPS = 11
    PARKING = 12
    CLINICS = 13
    CAMERAS = 14
    VOTERS = 15


def stream(seed: int, table: Stream, block: int = 0) -> np.random.Generator:
    """Return the generator of one block of one table. `seed`: 0 to 2**63 - 1."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, (table << 32) | block], np.uint64)))


def block_stream(seed: int, table: Stream, rows: Ints) -> np.random.Generator:
    """Return the generator of the block that begins with `rows[0]`; never that of block 0."""
    return stream(seed, table, 1 + (int(rows[0]) if len(rows) else 0))


def weighted(rng: np.random.Generator, weights: Sequence[float], count: int) -> Ints:
    """Draw `count` positions, each with a chance in proportion to its weight."""
    bounds = np.cumsum(np.asarray(weights, np.float64))
    drawn = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    places: Ints = np.minimum(drawn, len(weights) - 1).astype(np.int64)
    return places


def distinct(rng: np.random.Generator, count: int, space: int) -> Ints:
    """Draw `count` different numbers of [0, space) in random order; needs space >= count."""
    stride = space // max(count, 1)
    spaced: Ints = rng.permutation(count).astype(np.int64) * stride
    return spaced + rng.integers(0, stride, count)


def rank_in_group(keys: Ints) -> Ints:
    """Return for each row how many rows before it have the same key (0 for the first)."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(keys) else np.empty(0, np.bool_)
    starts = np.flatnonzero(first)
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(len(keys)) - starts[np.cumsum(first) - 1]
    return ranks
