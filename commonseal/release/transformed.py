"""Choose how a table's quasi-identifiers are recoded, by the configuration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from commonseal.anonymize import Aids, Plan, decide
from commonseal.anonymize.asked import make_models
from commonseal.anonymize.limits import allowed_levels
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.recode.boxes import Boxes
from commonseal.anonymize.recode.cells import suppress_cells
from commonseal.anonymize.recode.coding import Ends as Coded
from commonseal.anonymize.recode.coding import find_ends
from commonseal.anonymize.recode.local import recode_locally
from commonseal.anonymize.recode.microaggregate import microaggregate
from commonseal.anonymize.recode.mondrian import partition
from commonseal.anonymize.recode.recoded import Lost, Recoded
from commonseal.anonymize.utility.figures import granularity, granularity_by_column
from commonseal.anonymize.utility.recoding import recoding_of_plan
from commonseal.release.anonymize_config import Config
from commonseal.source import Table
from commonseal.source.engine import PolarsEngine

Transformed = Plan | Recoded | Boxes


def transform(config: Config, tuples: Tuples, units: Units, aids: Aids) -> Transformed:
    """Find the recoding that is asked for. Raises: BadInput where nothing passes."""
    asked = config.asked
    if config.transformation == "full_domain":
        return decide(tuples, units, asked, aids=aids)
    models = make_models(asked.all_models(None), units, aids)
    least, most = allowed_levels(tuples.hierarchies, asked.levels, asked.within)
    weights = [float(asked.weights.get(hierarchy.column, 1.0)) for hierarchy in tuples.hierarchies]
    limit = math.floor(asked.suppression_rate_max * tuples.total + 1e-9)
    match config.transformation:
        case "local_recoding":
            return recode_locally(
                tuples,
                units,
                models,
                least_levels=least,
                most_levels=most,
                weights=weights,
                suppressed_max=limit,
            )
        case "cell_suppression":
            return suppress_cells(tuples, units, models, levels=least, weights=weights, suppressed_max=limit)
        case "mondrian":
            return partition(tuples, units, models, numeric=config.numeric, weights=weights)
        case "microaggregation":
            assert config.grouped is not None  # noqa: S101 - the configuration was checked
            grouped = config.grouped
            return microaggregate(
                tuples,
                units,
                models,
                grouped.columns,
                levels=least,
                method=grouped.method,
                by=grouped.by,
                suppressed_max=limit,
            )


def lost_of(tuples: Tuples, done: Transformed) -> Lost:
    """Return what a recoding lost, in the same terms for all of them."""
    if not isinstance(done, Plan):
        return done.lost
    recoding = recoding_of_plan(tuples, done, done.levels)
    by_column = granularity_by_column(recoding)
    return Lost(
        rows=tuples.total,
        suppressed_rows=done.suppressed_rows,
        suppressed_cells=0,
        changed_cells=(tuples.total - done.suppressed_rows) * sum(level > 0 for level in done.levels),
        classes=done.classes,
        granularity=granularity(recoding),
        by_column=tuple(zip(done.quasi, by_column, strict=True)),
    )


def with_ends(config: Config, table: Table) -> tuple[Table, Mapping[str, Coded]]:
    """Return the table with its ends coded, and the limits that were found."""
    found: dict[str, Coded] = {}
    k = max((int(m.params["k"]) for m in config.asked.models if m.name == "k_anonymity"), default=1)
    for column, asked in config.ends.items():
        by = [column, *filter(None, (config.person,))]
        ends = find_ends(
            PolarsEngine().count(table, by, None),
            column,
            k=k,
            low=asked.low,
            high=asked.high,
            low_quantile=asked.low_quantile,
            high_quantile=asked.high_quantile,
            order=asked.order,
            person=config.person,
        )
        found[column] = ends
        schema = table.frame.collect_schema()
        coded = table.frame.map_batches(ends.apply, schema=schema, streamable=True)
        table = replace(table, frame=coded)
    return table, found
