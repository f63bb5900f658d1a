"""Values win: each category is known by its values, whatever the column is called."""

from __future__ import annotations

import random

import polars as pl
import pytest
from classify_samples import BY_NAME, BY_VALUE, column, resident_id

from commonseal.classify import CATEGORIES, classify
from commonseal.model import Column, Level, Role

DIRT = ("x1", "待补", "#REF!", "...", "tbd 7")


def one(values: list[str], name: str = "c") -> Column:
    return classify(pl.DataFrame({name: values}))[0]


@pytest.mark.parametrize("category", BY_VALUE)
def test_values_alone_name_the_category(category: str) -> None:
    found = one(column(BY_VALUE[category][0]))
    assert found.category.id == category
    assert found.evidence.match_rate >= 0.9
    assert not found.evidence.name_match


@pytest.mark.parametrize("category", BY_VALUE)
def test_one_value_in_five_may_be_dirt_where_the_name_agrees(category: str) -> None:
    maker, name = BY_VALUE[category]
    values = [DIRT[i % 5] if i % 5 == 0 else value for i, value in enumerate(column(maker))]
    found = one(values, name)
    assert found.category.id == category
    assert found.evidence.name_match
    assert found.evidence.match_rate <= 0.95 or category in (
        "education",
        "password",
        "diagnosis",
        "occupation",
    )


@pytest.mark.parametrize("category", [c for c in BY_VALUE if CATEGORIES[c].level >= Level.SEMI_PRIVATE])
def test_a_misleading_name_does_not_hide_what_is_sensitive(category: str) -> None:
    found = one(column(BY_VALUE[category][0]), "年龄" if category != "age" else "phone")
    assert found.category.id == category
    assert not found.evidence.name_match


@pytest.mark.parametrize(
    "values",
    [
        ["360426199101010071", "11010519491231002X"] * 5,
        ["１１０１０５１９４９１２３１００２Ｘ"],
        [" 110105 19491231 002x "],
    ],
    ids=["the sheet's vectors", "full width", "grouped, small x"],
)
def test_resident_ids_are_read_in_every_writing(values: list[str]) -> None:
    found = one(values)
    assert (found.category.id, found.evidence.checksum_rate) == ("resident_id", 1.0)


@pytest.mark.parametrize(
    ("category", "values"),
    [
        ("uscc", ["91350100M000100Y43", "91110000600037341L", "91110108MA01YBNX62", "52100000500000784G"]),
        ("hk_id", ["A123456(3)"]),
        ("taiwan_id", ["A123456789"]),
        ("imei", ["490154203237518"]),
        ("bank_card", ["4111111111111111", "4111 1111 1111 1111"]),
        ("vin", ["1M8GDM9AXKP042788"]),
    ],
)
def test_the_sheets_vectors_pass(category: str, values: list[str]) -> None:
    found = one(values)
    assert (found.category.id, found.evidence.checksum_rate) == (category, 1.0)


def test_both_generations_of_the_number_share_a_column() -> None:
    from classify_samples import old_resident_id

    found = one(column(resident_id, 100) + column(old_resident_id, 100))
    assert found.category.id == "resident_id"
    assert found.evidence.match_rate == 1.0
    assert found.evidence.checksum_rate == 0.5  # the 15 digits have no check digit


def test_what_may_be_an_old_resident_id_or_a_telecom_number_gets_the_higher_level() -> None:
    r = random.Random(6)
    divisions = ("460022", "110201", "310201", "322621")
    old = [
        f"{d}{r.randrange(40, 99)}0{r.randrange(1, 10)}1{r.randrange(10)}{r.randrange(1000):03d}"
        for d in divisions * 40
    ]
    singles = classify(pl.DataFrame({str(i): [value] for i, value in enumerate(old)}))
    assert {c.category.id for c in singles} == {"resident_id"}
    assert one([value for value in old if value.startswith("4600")]).category.id == "resident_id"


def test_an_unknown_district_lowers_the_confidence_and_denies_nothing() -> None:
    r = random.Random(1)
    known = [f"110105{1950 + i}0101{r.randrange(1000):03d}0" for i in range(50)]
    unknown = [value.replace("110105", "119999") for value in known]
    assert one(known).confidence > one(unknown).confidence > 0.5
    assert one(unknown).category.id == "resident_id"


def test_a_number_with_an_impossible_birthday_is_no_resident_id() -> None:
    assert one([f"110105195002300{i:02d}X" for i in range(30)]).category.id != "resident_id"


@pytest.mark.parametrize("digits", [13, 14, 17])
def test_long_numbers_without_a_form_are_not_called_identifiers_of_another_kind(digits: int) -> None:
    r = random.Random(3)
    values = [str(r.randrange(10 ** (digits - 1), 10**digits)) for _ in range(200)]
    assert one(values).category.id == "record_id"  # unique and long: it singles out


def test_sixteen_digits_that_fail_luhn_are_no_bank_cards_without_the_name() -> None:
    r = random.Random(4)
    values = [f"62{r.randrange(10**14):014d}" for _ in range(300)]
    assert one(values, "c").category.id != "bank_card"
    assert one(values, "银行卡号").category.id == "bank_card"


def test_every_category_has_both_titles_a_level_and_a_role() -> None:
    assert len(CATEGORIES) >= 40
    assert set(BY_VALUE) | set(BY_NAME) < set(CATEGORIES)
    for id_, category in CATEGORIES.items():
        assert category.id == id_
        assert category.title.en
        assert category.title.zh
        assert category.title.en != category.title.zh
    unknown = CATEGORIES["unknown"]
    assert (unknown.level, unknown.role) == (Level.SEMI_PRIVATE, Role.UNKNOWN)


@pytest.mark.parametrize(
    ("level", "ids"),
    [
        (
            4,
            "person_name resident_id hmt_residence_permit passport hk_id bank_card social_security_no password",
        ),
        (
            4,
            "home_return_permit exit_endorsement_permit medical_record_no face_image biometric_template account",
        ),
        (3, "address mobile landline email plate vin imei imsi iccid mac ip_address coordinates trajectory"),
        (3, "diagnosis icd10 religion income free_text unknown"),
        (
            2,
            "birth_date age sex ethnicity marital_status education occupation nationality postcode timestamp",
        ),
        (1, "quantity code flag organisation uscc"),
    ],
)
def test_levels_follow_the_paper_and_the_standards(level: int, ids: str) -> None:
    assert {id_: int(CATEGORIES[id_].level) for id_ in ids.split()} == dict.fromkeys(ids.split(), level)
