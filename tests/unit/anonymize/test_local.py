"""Local recoding and cell suppression: what they keep, what they refuse, how little they lose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from commonseal.anonymize import Hierarchy, compress, hierarchy_from_rows, read_hierarchies
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units, value_counts
from commonseal.anonymize.models.closeness import TCloseness
from commonseal.anonymize.models.size import KAnonymity
from commonseal.anonymize.recode.cells import suppress_cells
from commonseal.anonymize.recode.local import recode_locally
from commonseal.errors import BadInput, BadTable
from commonseal.source import open_table
from commonseal.table import ROWS

TOWN = [["A1", "A", "*"], ["A2", "A", "*"], ["B1", "B", "*"], ["B2", "B", "*"]]
AGE = [[str(age), f"{age // 10 * 10}s", "*"] for age in range(20, 40)]


def compressed(
    frame: pl.DataFrame, made: dict[str, Hierarchy], person: str | None = None
) -> tuple[Tuples, Units]:
    by = [*made, *([person] if person else [])]
    return compress(frame.group_by(by).agg(pl.len().alias(ROWS)).sort(by), list(made), made, person=person)


def towns(cells: str) -> pl.DataFrame:
    return pl.DataFrame({"town": cells.split(), "other": range(len(cells.split()))})


MADE = {"town": hierarchy_from_rows("town", TOWN, "")}


def test_only_the_sparse_part_is_generalized() -> None:
    frame = towns("A1 A1 A1 B1 B2 B2")
    made = recode_locally(*compressed(frame, MADE), [KAnonymity(3)])
    assert made.apply(frame)["town"].to_list() == ["A1", "A1", "A1", "B", "B", "B"]
    assert made.lost.classes == 2
    assert made.lost.changed_cells == 3
    assert made.lost.granularity == pytest.approx(1 - 3 / 6 * (1 / 2 - 1 / 4) / (1 - 1 / 4))
    assert made.apply(frame)["other"].equals(frame["other"])


def test_columns_that_do_not_change_keep_their_type() -> None:
    frame = pl.DataFrame({"age": [20, 20, 31, 31], "town": ["A1", "A2", "B1", "B1"]})
    made = recode_locally(
        *compressed(frame, {"age": hierarchy_from_rows("age", AGE, ""), **MADE}), [KAnonymity(2)]
    )
    out = made.apply(frame)
    assert out["age"].equals(frame["age"])
    assert out["town"].to_list() == ["A", "A", "B1", "B1"]


def test_levels_given_are_held() -> None:
    frame = towns("A1 A1 A1 B1 B2 B2")
    tuples, units = compressed(frame, MADE)
    up = recode_locally(tuples, units, [KAnonymity(3)], least_levels=[1])
    assert up.apply(frame)["town"].to_list() == ["A", "A", "A", "B", "B", "B"]
    frame = towns("A1 A1 A1 B1")
    tuples, units = compressed(frame, MADE)
    low = recode_locally(tuples, units, [KAnonymity(2)], most_levels=[1], suppressed_max=1)
    assert low.apply(frame)["town"].to_list() == ["A1", "A1", "A1"]
    assert low.lost.suppressed_rows == 1
    with pytest.raises(BadInput, match="1 of 4 rows cannot be kept"):
        recode_locally(tuples, units, [KAnonymity(2)], most_levels=[1])
    with pytest.raises(BadInput, match="least <= most"):
        recode_locally(tuples, units, [KAnonymity(2)], least_levels=[2], most_levels=[1])


def test_a_dear_column_gives_last() -> None:
    frame = pl.DataFrame({"age": [20, 20, 21, 21], "town": ["A1", "A2", "A1", "A2"]})
    tuples, units = compressed(frame, {"age": hierarchy_from_rows("age", AGE, ""), **MADE})
    for dear, cheap, weights in (("age", "town", [9.0, 1.0]), ("town", "age", [1.0, 9.0])):
        out = recode_locally(tuples, units, [KAnonymity(2)], weights=weights).apply(frame)
        assert out[dear].equals(frame[dear])
        assert not out[cheap].cast(pl.String).equals(frame[cheap].cast(pl.String))
    with pytest.raises(BadInput, match="weights"):
        recode_locally(tuples, units, [KAnonymity(2)], weights=[1.0])


def test_persons_are_counted_where_they_are_named() -> None:
    frame = towns("A1 A1 A2 B1 B1 B1").with_columns(pl.Series("who", [1, 1, 2, 3, 4, 5]))
    out = recode_locally(*compressed(frame, MADE, "who"), [KAnonymity(2)]).apply(frame)
    assert out["town"].to_list() == ["A", "A", "A", "B1", "B1", "B1"]


def test_k_larger_than_the_table_is_refused() -> None:
    tuples, units = compressed(towns("A1 B1"), MADE)
    for recode in (recode_locally, suppress_cells):
        with pytest.raises(BadInput, match="2 of 2 rows cannot be kept"):
            recode(tuples, units, [KAnonymity(3)])


def test_a_row_that_was_not_counted_is_a_fault_without_its_values() -> None:
    made = recode_locally(*compressed(towns("A1 A1"), MADE), [KAnonymity(2)])
    with pytest.raises(BadTable, match="1 rows hold a combination of town") as fault:
        made.apply(towns("A1 A2"))
    assert "A2" not in fault.value.message.en + fault.value.message.zh


def test_only_the_cells_needed_are_hidden() -> None:
    frame = pl.DataFrame(
        {"age": [20, 20, 20, 31, 31], "town": ["A1", "A1", "A1", "B1", "B2"], "x": [1, 2, 3, 4, 5]}
    )
    tuples, units = compressed(frame, {"age": hierarchy_from_rows("age", AGE, ""), **MADE})
    made = suppress_cells(tuples, units, [KAnonymity(2)])
    out = made.apply(frame)
    assert out["age"].equals(frame["age"])
    assert out["town"].to_list() == ["A1", "A1", "A1", None, None]
    assert (made.lost.suppressed_cells, made.lost.suppressed_rows, made.lost.classes) == (2, 0, 2)


def test_cells_are_hidden_above_levels_that_were_chosen() -> None:
    frame = towns("A1 A2 A2 B1")
    out = suppress_cells(*compressed(frame, MADE), [KAnonymity(3)], levels=[1], suppressed_max=1).apply(frame)
    assert out["town"].to_list() == ["A", "A", "A"]


@pytest.fixture(scope="module")
def adult(shared: Path) -> tuple[pl.DataFrame, Tuples, Units, dict[str, Any]]:
    expected = json.loads((shared / "data/tables/expected.json").read_text())
    quasi = expected["optima"][0]["quasi"]
    frame = open_table(shared / "data/tables/adult/adult.csv").frame.collect()
    tuples, units = compressed(frame, read_hierarchies(shared / "data/tables/adult", quasi))
    return frame, tuples, units, expected["local_recoding"]


@pytest.mark.shared
def test_adult_keeps_more_than_arx(adult: tuple[pl.DataFrame, Tuples, Units, dict[str, Any]]) -> None:
    frame, tuples, units, others = adult
    (arx,) = others.values()
    made = recode_locally(tuples, units, [KAnonymity(5)])
    out = made.apply(frame)
    assert out.height == frame.height
    assert out.group_by(made.quasi).len()["len"].min() >= 5
    assert made.lost.granularity > 0.94
    # ARX averages the value_counts of all columns first and scales then
    least = np.array([1 / hierarchy.domain for hierarchy in tuples.hierarchies])
    share = (1 - np.array([kept for _, kept in made.lost.by_column])) * (1 - least) + least
    assert 1 - (share.mean() - least.mean()) / (1 - least.mean()) > 0.93 > arx["granularity_kept"]
    again = recode_locally(tuples, units, [KAnonymity(5)])
    assert np.array_equal(again.class_of, made.class_of)
    assert again.labels.equals(made.labels)


@pytest.mark.shared
def test_adult_loses_fewer_cells_than_rows(
    adult: tuple[pl.DataFrame, Tuples, Units, dict[str, Any]],
) -> None:
    frame, tuples, units, _ = adult
    made = suppress_cells(tuples, units, [KAnonymity(5)], levels=[0, 3, 0, 0, 2, 1, 1, 2, 0])
    out = made.apply(frame)
    assert out.height == frame.height
    assert out.group_by(made.quasi).len()["len"].min() >= 5
    assert made.lost.suppressed_cells < 1346 * len(made.quasi)  # the rows that ARX suppresses at these levels


@pytest.mark.shared
@pytest.mark.slow
def test_a_strict_t_is_kept_without_giving_everything_up(shared: Path) -> None:
    quasi = [
        "sex",
        "age",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "salary-class",
    ]
    frame = open_table(shared / "data/tables/adult/adult.csv").frame.collect()
    by = [*quasi, "occupation"]
    counted = frame.group_by(by).agg(pl.len().alias(ROWS)).sort(by)
    made = read_hierarchies(shared / "data/tables/adult", quasi)
    tuples, units = compress(counted, quasi, made, sensitive="occupation")
    whole = value_counts(units, "occupation")
    done = recode_locally(tuples, units, [KAnonymity(5), TCloseness("occupation", 0.2, whole)])
    each = (
        done.apply(frame).group_by(by).len().sort("occupation").pivot("occupation", index=quasi, values="len")
    )
    counts = each.drop(quasi).fill_null(0).to_numpy()
    order = np.argsort(frame["occupation"].unique().sort().to_numpy())
    apart = np.abs(counts / counts.sum(axis=1, keepdims=True) - whole[order] / whole.sum()).sum(axis=1) / 2
    assert apart.max() <= 0.2 + 1e-9
    assert done.lost.granularity > 0.35  # the best levels for all rows keep 0.07
