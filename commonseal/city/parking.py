"""Fill the car parks for seven days: by day near work, in the evening and at weekends in town."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from commonseal.city.draw import Stream, stream
from commonseal.city.names import pick
from commonseal.city.organisations import numbered
from commonseal.city.people import People
from commonseal.city.places import DISTRICT_NAMES, WORDS
from commonseal.city.trips import DAYS, moment
from commonseal.city.vehicles import Vehicles

PARKS_A_DISTRICT = 12
_KINDS = ("写字楼停车场", "购物中心停车场", "公共停车场")


def parking(seed: int, fleet: Vehicles, people: People, as_of: date, day: int) -> pl.DataFrame:
    """Write the stays of day `day` (0 to 6) of the week before `as_of`, by time of entry."""
    rng = stream(seed, Stream.PARKING, day)
    today = as_of - timedelta(days=DAYS - day)
    weekend = today.weekday() >= 5
    work = people.work_district[fleet.owner]
    commutes = (work >= 0) & (not weekend)
    rows = np.flatnonzero(rng.random(len(fleet)) < np.where(commutes, 0.32, 0.10))
    office = commutes[rows]
    enter = np.where(office, rng.normal(510, 35, len(rows)), rng.uniform(570, 1230, len(rows)))
    stay = np.where(office, rng.normal(560, 60, len(rows)), rng.gamma(2.5, 40, len(rows)) + 5)
    leave = np.clip(enter + stay, enter + 3, np.maximum(1439, enter + 3))
    anywhere = rng.integers(0, len(DISTRICT_NAMES), len(rows))
    district = np.where(office, work[rows], anywhere)
    # an owner parks at the same place every working day
    number = np.where(office, fleet.owner[rows] % 5, 5 + rng.integers(0, PARKS_A_DISTRICT - 5, len(rows)))
    order = np.argsort(enter, kind="stable")
    park = (district * PARKS_A_DISTRICT + number)[order]
    return pl.DataFrame(
        {
            "plate": fleet.plates(rows[order]),
            "car_park_id": numbered("WK", park, 4),
            "car_park": pick(_names(), park),
            "district": pick(DISTRICT_NAMES, park // PARKS_A_DISTRICT),
            "in_at": moment(today, enter[order]),
            "out_at": moment(today, leave[order]),
        }
    )


def _names() -> tuple[str, ...]:
    """Name the car parks of the city."""
    return tuple(_name(park) for park in range(len(DISTRICT_NAMES) * PARKS_A_DISTRICT))


def _name(park: int) -> str:
    district, number = divmod(park, PARKS_A_DISTRICT)
    kind = _KINDS[0] if number < 5 else _KINDS[1 + number % 2]
    return DISTRICT_NAMES[district] + WORDS[(district * 5 + number) % len(WORDS)] + kind
