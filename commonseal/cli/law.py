"""Show the lawbook: `law list` and `law show ID`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer
from rich.markup import escape

from commonseal.cli.law_book import book_command, export_command
from commonseal.cli.law_change import compare_command, coverage_command, diff_command, simulate_command
from commonseal.cli.law_check import check_command, explain_command
from commonseal.cli.law_options import AsJson, Packs, book_with
from commonseal.cli.show import OUT, show_json, show_table
from commonseal.cli.words import LANG, read, say
from commonseal.errors import BadInput
from commonseal.law import Rule
from commonseal.model import Text

app = typer.Typer(
    name="law",
    help=say(
        "The lawbook: rules as data, with their articles and dates.", "法规库：以数据书写的规则、条文与日期。"
    ),
    no_args_is_help=True,
)

app.command("check", help=say("Put a case to the law.", "依法判定一项事实。"))(check_command)
app.command("explain", help=say("Tell how a decision came about.", "说明判定的由来。"))(explain_command)
app.command("diff", help=say("What changes between two days.", "两个日期之间的变化。"))(diff_command)
app.command("simulate", help=say("Try a change on past decisions.", "在以往判定上试行修改。"))(
    simulate_command
)
app.command("coverage", help=say("What no rule covers.", "没有规则覆盖的条文和事实。"))(coverage_command)
app.command("compare", help=say("One case under several laws.", "同一事实适用不同法域的法律。"))(
    compare_command
)
app.command("book", help=say("Write the lawbook as pages.", "将法规库写成网页。"))(book_command)
app.command("export", help=say("Write rules as ODRL policies.", "将规则导出为 ODRL 策略。"))(export_command)

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help=say("only the rules and values in force on that day", "只列当日有效的规则和取值"),
    ),
]


@app.command("list", help=say("List the rules.", "列出规则。"))
def list_rules(as_json: AsJson = False, as_of: AsOf = None, pack: Packs = None) -> None:
    """List the rules of the lawbook, or those in force on a day."""
    day = as_of.date() if as_of is not None else None
    rules = [rule for rule in book_with(pack).rules if day is None or day in rule.effective]
    if as_json:
        show_json([_summary(rule) for rule in rules])
        return
    rows = [
        (
            rule.id,
            rule.subject,
            rule.kind,
            rule.citation.status,
            escape(rule.citation.article),
            escape(read(rule.title)),
        )
        for rule in rules
    ]
    title = say(f"{len(rows)} rules", f"共 {len(rows)} 条规则")
    if day is not None:
        title += say(f" in force on {day}", f"，{day} 有效")
    headings = (
        say("rule", "规则"), say("subject", "对象"), say("kind", "类别"), say("status", "状态"),
        say("article", "条文"), say("title", "标题"),
    )  # fmt: skip
    show_table(title, headings, rows)


@app.command("show", help=say("Show one rule in full.", "查看一条规则全文。"))
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help=say("the rule's id", "规则编号"))],
    as_json: AsJson = False,
    as_of: AsOf = None,
    pack: Packs = None,
) -> None:
    """Show one rule: its citation, condition, consequence, numbers and tests."""
    rule = book_with(pack).rule(rule_id)
    if rule is None:
        raise BadInput(
            Text(
                en=f"rule {rule_id!r}: no such rule; `commonseal law list` lists them",
                zh=f"规则 {rule_id!r}：没有这条规则；用 `commonseal law list` 列出全部",
            )
        )
    if as_json:
        show_json(_detail(rule))
        return
    day = as_of.date() if as_of is not None else None
    then = rule.then
    lines = [
        (say("title", "标题"), read(rule.title)),
        (say("source", "出处"), f"{read(rule.citation.instrument)}, {rule.citation.article} ({rule.source})"),
        (say("standing", "效力"), f"{rule.kind}, {rule.rank}, {rule.citation.status}"),
        (say("in force", "有效期"), f"{rule.effective.start} – {rule.effective.end or ''}"),
        (say("when", "条件"), rule.condition.source),
        (say("then", "后果"), f"{then.outcome}: {read(then.message)}"),
        (say("remedy", "补救"), read(then.remedy) if then.remedy is not None else "—"),
    ]
    if then.treatment is not None:
        lines.append(
            (say("treatment", "处理方式"), f"{then.treatment.operator} {dict(then.treatment.params)}")
        )
    lines += [(name, _flat(block)) for name, block in _block(rule).items()]
    lines += [(f"param.{name}", text) for name, text in _values(rule, day)]
    show_table(rule.id, (say("field", "字段"), say("content", "内容")), [(a, escape(b)) for a, b in lines])
    OUT.print(say(f"{len(rule.cases)} tests in {rule.file}", f"{rule.file} 中有 {len(rule.cases)} 个测试"))


def _values(rule: Rule, day: date | None) -> list[tuple[str, str]]:
    if day is not None:
        return [(name, f"{value}") for name, value in rule.params_on(day).items()]
    return [
        (name, "; ".join(f"{value.value} {parameter.unit} ({value.start})" for value in parameter.values))
        for name, parameter in rule.parameters.items()
    ]


def _flat(block: object) -> str:
    if not isinstance(block, dict):
        return str(block)
    return ", ".join(f"{name}: {value}" for name, value in block.items() if value not in (None, False, ()))


def _block(rule: Rule) -> dict[str, object]:
    """Return what only one kind of rule has, under the name that its file gives it."""
    then = rule.then
    found: dict[str, object] = {}
    if then.measured is not None and then.measured.what is not None:
        found["retention"] = {**asdict(then.measured), "what": then.measured.what.in_(LANG)}
    if then.deadline is not None:
        found["deadline"] = {**asdict(then.deadline), "what": then.deadline.what.in_(LANG)}
    if then.authority is not None:
        found["authority"] = {**asdict(then.authority), "purpose": then.authority.purpose.in_(LANG)}
    if then.sanction is not None:
        found["sanction"] = asdict(then.sanction)
    if then.defines is not None:
        found["defines"] = then.defines.in_(LANG)
    return found


def _summary(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.id,
        "pack": rule.pack,
        "title": rule.title.in_(LANG),
        "subject": rule.subject,
        "kind": rule.kind,
        "status": rule.citation.status,
        "rank": rule.rank,
        "instrument": rule.citation.instrument.in_(LANG),
        "article": rule.citation.article,
        "from": rule.effective.start.isoformat(),
        "to": rule.effective.end.isoformat() if rule.effective.end is not None else None,
    }


def _detail(rule: Rule) -> dict[str, object]:
    then = rule.then
    asked = then.treatment
    return {
        **_summary(rule),
        "source": rule.source,
        "when": rule.condition.source,
        "outcome": str(then.outcome),
        "message": then.message.in_(LANG),
        "remedy": then.remedy.in_(LANG) if then.remedy is not None else None,
        "treatment": {"operator": asked.operator, "params": dict(asked.params)}
        if asked is not None
        else None,
        "measure": then.measure,
        "limit": then.limit,
        **_block(rule),
        "parameters": {
            name: {
                "unit": parameter.unit,
                "values": [
                    {
                        "from": value.start.isoformat(),
                        "value": value.value,
                        "reference": [reference.title for reference in value.references],
                    }
                    for value in parameter.values
                ],
            }
            for name, parameter in rule.parameters.items()
        },
        "tests": [case.name for case in rule.cases],
        "file": rule.file,
    }
