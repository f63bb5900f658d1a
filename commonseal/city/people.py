"""Bring the people of the city to life: households first, then their members, then work and numbers.

Everything is columns of numbers, one entry a person or a household; words come later, block by block.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from commonseal.city import names, places
from commonseal.city.draw import Flags, Floats, Ints, Stream, distinct, rank_in_group, stream, weighted
from commonseal.city.identifiers import HOME_DIVISIONS, MOBILE_SEGMENTS, OTHER_DIVISIONS
from commonseal.city.organisations import Organisations

HEAD, SPOUSE, CHILD, PARENT = range(4)
PRESCHOOL, STUDENT, RETIRED, JOBLESS = range(4)  # occupations before the jobs
SINGLE, MARRIED, DIVORCED, WIDOWED = range(4)
JOBS = (
    "专业技术人员", "办事人员", "商业服务人员", "生产制造人员", "企业管理人员", "教师", "医护人员",
    "公务员", "软件工程师", "驾驶员", "快递配送员", "建筑工人", "个体经营者", "财务人员",
)  # fmt: skip
OCCUPATIONS = ("学龄前儿童", "学生", "退休人员", "无业", *JOBS)
_JOB_WEIGHTS = (6, 11, 22, 19, 3, 0.4, 0.6, 0.6, 0.4, 7, 6, 8, 10, 3)
_GRADUATE_JOBS = (22, 15, 9, 4, 9, 10, 8, 7, 12, 1, 1, 1, 4, 8)
EDUCATION = ("学龄前", "小学", "初中", "高中", "大专", "本科", "研究生")
ETHNICITIES = (
    ("汉族", 911), ("壮族", 14), ("回族", 8), ("满族", 7.5), ("维吾尔族", 8.3), ("苗族", 7.9),
    ("彝族", 7), ("土家族", 6.8), ("藏族", 5), ("蒙古族", 4.5), ("布依族", 2.5), ("侗族", 2.5),
    ("瑶族", 2.4), ("哈萨克族", 1.1), ("朝鲜族", 1.2), ("白族", 1.5),
)  # fmt: skip
_DOTTED = (4, 13)  # places of the peoples whose names carry a middle dot here
_SIZE_SHARES = (25, 30, 22, 14, 6, 3)  # households of one to six
_MEN_AMONG = (0.50, 0.0, 0.525, 0.46)  # head, (spouse), child, parent


@dataclass(frozen=True, slots=True)
class Households:
    """The households, one entry each; `start` is the first member's place among the people."""

    start: Ints
    size: Ints
    community: Ints
    slot: Ints  # place in its community, from 0: block of flats, unit, floor, door

    def __len__(self) -> int:
        return len(self.size)


@dataclass(frozen=True, slots=True)
class People:
    """The people, one entry each, members of a household side by side."""

    household: Ints
    relation: Ints
    woman: Flags
    birth: Ints  # days since 1970-01-01
    age: Ints  # full years on the city's day
    ethnicity: Ints
    marital: Ints
    education: Ints
    occupation: Ints
    employer: Ints  # place among the organisations, -1: none
    district: Ints
    work_district: Ints  # where the day is spent, -1: at home
    first: Ints
    middle: Ints
    last: Ints
    division: Ints
    sequence: Ints
    mobile: Ints  # -1: none

    def __len__(self) -> int:
        return len(self.birth)


