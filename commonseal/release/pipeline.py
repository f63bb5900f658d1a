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
from commonseal.law import Book, decide, stronger, thresholds, treatment
from commonseal.model import (
    Column,
    Decision,
    Finding,
    Level,
    Outcome,
    Text,
    Threshold,
    Treatment,
    Verdict,
)
from commonseal.release.agreement import AgreedColumn, Agreement
from commonseal.release.facts import (
    agreement_facts,
    column_facts,
    intended_facts,
    names_one_person,
    release_facts,
)
from commonseal.release.kernel import RowKernel, row_filter
from commonseal.release.repeats import of_one_person, repeating
from commonseal.seal.keyfile import derive, load_key
from commonseal.source import Table
from commonseal.source.engine import ORDER, Engine
from commonseal.table import ROWS

SAMPLE_ROWS = 10_000
RESERVED = frozenset({ORDER, ROWS, "__tuple__", "__class__", "__bucket__", "__all__"})
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
    repeated = _repeated(table, agreement, found)
    facts = agreement_facts(agreement, found, repeats=bool(repeated))
    decisions = [decide(book, "agreement", facts, as_of=as_of, adopted=adopted)]
    treatments: dict[str, Treatment] = {}
    for values, column in zip(shown, found, strict=True):
        terms = agreed.get(column.name)
        facts = column_facts(agreement, terms, column, found_level=int(values.category.level))
        decision = decide(book, "column", facts, as_of=as_of, adopted=adopted)
        required = treatment(decision)
        decision, chosen = _agreed_treatment(decision, terms, required)
        decisions.append(decision)
        if chosen is not None and facts["use"] != "quasi":
            treatments[column.name] = _rotated(chosen, terms, agreement)
    links = tuple(name for name in repeated if _stays(treatments.get(name)))
    limits = thresholds(book, intended_facts(agreement, linked=bool(links)), as_of=as_of, adopted=adopted)
    decisions += _weaker_than_law(agreement, limits, as_of)
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
    """Leave out the columns that nobody reads: they are neither carried nor in the way of our own names."""
    agreement = ready.agreement
    read = {column.name for column in ready.columns} | {rule.column for rule in agreement.rows}
    read |= {*agreement.quasi, *filter(None, (agreement.sensitive, agreement.person))}
    if agreement.rotation:
        read.add(agreement.rotation.date)
    reserved = [name for name in table.columns if name in read and name in RESERVED]
    if reserved:
        names = ", ".join(reserved)
        raise BadTable(
            Text(
                en=f"{table.name}: the column names {names} are kept for our own use; rename them",
                zh=f"{table.name}：列名 {names} 为内部保留名；请改名",
            )
        )
    kept = tuple(name for name in table.columns if name in read)
    if kept == table.columns:
        return table
    return replace(table, frame=table.frame.select(kept), columns=kept)


def _narrowed(agreement: Agreement, columns: Sequence[str] | None) -> Agreement:
    if columns is None:
        return agreement
    return replace(agreement, columns=tuple(column for column in agreement.columns if column.name in columns))


def _require(table: Table, agreement: Agreement, wanted: Sequence[str]) -> None:
    named = dict.fromkeys([*wanted, *(rule.column for rule in agreement.rows)])
    if agreement.person:
        named[agreement.person] = None
    if agreement.rotation:
        named[agreement.rotation.date] = None
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


def _agreed_treatment(
    decision: Decision, terms: AgreedColumn | None, required: Treatment | None
) -> tuple[Decision, Treatment | None]:
    """Take the agreement's own treatment where it is at least as strong as the law's; else refuse."""
    if required is not None and terms is not None and terms.use == "quasi":
        # anonymization keeps a quasi-identifier readable, so nothing else would be done to it
        return _quasi_against(decision, required), None
    if terms is None or terms.treatment is None:
        return decision, required
    if required is None or stronger(terms.treatment, required):
        return decision, terms.treatment
    asked_by = next(finding for finding in decision.findings if finding.treatment == required)
    finding = replace(
        asked_by,
        outcome=Outcome.FORBIDDEN,
        message=Text(
            en=f"the agreement asks for '{terms.treatment.operator}', which shows more than the rule's "
            f"'{required.operator}'",
            zh=f"协议要求的“{terms.treatment.operator}”弱于规则要求的“{required.operator}”",
        ),
        remedy=Text(
            en="leave the treatment out, or ask for a stronger one",
            zh="删去该字段的 treatment，或改用更强的处理方式",
        ),
        treatment=None,
    )
    return replace(decision, outcome=Outcome.FORBIDDEN, findings=(finding, *decision.findings)), None


