"""Make the city: settle, populate, found, register, then write every table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from commonseal.city import (
    cameras,
    clinics,
    devices,
    households,
    organisations,
    parking,
    people,
    places,
    store,
    trips,
    vehicles,
    voters,
)
from commonseal.city import residents as residents_table
from commonseal.city.draw import BLOCK, Ints
from commonseal.city.store import Format, TableFile
from commonseal.errors import BadInput
from commonseal.model import Text

AS_OF = date(2026, 9, 7)  # a Monday: the seven days before it are one whole week
MOST_RESIDENTS = 20_000_000
REVISION = 1  # raise it when the same parameters give other bytes


@dataclass(frozen=True, slots=True)
class City:
    """What was made: the folder, its parameters, its files with their row counts."""

    folder: Path
    residents: int
    seed: int
    as_of: date
    files: tuple[TableFile, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(file.rows for file in self.files)


def make_city(
    out: Path, *, residents: int, seed: int, as_of: date = AS_OF, format: Format = "parquet"
) -> City:
    """Make a synthetic city in the folder `out`; same arguments, same bytes.

    Args:
        out: a folder that is new or empty; a city of the same parameters there is checked and returned.
        residents: 1 to 20,000,000 people.
        seed: 0 to 2**63 - 1.
        as_of: the city's day, 2000-01-01 to 2099-12-31; ages count to it, trips end the day before.
        format: "parquet" or "csv".

    Returns: the summary, also written as `city.json`.
    Raises: BadInput where an argument is out of bounds or `out` holds anything else.
    """
    _check(residents, seed, as_of, format)
    out = out.resolve()
    parameters: dict[str, int | str] = {
        "revision": REVISION,
        "residents": residents,
        "seed": seed,
        "as_of": as_of.isoformat(),
        "format": format,
    }
    files = store.standing(out, parameters)
    if files is None:
        with store.whole_or_nothing(out) as folder:
            tables = _tables(residents, seed, as_of)
            files = tuple(store.write_table(folder, name, format, blocks) for name, blocks in tables)
            store.write_summary(folder, parameters, files)
    return City(out, residents, seed, as_of, files)


def _check(residents: int, seed: int, as_of: date, format: str) -> None:
    """Refuse arguments out of bounds, all of them at once."""
    faults = [
        (not 1 <= residents <= MOST_RESIDENTS, f"residents: {residents}", f"1..{MOST_RESIDENTS}"),
        (not 0 <= seed < 2**63, f"seed: {seed}", "0..2**63-1"),
        (not 2000 <= as_of.year <= 2099, f"as_of: {as_of}", "2000-01-01..2099-12-31"),
        (format not in ("parquet", "csv"), f"format: {format}", "parquet, csv"),
    ]
    found = [(got, expected) for wrong, got, expected in faults if wrong]
    if found:
        raise BadInput(
            Text(
                en="; ".join(f"got {got}, expected {expected}" for got, expected in found),
                zh="；".join(f"得到 {got}，应为 {expected}" for got, expected in found),
            )
        )


def _tables(count: int, seed: int, as_of: date) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
    """Yield each table's name and its blocks, in an order that lets memory go early."""
    homes = people.settle(seed, count)
    land = places.lay_out(seed, len(homes))
    orgs = organisations.found(seed, count, len(land))
    folk = people.populate(seed, as_of, homes, land, orgs)
    addresses = households.Addresses(homes, land, land.names(), tuple(organisations.org_names(orgs)))

    yield "departments", iter([organisations.departments(orgs)])
    yield "communities", iter([households.communities(addresses)])
    yield "households", _blocks(len(homes), lambda rows: households.households(addresses, rows))
    yield "residents", _blocks(count, lambda rows: residents_table.residents(seed, folk, addresses, rows))
    yield "cameras", iter([cameras.cameras(seed, addresses, orgs, count, as_of)])
    yield (
        "clinic_visits",
        _blocks(
            clinics.visit_count(count), lambda rows: clinics.clinic_visits(seed, folk, orgs, as_of, rows)
        ),
    )
    owners = np.flatnonzero(folk.mobile >= 0)
    drawn = devices.device_numbers(seed, len(owners))
    yield "devices", _blocks(len(owners), lambda rows: devices.devices(seed, folk, owners, drawn, rows))
    fleet = vehicles.register(seed, folk)
    yield "vehicles", _blocks(len(fleet), lambda rows: vehicles.vehicles(seed, fleet, rows))
    yield "parking", (parking.parking(seed, fleet, folk, as_of, day) for day in range(trips.DAYS))
    riders = trips.commute(seed, folk, homes)
    yield "stations", iter([trips.stations()])
    yield "metro_trips", (trips.metro_trips(seed, riders, as_of, day) for day in range(trips.DAYS))
    listed = voters.enrol(seed, folk)
    yield "voters", _blocks(len(listed), lambda rows: voters.voters(seed, folk, listed, as_of, rows))
    yield "voters_key", _blocks(len(listed), lambda rows: voters.voters_key(listed, rows))


def _blocks(count: int, write: Callable[[Ints], pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Write `count` rows a block at a time; an empty table is one empty block."""
    for start in range(0, max(count, 1), BLOCK):
        yield write(np.arange(start, min(start + BLOCK, count)))
