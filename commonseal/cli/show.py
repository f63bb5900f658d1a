"""Show results: a table in colour for people, JSON for programs; faults in the reader's language."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from commonseal.cli.words import LANG
from commonseal.errors import CommonsealError

# a pipe or a file has no width of its own; 80 would fold every table
OUT = Console(width=None if sys.stdout.isatty() else 120)
ERR = Console(stderr=True)


def show_json(answer: object) -> None:
    """Print one JSON document, UTF-8, keys in the order given."""
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def show_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; numbers stand right, text left."""
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for position, heading in enumerate(headings):
        numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    OUT.print(table)


def show_fault(fault: CommonsealError) -> None:
    """Print a fault on standard error in the chosen language."""
    ERR.print(f"[bold red]✗[/] {_plain(fault.message.in_(LANG))}", highlight=False)


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """Show a spinner with the elapsed time on standard error while long work runs."""
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=ERR,
        transient=True,
        disable=quiet or not ERR.is_terminal,
    )
    with progress:
        progress.add_task(what, total=None)
        yield progress


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
