"""Lay out Wanglan (望澜市), a city that is on no map.

No division of this name stands in the tables of divisions, present or past. Its coordinates lie in the
open Bohai Sea, so no point of it is anybody's home; they are inside the area where GCJ-02 is offset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonseal.city.draw import Floats, Ints, Stream, stream, weighted

CITY = ("望澜市", "Wanglan")
CENTRE = (119.90, 38.62)  # WGS-84 longitude, latitude, degrees
# (name, letters, postcode, share of the communities, share of the jobs)
DISTRICTS = (
    ("听潮区", "Tingchao", "579001", 14, 26), ("砚湖区", "Yanhu", "579002", 16, 22),
    ("霁川区", "Jichuan", "579003", 15, 14), ("鹭汀区", "Luting", "579004", 14, 11),
    ("星屿区", "Xingyu", "579005", 13, 10), ("云栈区", "Yunzhan", "579006", 11, 8),
    ("桐埠区", "Tongbu", "579007", 10, 6), ("月堤区", "Yuedi", "579008", 7, 3),
)  # fmt: skip
DISTRICT_NAMES = tuple(name for name, *_ in DISTRICTS)
POSTCODES = tuple(code for _, _, code, *_ in DISTRICTS)
JOB_SHARES = tuple(jobs for *_, jobs in DISTRICTS)
WORDS = (
    "澜光", "拾潮", "听澜", "云汀", "桐荫", "鹭鸣", "霁月", "星汉", "砚池", "松岚", "白屿", "棠梨",
    "望舒", "晴川", "枫浦", "青禾", "沐阳", "锦帆", "怀远", "归雁", "临风", "照影", "揽月", "汀兰",
    "竹溪", "石渠", "朝晖", "暮云", "长堤", "半山",
)  # fmt: skip
_STREETS = ("路", "街", "大道", "巷")
_ESTATES = ("里", "苑", "花园", "新村", "家园", "公馆", "小区", "雅居")
STREET_NAMES = tuple(word + kind for kind in _STREETS for word in WORDS)
_STATION_KINDS = ("", "北", "南", "东", "西", "广场")
STATIONS_A_DISTRICT = len(_STATION_KINDS)
STATION_NAMES = tuple(
    WORDS[3 * district + number % 3] + _STATION_KINDS[number] + "站"
    for district in range(len(DISTRICTS))
    for number in range(STATIONS_A_DISTRICT)
)


@dataclass(frozen=True, slots=True)
class Communities:
    """The communities, one entry each; places in tuples, degrees in WGS-84."""

    district: Ints
    street: Ints
    number: Ints  # house number on the street
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.district)

    def names(self) -> tuple[str, ...]:
        """Name every community; no two alike."""
        kinds = len(WORDS) * len(_ESTATES)
        return tuple(
            WORDS[c % len(WORDS)] + _ESTATES[c // len(WORDS) % len(_ESTATES)] + _phase(c // kinds)
            for c in range(len(self))
        )


def lay_out(seed: int, households: int) -> Communities:
    """Lay out one community for every full thousand households, at least one."""
    rng = stream(seed, Stream.PLACES)
    count = max(1, households // 1000)
    district = np.sort(weighted(rng, [share for _, _, _, share, _ in DISTRICTS], count))
    lon, lat = district_centres(district)
    return Communities(
        district=district,
        street=rng.integers(0, len(STREET_NAMES), count),
        number=rng.integers(1, 400, count),
        lon=lon + rng.normal(0, 0.016, count),
        lat=lat + rng.normal(0, 0.012, count),
    )


def district_centres(district: Ints) -> tuple[Floats, Floats]:
    """Return longitude and latitude of each district: two rings around the city's centre."""
    angle = 2 * np.pi * district / len(DISTRICTS)
    radius = np.where(district < 2, 0.03, 0.09)
    return CENTRE[0] + radius * np.cos(angle) * 1.28, CENTRE[1] + radius * np.sin(angle)


def to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Offset WGS-84 degrees to GCJ-02 by the public approximation (Krasovsky 1940 ellipsoid)."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x)) * 40 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + ripple
    north += (np.sin(np.pi * y) + 2 * np.sin(np.pi * y / 3)) * 40 / 3
    north += (8 * np.sin(np.pi * y / 12) + 16 * np.sin(np.pi * y / 30)) * 40 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + ripple
    east += (np.sin(np.pi * x) + 2 * np.sin(np.pi * x / 3)) * 40 / 3
    east += (15 * np.sin(np.pi * x / 12) + 30 * np.sin(np.pi * x / 30)) * 10
    radian = lat * np.pi / 180
    magic = 1 - 0.00669342162296594323 * np.sin(radian) ** 2
    north *= 180 / (6378245.0 * (1 - 0.00669342162296594323) / magic**1.5 * np.pi)
    east *= 180 / (6378245.0 / np.sqrt(magic) * np.cos(radian) * np.pi)
    return lon + east, lat + north


def _phase(number: int) -> str:
    return f"{number + 1}期" if number else ""
