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
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from commonseal.anonymize import (
    Aids,
    Hierarchy,
    ModelAsked,
    Plan,
    compress,
    compress_batches,
    read_hierarchies,
)
from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.recode.coding import Ends
from commonseal.anonymize.recode.recoded import Lost
from commonseal.classify import spread
from commonseal.errors import BadInput, ColumnMissing, ProofFailed
from commonseal.judge.models import Held, holds_all, make_model
from commonseal.judge.population import uniqueness_rate
from commonseal.model import Text
from commonseal.release.anonymize_config import Config
from commonseal.release.transformed import Transformed, lost_of, transform, with_ends
from commonseal.source import Table, open_table
from commonseal.source.engine import BATCH_ROWS, PolarsEngine, write_in_order
from commonseal.table import ROWS

WIDE = 16  # quasi-identifiers from which on a table counts as wide
SAMPLE_ROWS = 50_000  # rows by which it is told whether nearly all are distinct
ALL_DISTINCT = 0.9
Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Compressed:
    """A compressed table, and what its models needed beside it."""

    tuples: Tuples
    units: Units
    aids: Aids


@dataclass(frozen=True, slots=True)
class Anonymized:
    """What was done, and what the judge, by other means, found in what was written.

    `input`: what was compressed, where it was to be kept for a report. `seconds` by step.
    """

    table: str
    transformation: str
    done: Transformed
    lost: Lost
    held: tuple[Held, ...]
    ends: Mapping[str, Ends]
    input: Compressed | None
    seconds: dict[str, float]


def anonymize(
    config: Config, out: Path, *, keep: bool = False, tell: Progress = lambda what: None
) -> Anonymized:
    """Count, search, apply, and hold what was written against every model asked.

    Args:
        out: .parquet or .csv; written beside and renamed once it passed.
        keep: keep the compressed input, for `anonymized_utility.utility`.
    Returns: see `Anonymized`.
    Raises: BadInput and its kin; ProofFailed where what was written breaks a model: nothing is left then.
    """
    clock = _Clock()
    tell(Text(en="counting classes", zh="统计等价类"))
    table = open_table(config.table)
    by = list(dict.fromkeys([*config.quasi, *config.sensitive, *filter(None, (config.person,))]))
    require(table, [*by, *config.ends, *filter(None, (config.target,))])
    table, ends = with_ends(config, nulls_alike(table, by))
    population = _population(config)
    hierarchies = read_hierarchies(config.hierarchies, config.quasi)
    counted = None
    if _all_distinct(config, table):
        rows = table.frame.select(config.quasi).collect_batches(chunk_size=BATCH_ROWS, engine="streaming")
        tuples, units = compress_batches(rows, _rows(table), config.quasi, hierarchies)
    else:
        counted = PolarsEngine().count(table, by, None)
        tuples, units = compress(
            counted,
            config.quasi,
            hierarchies,
            sensitive=config.sensitive,
            person=config.person,
            population=population,
        )
    clock.lap("count")
    tell(Text(en="searching what loses least", zh="搜索损失最小的方案"))
    aids = Aids(_orders(config, units), _trees(config), uniqueness_rate)
    done = transform(config, tuples, units, aids)
    lost = lost_of(tuples, done)
    if lost.suppressed_rows == tuples.total:
        raise BadInput(_nothing_left(tuples.total))
    kept = Compressed(tuples, units, aids) if keep else None
    del tuples, units  # a wide table's are large, and the judge needs the room
    clock.lap("search")
    tell(Text(en="writing", zh="写出"))
    unjudged = out.with_name(f".{out.stem}.unjudged{out.suffix}")
    try:
        write_in_order(table, done.apply, unjudged)
        clock.lap("apply")
        tell(Text(en="judging what was written", zh="评判写出的数据"))
        written = _classes(open_table(unjudged), config.quasi, by)
        if counted is not None:
            written = _alike(written, counted, config.sensitive)
        held = _held(config, done, written, counted, population, aids)
        unjudged.rename(out)
    finally:
        unjudged.unlink(missing_ok=True)
    clock.lap("judge")
    return Anonymized(table.name, config.transformation, done, lost, held, ends, kept, clock.seconds)


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
    counted: pl.DataFrame | None,
    population: pl.DataFrame | None,
    aids: Aids,
) -> tuple[Held, ...]:
    """Compute every model's postcondition anew, by code that the search does not know."""
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


def _all_distinct(config: Config, table: Table) -> bool:
    """Tell whether a wide table's rows are nearly all distinct, so that counting them would save nothing.

    Only for what asks for nothing but the rows themselves, and treats equal rows alike by itself.
    """
    plain = not (config.sensitive or config.person or config.population)
    if not plain or config.transformation not in ("full_domain", "mondrian") or len(config.quasi) < WIDE:
        return False
    sample = spread(table.frame.select(config.quasi), SAMPLE_ROWS, seekable=table.kind == "parquet")
    return sample.height == SAMPLE_ROWS and sample.n_unique() > ALL_DISTINCT * SAMPLE_ROWS


def nulls_alike(table: Table, columns: Sequence[str]) -> Table:
    """Return the table with empty texts as nulls, which is what they are in a CSV and in a hierarchy."""
    schema = table.frame.collect_schema()
    texts = [pl.col(column) for column in columns if schema[column] == pl.String]
    return replace(table, frame=table.frame.with_columns(pl.when(text != "").then(text) for text in texts))


def _nothing_left(rows: int) -> Text:
    return Text(
        en=f"the models leave none of {rows} rows; lower what is asked, or name fewer quasi-identifiers",
        zh=f"按这些模型，{rows} 行一行不剩；请降低要求或减少准标识符",
    )


def _rows(table: Table) -> int:
    if table.rows is not None:
        return table.rows
    return int(table.frame.select(pl.len()).collect(engine="streaming").item())


def _classes(table: Table, quasi: Sequence[str], by: Sequence[str]) -> pl.DataFrame:
    """Count what was written, in no order; the labels of a wide table as numbers, which take a quarter of the room."""
    frame = table.frame
    if len(quasi) >= WIDE:
        schema = frame.collect_schema()
        frame = frame.with_columns(pl.col(c).cast(pl.Categorical) for c in quasi if schema[c] == pl.String)
    return frame.group_by(list(by)).agg(pl.len().alias(ROWS)).collect(engine="streaming")


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
    require(table, [*config.quasi, *filter(None, (config.person,))])
    by = [*config.quasi, *filter(None, (config.person,))]
    return PolarsEngine().count(nulls_alike(table, by), by, None)


def _trees(config: Config) -> dict[str, Hierarchy]:
    """Read the hierarchies of the sensitive columns whose distance asks for one."""
    asked = [model for model in config.asked.models if model.params.get("distance") == "hierarchical"]
    return read_hierarchies(config.hierarchies, [str(model.column) for model in asked])


def require(table: Table, columns: Sequence[str]) -> None:
    """Raise ColumnMissing where a table lacks columns that are named."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ColumnMissing(
            Text(
                en=f"{table.name}: no column {', '.join(missing)}; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列 {'、'.join(missing)}；现有列：{'、'.join(table.columns[:30])}",
            )
        )
