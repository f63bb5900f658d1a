"""The adult data: raw, its uniques are named again; released at k = 5, nobody is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from commonseal.anonymize import read_hierarchies
from commonseal.judge.attack import TRUTH, attack, half_known, with_truth

pytestmark = pytest.mark.shared
QUASI = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation"]
LEVELS = [0, 3, 0, 1, 2, 1, 1, 1]


@pytest.fixture(scope="module")
def adult(shared: Path) -> pl.DataFrame:
    raw = pl.read_csv(shared / "data/tables/adult/adult.csv", separator=";", infer_schema=False)
    return with_truth(raw, None)


@pytest.fixture(scope="module")
def ways(shared: Path) -> dict[str, list[list[str]]]:
    found = read_hierarchies(shared / "data/tables/adult", QUASI)
    return {name: hierarchy.rows() for name, hierarchy in found.items()}


@pytest.fixture(scope="module")
def released(adult: pl.DataFrame, ways: dict[str, list[list[str]]]) -> pl.DataFrame:
    """The labels of a full-domain generalization, in ARX's own words; classes under five dropped."""
    labels = [
        pl.col(name).replace_strict({row[0]: row[level] for row in ways[name]})
        for name, level in zip(QUASI, LEVELS, strict=True)
    ]
    coarse = adult.with_columns(labels)
    return coarse.filter(pl.len().over(QUASI) >= 5)


def test_raw_the_share_of_sample_uniques_is_named_again(adult: pl.DataFrame) -> None:
    found = attack(adult, adult, truth=TRUTH, quasi=QUASI, sensitive=["salary-class"])
    uniques = (adult.group_by(QUASI).len()["len"] == 1).sum()
    assert found.claims == found.right_claims == uniques == 14_021
    assert found.reidentified.value == uniques / 30_162


def test_released_at_five_nobody_is_named_again(
    adult: pl.DataFrame, released: pl.DataFrame, ways: dict[str, list[list[str]]]
) -> None:
    assert released.height > 20_000
    for known in (adult, half_known(adult, QUASI, seed=1)):
        found = attack(
            released.drop(TRUTH),
            known,
            truth=TRUTH,
            quasi=QUASI,
            sensitive=["salary-class"],
            original=adult,
            hierarchies=ways,
        )
        assert all(column.used for column in found.columns)
        assert found.claims == 0
        (homogeneity,) = found.homogeneity
        alike = released.filter(pl.col("salary-class").n_unique().over(QUASI) == 1)
        expected = alike.join(
            known.filter(pl.col(TRUTH).is_not_null()).select(TRUTH), on=TRUTH, how="semi"
        ).height
        assert homogeneity.learned.hits == expected > 0


def test_one_claim_in_five_is_about_what_a_class_of_five_allows(
    adult: pl.DataFrame, released: pl.DataFrame, ways: dict[str, list[list[str]]]
) -> None:
    found = attack(released, adult, truth=TRUTH, quasi=QUASI, hierarchies=ways, claim_at=0.2)
    assert found.claims > 100
    assert found.precision.low is not None
    assert found.precision.high is not None
    assert found.precision.low < 0.2 < found.precision.high


def test_without_the_hierarchies_only_plain_labels_are_read(
    adult: pl.DataFrame, released: pl.DataFrame
) -> None:
    found = attack(released, adult, truth=TRUTH, quasi=QUASI)
    unread = [column.release for column in found.columns if not column.used]
    assert "education" in unread
    assert "age" not in unread
