"""Register the vehicles: about one for every five residents, three in ten of them new-energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from commonseal.city.draw import Flags, Ints, Stream, block_stream, distinct, stream, weighted
from commonseal.city.identifiers import (
    ENERGY_PLATES,
    ORDINARY_PLATES,
    PLATE_PROVINCE,
    column,
    energy_serials,
    ordinary_serials,
    vins,
)
from commonseal.city.names import pick
from commonseal.city.organisations import numbered
from commonseal.city.people import People
from commonseal.city.residents import person_ids

_BODIES = ("小型轿车", "小型越野客车", "小型普通客车", "轻型货车")
_COLOURS = ("白", "黑", "灰", "银", "蓝", "红")


@dataclass(frozen=True, slots=True)
class Vehicles:
    """The vehicles, one entry each; `owner` is a place among the people."""

    owner: Ints
    electric: Flags
    plate: Ints
    vin: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def plates(self, rows: Ints) -> pl.Series:
        """Write the plates of the vehicles at `rows`."""
        electric = pl.Series(self.electric[rows])
        ordinary = column(ordinary_serials(self.plate[rows] % ORDINARY_PLATES))
        energy = column(energy_serials(self.plate[rows] % ENERGY_PLATES))
        serial = pl.DataFrame({"o": ordinary, "e": energy}).select(pl.when(electric).then("e").otherwise("o"))
        return PLATE_PROVINCE + serial.to_series()


def register(seed: int, people: People) -> Vehicles:
    """Register a vehicle for a share of those aged 20 to 74."""
    rng = stream(seed, Stream.VEHICLES)
    chance = np.where((people.age >= 20) & (people.age < 75), 0.30, 0.0)
    owner = np.flatnonzero(rng.random(len(people)) < chance)
    electric = rng.random(len(owner)) < 0.3
    count = len(owner)
    plate = np.empty(count, np.int64)
    plate[electric] = distinct(rng, int(electric.sum()), ENERGY_PLATES)
    plate[~electric] = distinct(rng, int((~electric).sum()), ORDINARY_PLATES)
    return Vehicles(owner, electric, plate, distinct(rng, count, 33**8))


def vehicles(seed: int, fleet: Vehicles, rows: Ints) -> pl.DataFrame:
    """Write the vehicles at `rows`, one row each."""
    rng = block_stream(seed, Stream.VEHICLES, rows)
    count = len(rows)
    return pl.DataFrame(
        {
            "vehicle_id": numbered("WV", rows, 8),
            "plate": fleet.plates(rows),
            "energy": pick(("汽油", "纯电动"), fleet.electric[rows].astype(np.int64)),
            "vin": column(vins(fleet.vin[rows])),
            "owner_id": person_ids(fleet.owner[rows]),
            "body": pick(_BODIES, weighted(rng, (55, 30, 10, 5), count)),
            "colour": pick(_COLOURS, weighted(rng, (45, 20, 14, 10, 6, 5), count)),
            "first_registered": pl.Series(2010 + rng.integers(0, 16, count).astype(np.int64)),
        }
    )
