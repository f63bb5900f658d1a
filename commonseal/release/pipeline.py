"""The way of a record, in order: this is the only place that knows it.

open -> classify -> law -> desensitize + anonymize (one pass) -> judge -> law again -> seal -> log

Invariants:
- nothing is written where the law says no, and what it says is told with its articles;
- only bytes that were judged are sealed: the judge counts the classes of the written file and holds
  them against what the plan promised;
- nothing leaves while the log cannot be written: the package gets its name only with its receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from commonseal.anonymize import Plan, compress, read_hierarchies
from commonseal.anonymize import decide as decide_levels
from commonseal.classify import CATEGORIES, classify, spread, text_patterns
from commonseal.desensitize import bad_count, treat
from commonseal.errors import BadAgreement, BadTable, ColumnMissing, ProofFailed
from commonseal.judge import judge, measure, trace_unicity
from commonseal.law import Book, decide, thresholds, treatment
from commonseal.model import (
    Column,
    Decision,
    Text,
    Threshold,
    Treatment,
    Verdict,
)
from commonseal.release.agreement import Agreement
from commonseal.release.facts import (
    agreement_facts,
    column_facts,
    intended_facts,
    release_facts,
)
from commonseal.release.kernel import RowKernel, row_filter
from commonseal.release.repeats import linking, repeated_identifiers, stays
from commonseal.release.terms import rotated, settle_treatment, weaker_than_law
from commonseal.seal.keyfile import derive, load_key
from commonseal.source import Table
from commonseal.source.engine import Engine
from commonseal.table import ROWS

SAMPLE_ROWS = 10_000
TRACE_SEED = 20250801  # drawing traces needs no secret; fixed, so that a verdict can be repeated

Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A release that the law lets begin: what will be done to each column.

    `links` are the columns whose pseudonyms keep the rows of one person together in the copy.
    """

    agreement: Agreement
    columns: tuple[Column, ...]
    treatments: Mapping[str, Treatment]
    links: tuple[str, ...]
    decisions: tuple[Decision, ...]
    limits: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that has been written and judged."""

    ready: Ready
    plan: Plan | None
    verdict: Verdict
    decisions: tuple[Decision, ...]
    rows_in: int
    rows_out: int
    bad_values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The law's no, with everything it was decided on."""

    decisions: tuple[Decision, ...]
    verdict: Verdict | None = None


def prepare(
    table: Table, agreement: Agreement, book: Book, *, as_of: date, columns: Sequence[str] | None = None
) -> Ready | Refusal:
    """Classify the columns that are to leave and ask the law about each.

    Args: columns: what is asked for; all that the agreement names where None.
    Raises: ColumnMissing, BadAgreement.
    """
    agreement = _narrowed(agreement, columns)
    asked = columns if columns is not None else [column.name for column in agreement.columns]
    wanted = list(dict.fromkeys(asked))
    _require(table, agreement, wanted)
    shown = _classified(table, wanted, as_of)
    found = _declared(shown, agreement)
    adopted = frozenset(agreement.packs)
    agreed = {column.name: column for column in agreement.columns}
    repeated = repeated_identifiers(table, agreement, found)
    facts = agreement_facts(agreement, found, repeats=bool(repeated))
    decisions = [decide(book, "agreement", facts, as_of=as_of, adopted=adopted)]
    treatments: dict[str, Treatment] = {}
    for values, column in zip(shown, found, strict=True):
        terms = agreed.get(column.name)
        facts = column_facts(agreement, terms, column, found_level=int(values.category.level))
        decision = decide(book, "column", facts, as_of=as_of, adopted=adopted)
        required = treatment(decision)
        decision, chosen = settle_treatment(decision, terms, required)
        decisions.append(decision)
        if chosen is not None and facts["use"] != "quasi":
            treatments[column.name] = rotated(chosen, terms, agreement)
    links = tuple(name for name in linking(found, repeated) if stays(treatments.get(name)))
    limits = thresholds(book, intended_facts(agreement, linked=bool(links)), as_of=as_of, adopted=adopted)
    decisions += weaker_than_law(agreement, limits, as_of)
    if not all(decision.allowed for decision in decisions):
        return Refusal(tuple(decisions))
    return Ready(agreement, found, treatments, links, tuple(decisions), limits)


