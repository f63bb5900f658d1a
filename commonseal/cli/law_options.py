"""What the commands of the lawbook share: the options they all have, and the book they load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.words import say
from commonseal.law import OUR_PACKS, Book, load_book

AsJson = Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))]
Packs = Annotated[
    list[Path] | None,
    typer.Option(
        "--pack", help=say("a folder with further rules; may be repeated", "其他规则包文件夹，可重复")
    ),
]


def book_with(packs: list[Path] | None) -> Book:
    """Return our lawbook with the packs of `--pack` beside it. Raises: BadPack."""
    return load_book((*OUR_PACKS, *(packs or ())))
