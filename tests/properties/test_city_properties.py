"""Whatever the size and the seed: keys hold, ids are unique, nobody is unborn."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.city import make_city
from commonseal.city.draw import distinct, rank_in_group


@settings(max_examples=15, deadline=None)
@given(
    residents=st.integers(1, 400),
    seed=st.integers(0, 2**63 - 1),
    as_of=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_every_city_holds_together(residents: int, seed: int, as_of: date) -> None:
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(Path(folder) / "c", residents=residents, seed=seed, as_of=as_of)
        tables = {Path(file.name).stem: pl.read_parquet(city.folder / file.name) for file in city.files}
    people = tables["residents"]
    assert people.height == residents
    assert people["resident_id"].is_unique().all()
    assert people["birth_date"].max() <= as_of
    assert people["household_id"].is_in(tables["households"]["household_id"].implode()).all()
    assert tables["households"]["size"].sum() == residents
    assert tables["clinic_visits"]["person_id"].is_in(people["person_id"].implode()).all()
    assert (tables["clinic_visits"]["visit_date"] >= tables["clinic_visits"]["birth_date"]).all()
    assert (tables["metro_trips"]["enter_at"] < tables["metro_trips"]["exit_at"]).all()
    assert (tables["parking"]["in_at"] < tables["parking"]["out_at"]).all()


@given(st.integers(0, 2**32), st.integers(0, 300), st.integers(0, 10**6))
def test_distinct_numbers_are_distinct(seed: int, count: int, spare: int) -> None:
    drawn = distinct(np.random.default_rng(seed), count, count + spare + 1)
    assert len(set(drawn.tolist())) == count
    assert all(0 <= number < count + spare + 1 for number in drawn)


@given(st.lists(st.integers(-3, 3), max_size=40))
def test_ranks_count_the_equal_keys_before(keys: list[int]) -> None:
    ranks = rank_in_group(np.array(keys, np.int64))
    assert ranks.tolist() == [keys[:place].count(key) for place, key in enumerate(keys)]
