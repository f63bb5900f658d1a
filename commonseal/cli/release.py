"""`commonseal release`, `verify`, `report` and `agreement draft`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import LANG, read, say
from commonseal.errors import BadInput
from commonseal.log import load_policy
from commonseal.model import Outcome, Text, Verdict
from commonseal.release import Result, release, result_json, verify_package
from commonseal.release.draft import draft_agreement
from commonseal.release.package import MANIFEST
from commonseal.release.report import write_report
from commonseal.source import open_table
from commonseal.source.engine import Engine, PolarsEngine

REFUSED = 3

agreement_app = typer.Typer(help=say("Sharing agreements.", "共享协议。"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help=say("the day whose law decides", "以哪一天的法律为准")
    ),
]
TableRef = Annotated[str, typer.Argument(help=say("a file, or a database table", "文件或数据库表"))]


def release_command(
    table: TableRef,
    agreement: Annotated[Path, typer.Option("--agreement", help=say("the agreement's YAML", "协议 YAML"))],
    out: Annotated[Path, typer.Option("--out", help=say("folder of the package", "发布包文件夹"))],
    engine: Annotated[str, typer.Option(help=say("polars or spark", "polars 或 spark"))] = "polars",
    master: Annotated[str, typer.Option(help=say("the Spark master", "Spark 主节点地址"))] = "local[*]",
    columns: Annotated[
        str | None, typer.Option(help=say("columns asked for, with commas", "申请的字段，逗号分隔"))
    ] = None,
    query: Annotated[
        str | None, typer.Option(help=say("a SELECT, on a database", "数据库 SELECT 查询"))
    ] = None,
    sheet: Annotated[str | None, typer.Option(help=say("the sheet of a workbook", "工作表名"))] = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Release a table under an agreement, or refuse and say which article stands in the way."""
    runs = _engine(engine, master)
    with working(say("releasing", "发布"), quiet=as_json) as progress:
        result = release(
            table,
            agreement,
            out=out,
            as_of=as_of.date() if as_of else None,
            columns=[name.strip() for name in columns.split(",")] if columns else None,
            engine=runs,
            query=query,
            sheet=sheet,
            tell=lambda what: progress.update(progress.task_ids[0], description=read(what)),
        )
    if as_json:
        show_json(result_json(result, LANG))
    else:
        show_result(result)
    if result.outcome == "refused":
        raise typer.Exit(REFUSED)


