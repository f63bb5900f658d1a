"""Valid numbers always match and pass; one changed digit fails the checksum; nothing crashes."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commonseal.classify import CATEGORIES, classify, text_patterns
from commonseal.classify._internal.checksums import luhn
from commonseal.classify.resident_id import check
from commonseal.model import Column, Level

DIVISIONS = ("110105", "322621", "440301", "650104", "320500")
DAYS = st.dates(date(1901, 1, 1), date(2024, 12, 31))


def with_check(body: str) -> str:
    return body + "10X98765432"[sum(int(c) * 2 ** (17 - i) for i, c in enumerate(body)) % 11]


RESIDENT_IDS = st.builds(
    lambda code, day, serial: with_check(f"{code}{day:%Y%m%d}{serial:03d}"),
    st.sampled_from(DIVISIONS),
    DAYS,
    st.integers(0, 999),
)


def luhn_number(body: str) -> str:
    total = 0
    for i, c in enumerate(reversed(body)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return body + str(-total % 10)


CARDS = st.from_regex(r"62[0-9]{13,16}", fullmatch=True).filter(str.isascii).map(luhn_number)


def one(values: list[str]) -> Column:
    return classify(pl.DataFrame({"c": values}))[0]


def changed(number: str, place: int, step: int) -> str:
    """Change one digit into another digit."""
    digit = str((int(number[place]) + step) % 10)
    return number[:place] + digit + number[place + 1 :]


@settings(max_examples=40, deadline=None)
@given(st.lists(RESIDENT_IDS, min_size=1, max_size=20))
def test_every_valid_resident_id_matches_and_passes(values: list[str]) -> None:
    found = one(values)
    assert (found.category.id, found.evidence.match_rate, found.evidence.checksum_rate) == (
        "resident_id",
        1.0,
        1.0,
    )


@settings(max_examples=40, deadline=None)
@given(RESIDENT_IDS, st.integers(0, 16), st.integers(1, 9))
def test_a_changed_digit_of_a_resident_id_fails_the_checksum(number: str, place: int, step: int) -> None:
    assert check(pl.Series([number, changed(number, place, step)])).tolist() == [1.0, 0.0]


@settings(max_examples=40, deadline=None)
@given(st.lists(RESIDENT_IDS, min_size=3, max_size=9), RESIDENT_IDS, st.integers(14, 16), st.integers(1, 9))
def test_one_mistyped_number_lowers_the_share_and_the_confidence(
    others: list[str], number: str, place: int, step: int
) -> None:
    right, wrong = one([*others, number]), one([*others, changed(number, place, step)])
    assert (right.category.id, wrong.category.id) == ("resident_id", "resident_id")
    assert wrong.evidence.checksum_rate == round(len(others) / (len(others) + 1), 4)
    assert wrong.confidence < right.confidence


@settings(max_examples=40, deadline=None)
@given(RESIDENT_IDS, st.integers(14, 16), st.integers(1, 9))
def test_a_mistyped_number_alone_stays_highly_private(number: str, place: int, step: int) -> None:
    """By itself it may pass for a bank card (62, 65 are issuers and provinces); never for less."""
    assert one([changed(number, place, step)]).category.level == Level.HIGHLY_PRIVATE


@settings(max_examples=40, deadline=None)
@given(CARDS, st.integers(0, 14), st.integers(1, 9))
def test_a_changed_digit_of_a_card_fails_luhn(number: str, place: int, step: int) -> None:
    assert luhn(pl.Series([number, changed(number, place, step)])).tolist() == [1.0, 0.0]


@settings(max_examples=40, deadline=None)
@given(CARDS)
@example("620922049088257842")  # passes the check of a social credit code too
def test_a_card_alone_is_highly_private(number: str) -> None:
    assert one([number]).category.level == Level.HIGHLY_PRIVATE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=30), st.text(max_size=20))
def test_any_text_under_any_name_is_answered(values: list[str | None], name: str) -> None:
    found = classify(pl.DataFrame({name: pl.Series(values, dtype=pl.String)}))[0]
    assert found.name == name
    assert found.category == CATEGORIES[found.category.id]
    assert 0 <= found.confidence <= 1
    assert 0 <= found.evidence.match_rate <= 1
    assert 0 <= found.evidence.null_rate <= 1
    assert set(found.evidence.others) <= set(CATEGORIES)


@settings(max_examples=60, deadline=None)
@given(RESIDENT_IDS, st.text("的在和与,。 ", max_size=10), st.text("是了吗,。 ", max_size=10))
def test_the_text_pattern_takes_the_whole_number_out_of_any_text(
    number: str, before: str, after: str
) -> None:
    masked = pl.Series([before + number + after]).str.replace_all(text_patterns()["resident_id"], "")
    assert masked.to_list() == [before + after]
