"""Small tables whose answers are counted by hand."""

from __future__ import annotations

import json

import polars as pl
import pytest

from commonseal.judge.attack import TRUTH, attack, attack_json, half_known, with_truth
from commonseal.judge.attack.confidence import newcombe, wilson

# a and b share a class, c is alone in his, d and e are alone in theirs
RELEASE = pl.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e"],
        "age": ["[20, 40)", "[20, 40)", "[40, 60)", "[40, 60)", "[60, 80)"],
        "zip": ["100**", "100**", "100**", "200**", "200**"],
        "illness": ["flu", "flu", "flu", "hiv", "flu"],
    }
)
# a, b, c and e are known; one stranger fits nobody, another fits e's class
KNOWN = pl.DataFrame(
    {
        "id": ["a", "b", "c", "e", None, None],
        "age": [25, 39, 41, 60, 42, 65],
        "zip": ["10001", "10002", "10099", "20001", "30001", "20002"],
    }
)


def test_the_answer_counted_by_hand() -> None:
    found = attack(RELEASE, KNOWN, truth="id", sensitive=["illness"])
    assert (found.people, found.outsiders, found.released_people) == (4, 2, 5)
    assert (found.claims, found.right_claims) == (1, 1)  # c; e is one of two who fit e's row
    assert found.reidentified.value == 0.25
    assert found.of_released.value == 0.2
    (homogeneity,) = found.homogeneity  # a and b: both have flu; e: the one row has; c too, but he is named
    assert (homogeneity.learned.hits, homogeneity.learned.of) == (3, 4)
    assert (homogeneity.precision.hits, homogeneity.precision.of) == (
        4,
        5,
    )  # wrong of the stranger who fits e
    assert found.membership is not None
    assert found.membership.advantage == 0.5  # all four fit, and so does one stranger of two


def test_a_lower_threshold_claims_one_of_each_pair() -> None:
    found = attack(RELEASE, KNOWN, truth="id", claim_at=0.5)
    assert found.claims == 4  # a, b, c, and one of the two who fit e
    assert 1 <= found.right_claims <= 4
    assert found == attack(RELEASE, KNOWN, truth="id", claim_at=0.5)
    results = {attack(RELEASE, KNOWN, truth="id", claim_at=0.5, seed=seed).right_claims for seed in range(20)}
    assert results == {1, 2, 3, 4}


def test_persons_of_several_rows_are_one_person() -> None:
    release = pl.DataFrame(
        {
            "pseudonym": ["p", "p", "q", "q"],
            "who": ["a", "a", "b", "b"],
            "birth": ["1980", "1980", "1990", "1990"],
            "illness": ["flu", "hiv", "flu", "flu"],
        }
    )
    known = pl.DataFrame({"who": ["a", "b"], "birth": ["1980-01-02", "1990-03-04"]})
    rows = attack(
        release.drop("who").with_columns(who=pl.Series(["a1", "a2", "b1", "b2"])), known, truth="who"
    )
    assert rows.claims == 0
    tied = attack(release, known, truth="who", person="pseudonym", sensitive=["illness"])
    assert (tied.counts, tied.released_people, tied.claims, tied.right_claims) == ("persons", 2, 2, 2)


def test_two_who_fit_two_rows_of_one_person_are_neither_claimed() -> None:
    release = pl.DataFrame({"id": ["a", "a"], "zip": ["101", "202"]})
    known = pl.DataFrame({"id": ["a", None], "zip": ["101", "202"]})
    assert attack(release, known, truth="id").claims == 0
    assert attack(release, known, truth="id", claim_at=0.5).claims == 1


def test_background_knowledge_rules_values_out() -> None:
    release = pl.DataFrame(
        {
            "id": list("abcdef"),
            "zip": ["1**"] * 3 + ["2**"] * 3,
            "illness": ["flu", "hiv", "flu", "a", "b", "c"],
        }
    )
    known = pl.DataFrame({"id": list("abcdef"), "zip": ["101", "102", "103", "201", "202", "203"]})
    found = attack(release, known, truth="id", sensitive=["illness"], ruled_out=2)
    assert [each.learned.hits for each in found.homogeneity] == [0]
    assert [(each.ruled_out, each.learned.hits) for each in found.background] == [(1, 3), (2, 6)]


def test_nobody_learns_a_null() -> None:
    release = pl.DataFrame(
        {"id": list("abcd"), "zip": ["1", "1", "2", "2"], "illness": [None, None, "flu", None]}
    )
    known = release.select("id", "zip")
    found = attack(release, known, truth="id", sensitive=["illness"])
    assert [each.precision.of for each in (*found.homogeneity, *found.background)] == [0, 0, 0]


