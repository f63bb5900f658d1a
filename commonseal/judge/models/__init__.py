"""The postcondition of every privacy model, computed anew over a table that is to be released.

Shares no code with `commonseal.anonymize`: what the search promised is counted here by other means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from commonseal.errors import BadInput
from commonseal.judge.models.closeness import TCloseness
from commonseal.judge.models.counted import Counted, count_table
from commonseal.judge.models.diversity import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity
from commonseal.judge.models.held import Given, Held, Model
from commonseal.judge.models.likeness import BasicBetaLikeness, DeltaDisclosure, EnhancedBetaLikeness
from commonseal.judge.models.size import (
    AverageRisk,
    DeltaPresence,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    SampleUniqueness,
)
from commonseal.model import Text

MODELS: Mapping[str, type[Model]] = {
    model.name: model
    for model in (
        KAnonymity,
        KMap,
        DeltaPresence,
        DistinctLDiversity,
        EntropyLDiversity,
        RecursiveCLDiversity,
        TCloseness,
        DeltaDisclosure,
        BasicBetaLikeness,
        EnhancedBetaLikeness,
        AverageRisk,
        SampleUniqueness,
        PopulationUniqueness,
    )
}

__all__ = [
    "MODELS",
    "AverageRisk",
    "BasicBetaLikeness",
    "Counted",
    "DeltaDisclosure",
    "DeltaPresence",
    "DistinctLDiversity",
    "EnhancedBetaLikeness",
    "EntropyLDiversity",
    "Given",
    "Held",
    "KAnonymity",
    "KMap",
    "Model",
    "PopulationUniqueness",
    "RecursiveCLDiversity",
    "SampleUniqueness",
    "TCloseness",
    "count_table",
    "holds",
    "holds_all",
    "make_model",
]


def holds(
    table: pl.DataFrame,
    quasi: Sequence[str],
    model: Model,
    *,
    person: str | None = None,
    reference: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
) -> Held:
    """Tell whether one model holds of a table; see `holds_all`.

    >>> holds(pl.DataFrame({"q": ["a", "a", "b"]}), ["q"], KAnonymity(2)).classes_failing
    1
    """
    return holds_all(table, quasi, [model], person=person, reference=reference, population=population)[0]


def holds_all(
    table: pl.DataFrame,
    quasi: Sequence[str],
    models: Sequence[Model],
    *,
    person: str | None = None,
    reference: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
) -> tuple[Held, ...]:
    """Tell of each model whether it holds of a table, counting the table once.

    Args:
        table: the rows that are to be released, or counted tuples (their rows in `table.ROWS`).
        quasi: the quasi-identifiers as they stand in the table; empty: all rows are one class.
        person: count distinct values of this column, not rows.
        reference: a table whose sensitive values are the yardstick of t, delta and beta (the input, as
            in ARX). None: the table itself, which is stricter with itself.
        population: everybody, under the same labels, for k_map and delta_presence.
    Returns: one answer a model, in their order.
    Raises: BadTable without rows; ColumnMissing; BadInput where a model lacks what it needs.
    """
    counted = count_table(table, quasi, person=person)
    given = Given(reference, population)
    return tuple(model.check(counted, given) for model in models)


def make_model(name: str, parameters: Mapping[str, Any]) -> Model:
    """Return the model of a configuration file's name and parameters. Raises: BadInput."""
    if name not in MODELS:
        listed = ", ".join(MODELS)
        raise BadInput(
            Text(en=f"no model {name}, expected one of {listed}", zh=f"没有模型 {name}，应为 {listed}")
        )
    try:
        return MODELS[name](**parameters)
    except TypeError as error:
        known = ", ".join(getattr(MODELS[name], "__match_args__", ()))
        raise BadInput(
            Text(
                en=f"{name}: expected the parameters {known}, got {', '.join(parameters) or 'none'}",
                zh=f"{name}：应有参数 {known}，得到 {'、'.join(parameters) or '无'}",
            )
        ) from error
