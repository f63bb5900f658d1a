"""Wide tables, huge cells, samples, and the real tables of the reference data."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl
import pytest
from classify_samples import BY_VALUE, column

from commonseal.classify import classify, spread
from commonseal.errors import BadInput


def test_a_cell_of_ten_megabytes_is_judged_by_its_beginning() -> None:
    frame = pl.DataFrame({"a": ["联系电话15400001234," * 500_000, "短"], "b": ["9" * 10_000_000, "1"]})
    start = time.perf_counter()
    found = classify(frame)
    assert time.perf_counter() - start < 10
    assert (found[0].category.id, found[0].evidence.others) == ("free_text", ("mobile",))


@pytest.mark.slow
def test_ten_thousand_columns_take_less_than_a_minute() -> None:
    makers = [maker for maker, _ in BY_VALUE.values()]
    base = [pl.Series(column(maker, 100)) for maker in makers]
    frame = pl.DataFrame({f"c{i}": base[i % len(base)] for i in range(10_000)})
    start = time.perf_counter()
    found = classify(frame)
    assert time.perf_counter() - start < 60
    expected = list(BY_VALUE)
    assert all(c.category.id == expected[i % len(expected)] for i, c in enumerate(found))


@pytest.mark.parametrize("height", [1, 7, 100, 999, 1000, 1001, 12_345])
def test_a_sample_is_spread_bounded_and_repeatable(height: int) -> None:
    table = pl.LazyFrame({"n": range(height)})
    sample = spread(table, 100)["n"]
    assert sample.equals(spread(table, 100)["n"])
    assert sample.is_sorted()
    assert sample.n_unique() == len(sample)
    assert len(sample) == min(height, 100)
    if height > 1000:
        assert sample[0] < height / 50
        assert sample[-1] > height * 0.95
        gaps = sample.diff().drop_nulls()
        assert gaps.n_unique() > 1  # not in step


def test_a_sample_of_a_table_with_a_column_called_row() -> None:
    assert spread(pl.LazyFrame({"row": range(5000), "row_": range(5000)}), 10).columns == ["row", "row_"]


def test_a_sample_of_no_rows_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 1"):
        spread(pl.LazyFrame({"n": [1]}), 0)


@pytest.mark.shared
def test_the_adult_table(shared: Path) -> None:
    frame = pl.read_csv(shared / "data/tables/adult/adult.csv", separator=";")
    assert {c.name: (c.category.id, int(c.category.level)) for c in classify(frame)} == {
        "sex": ("sex", 2),
        "age": ("age", 2),
        "race": ("ethnicity", 2),
        "marital-status": ("marital_status", 2),
        "education": ("education", 2),
        "native-country": ("nationality", 2),
        "workclass": ("employment", 2),
        "occupation": ("occupation", 2),
        "salary-class": ("income", 3),
    }


@pytest.mark.shared
def test_the_credit_card_table(shared: Path) -> None:
    frame = pl.read_csv(shared / "data/tables/creditcard/creditcard.csv", separator=";")
    found = {c.name: c.category.id for c in classify(spread(frame.lazy(), 5000))}
    assert {n: found[n] for n in ("ID", "SEX", "EDUCATION", "MARRIAGE", "AGE")} == {
        "ID": "record_id",
        "SEX": "sex",
        "EDUCATION": "education",
        "MARRIAGE": "marital_status",
        "AGE": "age",
    }
    assert {v for n, v in found.items() if n.startswith(("BILL", "PAY_AMT", "LIMIT"))} == {"finance"}
    assert {v for n, v in found.items() if n in ("PAY_0", "PAY_6", "default-payment-next-month")} == {
        "credit_record"
    }


def test_a_long_seekable_table_is_sampled_from_all_its_parts() -> None:
    table = pl.LazyFrame({"row": pl.int_range(1_500_000, eager=True)})
    sample = spread(table, 800, seekable=True)["row"]
    assert sample.len() == 800
    assert sample.is_sorted()
    eighths = (sample // 187_500).unique()
    assert eighths.len() >= 7