def make(
    table: Table, ready: Ready, book: Book, engine: Engine, out: Path, *, as_of: date, tell: Progress
) -> Made | Refusal:
    """Write the copy to `out`, judge what was written, and ask the law about what was measured."""
    agreement = ready.agreement
    table = _needed(table, ready)
    where = row_filter(agreement.rows, table.frame.collect_schema())
    master = load_key(agreement.key)
    tell(Text(en="counting classes", zh="统计等价类"))
    counted = _counted(table, agreement, engine, where)
    plan = _planned(counted, agreement, tell)
    before = measure(counted, agreement.quasi, sensitive=agreement.sensitive, person=agreement.person)
    tell(Text(en="treating and writing", zh="处理并写出"))
    kernel = RowKernel(
        columns=tuple(column.name for column in ready.columns),
        plan=plan,
        treatments=ready.treatments,
        patterns=text_patterns(),
        key=derive(master, "pseudonym", context=agreement.id),
    )
    written = engine.rewrite(table, kernel, where, derive(master, "row order", context=agreement.id), out)
    if written.rows_out == 0:
        raise BadTable(Text(en="no row is left to release", zh="没有可发布的行"))
    tell(Text(en="judging what was written", zh="评判写出的数据"))
    promised = _as_written(plan.apply(counted) if plan is not None else counted, agreement, kernel)
    after = measure(promised, agreement.quasi, sensitive=agreement.sensitive, person=agreement.person)
    _hold_to_promise(out, promised, agreement)
    rate = 1.0 - after.rows / before.rows
    unicity = _traces(out, ready)
    verdict = judge(before, after, ready.limits, suppression_rate=rate, trace_unicity=unicity)
    facts = release_facts(
        agreement, after, linked=bool(ready.links), suppression_rate=rate, trace_unicity=unicity
    )
    last = decide(book, "release", facts, as_of=as_of, adopted=frozenset(agreement.packs))
    decisions = (*ready.decisions, last)
    if not (verdict.passed and last.allowed):
        return Refusal(decisions, verdict)
    bad = engine.total(table, _bad_values(ready, table), where)
    return Made(ready, plan, verdict, decisions, written.rows_in, written.rows_out, bad)


def _needed(table: Table, ready: Ready) -> Table:
    """Leave out the columns that nobody reads, so that they are not carried through every pass."""
    agreement = ready.agreement
    read = {column.name for column in ready.columns} | {rule.column for rule in agreement.rows}
    read |= {*agreement.quasi, *filter(None, (agreement.sensitive, agreement.person))}
    read |= _periods(agreement)
    kept = tuple(name for name in table.columns if name in read)
    if kept == table.columns:
        return table
    return replace(table, frame=table.frame.select(kept), columns=kept)


def _narrowed(agreement: Agreement, columns: Sequence[str] | None) -> Agreement:
    if columns is None:
        return agreement
    return replace(agreement, columns=tuple(column for column in agreement.columns if column.name in columns))


def _periods(agreement: Agreement) -> set[str]:
    """Return the date columns that pseudonyms change with."""
    asked = [column.treatment for column in agreement.columns if column.treatment is not None]
    dates = {str(each.params["period_column"]) for each in asked if "period_column" in each.params}
    return dates | ({agreement.rotation.date} if agreement.rotation else set())


def _require(table: Table, agreement: Agreement, wanted: Sequence[str]) -> None:
    named = dict.fromkeys([*wanted, *(rule.column for rule in agreement.rows)])
    if agreement.person:
        named[agreement.person] = None
    named |= dict.fromkeys(sorted(_periods(agreement)))
    missing = [column for column in named if column not in table.columns]
    if missing:
        names = ", ".join(f"'{column}'" for column in missing)
        raise ColumnMissing(
            Text(
                en=f"{table.name}: no column {names}; the table has {len(table.columns)}: "
                f"{', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列 {names}；表中有 {len(table.columns)} 列：{'、'.join(table.columns[:30])}",
            )
        )


def _classified(table: Table, wanted: Sequence[str], as_of: date) -> tuple[Column, ...]:
    sample = spread(table.frame.select(wanted), SAMPLE_ROWS, seekable=table.kind == "parquet")
    return classify(sample, as_of=as_of)


def _declared(found: tuple[Column, ...], agreement: Agreement) -> tuple[Column, ...]:
    """Give each column the category that the agreement declares for it, else the one that was found."""
    declared = {column.name: column.category for column in agreement.columns if column.category}
    unknown = [name for name in declared.values() if name not in CATEGORIES]
    if unknown:
        raise BadAgreement(
            Text(
                en=f"columns.category: no category {', '.join(unknown)}; docs/classify.md lists them",
                zh=f"columns.category：没有类别 {'、'.join(unknown)}；见 docs/classify.md",
            )
        )
    return tuple(
        replace(column, category=CATEGORIES[declared[column.name]]) if column.name in declared else column
        for column in found
    )


