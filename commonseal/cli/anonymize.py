"""`commonseal anonymize`: the levels that lose least, for a table and its hierarchies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commonseal.anonymize import Plan
from commonseal.anonymize.recode.coding import Ends
from commonseal.anonymize.recode.recoded import Lost
from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import LANG, read, say
from commonseal.errors import BadInput
from commonseal.judge.models import Held
from commonseal.model import Text
from commonseal.release.anonymize_config import Config, load_config
from commonseal.release.anonymized import Anonymized, Progress, anonymize
from commonseal.release.anonymized_utility import require_measurable, utility
from commonseal.release.utility_page import write_utility_page


def anonymize_command(
    config: Annotated[Path, typer.Argument(help=say("the configuration, YAML", "配置文件 YAML"))],
    out: Annotated[
        Path,
        typer.Option("--out", help=say("the file to write: .parquet or .csv", "输出文件 .parquet 或 .csv")),
    ],
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help=say("write a page of pictures: what was lost, other k", "生成图示页：效用损失与其他 k 值"),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Anonymize a table under privacy models, losing as little as can be."""
    asked = load_config(config)
    if out.suffix not in (".parquet", ".csv"):
        raise BadInput(
            Text(en=f"--out {out}: expected .parquet or .csv", zh=f"--out {out}：应为 .parquet 或 .csv")
        )
    _check_paths(config, asked, out, report)
    if report is not None:
        require_measurable(asked)
    with working(say("anonymizing", "匿名化"), quiet=as_json) as progress:
        tell: Progress = lambda what: progress.update(progress.task_ids[0], description=read(what))  # noqa: E731
        done = anonymize(asked, out, keep=report is not None, tell=tell)
        if report is not None:
            tell(Text(en="measuring what is left", zh="度量效用"))
            write_utility_page(report, utility(asked, done), LANG)
    if as_json:
        show_json(anonymized_json(done))
    else:
        _show(done, out)
        if report is not None:
            OUT.print(say(f"read the report: {report}", f"阅读报告：{report}"), soft_wrap=True)


def _check_paths(config: Path, asked: Config, out: Path, report: Path | None) -> None:
    """Refuse, before any work, to write where nothing can be written or over what is read."""
    inputs = [config, *(Path(t) for t in (asked.table, asked.population or "") if t and "://" not in t)]
    for option, path in (("--out", out), ("--report", report)):
        if path is None:
            continue
        if not path.parent.is_dir() or path.is_dir():
            raise BadInput(
                Text(
                    en=f"{option} {path}: expected a file in a folder that exists",
                    zh=f"{option} {path}：应为已有文件夹中的一个文件",
                )
            )
        read_by = path.exists() and any(other.exists() and path.samefile(other) for other in inputs)
        if (
            read_by
            or path.resolve().parent == asked.hierarchies
            or (report is not None and out.resolve() == report.resolve())
        ):
            raise BadInput(
                Text(
                    en=f"{option} {path}: is read here, or lies among the hierarchies; name another file",
                    zh=f"{option} {path}：正被读取，或位于层级文件夹中；请另择文件",
                )
            )


def anonymized_json(done: Anonymized) -> dict[str, Any]:
    """Return the documented JSON of `anonymize --json`; what only a plan has is null for other transformations."""
    plan = done.done if isinstance(done.done, Plan) else None
    return {
        "levels": dict(zip(plan.quasi, plan.levels, strict=True)) if plan else None,
        "score": plan.score if plan else None,
        "suppressed_rows": done.lost.suppressed_rows,
        "classes": done.lost.classes,
        "nodes_total": plan.nodes_total if plan else None,
        "nodes_checked": plan.nodes_checked if plan else None,
        "optimal": plan.optimal if plan else False,
        "seconds": {name: round(value, 4) for name, value in done.seconds.items()},
        "transformation": done.transformation,
        "bound": plan.bound if plan else None,
        "tied": plan.tied if plan else False,
        "lost": lost_json(done.lost),
        "ends": {column: ends_json(ends) for column, ends in done.ends.items()},
        "held": [held_json(held) for held in done.held],
    }


def lost_json(lost: Lost) -> dict[str, Any]:
    """Return what a recoding lost."""
    return {
        "granularity": lost.granularity,
        "granularity_by_column": dict(lost.by_column),
        "suppressed_cells": lost.suppressed_cells,
        "changed_cells": lost.changed_cells,
        "sse_sst": lost.sse_sst,
    }


def ends_json(ends: Ends) -> dict[str, Any]:
    """Return the limits of a coded column, and the rows whose value changed."""
    return {"low": ends.low, "high": ends.high, "low_rows": ends.low_rows, "high_rows": ends.high_rows}


def held_json(held: Held) -> dict[str, Any]:
    """Return what the judge found of one model."""
    return {
        "model": held.model,
        "column": held.column,
        "passed": held.passed,
        "worst": held.worst,
        "relation": held.relation,
        "threshold": held.threshold,
        "classes_failing": held.classes_failing,
    }


def _show(done: Anonymized, out: Path) -> None:
    lost = done.lost
    if isinstance(done.done, Plan):
        _show_levels(done.done, lost, out)
    else:
        show_table(
            f"{out}: {done.transformation}",
            [say("column", "列"), say("granularity kept", "保留粒度")],
            [(column, f"{kept:.1%}") for column, kept in lost.by_column],
        )
    show_table(
        say("judged anew", "另行评判"),
        [say("model", "模型"), say("column", "列"), say("worst", "最差"), say("limit", "限值")],
        [
            (held.model, held.column or "", f"{held.worst:.6g}", f"{held.relation} {held.threshold:.6g}")
            for held in done.held
        ],
    )
    OUT.print(
        say(
            f"{lost.granularity:.1%} of the granularity kept, {lost.suppressed_rows:,} rows and "
            f"{lost.suppressed_cells:,} cells suppressed, {lost.classes:,} classes",
            f"保留粒度 {lost.granularity:.1%}，抑制 {lost.suppressed_rows:,} 行、{lost.suppressed_cells:,} 个单元格，"
            f"{lost.classes:,} 个等价类",
        )
    )


def _show_levels(plan: Plan, lost: Lost, out: Path) -> None:
    show_table(
        str(out),
        [
            say("column", "列"), say("level", "级别"), say("of", "共"), say("labels", "标签数"),
            say("granularity kept", "保留粒度"),
        ],
        [
            (column, level, hierarchy.height - 1, len(hierarchy.labels[level]), f"{kept:.1%}")
            for column, level, hierarchy, (_, kept) in zip(
                plan.quasi, plan.levels, plan.hierarchies, lost.by_column, strict=True
            )
        ],
    )  # fmt: skip
    OUT.print(
        say(
            f"loss {plan.score:.6g} ({_proof(plan)}), {plan.nodes_checked:,} of {plan.nodes_total:,} candidates checked",
            f"损失 {plan.score:.6g}（{_proof(plan)}），检查候选 {plan.nodes_checked:,} / {plan.nodes_total:,}",
        )
    )


def _proof(plan: Plan) -> str:
    """Say how sure it is that nothing loses less."""
    if not plan.optimal:
        return say(f"no levels lose less than {plan.bound:.6g}", f"任何级别的损失都不小于 {plan.bound:.6g}")
    tied = say("; other levels lose the same", "；另有级别损失相同") if plan.tied else ""
    return say(f"proved optimal{tied}", f"已证明最优{tied}")
