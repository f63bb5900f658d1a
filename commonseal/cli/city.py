"""`commonseal city make`: a seeded, synthetic city to try everything on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commonseal.city import AS_OF, City, make_city
from commonseal.cli.show import show_json, show_table, working
from commonseal.cli.words import say

app = typer.Typer(help=say("Make a synthetic city.", "生成一座合成城市。"), no_args_is_help=True)


_TODAY = datetime.combine(AS_OF, time())


class FileFormat(StrEnum):
    """The formats a city is written in."""

    PARQUET = "parquet"
    CSV = "csv"


@app.callback()
def city() -> None:
    """Keep `make` a command of its own."""


@app.command(help=say("Make a city; same arguments, same bytes.", "生成城市；参数相同则字节相同。"))
def make(
    out: Annotated[Path, typer.Option(help=say("a new or empty folder", "新目录或空目录"))],
    residents: Annotated[int, typer.Option(help=say("people, 1 to 20,000,000", "人口，1 至 2000 万"))],
    seed: Annotated[int, typer.Option(help=say("same seed, same city", "相同种子得到相同城市"))] = 1,
    as_of: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help=say("the city's day", "城市所处日期"))
    ] = _TODAY,
    format: Annotated[FileFormat, typer.Option(help=say("file format", "文件格式"))] = FileFormat.PARQUET,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Make a city and show its files."""
    with working(say("making the city", "正在生成城市"), quiet=as_json):
        made = make_city(out, residents=residents, seed=seed, as_of=as_of.date(), format=format.value)
    _show(made, as_json)


def _show(made: City, as_json: bool) -> None:
    """Show what was made, as a table or as JSON."""
    if as_json:
        show_json(asdict(made) | {"rows": made.rows})
        return
    show_table(
        say(
            f"Wanglan: {made.residents:,} residents, seed {made.seed}",
            f"望澜市：{made.residents:,} 人，种子 {made.seed}",
        ),
        (say("file", "文件"), say("rows", "行数"), say("MB", "MB"), "SHA-256"),
        [(file.name, file.rows, round(file.bytes / 1e6, 2), file.sha256[:16]) for file in made.files],
    )
