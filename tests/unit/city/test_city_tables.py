"""One city of 30,000: its keys hold, its people and their days are believable."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from commonseal.city import AS_OF, make_city
from commonseal.city.names import SURNAMES

RESIDENTS = 30_000


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    made = make_city(tmp_path_factory.mktemp("city") / "wanglan", residents=RESIDENTS, seed=11)
    tables = {Path(file.name).stem: pl.read_parquet(made.folder / file.name) for file in made.files}
    assert {file.name: file.rows for file in made.files} == {
        f"{name}.parquet": table.height for name, table in tables.items()
    }
    return tables


@pytest.mark.parametrize(
    ("table", "column", "home", "key"),
    [
        ("residents", "household_id", "households", "household_id"),
        ("residents", "employer_id", "departments", "org_id"),
        ("households", "community_id", "communities", "community_id"),
        ("devices", "person_id", "residents", "person_id"),
        ("devices", "phone", "residents", "phone"),
        ("vehicles", "owner_id", "residents", "person_id"),
        ("metro_trips", "person_id", "residents", "person_id"),
        ("metro_trips", "enter_station", "stations", "station"),
        ("metro_trips", "exit_station", "stations", "station"),
        ("parking", "plate", "vehicles", "plate"),
        ("clinic_visits", "person_id", "residents", "person_id"),
        ("clinic_visits", "resident_id", "residents", "resident_id"),
        ("clinic_visits", "hospital_id", "departments", "org_id"),
        ("cameras", "owner_id", "departments", "org_id"),
        ("cameras", "community_id", "communities", "community_id"),
        ("voters_key", "entry_id", "voters", "entry_id"),
        ("voters_key", "person_id", "residents", "person_id"),
    ],
)
def test_foreign_keys_hold(city, table: str, column: str, home: str, key: str) -> None:
    values = city[table][column].drop_nulls()
    assert len(values) > 0
    assert values.is_in(city[home][key].implode()).all()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("residents", "person_id"),
        ("residents", "resident_id"),
        ("residents", "phone"),
        ("residents", "email"),
        ("households", "address"),
        ("communities", "name"),
        ("departments", "name"),
        ("departments", "credit_code"),
        ("vehicles", "plate"),
        ("vehicles", "vin"),
        ("devices", "imei"),
        ("devices", "mac"),
        ("stations", "station"),
        ("cameras", "camera_id"),
    ],
)
def test_identifiers_are_unique(city, table: str, column: str) -> None:
    values = city[table][column].drop_nulls()
    assert values.n_unique() == len(values) > 0


def test_the_id_number_tells_birth_date_and_sex(city) -> None:
    people = city["residents"]
    assert (people["resident_id"].str.slice(6, 8) == people["birth_date"].dt.strftime("%Y%m%d")).all()
    odd = people["resident_id"].str.slice(16, 1).cast(pl.Int64) % 2 == 1
    assert (odd == (people["sex"] == "男")).all()


def test_copies_of_a_person_agree(city) -> None:
    both = city["clinic_visits"].join(city["residents"], on="person_id", suffix="_home")
    for column in ("name", "resident_id", "sex", "birth_date", "district"):
        assert (both[column] == both[f"{column}_home"]).all()


def test_ages_and_sexes_are_those_of_a_city(city) -> None:
    people = city["residents"]
    men = (people["sex"] == "男").mean()
    assert 0.48 < men < 0.54
    age = (AS_OF.year - people["birth_date"].dt.year()).to_numpy()
    assert 35 < age.mean() < 45
    assert (age < 15).mean() > 0.08
    assert 0.1 < (age >= 65).mean() < 0.25
    assert people["birth_date"].max() <= AS_OF


def test_households_have_the_members_they_say(city) -> None:
    members = city["residents"].group_by("household_id").len()
    both = city["households"].join(members, on="household_id")
    assert both.height == city["households"].height
    assert (both["size"] == both["len"]).all()
    heads = city["residents"].filter(pl.col("relation") == "户主")
    assert heads["household_id"].n_unique() == heads.height == both.height
    assert 2.2 < both["size"].mean() < 3.0


def test_couples_are_married_and_children_younger(city) -> None:
    people = city["residents"].select("household_id", "relation", "sex", "birth_date", "marital_status")
    head = people.filter(pl.col("relation") == "户主")
    couples = head.join(people.filter(pl.col("relation") == "配偶"), on="household_id")
    assert (couples["sex"] != couples["sex_right"]).all()
    assert (couples["marital_status"] == "已婚").all()
    children = head.join(people.filter(pl.col("relation") == "子女"), on="household_id")
    assert (children["birth_date"] < children["birth_date_right"]).all()


def test_names_follow_the_shares_and_some_have_a_dot(city) -> None:
    names = city["residents"]["name"]
    shares = {surname: share for surname, _, share in SURNAMES}
    for surname in ("王", "李", "马"):
        expected = shares[surname] / sum(shares.values())
        assert abs(names.str.starts_with(surname).mean() - expected) < 0.01
    assert 0.003 < names.str.contains("·").mean() < 0.02
    assert names.str.len_chars().min() >= 2
    assert 0.9 < (city["residents"]["ethnicity"] == "汉族").mean() < 0.93


def test_trips_peak_in_the_morning_and_in_the_evening(city) -> None:
    trips = city["metro_trips"]
    workday = trips.filter(trips["enter_at"].dt.weekday() <= 5)
    hour = workday["enter_at"].dt.hour()
    assert hour.is_in([7, 8]).mean() > 0.35
    assert hour.is_in([17, 18, 19]).mean() > 0.30
    assert hour.is_in([11, 12, 13]).mean() < 0.05
    assert (trips["exit_at"] > trips["enter_at"]).all()
    assert (trips["enter_station"] != trips["exit_station"]).all()


def test_a_fifth_of_the_riders_leave_seven_days_of_regular_unique_traces(city) -> None:
    trips = city["metro_trips"]
    assert trips["enter_at"].dt.date().min() == date(2026, 8, 31)
    assert trips["enter_at"].dt.date().max() == date(2026, 9, 6)
    riders = trips.group_by("person_id").agg(
        days=pl.col("enter_at").dt.date().n_unique(),
        trace=pl.concat_str("enter_station", pl.col("enter_at").dt.strftime("%d%H")).sort().str.join("|"),
    )
    week = riders.filter(pl.col("days") == 7)
    assert 0.17 < week.height / riders.height < 0.23
    assert week["trace"].n_unique() / week.height > 0.99


def test_commuters_start_at_home_and_return(city) -> None:
    trips = city["metro_trips"].filter(
        pl.col("enter_at").dt.hour() < 10, pl.col("enter_at").dt.weekday() <= 5
    )
    known = trips.join(city["residents"].select("person_id", "district"), on="person_id")
    known = known.join(city["stations"], left_on="enter_station", right_on="station", suffix="_station")
    assert (known["district"] == known["district_station"]).mean() > 0.99


def test_diagnoses_fit_the_patient(city) -> None:
    visits = city["clinic_visits"]
    women = visits.filter(pl.col("department") == "妇产科")["sex"]
    assert len(women) > 0
    assert (women == "女").all()
    assert (visits.filter(pl.col("diagnosis") == "前列腺增生")["sex"] == "男").all()
    children = visits.filter(pl.col("department") == "儿科")
    assert (children["birth_date"] > date(2012, 1, 1)).all()
    assert (visits["visit_date"] >= visits["birth_date"]).all()
    assert visits["visit_date"].max() < AS_OF or (visits["birth_date"] == AS_OF).any()


def test_some_notes_hold_phones_and_id_numbers_of_the_patient(city) -> None:
    both = city["clinic_visits"].join(city["residents"].select("person_id", "phone"), on="person_id")
    phones = both.filter(both["note"].str.contains(r"1[0-9]{10}，"))
    assert 0.06 < phones.height / both.height < 0.12
    assert phones.select(pl.col("note").str.contains(pl.col("phone"), literal=True)).to_series().all()
    numbers = both.filter(both["note"].str.contains("身份证号"))
    assert 0.02 < numbers.height / both.height < 0.05
    assert numbers.select(pl.col("note").str.contains(pl.col("resident_id"), literal=True)).to_series().all()


def test_one_community_is_the_crowded_one_of_the_paper(city) -> None:
    counts = city["cameras"].drop_nulls("community_id")["community_id"].value_counts(sort=True)
    sizes = dict(city["communities"].select("community_id", "households").iter_rows())
    crowded, cameras = counts.row(0)
    assert cameras > 300
    assert 1000 <= sizes[crowded] < 1200
    assert counts["count"][1] < 40
    assert (city["cameras"]["storage_days"] < 30).mean() > 0.05


def test_coordinates_lie_in_the_open_sea_and_gcj02_is_offset_by_hundreds_of_metres(city) -> None:
    for table in ("households", "communities", "cameras"):
        frame = city[table]
        assert frame["lon_wgs84"].is_between(119.4, 120.4).all()
        assert frame["lat_wgs84"].is_between(38.4, 38.85).all()
        offset = (frame["lon_gcj02"] - frame["lon_wgs84"]).abs() * 87_000
        assert offset.is_between(50, 900).all()


def test_the_public_list_holds_adults_and_outsiders_in_no_order(city) -> None:
    key = city["voters_key"]
    assert 0.07 < key["person_id"].null_count() / key.height < 0.13
    both = city["voters"].join(key, on="entry_id").drop_nulls("person_id")
    both = both.join(city["residents"], on="person_id", suffix="_home")
    for column in ("name", "sex", "birth_date", "district"):
        assert (both[column] == both[f"{column}_home"]).all()
    assert both["birth_date"].max() <= date(2008, 9, 7)
    assert not key["person_id"].drop_nulls().is_sorted()


def test_the_departments_of_the_paper_are_there(city) -> None:
    names = city["departments"]["name"]
    for word in ("交通运输局", "卫生健康委员会", "公安局", "互联网信息办公室"):
        assert names.str.ends_with(word).any()
    kinds = set(city["departments"]["kind"])
    assert {"neighbourhood_office", "enterprise", "technology_provider"} <= kinds


def test_no_mail_can_be_delivered(city) -> None:
    mails = city["residents"]["email"].drop_nulls()
    assert all(re.fullmatch(r"[a-z]+\d{2}x\d+@[a-z.]+\.example", mail) for mail in mails)


def test_no_row_number_has_the_shape_of_a_travel_document(city) -> None:
    documents = (
        r"^([HM]\d{8}|C[A-Z]?\d{7,8}|[EGDSP]E?\d{7,8}|E[A-HJ-NP-Z]\d{7}|KJ?\d{7,8}|HJ?\d{7,8}|MA\d{7}|W\d{8})"
    )
    for table in city.values():
        for column in (name for name in table.columns if name.endswith("_id") and name != "resident_id"):
            values = table[column].drop_nulls()
            assert values.str.starts_with("W").all()
            assert not values.str.contains(documents).any()


def test_the_page_names_every_file_and_every_column(city) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "city.md").read_text(encoding="utf-8")
    for name, table in city.items():
        assert f"| {name} |" in page
        missing = [column for column in table.columns if f"`{column}`" not in page]
        assert missing == []
