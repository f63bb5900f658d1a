"""Run the metro for the seven days before the city's day: commuters out in the morning, home at night.

Of all residents who work or study in town, 45% hold a card. One holder in five is followed for all seven
days (two trips a day: long, regular, unique traces); the others ride on two of the five working days. A
person's stations and hours stay the same, give or take a few minutes, as with real commuters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from commonseal.city import people as p
from commonseal.city.draw import Flags, Floats, Ints, Stream, distinct, stream
from commonseal.city.names import pick
from commonseal.city.places import DISTRICT_NAMES, STATION_NAMES, STATIONS_A_DISTRICT, district_centres
from commonseal.city.residents import person_ids

DAYS = 7
_PAIRS = np.array([(a, b) for a in range(5) for b in range(a + 1, 5)])
_MINUTE = 60_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Commuters:
    """The holders of a card, one entry each; minutes count from midnight."""

    person: Ints
    card: Ints
    home: Ints  # station
    work: Ints  # station
    leave: Floats
    back: Floats
    diarist: Flags  # followed for all seven days
    pair: Ints  # which two working days the others ride

    def __len__(self) -> int:
        return len(self.person)


def commute(seed: int, people: p.People, homes: p.Households) -> Commuters:
    """Give cards to commuters, and each a home station, a work station and hours of their own."""
    rng = stream(seed, Stream.TRIPS)
    goes = (people.work_district >= 0) & (people.age >= 12)
    person = np.flatnonzero(goes & (rng.random(len(people)) < 0.45))
    count = len(person)
    home = _station(people.district[person], homes.community[people.household[person]])
    work = _station(people.work_district[person], np.maximum(people.employer[person], 0) // 3)
    work = np.where(work == home, _station(people.work_district[person], home + 1), work)
    pupil = people.occupation[person] == p.STUDENT
    leave = np.where(pupil, rng.normal(7.1 * 60, 12, count), rng.normal(8.0 * 60, 32, count))
    stay = np.where(pupil, rng.normal(9.5 * 60, 35, count), rng.normal(10.1 * 60, 45, count))
    return Commuters(
        person,
        distinct(rng, count, 10**10),
        home,
        work,
        np.clip(leave, 330, 690),
        np.clip(leave + stay, 840, 1320),
        rng.random(count) < 0.2,
        rng.integers(0, len(_PAIRS), count),
    )


def metro_trips(seed: int, riders: Commuters, as_of: date, day: int) -> pl.DataFrame:
    """Write the trips of day `day` (0 to 6) of the week that ends the day before `as_of`, by time."""
    rng = stream(seed, Stream.TRIPS, 1 + day)
    today = as_of - timedelta(days=DAYS - day)
    weekend = today.weekday() >= 5
    rides = (
        riders.diarist if weekend else riders.diarist | (_PAIRS[riders.pair] == today.weekday()).any(axis=1)
    )
    who = np.flatnonzero(rides)
    goal = rng.integers(0, len(STATION_NAMES), len(who)) if weekend else riders.work[who]
    goal = np.where(goal == riders.home[who], (goal + 7) % len(STATION_NAMES), goal)
    out, back = _hours(rng, riders, who, weekend)
    rider, enter = np.r_[who, who], np.r_[out, back]
    start, end = np.r_[riders.home[who], goal], np.r_[goal, riders.home[who]]
    leave = enter + _minutes(start, end) + np.abs(rng.normal(0, 2.5, len(rider)))
    order = np.argsort(enter, kind="stable")
    return pl.DataFrame(
        {
            "card": "WL8" + pl.Series(riders.card[rider[order]]).cast(pl.String).str.zfill(10),
            "person_id": person_ids(riders.person[rider[order]]),
            "enter_station": pick(STATION_NAMES, start[order]),
            "enter_at": moment(today, enter[order]),
            "exit_station": pick(STATION_NAMES, end[order]),
            "exit_at": moment(today, leave[order]),
        }
    )


def stations() -> pl.DataFrame:
    """Write the metro stations, one row each."""
    return pl.DataFrame(
        {
            "station": pl.Series(STATION_NAMES),
            "district": pick(DISTRICT_NAMES, np.arange(len(STATION_NAMES)) // STATIONS_A_DISTRICT),
        }
    )


def _hours(rng: np.random.Generator, riders: Commuters, who: Ints, weekend: bool) -> tuple[Floats, Floats]:
    """Draw when each rider sets out and turns back: near their own hours, or any time on a free day."""
    if weekend:
        out = rng.uniform(540, 900, len(who))
        return out, np.minimum(out + rng.uniform(90, 480, len(who)), 1370)
    late = rng.normal(0, 5, (2, len(who)))
    return riders.leave[who] + late[0], riders.back[who] + 2 * late[1]


def _station(district: Ints, number: Ints) -> Ints:
    """Choose the station of a district that `number` leads to."""
    return district * STATIONS_A_DISTRICT + number % STATIONS_A_DISTRICT


def _minutes(start: Ints, end: Ints) -> Floats:
    """Return the minutes of a ride: six, and three for every two kilometres between the districts."""
    a, b = (district_centres(station // STATIONS_A_DISTRICT) for station in (start, end))
    apart = np.hypot((a[0] - b[0]) * 87, (a[1] - b[1]) * 111)
    within = np.abs(start % STATIONS_A_DISTRICT - end % STATIONS_A_DISTRICT)
    minutes: Floats = 6 + 1.5 * apart + 1.5 * within
    return minutes


def moment(day: date, minutes: Floats) -> pl.Series:
    """Write moments of a day, to the second."""
    seconds = np.round(minutes * 60).astype(np.int64)
    midnight = (day - date(1970, 1, 1)).days * 1440 * _MINUTE
    return pl.Series(midnight + seconds * (_MINUTE // 60)).cast(pl.Datetime("us"))
