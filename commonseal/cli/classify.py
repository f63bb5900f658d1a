"""`commonseal classify`: say of every column what it is and how sensitive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from commonseal.classify import CATEGORIES, classify, spread
from commonseal.cli.show import show_json, show_table, working
from commonseal.cli.words import read, say
from commonseal.model import Column
from commonseal.source import open_table

DEFAULT_SAMPLE = 10_000


def classify_command(
    table: Annotated[str, typer.Argument(help=say("a file, or a database table", "文件或数据库表"))],
    sample: Annotated[
        int,
        typer.Option(
            min=1,
            help=say(
                "rows to look at, spread over the whole table: one from each of as many equal strips",
                "抽样行数，均匀分布于全表：把表等分为若干段，每段取一行",
            ),
        ),
    ] = DEFAULT_SAMPLE,
    full: Annotated[bool, typer.Option("--full", help=say("look at every row", "查看每一行"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Classify the columns of a table and show what was found, never a value."""
    with working(say("classifying the columns", "正在识别各列"), quiet=as_json):
        opened = open_table(table)
        rows = opened.frame.collect() if full else spread(opened.frame, sample)
        columns = classify(rows, as_of=date.today())
    if as_json:
        show_json(columns_json(columns))
        return
    headings = [
        say("column", "列"),
        say("level", "级别"),
        say("category", "类别"),
        say("confidence", "置信度"),
        say("matched", "匹配率"),
        say("checksum", "校验通过率"),
        say("also found", "另含"),
    ]
    title = say(f"{table}: {rows.height:,} rows looked at", f"{table}：已查看 {rows.height:,} 行")
    show_table(title, headings, [_row(column) for column in columns])


def columns_json(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the columns in the documented JSON form; `category` is the category's id."""
    return {
        "columns": [
            {
                "name": column.name,
                "category": column.category.id,
                "level": int(column.category.level),
                "confidence": column.confidence,
                "evidence": asdict(column.evidence),
            }
            for column in columns
        ]
    }


def _row(column: Column) -> list[str | int]:
    evidence = column.evidence
    return [
        column.name.replace("[", r"\["),
        int(column.category.level),
        read(column.category.title),
        f"{column.confidence:.2f}",
        f"{evidence.match_rate:.0%}",
        "-" if evidence.checksum_rate is None else f"{evidence.checksum_rate:.0%}",
        ", ".join(read(CATEGORIES[other].title) for other in evidence.others),
    ]
