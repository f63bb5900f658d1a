"""Anonymize a table and judge what was written: where the search, the engine and the judge meet.

    from commonseal.release.anonymized import anonymize
    done = anonymize(load_config(Path("config.yaml")), Path("anonymous.parquet"))
    print(done.lost.granularity, [held.passed for held in done.held])

No agreement and no law: for research, for trying levels, for comparing. Nothing is sealed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from commonseal.anonymize import Aids, Hierarchy, ModelAsked, Plan, compress, read_hierarchies
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.recode.boxes import Boxes
from commonseal.anonymize.recode.coding import Ends
from commonseal.anonymize.recode.recoded import Lost, Recoded
from commonseal.anonymize.utility.prediction import Accuracy, accuracy
from commonseal.classify import spread
from commonseal.errors import BadInput, ColumnMissing, ProofFailed
from commonseal.judge.models import Held, holds_all, make_model
from commonseal.judge.population import uniqueness_rate
from commonseal.model import Text
from commonseal.release.anonymize_config import Config
from commonseal.release.transformed import Transformed, lost_of, transform, with_ends
from commonseal.release.utility_facts import UtilityFacts, utility_facts
from commonseal.source import Table, open_table
from commonseal.source.engine import PolarsEngine, write_in_order

PREDICTED_ROWS = 50_000  # rows on which a target is predicted, spread over the table
PREDICTION_SEED = 1
_ROW = "__row__"
Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Anonymized:
    """What was done, and what the judge, by other means, found in what was written.

    `tuples`, `units`, `aids`: the compressed input and what its models needed, for the report. `seconds` by step.
    """

    table: str
    transformation: str
    done: Transformed
    lost: Lost
    held: tuple[Held, ...]
    ends: Mapping[str, Ends]
    tuples: Tuples
    units: Units
    aids: Aids
    seconds: dict[str, float]


def anonymize(config: Config, out: Path, *, tell: Progress = lambda what: None) -> Anonymized:
    """Count, search, apply, and hold what was written against every model asked.

    Args: out: .parquet or .csv; written beside and renamed once it passed. Returns: see `Anonymized`.
    Raises: BadInput and its kin; ProofFailed where what was written breaks a model: nothing is left then.
    """
    clock = _Clock()
    tell(Text(en="counting classes", zh="统计等价类"))
    table = open_table(config.table)
    by = list(dict.fromkeys([*config.quasi, *config.sensitive, *filter(None, (config.person,))]))
    _require(table, [*by, *config.ends])
    table, ends = with_ends(config, table)
    counted = PolarsEngine().count(table, by, None)
    population = _population(config)
    tuples, units = compress(
        counted,
        config.quasi,
        read_hierarchies(config.hierarchies, config.quasi),
        sensitive=config.sensitive,
        person=config.person,
        population=population,
    )
    clock.lap("count")
    tell(Text(en="searching what loses least", zh="搜索损失最小的方案"))
    aids = Aids(_orders(config, units), _trees(config), uniqueness_rate)
    done = transform(config, tuples, units, aids)
    clock.lap("search")
    tell(Text(en="writing", zh="写出"))
    unjudged = out.with_name(f".{out.stem}.unjudged{out.suffix}")
    try:
        write_in_order(table, done.apply, unjudged)
        clock.lap("apply")
        tell(Text(en="judging what was written", zh="评判写出的数据"))
        written = PolarsEngine().count(open_table(unjudged), by, None)
        held = _held(config, done, _alike(written, counted, config.sensitive), counted, population, aids)
        unjudged.rename(out)
    finally:
        unjudged.unlink(missing_ok=True)
    clock.lap("judge")
    lost = lost_of(tuples, done)
    return Anonymized(
        table.name, config.transformation, done, lost, held, ends, tuples, units, aids, clock.seconds
    )


def utility(config: Config, anonymized: Anonymized) -> UtilityFacts:
    """Measure what is left of a finished anonymization, and what every other k would have brought.

    Raises: BadInput for a transformation whose labels stand in no hierarchy (`measurable` tells), or without the
        extra that predicts a target.
    """
    done = anonymized.done
    if isinstance(done, Boxes):
        raise BadInput(unmeasurable(config.transformation))
    k = max((int(m.params["k"]) for m in config.asked.models if m.name == "k_anonymity"), default=None)
    trial = _predicted(config, done) if config.target is not None else None
    return utility_facts(
        anonymized.table,
        anonymized.tuples,
        anonymized.units,
        done,
        config.asked,
        k=k,
        accuracy=trial,
        aids=anonymized.aids,
    )


def measurable(config: Config) -> bool:
    """Tell whether the labels of a transformation stand in the hierarchies, so that a report can weigh them."""
    return config.transformation not in ("mondrian", "microaggregation")


def unmeasurable(transformation: str) -> Text:
    """Say that a report cannot be made."""
    return Text(
        en=f"a report weighs labels by their hierarchies; those of {transformation} stand in none",
        zh=f"报告按泛化层级衡量标签；{transformation} 的标签不在层级中",
    )


def _predicted(config: Config, done: Plan | Recoded) -> Accuracy:
    target = str(config.target)
    table = open_table(config.table)
    _require(table, [target])
    table, _ = with_ends(config, table)
    wanted = list(dict.fromkeys([*config.quasi, target]))
    original = spread(table.frame.select(wanted), PREDICTED_ROWS, seekable=table.kind == "parquet")
    released = done.apply(original.with_row_index(_ROW))
    kept = np.zeros(original.height, dtype=bool)
    kept[released[_ROW].to_numpy()] = True
    features = [column for column in config.quasi if column != target]
    return accuracy(original, released.drop(_ROW), features, target, seed=PREDICTION_SEED, kept=kept)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now


def _held(
    config: Config,
    done: Transformed,
    written: pl.DataFrame,
    counted: pl.DataFrame,
    population: pl.DataFrame | None,
    aids: Aids,
) -> tuple[Held, ...]:
    """Compute every model's postcondition anew, by code that the search does not know."""
    if not written.height:
        return ()
    everybody = done.relabel(population) if population is not None and isinstance(done, Plan) else None
    asked = [_with_aids(model, aids) for model in config.asked.models]
    held = holds_all(
        written,
        config.quasi,
        [make_model(name, params) for name, params in asked],
        person=config.person,
        reference=counted,
        population=everybody,
    )
    broken = [each.model for each in held if not each.passed]
    if broken:
        raise ProofFailed(
            Text(
                en=f"what was written breaks {', '.join(broken)}; nothing is left of it",
                zh=f"写出的数据不满足 {'、'.join(broken)}；已删除",
            )
        )
    return held