def test_rows_that_hide_everything_say_nothing() -> None:
    release = pl.DataFrame({"id": list("abc"), "age": ["30", "*", None], "zip": ["1", "*", "*"]})
    found = attack(release, pl.DataFrame({"id": ["a"], "age": ["30"], "zip": ["1"]}), truth="id")
    assert (found.blank_rows, found.claims, found.right_claims, found.released_people) == (2, 1, 1, 3)
    hidden = pl.DataFrame({"id": ["a", "b"], "age": ["30", "31"], "zip": ["1", "1"]})
    assert attack(release, hidden, truth="id").people == 2  # b is in the data, though nothing tells


def test_columns_of_other_names_and_of_no_use() -> None:
    release = RELEASE.rename({"age": "years"}).with_columns(colour=pl.lit("red"))
    known = KNOWN.with_columns(colour=pl.lit("blue"))
    found = attack(release, known, truth="id", quasi={"years": "age", "zip": "zip", "colour": "colour"})
    assert [(column.release, column.used) for column in found.columns] == [
        ("years", True),
        ("zip", True),
        ("colour", False),
    ]
    assert found.claims == 1


def test_the_original_settles_what_the_release_does_not_say() -> None:
    original = pl.DataFrame(
        {
            "id": list("abcd"),
            "age": [25, 39, 41, 44],
            "zip": ["10001", "10002", "10099", "10098"],
            "illness": list("xxyz"),
        }
    )
    release = pl.DataFrame(  # c was suppressed; d is alone in the class that c fits too
        {"age": ["[20, 40)", "[20, 40)", "[40, 60)"], "zip": ["100**"] * 3, "illness": ["x", "x", "z"]}
    )
    known = original.select("id", "age", "zip")
    alone = attack(
        release, known.filter(pl.col("id") == "d"), truth="id", original=original, sensitive=["illness"]
    )
    assert (alone.settled_by, alone.claims, alone.right_claims, alone.unsettled_claims) == (
        "original",
        1,
        1,
        0,
    )
    other = attack(
        release, known.filter(pl.col("id") == "c"), truth="id", original=original, sensitive=["illness"]
    )
    assert (other.claims, other.right_claims) == (1, 0)  # the illness tells the judge that the row is not c's
    blind = attack(release, known.filter(pl.col("id") == "c"), truth="id", original=original)
    assert (blind.right_claims, blind.unsettled_claims) == (
        1,
        1,
    )  # without it nobody can tell: counted as right
    learned = attack(release, known, truth="id", original=original, sensitive=["illness"])
    assert [each.learned.hits for each in learned.homogeneity] == [3]  # a, b, and d; not c


def test_half_of_the_people_and_as_many_outsiders() -> None:
    raw = with_truth(pl.DataFrame({"sex": ["m", "f"] * 50, "age": [str(year) for year in range(100)]}), None)
    known = half_known(raw, ["sex", "age"], seed=3)
    assert known.columns == ["sex", "age", TRUTH]
    assert (known.height, known[TRUTH].null_count(), known[TRUTH].n_unique()) == (100, 50, 51)
    assert known.equals(half_known(raw, ["sex", "age"], seed=3))
    assert not known.equals(half_known(raw, ["sex", "age"], seed=4))
    pairs = known.select("sex", "age").unique()
    assert pairs.join(raw, on=["sex", "age"], how="anti").height == 0  # the chain keeps neighbouring pairs
    outside = pl.DataFrame({"age": ["200"], "sex": ["m"]})
    assert half_known(raw, ["sex", "age"], seed=3, outsiders=outside)[TRUTH].null_count() == 1


def test_the_json_is_json_and_holds_no_cell() -> None:
    text = json.dumps(attack_json(attack(RELEASE, KNOWN, truth="id", sensitive=["illness"])), allow_nan=False)
    assert not [cell for cell in ("flu", "hiv", "100**", "10001", "[20, 40)") if cell in text]
    told = json.loads(text)
    assert set(told) >= {
        "people",
        "claims",
        "right_claims",
        "precision",
        "reidentified_rate",
        "reidentified_rate_interval",
    }
    low, high = told["reidentified_rate_interval"]
    assert low < told["reidentified_rate"] < high


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3."""
    rate = wilson(hits, of, 0.95)
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)


def test_the_difference_as_published() -> None:
    """Newcombe 1998, "Interval estimation for the difference between independent proportions", table II (a)."""
    found = newcombe(wilson(56, 70, 0.95), wilson(48, 80, 0.95))
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(wilson(0, 0, 0.95), wilson(1, 2, 0.95)) is None
