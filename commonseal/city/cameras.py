"""Hang the cameras: at stations, on roads, in malls and communities, and a few where none may hang.

The first community is the one the founding paper tells of: a thousand households, over three hundred
cameras. Inspectors have something to find: short and long storage, no sign, forbidden interiors.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from commonseal.city.draw import Ints, Stream, stream, weighted
from commonseal.city.households import Addresses, coordinates
from commonseal.city.names import pick
from commonseal.city.organisations import Kind, Organisations, numbered, org_ids, org_names
from commonseal.city.places import DISTRICT_NAMES, STATION_NAMES, STATIONS_A_DISTRICT, district_centres

# (place, share, who answers for it); the last four places are interiors where none may hang
PLACES = (
    ("城市道路", 30, Kind.DEPARTMENT), ("地铁站", 16, Kind.METRO), ("商场", 14, Kind.ENTERPRISE),
    ("学校周边", 8, Kind.DEPARTMENT), ("医院公共区域", 8, Kind.HOSPITAL), ("公共停车场", 8, Kind.PARKING),
    ("政务服务大厅", 4, Kind.NEIGHBOURHOOD_OFFICE), ("公园广场", 8, Kind.NEIGHBOURHOOD_OFFICE),
    ("宾馆客房", 0.15, Kind.ENTERPRISE), ("公共浴室更衣室", 0.15, Kind.ENTERPRISE),
    ("商场试衣间", 0.15, Kind.ENTERPRISE), ("公共卫生间", 0.15, Kind.NEIGHBOURHOOD_OFFICE),
)  # fmt: skip
COMMUNITY_PLACES = ("小区出入口", "单元门厅", "楼道", "小区道路", "地下车库", "儿童游乐区")
STORAGE_DAYS = (30, 90, 15, 7, 180, 365)
CROWDED = 0.31  # cameras a household in the crowded community
USUAL = 0.018


def cameras(
    seed: int, addresses: Addresses, orgs: Organisations, residents: int, as_of: date
) -> pl.DataFrame:
    """Write the cameras, one row each, those of the communities first."""
    rng = stream(seed, Stream.CAMERAS)
    counts = _counts(addresses)
    community = np.repeat(np.arange(len(counts)), counts)
    public = max(4, residents // 400)
    kind = weighted(rng, [share for _, share, _ in PLACES], public)
    elsewhere = rng.integers(0, len(DISTRICT_NAMES), public)
    inside = rng.integers(0, len(COMMUNITY_PLACES), len(community))
    district = np.r_[addresses.land.district[community], elsewhere]
    lon, lat = district_centres(elsewhere)
    lon = np.r_[addresses.land.lon[community], lon + rng.normal(0, 0.02, public)]
    lat = np.r_[addresses.land.lat[community], lat + rng.normal(0, 0.015, public)]
    count = len(district)
    crowded = np.r_[community == 0, np.zeros(public, np.bool_)]
    owner = np.r_[_managers(orgs, community), _owners(rng, orgs, kind)]
    installed = rng.integers(30, 2500, count)
    return pl.DataFrame(
        {
            "camera_id": numbered("WCAM", np.arange(count), 6),
            "place": pl.concat([pick(COMMUNITY_PLACES, inside), pick(tuple(p for p, *_ in PLACES), kind)]),
            "location": _locations(addresses, community, elsewhere, kind, rng),
            "community_id": numbered("WC", np.r_[community, np.full(public, -1)], 5),
            "district": pick(DISTRICT_NAMES, district),
            **coordinates(lon + rng.normal(0, 0.0006, count), lat + rng.normal(0, 0.0005, count)),
            "owner_id": org_ids(owner),
            "owner": org_names(orgs).gather(owner.astype(np.uint32)),
            "captures_faces": rng.random(count) < np.where(crowded, 0.45, 0.18),
            "storage_days": np.array(STORAGE_DAYS)[weighted(rng, (55, 20, 9, 5, 8, 3), count)],
            "has_sign": rng.random(count) < np.where(crowded, 0.4, 0.86),
            "installed_date": pl.Series([as_of - timedelta(days=int(days)) for days in installed]),
        }
    )


def _counts(addresses: Addresses) -> Ints:
    """Return the number of cameras of each community; the first is crowded."""
    homes = np.bincount(addresses.homes.community, minlength=len(addresses.land))
    counts: Ints = np.ceil(homes * USUAL).astype(np.int64)
    counts[0] = np.ceil(homes[0] * CROWDED)
    return counts


def _managers(orgs: Organisations, community: Ints) -> Ints:
    """Return the property company of each community."""
    companies = orgs.of(Kind.PROPERTY)
    return companies[community % len(companies)]


def _owners(rng: np.random.Generator, orgs: Organisations, kind: Ints) -> Ints:
    """Draw an owner of the right kind for each public camera; roads and schools are the police's."""
    owner = np.empty(len(kind), np.int64)
    for place, (_, _, holder) in enumerate(PLACES):
        here = kind == place
        candidates = orgs.of(holder)
        drawn = candidates[rng.integers(0, len(candidates), int(here.sum()))]
        owner[here] = 2 if holder is Kind.DEPARTMENT else drawn  # 2: the public security bureau
    return owner


def _locations(
    addresses: Addresses, community: Ints, elsewhere: Ints, kind: Ints, rng: np.random.Generator
) -> pl.Series:
    """Say in words where each camera hangs."""
    stations = elsewhere * STATIONS_A_DISTRICT + rng.integers(0, STATIONS_A_DISTRICT, len(elsewhere))
    town = pl.DataFrame({"d": pick(DISTRICT_NAMES, elsewhere), "s": pick(STATION_NAMES, stations)})
    metro = pl.Series(kind == 1)
    public = town.select(pl.when(metro).then(pl.col("d") + pl.col("s")).otherwise(pl.col("d"))).to_series()
    return pl.concat([pick(addresses.communities, community), public])
