"""Show what `law_change` finds as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rich.markup import escape

from commonseal.cli.show import OUT, show_table
from commonseal.cli.words import LANG, read, say
from commonseal.law import (
    OUTCOMES,
    Article,
    Changed,
    Comparison,
    Coverage,
    InstrumentDiff,
    Overlay,
    Rule,
    Shelf,
    Shift,
    Simulation,
    missing_facts,
)
from commonseal.model import Citation, Decision, Obligation, Outcome, Sanction
from commonseal.release.change_words import change_words

_MOST = 20  # rows of a list on the screen; --json has them all
_NONE = "—"


def show_diff(first: date, second: date, found: Sequence[InstrumentDiff]) -> None:
    """Print a diff: one table an instrument."""
    if not found:
        OUT.print(say(f"nothing changes from {first} to {second}", f"{first} 至 {second} 没有变化"))
    for part in found:
        rows = [
            *((say("begins", "施行"), str(r.effective.start), _cited(r), read(r.title)) for r in part.begins),
            *((say("ends", "废止"), str(r.effective.end), _cited(r), read(r.title)) for r in part.ends),
            *(_pair_row(pair) for pair in part.replaces),
            *(_number_row(change, n) for change in part.changes for n in range(len(change.numbers))),
        ]
        show_table(
            read(part.instrument),
            (say("what", "变化"), say("day", "日期"), say("article", "条文"), say("rule", "规则")),
            [tuple(escape(cell) for cell in row) for row in rows],
        )


def show_simulation(name: str, overlay: Overlay, found: Simulation, shelf: Shelf) -> None:
    """Print a simulation: the flows, the rules, the first turns, and what else follows."""
    graver, turned = sum(turn.graver for turn in found.turns), len(found.turns)
    OUT.print(
        say(
            f"{name}: rules replaced {len(overlay.replaced)}, added {len(overlay.added)}; decisions "
            f"{found.decisions:,}, turned {turned:,} (stricter {graver:,}, milder {turned - graver:,})",
            f"{name}：替换规则 {len(overlay.replaced)} 条，新增 {len(overlay.added)} 条；判定 {found.decisions:,} 项，"
            f"结论改变 {turned:,} 项（从严 {graver:,}，从宽 {turned - graver:,}）",
        ),
        markup=False,
        highlight=False,
    )
    before, after = say("before", "修改前"), say("after", "修改后")
    show_table(
        say("from outcome to outcome", "结论的变化"),
        (before, after, say("decisions", "判定数")),
        [
            (_outcome(b), _outcome(a), found.flows[b, a])
            for b in OUTCOMES
            for a in OUTCOMES
            if (b, a) in found.flows
        ],
    )
    if found.turns:
        rows = [(rule, up, down) for rule, (up, down) in found.by_rule.items()]
        headings = (say("rule", "规则"), say("stricter", "从严"), say("milder", "从宽"))
        show_table(say("which rule makes it", "由哪条规则引起"), headings, rows)
        _list(
            say("decisions that turn", "结论改变的判定"),
            (say("decision", "判定"), say("day", "日期"), before, after, say("rule", "规则")),
            [
                (escape(t.where), str(t.as_of), _outcome(t.before), _outcome(t.after), "\n".join(t.rules))
                for t in found.turns
            ],
        )
    if found.shifts:
        show_table(
            say("due days, authorities and sanctions that change", "期限、主管部门和处罚的变化"),
            (say("rule", "规则"), say("decisions", "判定数"), say("the first", "首项"), before, after),
            list(_first_shifts(found.shifts)),
        )
    _aside(found, shelf)


def _first_shifts(shifts: Sequence[Shift]) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield one row a rule: how many decisions it shifts, and the first of them."""
    by_rule: dict[str, list[Shift]] = {}
    for shift in shifts:
        by_rule.setdefault(shift.rule, []).append(shift)
    for rule, own in by_rule.items():
        first = own[0]
        yield rule, len(own), escape(first.where), first.before or _NONE, first.after or _NONE


def show_coverage(found: Coverage) -> None:
    """Print the coverage: each instrument, each section, each article and fact left open."""
    by_instrument: dict[str, list[Article]] = {}
    for article in found.articles:
        by_instrument.setdefault(read(article.instrument), []).append(article)
    show_table(
        say(
            f"{len(found.articles)} articles considered, {len(found.uncovered)} without a rule",
            f"共考察 {len(found.articles)} 个条文，{len(found.uncovered)} 个没有规则",
        ),
        (
            say("instrument", "文件"),
            say("articles", "条文"),
            say("without a rule", "没有规则"),
            say("rules", "规则"),
        ),
        [
            (name, len(all_), sum(not a.rules for a in all_), len({r for a in all_ for r in a.rules}))
            for name, all_ in by_instrument.items()
        ],
    )
    show_table(
        say("articles without a rule", "没有规则的条文"),
        (say("row", "条目"), say("article", "条文"), say("reason", "理由")),
        [(a.row, escape(a.article), escape(read(a.reason)) if a.reason else _NONE) for a in found.uncovered],
    )
    show_table(
        say("sections of the founding paper", "奠基论文的章节"),
        (say("section", "章节"), say("rules", "规则"), say("title", "标题")),
        [(s.section, len(s.rules), read(s.title)) for s in found.sections],
    )
    show_table(
        say(
            f"{len(found.unread)} of {found.facts} facts are read by no rule",
            f"{found.facts} 个事实中有 {len(found.unread)} 个未被任何规则读取",
        ),
        (say("fact", "事实"), say("meaning", "含义")),
        [(f"{subject}.{fact.name}", read(fact.title)) for subject, fact in found.unread],
    )
    if found.faults:
        OUT.print(say("the list and the book differ:", "清单与法规库不一致："))
    for fault in found.faults:
        OUT.print(f"  {read(fault)}", markup=False, highlight=False)


