"""Hex columns become bytes exactly, whatever their nulls, slices and chunks."""

from __future__ import annotations

import polars as pl
import pytest

from commonseal.desensitize.unhex import unhex

DIGESTS = [bytes((7 * row + place) % 256 for place in range(32)) for row in range(256)]


def test_every_byte_in_either_case():
    everything = bytes(range(256))
    texts = [everything.hex(), everything.hex().upper()]
    assert unhex(pl.Series("a", texts)).to_list() == [everything, everything]


@pytest.mark.parametrize("gap", [0, 1, 2, 3, 7])
def test_nulls_stay_where_they_are(gap):
    rows = [None if gap and row % gap == 0 else digest for row, digest in enumerate(DIGESTS)]
    texts = pl.Series("a", [row and row.hex() for row in rows], dtype=pl.String)
    made = unhex(texts)
    assert made.to_list() == rows
    assert made.dtype == pl.Binary
    assert made.name == "a"


@pytest.mark.parametrize(("start", "length"), [(0, 0), (3, 1), (5, 100), (9, 247), (250, 6)])
def test_slices_and_chunks(start, length):
    rows = [None if row % 5 == 0 else digest for row, digest in enumerate(DIGESTS)]
    texts = pl.Series([row and row.hex() for row in rows])
    assert unhex(texts.slice(start, length)).to_list() == rows[start : start + length]
    chunked = pl.concat([texts.slice(start, length), texts], rechunk=False)
    assert unhex(chunked).to_list() == rows[start : start + length] + rows


def test_more_than_a_cache_of_it():
    rows = DIGESTS * 40
    assert unhex(pl.Series([row.hex() for row in rows])).to_list() == rows
