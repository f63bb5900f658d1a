"""Two recipients who put their copies together learn nothing of who is who."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from release_case import Case, make_case, people

N = 5_000


def numbered() -> pl.DataFrame:
    """Give each person a secret number that leaves as it is: what the attack is scored by."""
    base = people(residents=N)
    return base.with_columns(number=pl.int_range(pl.len()) + 1)


@pytest.fixture(scope="module", params=["two keys", "one key, two agreements"])
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[pl.DataFrame]:
    frames = []
    first: Case | None = None
    for name in ("WL-2026-A", "WL-2026-B"):
        case = make_case(tmp_path_factory.mktemp("copies") / name, numbered(), quasi=())
        columns = [
            {"name": "resident_id"},
            {"name": "name"},
            {"name": "number", "category": "quantity"},
        ]
        case.agree(id=name, columns=columns, anonymity={"k": 5})
        if first is not None and request.param.startswith("one key"):
            shutil.copy2(first.folder / "agreement.key", case.folder / "agreement.key")
        first = first or case
        result = case.release()
        assert result.outcome == "released", [f.message.en for f in result.findings]
        frames.append(case.left())
    return frames


def test_position_joins_nobody(copies: list[pl.DataFrame]) -> None:
    one, other = (copy["number"].to_numpy() for copy in copies)
    assert sorted(one) == sorted(other)  # the same people, all of them
    assert int((one == other).sum()) <= 8  # of a random order one is expected; more than 8: 1 in a million


def test_the_orders_do_not_follow_one_another_nor_the_table(copies: list[pl.DataFrame]) -> None:
    one, other = (copy["number"].to_numpy() for copy in copies)
    limit = 5 / np.sqrt(len(one))  # five standard errors of a correlation of nothing
    assert abs(np.corrcoef(one, other)[0, 1]) < limit
    for order in (one, other):
        assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < limit
    near = np.abs(np.argsort(one) - np.argsort(other)) < 10  # neighbours of the same place in both
    assert near.mean() < 3 * 19 / len(one) + 0.002


@pytest.mark.parametrize("column", ["resident_id", "name"])
def test_pseudonyms_join_nobody(copies: list[pl.DataFrame], column: str) -> None:
    one, other = (set(copy[column].to_list()) for copy in copies)
    assert one
    assert not one & other


def test_two_columns_of_one_copy_share_a_pseudonym_only_where_they_share_a_value(
    copies: list[pl.DataFrame],
) -> None:
    assert not set(copies[0]["resident_id"].to_list()) & set(copies[0]["name"].to_list())


def test_the_same_agreement_gives_the_same_copy_again(case: Case) -> None:
    case.release("one")
    case.release("two")
    assert case.left("one").equals(case.left("two"))
    one, two = ((case.folder / name / "data.parquet").read_bytes() for name in ("one", "two"))
    assert one == two


def test_the_receipts_of_two_runs_differ(case: Case) -> None:
    """The nonce is drawn anew, so that equal payloads cannot be told from the log."""
    case.release("one")
    case.release("two")
    one, two = ((case.folder / name / "receipt.json").read_bytes() for name in ("one", "two"))
    assert one != two
    assert (case.folder / "one" / "manifest.json").read_bytes() == (
        case.folder / "two" / "manifest.json"
    ).read_bytes()


def test_the_key_stands_nowhere_in_the_package(released: Case) -> None:
    secret = (released.folder / "agreement.key").read_text().split()[1]
    for file in Path(released.folder / "package").iterdir():
        assert secret.encode() not in file.read_bytes()