def _quasi_against(decision: Decision, required: Treatment) -> Decision:
    """Refuse a quasi-identifier to whose cells a rule asks for more than to be left as they are."""
    if required.operator == "keep":
        return decision
    asked_by = next(finding for finding in decision.findings if finding.treatment == required)
    finding = replace(
        asked_by,
        outcome=Outcome.FORBIDDEN,
        message=Text(
            en=f"the agreement names it a quasi-identifier, which stays readable; the rule asks for "
            f"'{required.operator}'",
            zh=f"协议将其列为准标识符（保持可读），而规则要求“{required.operator}”",
        ),
        remedy=Text(en="take it off the quasi-identifiers", zh="从准标识符中去掉该字段"),
        treatment=None,
    )
    return replace(decision, outcome=Outcome.FORBIDDEN, findings=(finding, *decision.findings))


def _rotated(chosen: Treatment, terms: AgreedColumn | None, agreement: Agreement) -> Treatment:
    """Let a person's pseudonym change with the period that the agreement names."""
    rotation = agreement.rotation
    if terms is None or terms.use != "person" or rotation is None or not chosen.operator.startswith("hmac"):
        return chosen
    return Treatment(
        chosen.operator, {**chosen.params, "period": rotation.period, "period_column": rotation.date}
    )


def _weaker_than_law(agreement: Agreement, limits: Sequence[Threshold], as_of: date) -> list[Decision]:
    """Refuse, before any work is done, what is asked for below the law's thresholds."""
    asked: dict[str, float | None] = {
        "smallest_class": agreement.asked.k if agreement.quasi else None,
        "smallest_l": agreement.asked.l,
        "highest_t": agreement.asked.t,
        "suppression_rate": agreement.asked.suppression_rate_max,
    }
    decisions: list[Decision] = []
    for limit in limits:
        got = asked.get(limit.measure)
        if got is None or (got >= limit.limit if limit.at_least else got <= limit.limit):
            continue
        bound_en, bound_zh = ("at least", "不小于") if limit.at_least else ("at most", "不大于")
        finding = Finding(
            citation=limit.citation,
            outcome=Outcome.FORBIDDEN,
            message=Text(
                en=f"the agreement asks for {limit.measure} {got:g}, the rule for {bound_en} {limit.limit:g}",
                zh=f"协议中 {limit.measure} 为 {got:g}，规则要求{bound_zh} {limit.limit:g}",
            ),
            remedy=Text(
                en=f"set it to {limit.limit:g} in the agreement", zh=f"请在协议中改为 {limit.limit:g}"
            ),
        )
        decisions.append(Decision(Outcome.FORBIDDEN, as_of, (finding,), ()))
    return decisions


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


def _repeated(table: Table, agreement: Agreement, found: Sequence[Column]) -> tuple[str, ...]:
    """Return the direct identifiers that stand on several rows; the named person column always counts.

    A column repeats where fewer than nine tenths of its filled cells are distinct. Where a person column
    is named, one that holds many persons a value (a hospital's number) ties nobody's rows together.
    """
    uses = {column.name: column.use for column in agreement.columns}
    direct = [c for c in found if names_one_person(c) and uses.get(c.name) != "quasi"]
    surest = [c.name for c in direct if c.category.level == Level.HIGHLY_PRIVATE]
    others = [c.name for c in direct if c.name not in surest]
    repeated = repeating(table, surest)
    if repeated or not surest:  # a sure identifier on one row each says that nobody repeats
        repeated |= repeating(table, others)
    person = agreement.person
    return tuple(
        c.name
        for c in direct
        if uses.get(c.name) == "person"
        or (c.name in repeated and (person in (None, c.name) or of_one_person(table, c.name, str(person))))
    )


def _stays(treatment: Treatment | None) -> bool:
    """Tell whether a direct identifier's cells stay distinguishable: all but nulled and dropped ones do."""
    return treatment is None or treatment.operator not in ("null", "drop")


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
