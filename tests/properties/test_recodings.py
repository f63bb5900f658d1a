"""Recodings of random tables: an independent count, by Polars, of what they promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.anonymize import Hierarchy, compress, hierarchy_from_rows
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units, value_counts
from commonseal.anonymize.models.closeness import TCloseness
from commonseal.anonymize.models.diversity import DistinctLDiversity, EntropyLDiversity
from commonseal.anonymize.models.size import KAnonymity, Model
from commonseal.anonymize.recode.boxes import Boxes
from commonseal.anonymize.recode.cells import suppress_cells
from commonseal.anonymize.recode.local import recode_locally
from commonseal.anonymize.recode.microaggregate import microaggregate
from commonseal.anonymize.recode.mondrian import partition
from commonseal.anonymize.recode.recoded import Recoded
from commonseal.errors import BadInput
from commonseal.table import ROWS


@dataclass(frozen=True)
class Asked:
    k: int
    l: int | None  # noqa: E741
    entropy: int | None
    t: float | None


@dataclass(frozen=True)
class Case:
    frame: pl.DataFrame
    tuples: Tuples
    units: Units
    models: list[Model]
    asked: Asked

    @property
    def quasi(self) -> list[str]:
        return [hierarchy.column for hierarchy in self.tuples.hierarchies]


@st.composite
def cases(draw: st.DrawFn, *, nulls: bool = True) -> Case:
    width, rows = draw(st.integers(1, 4)), draw(st.integers(1, 60))
    made = {f"q{number}": draw(hierarchies(f"q{number}", nulls=nulls)) for number in range(width)}
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns = {
        name: [h.labels[0][v] or None for v in random.integers(0, len(h.codes), rows)]
        for name, h in made.items()
    }
    people = random.integers(0, max(1, rows // draw(st.integers(1, 2))), rows)
    frame = pl.DataFrame(
        columns | {"s": random.integers(0, 4, rows), "p": people},
        schema_overrides=dict.fromkeys(made, pl.String),
    ).with_columns(pl.col("s").cast(pl.String))
    person = draw(st.sampled_from([None, "p"]))
    by = [*made, "s", *([person] if person else [])]
    counted = frame.group_by(by).agg(pl.len().alias(ROWS)).sort(by)
    tuples, units = compress(counted, list(made), made, sensitive="s", person=person)
    asked = Asked(
        draw(st.integers(1, 5)),
        draw(st.sampled_from([None, 2, 3])),
        draw(st.sampled_from([None, 2])),
        draw(st.sampled_from([None, 0.3, 0.6])),
    )
    models: list[Model] = [KAnonymity(asked.k)]
    models += [DistinctLDiversity("s", asked.l)] if asked.l else []
    models += [EntropyLDiversity("s", asked.entropy)] if asked.entropy else []
    models += [TCloseness("s", asked.t, value_counts(units, "s"))] if asked.t else []
    return Case(frame if person else frame.drop("p"), tuples, units, models, asked)


@st.composite
def hierarchies(draw: st.DrawFn, column: str, *, nulls: bool) -> Hierarchy:
    """2 to 7 numbers, 2 to 4 levels; sometimes a null row; sometimes a top that joins nothing."""
    values = draw(st.integers(2, 7))
    rows = [[str(value * 3)] for value in range(values)]
    groups = list(range(values))
    for level in range(draw(st.integers(0, 2))):
        merged = draw(st.lists(st.integers(0, 2), min_size=values, max_size=values))
        parent = {group: merged[group % values] for group in groups}
        groups = [parent[group] for group in groups]
        for row, group in zip(rows, groups, strict=True):
            row.append(f"L{level}-{group}")
    if nulls and draw(st.booleans()):
        rows.append([""] * len(rows[0]))
    top = draw(st.sampled_from(["*", "*", None]))
    return hierarchy_from_rows(column, [[*row, top] for row in rows] if top else rows, "")


def assert_models_hold(case: Case, out: pl.DataFrame) -> None:
    """Count classes, persons and values with Polars alone."""
    if out.is_empty():
        return
    person = pl.col("p").n_unique() if "p" in out.columns else pl.len()
    classes = out.group_by(case.quasi).agg(person.alias("people"), pl.col("s").n_unique().alias("l"))
    assert classes["people"].min() >= case.asked.k
    assert case.asked.l is None or classes["l"].min() >= case.asked.l
    each = out.group_by([*case.quasi, "s"]).agg(person.alias("n"))
    each = each.with_columns((pl.col("n") / pl.col("n").sum().over(case.quasi)).alias("share"))
    if case.asked.entropy:
        bits = each.group_by(case.quasi).agg((-pl.col("share") * pl.col("share").log()).sum().alias("bits"))
        assert bits["bits"].min() >= np.log(case.asked.entropy) - 1e-9
    if case.asked.t:
        whole = case.frame.group_by("s").agg(person.alias("all"))
        whole = whole.with_columns((pl.col("all") / pl.col("all").sum()).alias("whole"))
        grid = classes.select(case.quasi).join(whole.select("s", "whole"), how="cross")
        both = grid.join(
            each.select(*case.quasi, "s", "share"), on=[*case.quasi, "s"], how="left", nulls_equal=True
        )
        apart = (pl.col("share").fill_null(0.0) - pl.col("whole")).abs().sum() / 2
        assert both.group_by(case.quasi).agg(apart.alias("t"))["t"].max() <= case.asked.t + 1e-9


def assert_untouched(case: Case, out: pl.DataFrame, lost_rows: int) -> None:
    assert out.columns == case.frame.columns
    assert case.frame.height - out.height == lost_rows
    if lost_rows == 0:
        assert out["s"].equals(case.frame["s"])


RECODINGS: dict[str, Callable[[Case], Recoded | Boxes]] = {
    "local": lambda case: recode_locally(
        case.tuples, case.units, case.models, suppressed_max=case.tuples.total
    ),
    "cells": lambda case: suppress_cells(
        case.tuples, case.units, case.models, suppressed_max=case.tuples.total
    ),
    "mondrian": lambda case: partition(case.tuples, case.units, case.models),
    "mondrian of labels": lambda case: partition(case.tuples, case.units, case.models, numeric=[]),
}


@pytest.mark.parametrize("name", RECODINGS)
@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_what_a_recoding_releases_keeps_the_models(name: str, case: Case) -> None:
    try:
        made = RECODINGS[name](case)
    except BadInput:
        assert "mondrian" in name  # the others let rows leave
        one_class = case.frame.with_columns(pl.lit("*").alias(column) for column in case.quasi)
        with pytest.raises(AssertionError):
            assert_models_hold(case, one_class)
        return
    out = made.apply(case.frame)
    assert_untouched(case, out, made.lost.suppressed_rows)
    assert_models_hold(case, out)
    assert made.lost.classes == out.group_by(case.quasi).len().height
    assert 0.0 <= made.lost.granularity <= 1.0
    halves = [
        made.apply(case.frame[: case.frame.height // 2]),
        made.apply(case.frame[case.frame.height // 2 :]),
    ]
    assert pl.concat(halves).equals(out)
    assert made.lost == RECODINGS[name](case).lost


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_local_labels_are_the_values_own_ways_up(case: Case) -> None:
    made = recode_locally(case.tuples, case.units, case.models, suppressed_max=case.tuples.total)
    original = case.frame.with_row_index("__row__")
    out = made.apply(original)
    before = original.filter(pl.col("__row__").is_in(out["__row__"].implode()))
    changed, loss = 0, {}
    for hierarchy in case.tuples.hierarchies:
        up = {row[0]: row for row in hierarchy.rows()}
        pairs = list(
            zip(before[hierarchy.column].fill_null(""), out[hierarchy.column].fill_null(""), strict=True)
        )
        assert all(label in up[value] for value, label in pairs)
        cell = [1.0] * (case.frame.height - len(pairs))
        for value, label in pairs:
            level = up[value].index(label)
            share = sum(row[level] == label for row in hierarchy.rows()) / hierarchy.domain
            cell.append((share - 1 / hierarchy.domain) / (1 - 1 / hierarchy.domain))
            changed += level > 0
        loss[hierarchy.column] = 1.0 - sum(cell) / len(cell)
    assert dict(made.lost.by_column) == pytest.approx(loss)
    assert made.lost.granularity == pytest.approx(sum(loss.values()) / len(loss))


@settings(max_examples=100, deadline=None)
@given(
    case=cases(),
    method=st.sampled_from(["mdav", "optimal", "fixed"]),
    by=st.sampled_from(["mean", "median"]),
    data=st.data(),
)
def test_what_microaggregation_releases_keeps_the_models(
    case: Case, method: str, by: str, data: st.DataObject
) -> None:
    number = 1 if method == "optimal" else data.draw(st.integers(1, len(case.quasi)))
    made = microaggregate(
        case.tuples, case.units, case.models, case.quasi[:number], method=method, by=by, suppressed_max=10**9
    )
    out = made.apply(case.frame)
    assert_untouched(case, out, made.lost.suppressed_rows)
    assert_models_hold(case, out)
    assert made.lost.classes == out.group_by(case.quasi).len().height
    assert 0.0 <= (made.lost.sse_sst or 0.0) <= 1.0 + 1e-9 or by == "median"
    for column in case.quasi[:number]:
        assert out[column].dtype == pl.Float64
