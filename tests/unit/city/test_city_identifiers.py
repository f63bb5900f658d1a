"""The vectorised check digits against plain, independent loops, and the ranges that are nobody's."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from commonseal.city import identifiers as ids

ROWS = 3000


def _some(space: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, space, ROWS)


def _resident_check(body: str) -> str:
    """ISO 7064 MOD 11-2 by its recursive definition, not by weights."""
    value = 0
    for digit in body:
        value = (value + int(digit)) * 2 % 11
    check = (12 - value) % 11
    return "X" if check == 10 else str(check)


def _luhn_holds(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _credit_check(body: str) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(alphabet.index(c) * w for c, w in zip(body, weights, strict=True))
    return alphabet[(31 - total % 31) % 31]


def _vin_check(vin: str) -> str:
    letters = "A1 B2 C3 D4 E5 F6 G7 H8 J1 K2 L3 M4 N5 P7 R9 S2 T3 U4 V5 W6 X7 Y8 Z9"
    values = {pair[0]: int(pair[1]) for pair in letters.split()} | {str(digit): digit for digit in range(10)}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    rest = sum(values[c] * w for c, w in zip(vin, weights, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def test_the_independent_checks_agree_with_published_vectors() -> None:
    assert _resident_check("11010519491231002") == "X"
    assert _resident_check("36042619910101007") == "1"
    assert _luhn_holds("490154203237518")
    assert _credit_check("91350100M000100Y4") == "3"
    assert _credit_check("91110108MA01YBNX6") == "2"
    assert _vin_check("1M8GDM9AXKP042788") == "X"


def test_resident_ids_of_published_vectors() -> None:
    made = ids.resident_ids(np.array([110105, 360426]), np.array([19491231, 19910101]), np.array([2, 7]))
    assert ids.column(made).to_list() == ["11010519491231002X", "360426199101010071"]


def test_resident_ids_carry_the_right_check() -> None:
    divisions = np.array(ids.HOME_DIVISIONS + ids.OTHER_DIVISIONS)[_some(60)]
    for number in ids.column(ids.resident_ids(divisions, 19000101 + _some(28), _some(1000))):
        assert re.fullmatch(r"\d{17}[\dX]", number)
        assert _resident_check(number[:17]) == number[17]


def test_divisions_are_only_of_the_groups_revoked_by_march_1983() -> None:
    groups = {code // 1000 for code in ids.HOME_DIVISIONS + ids.OTHER_DIVISIONS}
    assert groups == {322, 110, 120, 310}
    municipal = [code for code in ids.OTHER_DIVISIONS if code // 1000 != 322]
    # 1982 moved the counties of the three cities from 01.. to 21..
    assert all(code // 100 % 10 == 2 and code % 100 <= 10 for code in municipal)
    assert len(set(ids.HOME_DIVISIONS + ids.OTHER_DIVISIONS)) == len(ids.HOME_DIVISIONS + ids.OTHER_DIVISIONS)


def test_credit_codes() -> None:
    made = ids.column(ids.credit_codes(b"91", np.full(ROWS, 322621), _some(10**6)))
    for code in made:
        assert re.fullmatch(r"91322621MA\d{6}[0-9X][0-9A-HJ-NPQRTUWXY]", code)
        assert _credit_check(code[:17]) == code[17]


def test_imeis_pass_luhn_in_the_test_range() -> None:
    for imei in ids.column(ids.imeis(_some(10**10))):
        assert re.fullmatch(r"0044\d{11}", imei)
        assert _luhn_holds(imei)


def test_vins_have_the_check_digit_and_an_impossible_year() -> None:
    made = ids.column(ids.vins(_some(33**8)))
    for vin in made:
        assert re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", vin)
        assert _vin_check(vin) == vin[8]
        assert vin[9] == "0"


def test_mobiles_are_in_unallocated_segments() -> None:
    numbers = np.array([0, 10**8 - 1, 10**8, 2 * 10**8 + 7])
    assert ids.column(ids.mobiles(numbers)).to_list() == [
        "15400000000",
        "15499999999",
        "16400000000",
        "19400000007",
    ]


def test_macs_are_locally_administered_unicast_in_the_reserved_quadrant() -> None:
    for mac in ids.column(ids.macs(_some(16**11))):
        assert re.fullmatch(r"([0-9A-F]{2}:){5}[0-9A-F]{2}", mac)
        assert int(mac[:2], 16) & 0b1111 == 0b0110


@pytest.mark.parametrize(
    ("write", "space", "shape"),
    [
        (ids.ordinary_serials, ids.ORDINARY_PLATES, r"[WXY][A-HJ-NP-Z0-9]{5}"),
        (ids.energy_serials, ids.ENERGY_PLATES, r"[WXY][DABCEFGHJK][A-HJ-NP-Z0-9]\d{4}"),
    ],
)
def test_every_plate_number_is_another_plate(write, space: int, shape: str) -> None:
    made = ids.column(write(np.arange(0, space, 7)))
    assert made.n_unique() == len(made)
    assert made.str.contains(f"^{shape}$").all()


def test_an_empty_column_is_a_string_column() -> None:
    empty = ids.column(ids.mobiles(np.empty(0, np.int64)))
    assert empty.dtype == pl.String
    assert len(empty) == 0
