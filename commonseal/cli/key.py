"""`commonseal key`: make the key that pseudonyms are made under, or show which key a file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.show import OUT, show_json
from commonseal.cli.words import say
from commonseal.seal.keyfile import fingerprint, load_key, new_key

app = typer.Typer(
    help=say("Make and recognize the keys of pseudonyms.", "生成和辨认假名化密钥。"), no_args_is_help=True
)

KeyPath = Annotated[Path, typer.Argument(metavar="PATH", help=say("the key file", "密钥文件"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("print one JSON document", "输出 JSON"))]


@app.command(
    help=say("Write a new key to PATH, never over a file.", "生成新密钥并写入 PATH，绝不覆盖已有文件。")
)
def new(path: KeyPath, as_json: AsJson = False) -> None:
    """Write a new key; print its fingerprint and how to keep it."""
    new_key(path)
    _show(path, as_json)
    if not as_json:
        OUT.print(
            say(
                "Keep it apart from the data and back it up: without it no new copy can be linked to those "
                "already handed out, and destroying it makes them unlinkable for good.",
                "请与数据分开保管并备份：丢失后，新副本无法与已提供的副本关联；销毁它即永久切断关联。",
            )
        )


@app.command(help=say("Print the fingerprint of the key in PATH.", "显示 PATH 中密钥的指纹，从不显示密钥。"))
def show(path: KeyPath, as_json: AsJson = False) -> None:
    """Print the fingerprint of a key, never the key."""
    _show(path, as_json)


def _show(path: Path, as_json: bool) -> None:
    mark = fingerprint(load_key(path))
    if as_json:
        show_json({"path": str(path), "fingerprint": mark})
        return
    OUT.print(say(f"key file     {path}", f"密钥文件  {path}"), highlight=False, markup=False, soft_wrap=True)
    OUT.print(say(f"fingerprint  {mark}", f"密钥指纹  {mark}"), highlight=False, markup=False, soft_wrap=True)
