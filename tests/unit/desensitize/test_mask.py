"""Masks show their window and nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from commonseal.errors import BadInput

MIDDLE = {"keep_from": 3, "keep_to": 7}


def test_a_mobile_shows_its_middle_digits_only(treated):
    assert treated(["13812345678", None], "mask", **MIDDLE) == ["***1234****", None]


@pytest.mark.parametrize(
    "written",
    [
        "+8613812345678",
        "+86 138 1234 5678",
        "0086-138-1234-5678",
        "8613812345678",
        "(+86)13812345678",
        "＋86 13812345678",
        "（86）13812345678",
        " 138 1234 5678 ",
        "13812345678\n",
    ],
)
def test_a_prefix_or_separator_does_not_move_the_window(treated, written):
    assert treated([written], "mask", **MIDDLE) == ["***1234****"]


@pytest.mark.parametrize("short", ["1", "12345", "1234567", "87654321"])
def test_a_value_too_short_for_the_window_is_hidden_wholly(treated, short):
    assert treated([short], "mask", **MIDDLE) == ["*" * len(short)]


def test_chinese_and_emoji_are_counted_as_characters(treated):
    names = ["张三", "欧阳修", "李", "😀王五", ""]
    assert treated(names, "mask", keep_from=0, keep_to=1) == ["张*", "欧**", "*", "😀**", ""]


@pytest.mark.parametrize(
    ("value", "params", "shown"),
    [
        ("6222020200112233445", {"keep_from": -4}, "***************3445"),
        ("1234567", {"keep_from": -4}, "*******"),
        ("abcdefgh", {"keep_from": 1, "keep_to": -1}, "*bcdefg*"),
        ("ab", {"keep_from": 1, "keep_to": -1}, "**"),
        ("abcdef", {"keep_to": -2}, "abcd**"),
        ("ab", {"keep_to": -2}, "**"),
        ("abcdef", {"keep_from": 2}, "**cdef"),
        ("abcdefghij", {"keep_from": -5, "keep_to": -2}, "*****fgh**"),
        ("110101199003070011", {"keep_from": 6, "keep_to": 14}, "******19900307****"),
        ("110101900307001", {"keep_from": 6, "keep_to": 14}, "***************"),
        ("京A12345", {"keep_to": 2, "char": "＊"}, "京A＊＊＊＊＊"),
    ],
)
def test_windows_from_either_end(treated, value, params, shown):
    assert treated([value], "mask", **params) == [shown]


def test_numbers_and_dates_are_masked_on_their_text(treated):
    assert treated([13812345678, None, 5], "mask", **MIDDLE) == ["***1234****", None, "*"]
    assert treated([13812345678.0, None], "mask", **MIDDLE) == ["***1234****", None]
    assert treated([dt.date(1990, 3, 7)], "mask", keep_to=4) == ["1990******"]
    assert treated([Decimal("1234.50")], "mask", keep_to=1) == ["1*****"]
    assert treated([True], "mask", keep_to=1) == ["t***"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"keep_from": 0},
        {"keep_from": 7, "keep_to": 3},
        {"keep_from": 3, "keep_to": 3},
        {"keep_to": 0},
        {"keep_from": -4, "keep_to": 7},
        {"keep_from": -2, "keep_to": -4},
        {"keep_from": "3", "keep_to": 7},
        {"keep_from": True},
        {"keep_to": 3.5},
        {"keep_to": 3, "char": "**"},
        {"keep_to": 3, "char": ""},
        {"keep_to": 3, "keep": 1},
    ],
)
def test_a_window_that_makes_no_sense_is_refused(treated, params):
    with pytest.raises(BadInput, match="'值'"):
        treated(["13812345678"], "mask", **params)


PATTERNS = {"mobile": r"1[3-9]\d{9}", "identity": r"\d{17}[\dX]", "mail": r"[\w.]+@[\w.]+"}


def test_free_text_loses_what_is_found_and_keeps_the_rest(treated):
    texts = ["电话13812345678，邮箱 a.b@c.cn 请回😀", "无", "", None]
    assert treated(texts, "mask_text", patterns=PATTERNS) == ["电话***，邮箱 *** 请回😀", "无", "", None]


def test_overlapping_patterns_leave_no_remainder(treated):
    # The head of this identity number looks like a mobile number, and that pattern comes first.
    assert treated(["证件130102199001011234。"], "mask_text", patterns=PATTERNS) == ["证件***。"]


def test_a_pattern_that_takes_its_neighbours_does_not_shield_the_next_find(treated):
    edged = {"mobile": r"(?:^|[^0-9])1[3-9][0-9]{9}(?:[^0-9]|$)"}
    (shown,) = treated(["13812345678,13912345678,13712345678"], "mask_text", patterns=edged)
    assert not any(digit in shown for digit in "0123456789")


def test_other_widths_do_not_hide_a_value(treated):
    texts = ["电话：１３８１２３４５６７８，谢谢", "ａ@ｂ．ｃｎ", "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "好，谢谢：再见。"]
    assert treated(texts, "mask_text", patterns=PATTERNS) == [
        "电话:***,谢谢",
        "***",
        "***",
        "好，谢谢：再见。",
    ]


def test_numbers_are_searched_as_text(treated):
    assert treated([13812345678, 7], "mask_text", patterns=PATTERNS) == ["***", "7"]


@pytest.mark.parametrize("patterns", [{}, {"mobile": "("}, {"mobile": "[0-9]*"}, {"ahead": "(?=x)"}])
def test_patterns_that_cannot_be_used_are_refused(treated, patterns):
    with pytest.raises(BadInput, match="mask_text"):
        treated(["x"], "mask_text", patterns=patterns)
