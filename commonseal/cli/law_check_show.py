"""Print a decision for people: what comes out, what is owed by when, who is competent, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from rich.markup import escape

from commonseal.cli.show import OUT, show_table
from commonseal.cli.words import LANG, read, say
from commonseal.law import missing_facts, told
from commonseal.model import Decision, Outcome, Sanction

_MOST = 16  # missing facts that are listed
_COLOURS = {
    Outcome.ALLOWED: "green",
    Outcome.CONDITIONAL: "yellow",
    Outcome.FORBIDDEN: "red",
    Outcome.UNDETERMINED: "magenta",
}
_OUTCOMES = {
    Outcome.ALLOWED: ("allowed", "允许"),
    Outcome.CONDITIONAL: ("allowed on conditions", "附条件允许"),
    Outcome.FORBIDDEN: ("forbidden", "禁止"),
    Outcome.UNDETERMINED: ("cannot be told", "无法判定"),
}
_LAWS = {
    "cn": ("China", "中国法"),
    "city": ("China and the city", "中国法及城市规则"),
    "eu": ("EU", "欧盟法"),
}


def show_decision(subject: str, decision: Decision, *, every: bool) -> None:
    """Print a decision; `every`: with each rule that was considered."""
    _headline(subject, decision)
    _findings(decision)
    _untold(decision)
    _obligations(decision)
    _authorities(decision)
    _sanctions(decision)
    if every:
        _considered(decision, {})
    else:
        counted = Counter(
            say("applies", "适用") if note.applied else _short(told(note.why, LANG))
            for note in decision.considered
        )
        summary = ", ".join(f"{why}: {number}" for why, number in counted.most_common())
        OUT.print(
            say(f"{len(decision.considered)} rules considered ({summary}); --all lists them",
                f"共考虑 {len(decision.considered)} 条规则（{summary}）；--all 列出全部"),
            highlight=False,
        )  # fmt: skip


def explain_decision(again: Decision, before: str, because: Mapping[str, Mapping[str, object]]) -> None:
    """Print a stored decision as it comes out now, with the facts that each rule read."""
    subject = next((name for name in again.facts if name != "adopted"), "?")
    _headline(subject, again)
    if before == again.outcome:
        OUT.print(say("The same outcome as stored.", "与所存结论一致。"))
    else:
        OUT.print(say(f"[red]Stored was: {before}[/]", f"[red]所存结论为：{before}[/]"))
    _findings(again)
    _untold(again)
    _obligations(again)
    _considered(again, because)


def _headline(subject: str, decision: Decision) -> None:
    en, zh = _OUTCOMES[decision.outcome]
    law = say(*_LAWS[decision.jurisdiction])
    colour = _COLOURS[decision.outcome]
    OUT.print(f"[bold {colour}]{say(en, zh)}[/]  {subject}, {decision.as_of}, {law}", highlight=False)


def _findings(decision: Decision) -> None:
    rows = [
        (
            f"[{_COLOURS[found.outcome]}]{say(*_OUTCOMES[found.outcome])}[/]"
            + (say(" (warning)", "（提示）") if found.citation.status == "needs_review" else ""),
            escape(found.citation.article),
            escape(read(found.message)),
            escape(read(found.remedy)) if found.remedy is not None else "",
        )
        for found in decision.findings
        if found.outcome != Outcome.UNDETERMINED
    ]
    if rows:
        show_table(
            say("Findings", "结论"),
            (say("outcome", "结果"), say("article", "条文"), say("finding", "理由"), say("remedy", "补救")),
            rows,
        )


def _untold(decision: Decision) -> None:
    """List the facts for want of which rules cannot be told, each once."""
    untold = {found.citation.rule for found in decision.findings if found.outcome == Outcome.UNDETERMINED}
    wanted = Counter(
        fact for note in decision.considered if note.rule in untold for fact in missing_facts(note.why)
    )
    if wanted:
        listed = ", ".join(f"{fact} ({rules})" for fact, rules in wanted.most_common(_MOST))
        if len(wanted) > _MOST:
            listed += say(f", and {len(wanted) - _MOST} more", f" 等 {len(wanted)} 项")
        said = say(
            f"{len(untold)} rules cannot be told. Give (rules that wait for it): {listed}",
            f"{len(untold)} 条规则无法判定。请补充（括号内为等待该事实的规则数）：{listed}",
        )
        OUT.print(f"[magenta]{said}[/]", highlight=False)


def _obligations(decision: Decision) -> None:
    rows = [
        (
            _when(owed.due_at) + (say(" (provisional)", "（暂定）") if owed.provisional else ""),
            escape(read(owed.what)),
            owed.by,
            escape(owed.citation.article),
        )
        for owed in decision.obligations
    ]
    if rows:
        headings = (say("due", "期限"), say("what", "事项"), say("by", "义务人"), say("article", "条文"))
        show_table(say("To be done", "待履行义务"), headings, rows)


def _authorities(decision: Decision) -> None:
    rows = [
        (named.who, named.tier, escape(read(named.purpose)), escape(named.citation.article))
        for named in decision.authorities
    ]
    if rows:
        headings = (say("authority", "机关"), say("tier", "层级"), say("for", "事项"), say("article", "条文"))
        show_table(say("Competent", "主管机关"), headings, rows)


def _sanctions(decision: Decision) -> None:
    rows = [
        (costs.on, _range(costs), ", ".join(costs.measures), escape(costs.citation.article))
        for costs in decision.sanctions
    ]
    if rows:
        headings = (say("on", "对象"), say("fine", "罚款"), say("measures", "措施"), say("article", "条文"))
        show_table(say("A breach may cost", "法律责任"), headings, rows)


def _considered(decision: Decision, because: Mapping[str, Mapping[str, object]]) -> None:
    rows = [
        (
            "✓" if note.applied else "",
            note.rule,
            escape(told(note.why, LANG)),
            escape(", ".join(f"{name}={_fact(value)}" for name, value in because.get(note.rule, {}).items())),
        )
        for note in decision.considered
    ]
    headings = ["", say("rule", "规则"), say("why", "原因"), say("facts it read", "所依据的事实")]
    show_table(
        say("Considered", "考虑过的规则"),
        headings if because else headings[:3],
        rows if because else [row[:3] for row in rows],
    )


def _short(why: str) -> str:
    """Return a reason without the rule, fact or day that it names."""
    return why.replace("：", ":").split(":")[0]


def _when(due_at: date | datetime | None) -> str:
    if isinstance(due_at, datetime):
        return due_at.isoformat(sep=" ", timespec="minutes")
    return due_at.isoformat() if due_at is not None else "—"


def _range(costs: Sanction) -> str:
    if costs.fine_min is None and costs.fine_max is None:
        return say("depends on facts not given", "取决于未提供的事实") if costs.open_ended else "—"
    low = f"{costs.fine_min:,.0f}" if costs.fine_min is not None else "0"
    high = f"{costs.fine_max:,.0f}" if costs.fine_max is not None else "…"
    more = say(" or more", " 或更高") if costs.open_ended else ""
    return f"{costs.currency} {low} – {high}{more}"


def _fact(value: object) -> str:
    if isinstance(value, tuple | list):
        return f"[{len(value)}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
