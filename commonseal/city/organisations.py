"""Set up the organisations: departments, neighbourhood offices, hospitals, enterprises, providers.

The file is called `departments`; columns: org_id, name, kind, credit_code, district.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl

from commonseal.city.draw import Ints, Stream, distinct, stream, weighted
from commonseal.city.identifiers import HOME_DIVISIONS, column, credit_codes
from commonseal.city.names import pick
from commonseal.city.places import CITY, DISTRICT_NAMES, JOB_SHARES, WORDS


class Kind(IntEnum):
    """What an organisation is."""

    DEPARTMENT = 0
    NEIGHBOURHOOD_OFFICE = 1
    HOSPITAL = 2
    METRO = 3
    PROPERTY = 4
    PARKING = 5
    TECHNOLOGY_PROVIDER = 6
    ENTERPRISE = 7


DEPARTMENTS = (
    "交通运输局", "卫生健康委员会", "公安局", "互联网信息办公室", "数据局", "市场监督管理局",
    "工业和信息化局", "民政局", "人力资源和社会保障局", "教育局", "住房和城乡建设局", "城市管理局",
)  # fmt: skip
_HOSPITALS = ("人民医院", "中医院", "妇幼保健院", "社区卫生服务中心")
_TRADES = (
    "商贸", "餐饮管理", "建筑工程", "物流", "机械制造", "电子", "软件", "教育咨询", "纺织", "食品", "医药",
    "文化传媒", "装饰工程", "汽车服务", "新材料", "环保工程",
)  # fmt: skip
_TECHNOLOGIES = ("智能科技", "数据技术", "视觉科技", "云计算", "信息安全", "物联科技")
_WORDS = tuple(first + last for first in WORDS for last in ("", "盛", "达", "和", "源", "信"))
_STATE = (Kind.DEPARTMENT, Kind.NEIGHBOURHOOD_OFFICE, Kind.HOSPITAL)


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations, one entry each, kinds side by side in the order of `Kind`."""

    kind: Ints
    district: Ints
    serial: Ints  # number within its kind
    credit: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def of(self, kind: Kind) -> Ints:
        """Return the places of one kind."""
        return np.flatnonzero(self.kind == kind)

    def draw_employers(self, rng: np.random.Generator, count: int) -> Ints:
        """Draw an employer for each of `count` people: a few are large, most are small."""
        order = np.argsort((np.arange(len(self)) * 7919) % 10_007, kind="stable")
        drawn = np.floor(len(self) * rng.random(count) ** 2.2).astype(np.int64)
        return order[drawn]


def found(seed: int, residents: int, communities: int) -> Organisations:
    """Found the organisations that a city of this size has."""
    counts = {
        Kind.DEPARTMENT: len(DEPARTMENTS),
        Kind.NEIGHBOURHOOD_OFFICE: max(len(DISTRICT_NAMES), communities // 8),
        Kind.HOSPITAL: max(len(_HOSPITALS), residents // 25_000),
        Kind.METRO: 1,
        Kind.PROPERTY: max(2, communities // 3),
        Kind.PARKING: max(2, residents // 40_000),
        Kind.TECHNOLOGY_PROVIDER: max(3, residents // 20_000),
        Kind.ENTERPRISE: max(4, residents // 200),
    }
    rng = stream(seed, Stream.ORGANISATIONS)
    kind = np.repeat(list(counts), list(counts.values()))
    serial = np.concatenate([np.arange(count) for count in counts.values()])
    anywhere = weighted(rng, JOB_SHARES, len(kind))
    spread = serial % len(DISTRICT_NAMES)
    district = np.where(kind == Kind.DEPARTMENT, 0, np.where(kind <= Kind.HOSPITAL, spread, anywhere))
    return Organisations(kind, district, serial, distinct(rng, len(kind), 10**6))


def departments(orgs: Organisations) -> pl.DataFrame:
    """Write the organisations down, one row each."""
    state = np.isin(orgs.kind, _STATE)
    divisions = np.array(HOME_DIVISIONS)[orgs.district]
    firm, office = (credit_codes(head, divisions, orgs.credit) for head in (b"91", b"11"))
    return pl.DataFrame(
        {
            "org_id": org_ids(np.arange(len(orgs))),
            "name": org_names(orgs),
            "kind": pl.Series([Kind(kind).name.lower() for kind in orgs.kind], dtype=pl.String),
            "credit_code": column(np.where(state[:, None], office, firm)),
            "district": pick(DISTRICT_NAMES, orgs.district),
        }
    )


def org_ids(organisations: Ints) -> pl.Series:
    """Write organisation ids: WO and six digits."""
    return numbered("WO", organisations, 6)


def numbered(prefix: str, numbers: Ints, width: int) -> pl.Series:
    """Write ids as a prefix and the number, counted from one; a negative number is null.

    Every prefix has two letters and begins with W: one letter and eight digits would be a passport's shape.
    """
    text = prefix + pl.Series(numbers + 1).cast(pl.String).str.zfill(width)
    if len(numbers) and numbers.min() < 0:
        return text.to_frame("w").select(pl.when(pl.Series(numbers >= 0)).then("w")).to_series()
    return text


def org_names(orgs: Organisations) -> pl.Series:
    """Name every organisation."""
    return pl.Series(
        [
            _name(Kind(k), int(d), int(s))
            for k, d, s in zip(orgs.kind, orgs.district, orgs.serial, strict=True)
        ]
    )


def _name(kind: Kind, district: int, serial: int) -> str:
    """Name one organisation from its kind, district and number."""
    city, area = CITY[0], DISTRICT_NAMES[district]
    word = _WORDS[serial * 7 % len(_WORDS)]
    round_ = serial // len(_WORDS)
    tail = f"({round_ + 1}号)" if round_ else ""
    match kind:
        case Kind.DEPARTMENT:
            return city + DEPARTMENTS[serial]
        case Kind.NEIGHBOURHOOD_OFFICE:
            return f"{city}{area}{WORDS[serial * 7 % len(WORDS)]}街道办事处{_numeral(serial)}"
        case Kind.HOSPITAL:
            return f"{city}{area}{_HOSPITALS[serial % 4]}{_numeral(serial)}"
        case Kind.METRO:
            return f"{city}轨道交通集团有限公司"
        case Kind.PROPERTY:
            return f"{city}{word}物业服务有限公司{tail}"
        case Kind.PARKING:
            return f"{city}{word}停车管理有限公司{tail}"
        case Kind.TECHNOLOGY_PROVIDER:
            return f"{city}{word}{_TECHNOLOGIES[serial % 6]}有限公司{tail}"
        case Kind.ENTERPRISE:
            return f"{city}{word}{_TRADES[serial % len(_TRADES)]}有限公司{_enterprise(serial)}"


def _numeral(serial: int) -> str:
    return f"({serial // len(WORDS) + 1})" if serial >= len(WORDS) else ""


def _enterprise(serial: int) -> str:
    pairs = math.lcm(len(_WORDS), len(_TRADES))  # word and trade both step with the number
    return f"({serial // pairs + 1}号)" if serial >= pairs else ""
