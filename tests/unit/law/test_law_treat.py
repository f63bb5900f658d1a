from __future__ import annotations

import pytest

from commonseal.law import stronger
from commonseal.law.treat import OPERATORS
from commonseal.model import Treatment

T = Treatment


def test_the_order_is_that_of_the_model() -> None:
    docstring = Treatment.__doc__ or ""
    listed = docstring[docstring.index("weakest first:") :].removeprefix("weakest first:").strip(" .\n")
    assert list(OPERATORS) == [name.strip() for name in listed.split(",")]


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        (T("drop"), T("null")),
        (T("null"), T("hmac_sm3")),
        (T("hmac_sha256"), T("mask", {"keep_to": 1})),
        (T("mask", {"keep_from": 3, "keep_to": 7}), T("mask_text")),
        (T("mask_text"), T("generalize", {"to": "year"})),
        (T("generalize", {"to": "month"}), T("keep")),
        (T("generalize", {"to": "year"}), T("generalize", {"to": "month"})),
        (T("generalize", {"to": "interval", "width": 20}), T("generalize", {"to": "interval", "width": 10})),
        (T("generalize", {"to": "grid", "cell_deg": 0.1}), T("generalize", {"to": "grid", "cell_deg": 0.01})),
        (T("mask", {"keep_from": 4, "keep_to": 6}), T("mask", {"keep_from": 3, "keep_to": 7})),
        (T("mask", {"keep_from": -2}), T("mask", {"keep_from": -4})),
        (T("mask", {"keep_to": 1}), T("mask", {"keep_to": 4})),
        (T("hmac_sha256", {"period": "day", "period_column": "d"}), T("hmac_sm3")),
        (T("hmac_sm3", {"period": "day", "period_column": "d"}), T("hmac_sm3", {"period": "week", "period_column": "d"})),
    ],
)  # fmt: skip
def test_more_is_stronger_and_less_is_not(strong: Treatment, weak: Treatment) -> None:
    assert stronger(strong, weak)
    assert not stronger(weak, strong)


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_treatment_is_as_strong_as_itself(operator: str) -> None:
    params = {"mask": {"keep_from": 3, "keep_to": 7}, "generalize": {"to": "month"}}.get(operator, {})
    assert stronger(T(operator, params), T(operator, params))


def test_the_national_hash_is_as_good_as_the_other() -> None:
    assert stronger(T("hmac_sm3"), T("hmac_sha256"))
    assert stronger(T("hmac_sha256"), T("hmac_sm3"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (T("mask", {"keep_from": 0, "keep_to": 3}), T("mask", {"keep_from": 3, "keep_to": 7})),
        (T("mask", {"keep_from": -3}), T("mask", {"keep_from": 3, "keep_to": 7})),
        (T("generalize", {"to": "interval", "width": 15}), T("generalize", {"to": "interval", "width": 10})),
        (T("generalize", {"to": "district"}), T("generalize", {"to": "month"})),
        (T("generalize", {"to": "interval", "width": 20, "start": 5}), T("generalize", {"to": "interval", "width": 10})),
        (T("paint"), T("keep")),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_not_stronger(a: Treatment, b: Treatment) -> None:
    assert not stronger(a, b)
    assert not stronger(b, a)
