"""The lawbook for others to read: `law book` as pages, `law export` as data in the terms of the web."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonseal.cli.law_options import AsJson, Packs, book_with
from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import LANG, say
from commonseal.errors import BadInput
from commonseal.law import Book
from commonseal.law.book import write_site
from commonseal.model import Text
from commonseal.release.report import write_page

if TYPE_CHECKING:
    from commonseal.law.odrl.export import Exported

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help=say("the day whose numbers and standing are shown; today", "按该日的取值和时效，默认为今日"),
    ),
]


def book_command(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help=say("the folder to write; ours is replaced", "写出的文件夹，已有的同类文件夹将被替换"),
        ),
    ],
    as_of: AsOf = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """Write the lawbook as a site of pages that need no server and no network."""
    day = (as_of or datetime.now(UTC)).date()
    with working(say("writing the lawbook", "正在写出法规库"), quiet=as_json):
        book = book_with(pack)
        pages = write_site(book, out, as_of=day, lang=LANG)
    if as_json:
        show_json(
            {
                "folder": str(out),
                "pages": pages,
                "rules": len(book.rules),
                "as_of": day.isoformat(),
                "digest": book.digest,
            }
        )
        return
    OUT.print(
        say(
            f"{len(book.rules)} rules on {pages} pages: open {out / 'index.html'}",
            f"{len(book.rules)} 条规则，{pages} 页：打开 {out / 'index.html'}",
        ),
        highlight=False,
    )


class Format(StrEnum):
    """What `law export` can write."""

    ODRL = "odrl"


def export_command(
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help=say("odrl: policies of ODRL 2.2 with DPV terms", "odrl：ODRL 2.2 策略，采用 DPV 术语"),
        ),
    ] = Format.ODRL,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help=say(
                "a .jsonld or .ttl file; none: standard output", ".jsonld 或 .ttl 文件；不写则输出到标准输出"
            ),
        ),
    ] = None,
    as_of: AsOf = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """Write the rules on data that are in force on a day as policies in the terms of the web."""
    turtle = out is not None and out.suffix == ".ttl"
    if out is not None and out.suffix not in (".ttl", ".jsonld", ".json"):
        raise BadInput(
            Text(
                en=f"{out}: expected a name that ends in .jsonld or .ttl (--out)",
                zh=f"{out}：文件名应以 .jsonld 或 .ttl 结尾（--out）",
            )
        )
    if out is None and as_json:
        raise BadInput(
            Text(
                en="--json tells what was written: name the file with --out",
                zh="--json 用于说明写出的内容：请用 --out 指定文件",
            )
        )
    day = (as_of or datetime.now(UTC)).date()
    with working(say("writing policies", "正在写出策略"), quiet=as_json or out is None):
        content, told = _exported(book_with(pack), day, turtle=turtle)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write_page(out, content, option="--out")
    if as_json:
        show_json({"file": str(out), "format": str(form), "as_of": day.isoformat(), **asdict(told)})
        return
    left = sum(told.left_out.values())
    OUT.print(
        say(
            f"{told.rules} rules in {told.policies} policies, {told.constraints} constraints; {told.opaque} more stand as CEL, in "
            f"{told.rules_with_opaque} rules. {left} rules are left out: {out}",
            f"{told.policies} 项策略，{told.rules} 条规则，{told.constraints} 项约束；另有 {told.opaque} 项以 CEL 保留，"
            f"涉及 {told.rules_with_opaque} 条规则。{left} 条规则未导出：{out}",
        ),
        highlight=False,
    )
    show_table(
        say("left out", "未导出"), (say("why", "原因"), say("rules", "规则数")), sorted(told.left_out.items())
    )


def _exported(book: Book, day: date, *, turtle: bool) -> tuple[bytes, Exported]:
    try:
        # RDFLib is an extra, and slow to load
        from commonseal.law.odrl.export import export_rules
        from commonseal.law.odrl.file import written
    except ModuleNotFoundError as absent:
        if absent.name != "rdflib":
            raise
        raise BadInput(
            Text(
                en="law export needs RDFLib: pip install 'commonseal[odrl]'",
                zh="law export 需要 RDFLib：pip install 'commonseal[odrl]'",
            )
        ) from absent
    graph, told = export_rules(book, as_of=day)
    return written(graph, "turtle" if turtle else "json-ld"), told