def settle(seed: int, residents: int) -> Households:
    """Found households of one to six until everyone has one; about 1,000 make a community."""
    rng = stream(seed, Stream.HOUSEHOLDS)
    size = weighted(rng, _SIZE_SHARES, residents) + 1
    ends = np.cumsum(size)
    count = int(np.searchsorted(ends, residents)) + 1
    size, ends = size[:count], np.minimum(ends[:count], residents)
    start = np.r_[0, ends[:-1]]
    communities = max(1, count // 1000)
    community = np.arange(count) * communities // count
    return Households(start, ends - start, community, rank_in_group(community))


def populate(
    seed: int, as_of: date, homes: Households, land: places.Communities, employers: Organisations
) -> People:
    """Draw every person of every household."""
    rng = stream(seed, Stream.PEOPLE)
    household = np.repeat(np.arange(len(homes)), homes.size)
    relation, years, woman = _family(rng, homes, household)
    today = (as_of - date(1970, 1, 1)).days
    birth = today - np.floor(years * 365.2425).astype(np.int64)
    age = full_years(birth, as_of)
    district = land.district[homes.community[household]]
    ethnicity = weighted(rng, [share for _, share in ETHNICITIES], len(homes))[household]
    marital = _marital(rng, relation, age, homes, household)
    work = _work(stream(seed, Stream.WORK), age, woman, district, employers)
    first, middle, last = _names(stream(seed, Stream.NAMES), household, relation, woman, age, ethnicity)
    division, sequence, mobile = _numbers(stream(seed, Stream.NUMBERS), district, birth, woman, age)
    return People(
        household, relation, woman, birth, age, ethnicity, marital, *work[:3], district, work[3],
        first, middle, last, division, sequence, mobile,
    )  # fmt: skip


def ymd(days: Ints) -> Ints:
    """Write days since 1970-01-01 as yyyymmdd."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month = months.astype(np.int64)
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    numbers: Ints = (1970 + month // 12) * 10_000 + (month % 12 + 1) * 100 + day
    return numbers


def full_years(birth: Ints, as_of: date) -> Ints:
    """Count the birthdays each person has had by `as_of`."""
    return (as_of.year * 10_000 + as_of.month * 100 + as_of.day - ymd(birth)) // 10_000


def _family(rng: np.random.Generator, homes: Households, household: Ints) -> tuple[Ints, Floats, Flags]:
    """Give each member a relation to the head, an age in years and a sex."""
    count, size = len(household), homes.size
    position = np.arange(count) - homes.start[household]
    couple = rng.random(len(homes)) < np.choose(np.minimum(size, 3) - 1, [0.0, 0.82, 0.93])
    three = rng.random(len(homes)) < 0.5  # a fourth member is a second child, else a grandparent
    relation = np.select(
        [
            position == 0,
            (position == 1) & couple[household],
            (position < 3) | (position == 3) & three[household],
        ],
        [HEAD, SPOUSE, CHILD],
        PARENT,
    )
    head = _head_years(rng, size)
    gap = np.select(
        [relation == SPOUSE, relation == CHILD, relation == PARENT],
        [rng.normal(-1, 3, count), -rng.uniform(22, 36, count), rng.uniform(22, 32, count)],
        0.0,
    )
    years = head[household] + gap
    years = np.where((relation == SPOUSE) & (years < 20), rng.uniform(20, 23, count), years)
    years = np.where(years < 0, rng.uniform(0, 4, count), years)
    man_head = rng.random(len(homes)) < np.where(couple, 0.72, 0.5)
    man = rng.random(count) < np.array(_MEN_AMONG)[relation]
    man = np.where(relation == HEAD, man_head[household], man)
    man = np.where(relation == SPOUSE, ~man_head[household], man)
    return relation, years, ~man


def _head_years(rng: np.random.Generator, size: Ints) -> Floats:
    """Draw the head's age: the young and the old live alone or in pairs, the others with children."""
    low = np.array([19.0, 24.0, 26.0, 29.0, 30.0, 31.0])
    high = np.array([45.0, 50.0, 60.0, 58.0, 58.0, 58.0])
    years = rng.uniform(low[size - 1], high[size - 1])
    old = rng.random(len(size)) < np.choose(np.minimum(size, 3) - 1, [0.42, 0.55, 0.0])
    return np.where(old, 52 + 40 * rng.beta(1.4, 2.4, len(size)), years)


def _marital(rng: np.random.Generator, relation: Ints, age: Ints, homes: Households, household: Ints) -> Ints:
    """Say who is single, married, divorced or widowed."""
    paired = np.zeros(len(homes), np.bool_)
    paired[household[relation == SPOUSE]] = True
    dice = rng.random(len(age))
    alone = np.select(
        [age < 25, age < 35, age < 60],
        [SINGLE, np.where(dice < 0.85, SINGLE, DIVORCED), np.where(dice < 0.35, SINGLE, DIVORCED)],
        np.where(dice < 0.75, WIDOWED, DIVORCED),
    )
    elder = np.where(dice < 0.45, MARRIED, WIDOWED)
    married = (relation == SPOUSE) | (relation == HEAD) & paired[household]
    return np.select([married, relation == PARENT], [MARRIED, elder], alone)


def _work(
    rng: np.random.Generator, age: Ints, woman: Flags, district: Ints, employers: Organisations
) -> tuple[Ints, Ints, Ints, Ints]:
    """Give each person education, occupation, an employer and the district of the working day."""
    count = len(age)
    shares = np.where((age < 45)[:, None], [2, 20, 24, 22, 24, 8], [22, 38, 20, 11, 8, 1]).cumsum(axis=1)
    level = (rng.random(count)[:, None] * 100 >= shares).sum(axis=1) + 1
    level = np.minimum(level, 6)
    reached = np.select([age < 6, age < 12, age < 15, age < 18], [0, 1, 2, 3], level)
    studies = (age >= 6) & (age < 18) | (age >= 18) & (age < 23) & (level >= 4) & (rng.random(count) < 0.9)
    retired = age >= np.where(woman, 55, 60)
    graduate = reached >= 5
    job = 4 + np.where(graduate, weighted(rng, _GRADUATE_JOBS, count), weighted(rng, _JOB_WEIGHTS, count))
    job = np.where(rng.random(count) < 0.12, JOBLESS, job)
    occupation = np.select([age < 6, studies, retired], [PRESCHOOL, STUDENT, RETIRED], job)
    employer = np.where(occupation > JOBLESS, employers.draw_employers(rng, count), -1)
    work = np.where(employer >= 0, employers.district[np.maximum(employer, 0)], -1)
    school = np.where(
        (age < 15) | (rng.random(count) < 0.6), district, rng.integers(0, len(places.DISTRICTS), count)
    )
    return reached, occupation, employer, np.where(occupation == STUDENT, school, work)


def _names(
    rng: np.random.Generator,
    household: Ints,
    relation: Ints,
    woman: Flags,
    age: Ints,
    ethnicity: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Name the members: children bear the father's surname, wives and mothers their own."""
    family = names.draw_surnames(rng, int(household[-1]) + 1)[household]
    own = names.draw_surnames(rng, len(household))
    first = np.where((relation == CHILD) | ~woman, family, own)
    middle, last = names.draw_given(rng, woman, age)
    dotted = np.isin(ethnicity, _DOTTED)
    parts = zip(names.draw_dotted(rng, woman), (first, middle, last), strict=True)
    first, middle, last = (np.where(dotted, foreign, usual) for foreign, usual in parts)
    return first, middle, last


def _numbers(
    rng: np.random.Generator, district: Ints, birth: Ints, woman: Flags, age: Ints
) -> tuple[Ints, Ints, Ints]:
    """Give each person a division, a sequence that makes the id unique, and a mobile."""
    count = len(birth)
    local = rng.random(count) < 0.62
    division = np.where(
        local,
        np.array(HOME_DIVISIONS)[district],
        np.array(OTHER_DIVISIONS)[rng.integers(0, len(OTHER_DIVISIONS), count)],
    )
    group = (division * 100_000 + birth + 60_000) * 2 + woman
    # 500 numbers a division, day and sex; steps of 167 (prime to 500) so that ranks do not show
    place = (rank_in_group(group) * 167 + group * 7919) % 500
    sequence = 2 * place + ~woman
    mobile = rng.integers(0, len(MOBILE_SEGMENTS), count) * 10**8 + distinct(rng, count, 10**8)
    owns = (age >= 10) & (rng.random(count) < np.where(age < 16, 0.55, np.where(age > 75, 0.8, 0.985)))
    return division, sequence, np.where(owns, mobile, -1)