def verify_command(
    folder: Annotated[Path, typer.Argument(help=say("a package's folder", "发布包文件夹"))],
    log_key: Annotated[
        str,
        typer.Option("--log-key", help=say("the log's public key: its text or file", "日志公钥：文本或文件")),
    ],
    witness_policy: Annotated[
        Path | None, typer.Option(help=say("cosignatures that are asked for", "要求的见证签名策略"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a package offline: its data, its manifest and its place in the log."""
    key = Path(log_key).read_text(encoding="utf-8").strip() if Path(log_key).is_file() else log_key
    sealed = verify_package(
        folder, log_key=key, policy=load_policy(witness_policy) if witness_policy else None
    )
    data = sealed.manifest["data"]
    if as_json:
        show_json(
            {
                "verified": True,
                "index": sealed.index,
                "agreement": sealed.manifest["agreement"]["id"],
                "data": data,
            }
        )
        return
    OUT.print(
        say(
            f"[green]✓[/] {folder}: verified. {data['rows']:,} rows, entry {sealed.index} of the log.",
            f"[green]✓[/] {folder}：验证通过。共 {data['rows']:,} 行，日志第 {sealed.index} 条。",
        )
    )


def report_command(
    folder: Annotated[Path, typer.Argument(help=say("a package's folder", "发布包文件夹"))],
    out: Annotated[
        Path | None, typer.Option("--out", help=say("the page; DIR/report.html", "报告页路径"))
    ] = None,
) -> None:
    """Write one self-contained page: what was found, what was done and why, risk before and after."""
    page = write_report(folder, out or _page_of(folder), LANG)
    OUT.print(say(f"[green]✓[/] {page}", f"[green]✓[/] {page}"))


@agreement_app.command("draft")
def draft_command(
    table: TableRef,
    out: Annotated[Path | None, typer.Option("--out", help=say("folder of the draft", "草稿文件夹"))] = None,
    k: Annotated[int, typer.Option(min=2, help=say("persons per class", "等价类最小人数"))] = 5,
    person: Annotated[
        str | None, typer.Option(help=say("the column that names one person", "标识同一人的字段"))
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Draft a working agreement, with hierarchies, a key and a log, from what classify finds."""
    folder = out or Path("agreement")
    with working(say("drafting", "起草"), quiet=as_json):
        drafted = draft_agreement(
            open_table(table), folder, as_of=as_of.date() if as_of else date.today(), k=k, person=person
        )
    if as_json:
        show_json(
            {
                "agreement": str(drafted.path),
                "columns": [{"name": column.name, "use": use} for column, use in drafted.columns],
                "left_out": [{"name": c.name, "why": read(why)} for c, why in drafted.left_out],
            }
        )
        return
    show_table(
        say(f"{drafted.path}", f"{drafted.path}"),
        [say("column", "列"), say("category", "类别"), say("level", "级别"), say("use", "用途")],
        [(c.name, read(c.category.title), int(c.category.level), use) for c, use in drafted.columns],
    )
    if drafted.left_out:
        OUT.print(say("left out:", "未纳入："))
        for column, why in drafted.left_out:
            OUT.print(f"  • {column.name}: {read(why)}", markup=False, soft_wrap=True)
    OUT.print(
        say(
            f"next: commonseal release {table} --agreement {drafted.path} --out package",
            f"下一步：commonseal release {table} --agreement {drafted.path} --out package",
        )
    )


def _page_of(folder: Path) -> Path:
    """Return where the report stands by default: beside the package, or under the refusal's own name."""
    refusals = sorted(folder.glob("refusal-*.json"))
    if not (folder / MANIFEST).exists() and refusals:
        return refusals[-1].with_suffix(".html")
    return folder / "report.html"


def show_result(result: Result) -> None:
    """Print what came of a release, for a person."""
    if result.outcome == "released":
        _show_released(result)
    else:
        _show_refused(result)


def _engine(name: str, master: str) -> Engine:
    if name == "polars":
        return PolarsEngine()
    if name == "spark":
        from commonseal.source.engine_spark import spark_engine

        return spark_engine(master)
    raise BadInput(
        Text(
            en=f"--engine: got '{name}', expected polars or spark",
            zh=f"--engine：{name} 无效，应为 polars 或 spark",
        )
    )


def _show_released(result: Result) -> None:
    made = result.made
    if made is None or result.verdict is None:
        return
    levels = dict(zip(made.plan.quasi, made.plan.levels, strict=True)) if made.plan else {}
    rows = []
    for column in made.ready.columns:
        treatment = made.ready.treatments.get(column.name)
        done = (
            say(f"level {levels[column.name]}", f"泛化 {levels[column.name]} 级")
            if column.name in levels
            else ""
        )
        rows.append(
            (
                column.name,
                read(column.category.title),
                int(column.category.level),
                treatment.operator if treatment else done or say("kept", "保留"),
                _rules_of(result, column.name),
            )
        )
    headings = [
        say("column", "列"),
        say("category", "类别"),
        say("level", "级别"),
        say("done", "处理"),
        say("rule", "依据"),
    ]
    show_table(say("what was done", "处理情况"), headings, rows)
    _show_verdict(result.verdict)
    for finding in result.findings:
        if finding.subject is None and finding.outcome == Outcome.CONDITIONAL:
            OUT.print(
                f"  • {read(finding.message)} ({finding.citation.article})", markup=False, soft_wrap=True
            )
    OUT.print(
        say(
            f"[green]✓[/] released {made.rows_out:,} of {made.rows_in:,} rows, sealed in [bold]{result.package}[/]",
            f"[green]✓[/] 已发布 {made.rows_out:,} 行（共 {made.rows_in:,} 行），封存于 [bold]{result.package}[/]",
        )
    )


def _rules_of(result: Result, column: str) -> str:
    return ", ".join(
        f.citation.rule for f in result.findings if f.subject == column and f.treatment is not None
    )


def _show_verdict(verdict: Verdict) -> None:
    before, after = verdict.before, verdict.after
    rows = [
        (say("rows", "行数"), f"{before.rows:,}", f"{after.rows:,}"),
        (say("persons", "人数"), f"{before.persons:,}", f"{after.persons:,}"),
        (say("classes", "等价类"), f"{before.classes:,}", f"{after.classes:,}"),
        (say("smallest class", "最小等价类"), f"{before.smallest_class:,}", f"{after.smallest_class:,}"),
        (
            say("alone in their class", "唯一可辨者"),
            f"{before.sample_uniques:,}",
            f"{after.sample_uniques:,}",
        ),
        (say("highest risk", "最高风险"), f"{before.highest_risk:.1%}", f"{after.highest_risk:.1%}"),
        (say("average risk", "平均风险"), f"{before.average_risk:.1%}", f"{after.average_risk:.1%}"),
    ]
    if verdict.trace_unicity is not None:
        rows.append((say("named by 4 points", "四点可识别率"), "", f"{verdict.trace_unicity:.1%}"))
    show_table(say("risk", "风险"), ["", say("before", "之前"), say("after", "之后")], rows)


def _show_refused(result: Result) -> None:
    OUT.print(say("[bold]✗ refused[/]: nothing left.", "[bold]✗ 拒绝发布[/]：没有任何数据流出。"))
    for finding in result.findings:
        if finding.outcome in (Outcome.FORBIDDEN, Outcome.UNDETERMINED):
            citation = finding.citation
            model = say(" (model text)", "（示范文本）") if citation.status == "model" else ""
            subject = f"{finding.subject}: " if finding.subject else ""
            OUT.print(f"  • {subject}{read(finding.message)}", markup=False, soft_wrap=True)
            OUT.print(
                f"    {read(citation.instrument)}, {citation.article}{model}  [{citation.rule}]",
                markup=False,
                style="dim",
            )
            if finding.remedy:
                OUT.print(
                    say("    to pass: ", "    可行的最小改动：") + read(finding.remedy),
                    markup=False,
                    soft_wrap=True,
                )
    OUT.print(
        say(f"  recorded in {result.refusal}", f"  已记录于 {result.refusal}"), markup=False, soft_wrap=True
    )
