"""Write the households and the communities down; know every address."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from commonseal.city.draw import Floats, Ints
from commonseal.city.names import pick
from commonseal.city.organisations import numbered
from commonseal.city.people import Households
from commonseal.city.places import (
    CITY,
    DISTRICT_NAMES,
    POSTCODES,
    STREET_NAMES,
    Communities,
    to_gcj02,
)

_FLATS_A_BLOCK = 66  # three units of eleven floors, two doors a floor


@dataclass(frozen=True, slots=True)
class Addresses:
    """What is needed to write an address: homes, land, and the names of communities and employers."""

    homes: Households
    land: Communities
    communities: tuple[str, ...]
    employers: tuple[str, ...]

    def text(self, households: Ints) -> pl.Series:
        """Write the full address of each household: no two households share one."""
        community, slot = self.homes.community[households], self.homes.slot[households]
        flat = slot % _FLATS_A_BLOCK
        return (
            pick(tuple(CITY[0] + name for name in DISTRICT_NAMES), self.land.district[community])
            + pick(STREET_NAMES, self.land.street[community])
            + _text(self.land.number[community]) + "号"
            + pick(self.communities, community)
            + _text(slot // _FLATS_A_BLOCK + 1) + "号楼"
            + _text(flat // 22 + 1) + "单元"
            + _text(flat % 22 // 2 + 1) + "0" + _text(flat % 2 + 1) + "室"
        )  # fmt: skip

    def point(self, households: Ints) -> tuple[Floats, Floats]:
        """Return WGS-84 longitude and latitude of each household's block of flats."""
        community = self.homes.community[households]
        block = self.homes.slot[households] // _FLATS_A_BLOCK
        lon = self.land.lon[community] + (block % 5 - 2) * 0.0006
        return lon, self.land.lat[community] + (block // 5 % 5 - 2) * 0.0005


def households(addresses: Addresses, rows: Ints) -> pl.DataFrame:
    """Write the households at `rows`, one row each; degrees rounded to six places."""
    homes, land = addresses.homes, addresses.land
    community = homes.community[rows]
    return pl.DataFrame(
        {
            "household_id": numbered("WH", rows, 8),
            "address": addresses.text(rows),
            "district": pick(DISTRICT_NAMES, land.district[community]),
            "postcode": pick(POSTCODES, land.district[community]),
            "community_id": numbered("WC", community, 5),
            "size": homes.size[rows],
            **coordinates(*addresses.point(rows)),
        }
    )


def communities(addresses: Addresses) -> pl.DataFrame:
    """Write the communities, one row each, with the number of their households."""
    land = addresses.land
    return pl.DataFrame(
        {
            "community_id": numbered("WC", np.arange(len(land)), 5),
            "name": pl.Series(addresses.communities),
            "district": pick(DISTRICT_NAMES, land.district),
            "street": pick(STREET_NAMES, land.street),
            "households": np.bincount(addresses.homes.community, minlength=len(land)),
            **coordinates(land.lon, land.lat),
        }
    )


def coordinates(lon: Floats, lat: Floats) -> dict[str, Floats]:
    """Give the four columns of a point in both systems, degrees rounded to six places."""
    shifted_lon, shifted_lat = to_gcj02(lon, lat)
    return {
        "lon_wgs84": lon.round(6),
        "lat_wgs84": lat.round(6),
        "lon_gcj02": shifted_lon.round(6),
        "lat_gcj02": shifted_lat.round(6),
    }


def _text(numbers: Ints) -> pl.Series:
    return pl.Series(numbers).cast(pl.String)