def show_comparison(found: Comparison) -> None:
    """Print a comparison: one row for what is asked, one column for each jurisdiction."""
    rows = [(say("outcome", "结论"), *(_outcome(decision.outcome) for decision in found.decisions))]
    for name, told in (
        (say("findings", "认定"), _findings),
        (say("due", "期限"), _obligations),
        (say("authorities", "主管部门"), _authorities),
        (say("sanctions", "处罚"), _sanctions),
    ):
        rows.append((name, *("\n".join(told(decision)) or _NONE for decision in found.decisions)))
    title = say(f"{found.subject} on {found.as_of}", f"{found.subject}，{found.as_of}")
    show_table(
        title,
        ("", *(decision.jurisdiction for decision in found.decisions)),
        [tuple(escape(cell) for cell in row) for row in rows],
    )


def _findings(decision: Decision) -> Iterator[str]:
    """Yield the findings; those for want of facts as one, and not again what stands in a row of its own."""
    shown = {
        each.rule
        for part in (decision.obligations, decision.authorities, decision.sanctions)
        for each in part
    }
    untold = [found for found in decision.findings if found.outcome == Outcome.UNDETERMINED]
    for found in decision.findings:
        if found.outcome != Outcome.UNDETERMINED and found.citation.rule not in shown:
            yield _told(_outcome(found.outcome), read(found.message), found.citation)
    if untold:
        silent = {found.citation.rule for found in untold}
        wanted = {fact for n in decision.considered if n.rule in silent for fact in missing_facts(n.why)}
        names = ", ".join(sorted(wanted))
        yield say(
            f"{len(untold)} rules cannot be told; not given: {names}",
            f"{len(untold)} 条规则无法判定；缺少 {names}",
        )


def _obligations(decision: Decision) -> Iterator[str]:
    for owed in decision.obligations:
        aside = say(" (provisional)", "（暂定）") if owed.provisional else ""
        yield _told(_due(owed) + aside, read(owed.what), owed.citation)


def _authorities(decision: Decision) -> Iterator[str]:
    for named in decision.authorities:
        yield _told(f"{named.who}, {named.tier}", read(named.purpose), named.citation)


def _sanctions(decision: Decision) -> Iterator[str]:
    for sanction in decision.sanctions:
        yield _told(sanction.on, _range(sanction), sanction.citation)


def _told(head: str, told: str, citation: Citation) -> str:
    return say(f"{head}: {told} ({citation.article})", f"{head}：{told}（{citation.article}）")


def _outcome(outcome: Outcome) -> str:
    return change_words(LANG).of("outcome", outcome)


def _due(owed: Obligation) -> str:
    return owed.due_at.isoformat() if owed.due_at is not None else _NONE


def _range(sanction: Sanction) -> str:
    amounts = [f"{a:,.0f}" for a in (sanction.fine_min, sanction.fine_max) if a is not None]
    if sanction.fine_min is None and amounts:
        amounts.insert(0, "0")
    fine = f"{'–'.join(amounts)} {sanction.currency}" if amounts else ""
    more = say("or more", "可更高") if sanction.open_ended else ""
    return ", ".join(part for part in (fine, more, *sanction.measures) if part) or _NONE


def _pair_row(pair: Changed) -> tuple[str, str, str, str]:
    was = pair.before.citation.article if pair.before is not None else ""
    numbers = "; ".join(_number(pair, place) for place in range(len(pair.numbers)))
    article = f"{was} → {pair.rule.citation.article}" if was != pair.rule.citation.article else was
    told = f"{read(pair.rule.title)} ({numbers})" if numbers else read(pair.rule.title)
    return say("replaces", "取代"), str(pair.rule.effective.start), f"{article}\n{pair.rule.id}", told


def _number_row(change: Changed, place: int) -> tuple[str, str, str, str]:
    since = str(change.numbers[place].since)
    told = f"{read(change.rule.title)}: {_number(change, place)}"
    return say("changes", "修改"), since, _cited(change.rule), told


def _number(change: Changed, place: int) -> str:
    number = change.numbers[place]
    return f"{number.name} {number.before} → {number.after} {number.unit}"


def _cited(rule: Rule) -> str:
    return f"{rule.citation.article}\n{rule.id}"


def _list(title: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    show_table(title, headings, rows[:_MOST])
    if len(rows) > _MOST:
        more = f"{len(rows) - _MOST:,}"
        OUT.print(say(f"and {more} more; --json lists all", f"另有 {more} 项；--json 列出全部"))


def _aside(found: Simulation, shelf: Shelf) -> None:
    lines: Iterable[tuple[int, str]] = (
        (
            len(found.drifted),
            say(
                f"{len(found.drifted):,} decisions were already answered otherwise under the book as it is",
                f"{len(found.drifted):,} 项判定在现行法规库下已与所存结论不同",
            ),
        ),
        (
            len(shelf.passed_over),
            say(
                f"{len(shelf.passed_over):,} files hold no decision and were passed over",
                f"{len(shelf.passed_over):,} 个文件不含判定，已略过",
            ),
        ),
    )
    for count, line in lines:
        if count:
            OUT.print(line, highlight=False)