def _with_aids(model: ModelAsked, aids: Aids) -> tuple[str, dict[str, object]]:
    """Return a model as the judge names it, with what it needs beside the table."""
    params: dict[str, object] = dict(model.params)
    if isinstance(params.get("population"), str):
        del params["population"]
    elif model.name == "k_map":
        params["estimator"] = "proportional"
    if params.get("distance") == "hierarchical":
        params["hierarchy"] = tuple(map(tuple, aids.trees[str(model.column)].rows()))
    elif params.get("distance") == "ordered":
        params["order"] = aids.orders.get(str(model.column))
    return model.name, params


def _alike(written: pl.DataFrame, counted: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Give sensitive values the type they had: a CSV holds text only."""
    other = [column for column in columns if written.schema[column] != counted.schema[column]]
    return written.with_columns(pl.col(column).cast(counted.schema[column]) for column in other)


def _orders(config: Config, units: Units) -> dict[str, tuple[str, ...]]:
    """Return the order of each column whose distance asks for one: as given, else by number."""
    orders = dict(config.orders)
    for model in config.asked.models:
        if model.params.get("distance") == "ordered" and model.column not in orders:
            labels = units.sensitive[str(model.column)].labels
            with contextlib.suppress(ValueError):  # no numbers: the model says what it needs
                orders[str(model.column)] = tuple(sorted(labels, key=float))
    return orders


def _population(config: Config) -> pl.DataFrame | None:
    if config.population is None:
        return None
    table = open_table(config.population)
    _require(table, config.quasi)
    return PolarsEngine().count(table, list(config.quasi), None)


def _trees(config: Config) -> dict[str, Hierarchy]:
    """Read the hierarchies of the sensitive columns whose distance asks for one."""
    asked = [model for model in config.asked.models if model.params.get("distance") == "hierarchical"]
    return read_hierarchies(config.hierarchies, [str(model.column) for model in asked])


def _require(table: Table, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ColumnMissing(
            Text(
                en=f"{table.name}: no column {', '.join(missing)}; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列 {'、'.join(missing)}；现有列：{'、'.join(table.columns[:30])}",
            )
        )