def _counted(table: Table, agreement: Agreement, engine: Engine, where: pl.Expr | None) -> pl.DataFrame:
    by = dict.fromkeys([*agreement.quasi, *filter(None, (agreement.sensitive, agreement.person))])
    if by:
        counted = engine.count(table, list(by), where)
    else:  # no classes: the rows are one crowd
        rows = engine.total(table, [pl.len().alias(ROWS)], where)[ROWS]
        counted = pl.DataFrame({ROWS: [rows]}, schema={ROWS: pl.UInt32}).filter(pl.col(ROWS) > 0)
    if counted.height == 0:
        raise BadTable(
            Text(en="the agreement's row filter leaves no row", zh="协议的行筛选条件之后没有剩余行")
        )
    return counted


def _planned(counted: pl.DataFrame, agreement: Agreement, tell: Progress) -> Plan | None:
    if not agreement.quasi or agreement.hierarchies is None:
        return None
    tell(Text(en="searching the levels that lose least", zh="搜索损失最小的泛化级别"))
    hierarchies = read_hierarchies(agreement.hierarchies, agreement.quasi)
    tuples, units = compress(
        counted, agreement.quasi, hierarchies, sensitive=agreement.sensitive, person=agreement.person
    )
    return decide_levels(tuples, units, agreement.asked, sensitive=agreement.sensitive)


def _as_written(promised: pl.DataFrame, agreement: Agreement, kernel: RowKernel) -> pl.DataFrame:
    """Treat the sensitive column too: l and t speak of the values in the copy, not of those before."""
    sensitive = agreement.sensitive
    treatment = kernel.treatments.get(sensitive) if sensitive is not None else None
    if sensitive is None or treatment is None or treatment.operator == "drop":
        return promised  # a dropped one is judged as it stood: no less strictly
    made = treat(sensitive, promised.schema[sensitive], treatment, key=kernel.key, patterns=kernel.patterns)
    return promised if made is None else promised.with_columns(made)


def _hold_to_promise(out: Path, promised: pl.DataFrame, agreement: Agreement) -> None:
    """Count the classes of the bytes that were written and hold them against the plan's."""
    if not agreement.quasi:
        return
    quasi = list(agreement.quasi)
    written = pl.scan_parquet(out).group_by(quasi).agg(pl.len().alias(ROWS)).collect(engine="streaming")
    wanted = promised.group_by(quasi).agg(pl.col(ROWS).sum())
    sizes = [frame.select(*quasi, pl.col(ROWS).cast(pl.Int64)).sort(quasi) for frame in (written, wanted)]
    if not sizes[0].equals(sizes[1]):
        raise ProofFailed(
            Text(
                en="the written classes are not those that were judged; nothing was released",
                zh="写出的等价类与所评判的不一致；未发布任何数据",
            )
        )


def _traces(out: Path, ready: Ready) -> float | None:
    """Measure how unique the linked sequences of the written copy are: the worst of its links."""
    schema = pl.read_parquet_schema(out)
    known = [name for name in _seen(ready) if name in schema]
    if not ready.links:
        return None
    if not known:
        return 0.0  # an onlooker can know nothing of a row, so no points of a trace
    found = []
    for link in ready.links:
        rows = pl.scan_parquet(out).select(link, *known).unique().collect(engine="streaming")
        found.append(trace_unicity(rows, link, known, seed=TRACE_SEED))
    return max(found)


def _seen(ready: Ready) -> list[str]:
    """Return the columns that an onlooker can know of a row: quasi-identifiers, times and places."""
    tracked = {column.name for column in ready.columns if "trajectory" in column.evidence.others}
    seen = (set(ready.agreement.quasi) | tracked) - set(ready.links)
    return [column.name for column in ready.columns if column.name in seen]


def _bad_values(ready: Ready, table: Table) -> list[pl.Expr]:
    """Count the cells that could not be read; only what reads cells as dates or numbers can fail to."""
    schema = table.frame.collect_schema()
    reading = {
        name: made
        for name, made in ready.treatments.items()
        if made.operator == "generalize" or "period" in made.params
    }
    return [bad_count(name, schema[name], made).alias(name) for name, made in reading.items()]
