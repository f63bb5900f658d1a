"""The law over time and beside other law: `law diff`, `law simulate`, `law coverage`, `law compare`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.law_change_json import comparison_json, coverage_json, diff_json, simulation_json
from commonseal.cli.law_change_show import show_comparison, show_coverage, show_diff, show_simulation
from commonseal.cli.law_facts import read_case
from commonseal.cli.law_options import AsJson, Packs, book_with
from commonseal.cli.show import OUT, show_json, working
from commonseal.cli.words import LANG, say
from commonseal.errors import BadInput
from commonseal.law import (
    compare_laws,
    coverage_of,
    diff_days,
    lay_over,
    load_book,
    read_decisions,
    simulate_change,
)
from commonseal.model import Text
from commonseal.release.change_page import write_change

_DAY = ["%Y-%m-%d"]
_PAGES = (".svg", ".html")


def diff_command(
    first: Annotated[
        datetime, typer.Argument(metavar="DATE", formats=_DAY, help=say("the earlier day", "较早的日期"))
    ],
    second: Annotated[
        datetime, typer.Argument(metavar="DATE", formats=_DAY, help=say("the later day", "较晚的日期"))
    ],
    as_json: AsJson = False,
    pack: Packs = None,
) -> None:
    """Show which rules begin, end, or change a number between two days."""
    days = (first.date(), second.date())
    found = diff_days(book_with(pack), *days)
    if as_json:
        show_json(diff_json(*days, found))
    else:
        show_diff(*days, found)


def simulate_command(
    change: Annotated[
        Path,
        typer.Option("--change", help=say("the folder with the rules that change", "载有修改规则的文件夹")),
    ],
    against: Annotated[
        Path,
        typer.Option(
            "--against",
            help=say(
                "stored decisions: a file or a folder of JSON, JSON lines, packages",
                "已存判定：JSON、JSON 行、发布包的文件或文件夹",
            ),
        ),
    ],
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture",
            help=say("write the picture (.svg) or the page (.html)", "写出图（.svg）或网页（.html）"),
        ),
    ] = None,
    as_json: AsJson = False,
    pack: Packs = None,
) -> None:
    """Take stored decisions again under a changed pack, and show which of them turn."""
    if picture is not None and picture.suffix not in _PAGES:
        raise BadInput(
            Text(
                en=f"--picture: got {picture.name!r}, expected a name that ends in .svg or .html",
                zh=f"--picture：得到 {picture.name!r}，文件名应以 .svg 或 .html 结尾",
            )
        )
    with working(say("taking decisions again", "重新判定"), quiet=as_json):
        shelf = read_decisions(against)
        overlay = lay_over(book_with(pack), load_book([change]))
        simulation = simulate_change(overlay, shelf.decisions)
    name = change.resolve().name
    if picture is not None:
        write_change(picture, name, overlay, simulation, LANG)
    if as_json:
        show_json(simulation_json(name, overlay, simulation, shelf))
        return
    show_simulation(name, overlay, simulation, shelf)
    if picture is not None:
        OUT.print(say(f"picture: {picture}", f"图：{picture}"), highlight=False)


def coverage_command(as_json: AsJson = False, pack: Packs = None) -> None:
    """Show facts that no rule reads, and articles and sections that no rule covers."""
    found = coverage_of(book_with(pack))
    if as_json:
        show_json(coverage_json(found))
    else:
        show_coverage(found)


def compare_command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="JURISDICTION... FACTS",
            help=say(
                "two or more of cn, city, eu, then the file of facts", "cn、city、eu 中两个以上，再写事实文件"
            ),
        ),
    ],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", formats=_DAY, help=say("the day whose law decides", "适用何日的法律")),
    ],
    adopt: Annotated[
        list[str] | None,
        typer.Option(
            "--adopt",
            help=say(
                "a pack whose model rules decide under cn; may be repeated",
                "在 cn 下采用的示范规则包，可重复",
            ),
        ),
    ] = None,
    as_json: AsJson = False,
    pack: Packs = None,
) -> None:
    """Put the same facts to the law of several jurisdictions, side by side."""
    *jurisdictions, facts = words
    book = book_with(pack)
    case = read_case(Path(facts))
    found = compare_laws(
        book, case.subject, case.facts, jurisdictions, as_of=as_of.date(), adopted=frozenset(adopt or ())
    )
    if as_json:
        show_json(comparison_json(found))
    else:
        show_comparison(found)
