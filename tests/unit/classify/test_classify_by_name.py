"""A name decides only among what the values allow, and is the answer where they have no form."""

from __future__ import annotations

import polars as pl
import pytest
from classify_samples import BY_NAME, BY_VALUE, column

from commonseal.classify import classify

CASES = [(category, name) for category, (_, names) in BY_NAME.items() for name in names]


@pytest.mark.parametrize(("category", "name"), CASES)
def test_the_name_decides_where_values_have_no_form(category: str, name: str) -> None:
    found = classify(pl.DataFrame({name: column(BY_NAME[category][0])}))[0]
    assert found.category.id == category
    assert found.evidence.name_match
    assert 0.5 <= found.confidence < 1


@pytest.mark.parametrize(
    "category", ["age", "sex", "postcode", "qq_id", "account", "finance", "body_measure"]
)
def test_without_the_name_the_same_values_are_not_called_so(category: str) -> None:
    assert classify(pl.DataFrame({"c": column(BY_NAME[category][0])}))[0].category.id != category


@pytest.mark.parametrize("name", ["phone", "手机号", "身份证号", "email", "bank_card"])
def test_ages_under_a_wrong_name_are_a_quantity(name: str) -> None:
    ages = column(BY_NAME["age"][0])
    found = classify(pl.DataFrame({name: ages}))[0]
    assert found.category.id == "quantity"
    assert not found.evidence.name_match


def test_mobile_numbers_under_the_name_qq_stay_mobile_numbers() -> None:
    found = classify(pl.DataFrame({"qq": column(BY_VALUE["mobile"][0])}))[0]
    assert found.category.id == "mobile"


def test_the_citizen_number_in_a_social_security_column_goes_by_that_name() -> None:
    values = column(BY_VALUE["resident_id"][0])
    assert classify(pl.DataFrame({"社会保障号码": values}))[0].category.id == "social_security_no"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("身份证号", "resident_id"),
        ("IP地址", "ip_address"),
        ("home_address", "address"),
        ("出生地", "area"),
        ("zzz", "unknown"),
    ],
)
@pytest.mark.parametrize("values", [[None] * 5, ["", "  ", None, "N/A", "无"]], ids=["null", "blank"])
def test_an_empty_column_goes_by_its_name_with_little_confidence(
    name: str, category: str, values: list[str | None]
) -> None:
    found = classify(pl.DataFrame({name: pl.Series(values, dtype=pl.String)}))[0]
    assert found.category.id == category
    assert found.confidence == (0.0 if category == "unknown" else 0.3)
    assert found.evidence.null_rate == 1.0
    assert found.evidence.match_rate == 0.0


def test_blanks_are_not_counted_against_the_match() -> None:
    values = [v if i % 2 else " " for i, v in enumerate(column(BY_VALUE["email"][0]))]
    found = classify(pl.DataFrame({"c": values}))[0]
    assert (found.category.id, found.evidence.null_rate, found.evidence.match_rate) == ("email", 0.5, 1.0)
