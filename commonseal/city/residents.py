"""Write the residents down, one row a person, a block at a time."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.city import people as p
from commonseal.city.draw import Ints, Stream, block_stream
from commonseal.city.households import Addresses
from commonseal.city.identifiers import EMAIL_HOSTS, column, mobiles, resident_ids
from commonseal.city.names import SURNAMES, full_names, pick
from commonseal.city.organisations import numbered, org_ids
from commonseal.city.places import DISTRICT_NAMES

RELATIONS = ("户主", "配偶", "子女", "父母")
MARITAL = ("未婚", "已婚", "离婚", "丧偶")
SEXES = ("男", "女")
INCOME_BANDS = ("0-3万", "3-8万", "8-15万", "15-30万", "30-60万", "60万以上")  # yuan a year


def residents(seed: int, people: p.People, addresses: Addresses, rows: Ints) -> pl.DataFrame:
    """Write the people at `rows`. One row a person; nulls where a child has no phone, job or income."""
    rng = block_stream(seed, Stream.RESIDENTS, rows)
    household = people.household[rows]
    return pl.DataFrame(
        {
            "person_id": person_ids(rows),
            "resident_id": id_numbers(people, rows),
            "name": name_of(people, rows),
            "sex": sex_of(people, rows),
            "birth_date": birth_of(people, rows),
            "ethnicity": pick(tuple(word for word, _ in p.ETHNICITIES), people.ethnicity[rows]),
            "marital_status": pick(MARITAL, people.marital[rows]),
            "education": pick(p.EDUCATION, people.education[rows]),
            "occupation": pick(p.OCCUPATIONS, people.occupation[rows]),
            "household_id": numbered("WH", household, 8),
            "relation": pick(RELATIONS, people.relation[rows]),
            "phone": phone_of(people, rows),
            "email": _emails(rng, people, rows),
            "address": addresses.text(household),
            "district": pick(DISTRICT_NAMES, people.district[rows]),
            "employer_id": org_ids(people.employer[rows]),
            "employer": pick(addresses.employers, people.employer[rows]),
            "income_band": pick(INCOME_BANDS, _income(rng, people, rows)),
        }
    )


def person_ids(rows: Ints) -> pl.Series:
    """Write person ids: WP and eight digits; null for a negative row."""
    return numbered("WP", rows, 8)


def id_numbers(people: p.People, rows: Ints) -> pl.Series:
    """Write the resident id numbers of the people at `rows`."""
    return column(resident_ids(people.division[rows], p.ymd(people.birth[rows]), people.sequence[rows]))


def name_of(people: p.People, rows: Ints) -> pl.Series:
    """Write the names of the people at `rows`."""
    return full_names(people.first[rows], people.middle[rows], people.last[rows])


def sex_of(people: p.People, rows: Ints) -> pl.Series:
    """Write the sexes of the people at `rows`."""
    return pick(SEXES, people.woman[rows].astype(np.int64))


def birth_of(people: p.People, rows: Ints) -> pl.Series:
    """Write the birth dates of the people at `rows`."""
    return pl.Series(people.birth[rows].astype(np.int32)).cast(pl.Date)


def phone_of(people: p.People, rows: Ints) -> pl.Series:
    """Write the mobile numbers of the people at `rows`; null where there is none."""
    numbers = people.mobile[rows]
    text = column(mobiles(np.maximum(numbers, 0)))
    return text.to_frame("w").select(pl.when(pl.Series(numbers >= 0)).then("w")).to_series()


def _emails(rng: np.random.Generator, people: p.People, rows: Ints) -> pl.Series:
    """Write e-mail addresses for four adults in ten: surname, year of birth, number, reserved host."""
    letters = pick(
        (*(pinyin for _, pinyin, _ in SURNAMES), "user"), np.minimum(people.first[rows], len(SURNAMES))
    )
    year = pl.Series(p.ymd(people.birth[rows]) // 10_000 % 100).cast(pl.String).str.zfill(2)
    host = pick(EMAIL_HOSTS, rng.integers(0, len(EMAIL_HOSTS), len(rows)))
    address = letters + year + "x" + pl.Series(rows + 1).cast(pl.String) + "@" + host
    has = pl.Series((people.age[rows] >= 16) & (rng.random(len(rows)) < 0.4))
    return address.to_frame("w").select(pl.when(has).then("w")).to_series()


def _income(rng: np.random.Generator, people: p.People, rows: Ints) -> Ints:
    """Draw the band of the yearly income by schooling and work; -1 for those under 18."""
    worth = 0.42 * people.education[rows] + 0.5 * (people.occupation[rows] > p.JOBLESS)
    band = np.clip(np.floor(worth + rng.normal(0, 0.9, len(rows))), 0, len(INCOME_BANDS) - 1)
    band = np.where(people.occupation[rows] == p.STUDENT, 0, band)
    return np.where(people.age[rows] < 18, -1, band.astype(np.int64))
