"""Publish a list such as an attacker would find: names with sex, birth date and district.

Six adults in ten stand on it, in an order that tells nothing, among one outsider to every nine of them.
`voters_key` says who is who; it is for measuring attacks, and an attacker never has it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from commonseal.city import names
from commonseal.city.draw import Ints, Stream, block_stream, stream
from commonseal.city.organisations import numbered
from commonseal.city.people import People, full_years
from commonseal.city.places import DISTRICT_NAMES
from commonseal.city.residents import birth_of, name_of, person_ids, sex_of


def enrol(seed: int, people: People) -> Ints:
    """Choose who is on the list and in what order: places among the people, -1 for an outsider."""
    rng = stream(seed, Stream.VOTERS)
    listed = np.flatnonzero((people.age >= 18) & (rng.random(len(people)) < 0.6))
    outsiders = np.full((len(listed) + 8) // 9, -1)
    return rng.permutation(np.r_[listed, outsiders])


def voters(seed: int, people: People, listed: Ints, as_of: date, rows: Ints) -> pl.DataFrame:
    """Write the entries at `rows`, one row each."""
    rng = block_stream(seed, Stream.VOTERS, rows)
    person = listed[rows]
    resident = np.maximum(person, 0)
    stranger = _strangers(rng, as_of, len(rows))
    known = pl.DataFrame(
        {
            "name": name_of(people, resident),
            "sex": sex_of(people, resident),
            "birth_date": birth_of(people, resident),
            "district": names.pick(DISTRICT_NAMES, people.district[resident]),
        }
    )
    is_resident = pl.Series(person >= 0)
    mixed = [pl.when(is_resident).then(known[c]).otherwise(stranger[c]).alias(c) for c in known.columns]
    return pl.select(numbered("WE", rows, 8).alias("entry_id"), *mixed)


def voters_key(listed: Ints, rows: Ints) -> pl.DataFrame:
    """Write who each entry is: the person, or null for an outsider."""
    return pl.DataFrame({"entry_id": numbered("WE", rows, 8), "person_id": person_ids(listed[rows])})


def _strangers(rng: np.random.Generator, as_of: date, count: int) -> pl.DataFrame:
    """Make up people who do not live in the city."""
    woman = rng.random(count) < 0.5
    birth = (as_of - date(1970, 1, 1)).days - rng.integers(18 * 366, 85 * 365, count)
    age = full_years(birth, as_of)
    first = names.draw_surnames(rng, count)
    return pl.DataFrame(
        {
            "name": names.full_names(first, *names.draw_given(rng, woman, age)),
            "sex": names.pick(("男", "女"), woman.astype(np.int64)),
            "birth_date": pl.Series(birth.astype(np.int32)).cast(pl.Date),
            "district": names.pick(DISTRICT_NAMES, rng.integers(0, len(DISTRICT_NAMES), count)),
        }
    )
