"""The list of operators is what `treat` does, under the exact name of any column."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from commonseal.desensitize import OPERATORS, bad_count, treat
from commonseal.errors import BadInput
from commonseal.model import Treatment

KEY = bytes(range(32))
PARAMS = {"generalize": {"to": "month"}, "mask": {"keep_to": 1}}
PATTERNS = {"digits": "[0-9]{4,}"}
NAMES = [operator.name for operator in OPERATORS]
TABLE = pl.DataFrame(
    {
        "text": ["2024-01-31", "", None],
        "int": [20240131, 0, None],
        "float": [20240131.0, 0.5, None],
        "date": [dt.date(2024, 1, 31), dt.date(1, 1, 1), None],
        "time": [dt.datetime(2024, 1, 31, 5), dt.datetime(2024, 1, 1), None],
    }
)


def test_the_list_is_the_documented_one_weakest_first():
    assert NAMES == ["keep", "generalize", "mask_text", "mask", "hmac_sha256", "hmac_sm3", "null", "drop"]
    assert all(operator.says.en and operator.says.zh for operator in OPERATORS)
    assert [operator.name for operator in OPERATORS if operator.keyed] == ["hmac_sha256", "hmac_sm3"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("column", TABLE.columns)
def test_each_operator_gives_its_type_on_each_type(name, column):
    dtype = TABLE.schema[column]
    made = treat(column, dtype, Treatment(name, PARAMS.get(name, {})), key=KEY, patterns=PATTERNS)
    if name == "drop":
        assert made is None
        return
    after = TABLE.select(made)
    kept = {"keep": dtype, "null": dtype, "hmac_sha256": pl.Binary, "hmac_sm3": pl.Binary}
    assert after.schema == {column: kept.get(name, pl.String)}
    assert after.height == 3
    assert after[column][2] is None
    assert TABLE.lazy().select(made).collect_schema() == after.schema


def test_keep_and_null(treated):
    assert treated(["张三", "", None], "keep") == ["张三", "", None]
    assert treated([1, None], "null") == [None, None]
    assert treated([[1], None], "null") == [None, None]
    assert treated([b"x"], "keep") == [b"x"]


@pytest.mark.parametrize("name", ["*", "a.*", "身份证 号", "a"])
def test_a_column_is_matched_exactly(name):
    table = pl.DataFrame({name: ["13812345678"], "ab": ["13812345678"]})
    masked = treat(name, pl.String(), Treatment("mask", {"keep_to": 3}), key=None)
    hashed = treat(name, pl.String(), Treatment("hmac_sha256"), key=KEY)
    assert table.with_columns(masked).to_dict(as_series=False) == {
        name: ["138********"],
        "ab": ["13812345678"],
    }
    assert table.with_columns(hashed)["ab"].to_list() == ["13812345678"]


@pytest.mark.parametrize("name", ["", "hash", "HMAC_SHA256", "Keep"])
def test_an_unknown_operator_is_refused(name):
    for call in (lambda t: treat("a", pl.String(), t, key=KEY), lambda t: bad_count("a", pl.String(), t)):
        with pytest.raises(BadInput, match="expected one of: keep, generalize"):
            call(Treatment(name))


@pytest.mark.parametrize("name", ["keep", "null", "drop", "mask_text"])
def test_a_parameter_nobody_reads_is_refused(name):
    with pytest.raises(BadInput, match="no such parameter") as fault:
        treat("a", pl.String(), Treatment(name, {"width": 3}), key=KEY, patterns=PATTERNS)
    assert "无此参数" in fault.value.message.zh


@pytest.mark.parametrize("name", ["keep", "mask_text", "mask", "hmac_sha256", "null", "drop"])
def test_operators_that_treat_all_values_alike_count_none_as_bad(name):
    made = bad_count("text", pl.String(), Treatment(name, PARAMS.get(name, {})))
    assert TABLE.select(made).to_dict(as_series=False) == {"text": [0]}


def test_bad_counts_of_many_columns_stand_in_one_row():
    month = Treatment("generalize", {"to": "month"})
    counts = TABLE.lazy().select(bad_count(name, TABLE.schema[name], month) for name in TABLE.columns)
    row = counts.collect(engine="streaming").row(0, named=True)
    assert row == {"text": 1, "int": 1, "float": 1, "date": 0, "time": 0}
