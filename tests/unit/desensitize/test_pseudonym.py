"""Pseudonyms are HMACs that anyone with the key can recompute, and nobody can join without it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import polars as pl
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from polars_hash import CryptographicHashingNameSpace as Native

from commonseal.desensitize import pseudonym, treat
from commonseal.desensitize.pseudonym import hmac_sha256, hmac_sm3, key_text
from commonseal.errors import BadInput, KeyFault
from commonseal.model import Treatment
from commonseal.seal.keyfile import derive

KEY = bytes(range(32))
VALUES = ["110101199003070011", "张三", "", "😀", " x ", "a" * 200, None]
OPERATORS = ["hmac_sha256", "hmac_sm3"]


def recomputed(operator: str, message: str, period: str | None = None) -> bytes:
    """Hash with the standard library: RFC 2104 written out, as SM3 may be absent from `hmac`."""
    key = key_text(KEY, operator, period).encode()
    if operator == "hmac_sha256":
        return hmac.digest(key, message.encode(), "sha256")
    keyed = HMAC(key, hashes.SM3())
    keyed.update(message.encode())
    return keyed.finalize()


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_pseudonym_is_the_hmac_of_the_value(treated, operator):
    expected = [None if value is None else recomputed(operator, value) for value in VALUES]
    assert treated(VALUES, operator) == expected


def test_the_native_hash_agrees_with_hashlib_on_its_hex():
    text = key_text(KEY, "hmac_sha256")
    made = pl.DataFrame({"a": VALUES}).select(Native(pl.col("a")).hmac_sha256(key=text))["a"].to_list()
    library = [v if v is None else hmac.new(text.encode(), v.encode(), hashlib.sha256) for v in VALUES]
    assert made == [v if v is None else v.hexdigest() for v in library]


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_same_person_gets_one_pseudonym_whatever_the_column_type(treated, operator):
    as_text = treated(["13812345678"], operator)
    assert treated([13812345678], operator) == as_text
    assert treated([13812345678.0], operator) == as_text
    assert treated(["13812345678"], operator, dtype=pl.Categorical) == as_text
    assert treated([dt.date(2024, 1, 31)], operator) == treated(["2024-01-31"], operator)
    assert treated([2.5], operator) == treated(["2.5"], operator)


@pytest.mark.parametrize("operator", OPERATORS)
def test_keys_of_two_agreements_share_no_pseudonym(treated, operator):
    people = [str(n) for n in range(500)]
    one = derive(KEY, "pseudonym", context="agreement-1")
    two = derive(KEY, "pseudonym", context="agreement-2")
    first, second = treated(people, operator, key=one), treated(people, operator, key=two)
    assert len(set(first)) == len(set(second)) == 500
    assert not set(first) & set(second)


DAYS = ["2024-01-01", "2024-01-02", "2024-01-08", "2024-12-30", None, "?"]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("day", ["2024-01-01", "2024-01-02", "2024-01-08", "2024-12-30"]),
        ("week", ["2024-W01", "2024-W01", "2024-W02", "2025-W01"]),
    ],
)
def test_a_pseudonym_with_a_period_changes_with_it(treated, bad, operator, period, names):
    params = {"period": period, "period_column": "day", "beside": {"day": DAYS}}
    expected = [recomputed(operator, f"{name}|张三", period) for name in names]
    assert treated(["张三"] * 6, operator, **params) == [*expected, None, None]
    assert bad(["张三"] * 6, operator, **params) == 2
    assert treated([None] * 6, operator, dtype=pl.String, **params) == [None] * 6


@pytest.mark.parametrize(
    "days",
    [
        [dt.date(2024, 1, 31)],
        [dt.datetime(2024, 1, 31, 8, 30)],
        [dt.datetime(2024, 1, 31, 8, tzinfo=dt.UTC)],
        ["2024年1月31日"],
        [20240131],
    ],
)
def test_the_period_is_read_from_any_kind_of_date_column(treated, days):
    made = treated(["张三"], "hmac_sha256", period="day", period_column="day", beside={"day": days})
    assert made == [recomputed("hmac_sha256", "2024-01-31|张三", "day")]


def test_no_use_of_a_key_can_be_taken_for_another():
    uses = [(operator, period) for operator in OPERATORS for period in (None, "day", "week")]
    keys = {key_text(KEY, *use) for use in uses}
    assert len(keys) == len(uses)
    assert all(len(key) == 64 for key in keys)
    assert KEY.hex() not in keys


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(31), bytes(64)])
@pytest.mark.parametrize("operator", OPERATORS)
def test_without_a_whole_key_nothing_is_hashed(treated, operator, key):
    with pytest.raises(KeyFault, match="32 bytes"):
        treated(["x"], operator, key=key)


@pytest.mark.parametrize(
    "params",
    [
        {"period": "day"},
        {"period_column": "day"},
        {"period": "year", "period_column": "day"},
        {"period": "day", "period_column": ""},
        {"salt": "x"},
    ],
)
def test_half_a_period_is_refused(treated, params):
    with pytest.raises(BadInput, match="hmac_sha256"):
        treated(["x"], "hmac_sha256", beside={"day": DAYS[:1]}, **params)


def test_cells_without_a_text_are_refused(treated):
    for values in ([b"x"], [[1]], [{"a": 1}]):
        with pytest.raises(BadInput, match="no text"):
            treated(values, "hmac_sha256")


def test_sm3_of_the_standard():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")  # GB/T 32905-2016, appendix A.1
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_hmac_sm3_of_the_standard():
    message = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2  # GM/T 0042-2015, D.3
    made = hmac_sm3(pl.Series([message, None, message]), key=bytes(range(1, 33))).to_list()
    expected = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
    assert made == [bytes.fromhex(expected), None, bytes.fromhex(expected)]


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_hmac_sm3_agrees_with_hashlib():
    values = [value for value in VALUES if value is not None]
    expected = [hmac.new(b"k" * 64, value.encode(), "sm3").digest() for value in values]
    assert hmac_sm3(pl.Series(values), key=b"k" * 64).to_list() == expected


def test_a_plan_does_not_show_the_key():
    made = treat("a", pl.String(), Treatment("hmac_sha256"), key=KEY)
    plan = pl.LazyFrame({"a": ["x"]}).select(made).explain()
    for secret in (KEY.hex(), key_text(KEY, "hmac_sha256")):
        assert secret not in plan
        assert secret not in str(made)


def test_slices_of_the_streaming_engine_add_up_to_the_whole():
    numbers = pl.int_range(250_000, eager=True)
    table = pl.DataFrame({"a": numbers.cast(pl.String).set(numbers % 7 == 0, None)})
    made = treat("a", pl.String(), Treatment("hmac_sha256"), key=KEY)
    whole = table.select(made)
    assert whole.equals(table.lazy().select(made).collect(engine="streaming"))
    assert whole["a"].n_unique() == 250_000 - whole["a"].null_count() + 1
    assert whole["a"].null_count() == table["a"].null_count()


@pytest.mark.parametrize("values", [["张三", "李四", "", None], [None], ["张三"]], ids=len)
def test_values_that_repeat_are_looked_up_and_are_the_same(values, monkeypatch):
    many = values * 10_000
    looked_up = hmac_sha256(pl.Series("a", many, dtype=pl.String), key=key_text(KEY, "hmac_sha256"))
    assert (looked_up.name, looked_up.dtype) == ("a", pl.Binary)
    expected = [None if value is None else recomputed("hmac_sha256", value) for value in values]
    assert looked_up.to_list() == expected * 10_000
    monkeypatch.setattr(pseudonym, "_repeats", lambda values: False)
    hashed = hmac_sha256(pl.Series("a", many, dtype=pl.String), key=key_text(KEY, "hmac_sha256"))
    assert hashed.equals(looked_up)


def test_only_values_that_repeat_are_looked_up():
    names = pl.Series([f"{n % 5000}" for n in range(50_000)])
    assert pseudonym._repeats(names)
    assert not pseudonym._repeats(pl.Series([str(n) for n in range(50_000)]))
    assert not pseudonym._repeats(names.head(5000))
