"""Keep the clinics' visits of one year: who came, with what, and what the doctor wrote.

About one visit for two residents. One note in ten holds a phone number, one in thirty an id number:
that is what free text is like, and what a release must not let through.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from commonseal.city.diagnoses import DIAGNOSES
from commonseal.city.draw import Floats, Ints, Stream, block_stream
from commonseal.city.names import pick
from commonseal.city.organisations import Kind, Organisations, numbered, org_ids
from commonseal.city.people import People
from commonseal.city.places import DISTRICT_NAMES, POSTCODES
from commonseal.city.residents import SEXES, birth_of, id_numbers, name_of, person_ids, phone_of, sex_of

_ADVICE = (
    "嘱多休息，多饮水，一周后复诊。",
    "予对症治疗，注意随访。",
    "完善检查后复诊。",
    "规律服药，定期复查。",
    "清淡饮食，不适随诊。",
)


def visit_count(residents: int) -> int:
    """Return how many visits a city of this size has in a year."""
    return max(1, residents // 2)


def clinic_visits(seed: int, people: People, orgs: Organisations, as_of: date, rows: Ints) -> pl.DataFrame:
    """Write the visits at `rows`, one row each; the old and the very young come more often."""
    rng = block_stream(seed, Stream.CLINICS, rows)
    count = len(rows)
    patient = _patients(rng, people, count)
    what = _diagnose(rng, people, patient)
    today = (as_of - date(1970, 1, 1)).days
    # nobody comes before birth
    days = np.minimum(rng.integers(1, 366, count), np.maximum(today - people.birth[patient], 0))
    cost = np.array([d.cost for d in DIAGNOSES])[what] * np.exp(rng.normal(0, 0.45, count))
    district = people.district[patient]
    return pl.DataFrame(
        {
            "visit_id": numbered("WN", rows, 9),
            "person_id": person_ids(patient),
            "name": name_of(people, patient),
            "resident_id": id_numbers(people, patient),
            "sex": sex_of(people, patient),
            "birth_date": birth_of(people, patient),
            "postcode": pick(POSTCODES, district),
            "district": pick(DISTRICT_NAMES, district),
            "hospital_id": org_ids(_hospitals(rng, orgs, district)),
            "department": pick(tuple(d.department for d in DIAGNOSES), what),
            "icd10": pick(tuple(d.code for d in DIAGNOSES), what),
            "diagnosis": pick(tuple(d.title for d in DIAGNOSES), what),
            "visit_date": pl.Series((today - days).astype(np.int32)).cast(pl.Date),
            "cost": cost.round(2),
            "note": _notes(rng, people, patient, what),
        }
    )


def _patients(rng: np.random.Generator, people: People, count: int) -> Ints:
    """Draw patients: of three drawn at random, the likeliest to be ill comes."""
    drawn = rng.integers(0, len(people), (3, count))
    need = np.abs(people.age[drawn] - 30) + rng.exponential(40, (3, count))
    chosen: Ints = np.take_along_axis(drawn, need.argmax(axis=0)[None, :], axis=0)[0]
    return chosen


def _diagnose(rng: np.random.Generator, people: People, patient: Ints) -> Ints:
    """Draw a diagnosis that fits each patient's sex and age."""
    age, woman = np.minimum(people.age[patient], 120), people.woman[patient].astype(np.int64)
    bounds = _fitting()[woman, age]
    drawn = rng.random(len(patient)) * bounds[:, -1]
    places: Ints = np.sum(bounds <= drawn[:, None], axis=1, dtype=np.int64)
    return places


def _fitting() -> Floats:
    """Return the summed weights of the diagnoses, shape (sex, age 0-120, diagnosis)."""
    weights = np.zeros((2, 121, len(DIAGNOSES)))
    for place, what in enumerate(DIAGNOSES):
        low, high = what.ages
        sexes = slice(None) if what.sex is None else SEXES.index(what.sex)
        weights[sexes, low : high + 1, place] = what.weight
    return np.cumsum(weights, axis=2)


def _hospitals(rng: np.random.Generator, orgs: Organisations, district: Ints) -> Ints:
    """Choose a hospital: mostly one of the home district, where there is one."""
    hospitals = orgs.of(Kind.HOSPITAL)
    near = np.where(district < len(hospitals), district, 0)
    far = rng.integers(0, len(hospitals), len(district))
    return hospitals[np.where(rng.random(len(district)) < 0.7, near, far)]


def _notes(rng: np.random.Generator, people: People, patient: Ints, what: Ints) -> pl.Series:
    """Write the doctor's note; some hold a phone number or an id number."""
    complaint = pick(tuple(f"主诉：{d.complaint}。诊断：{d.title}。" for d in DIAGNOSES), what)
    text = complaint + pick(_ADVICE, rng.integers(0, len(_ADVICE), len(what)))
    dice = rng.random(len(what))
    frame = pl.DataFrame(
        {"text": text, "phone": phone_of(people, patient), "id": id_numbers(people, patient)}
    )
    phone = pl.when(pl.Series(dice < 0.10)).then("本人电话" + pl.col("phone") + "，")
    number = pl.when(pl.Series(dice > 0.967)).then("转诊登记，身份证号" + pl.col("id") + "。")
    joined = pl.concat_str("text", phone, number, ignore_nulls=True)
    return frame.select(joined.str.replace("，$", "，如有异常电话通知。")).to_series()
