"""The reference names every command, every option and every exit code of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from commonseal import errors
from commonseal.cli import INTERRUPTED, app
from commonseal.cli.release import REFUSED

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "cli.md"


def commands(group: TyperGroup, way: str = "commonseal") -> Iterator[tuple[str, TyperCommand]]:
    """Walk the tree of commands: (`commonseal log witness serve`, its command)."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{way} {name}")
        else:
            assert isinstance(command, TyperCommand)
            yield f"{way} {name}", command


def every_command() -> list[tuple[str, TyperCommand]]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return list(commands(root))


@pytest.fixture(scope="module")
def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def section(reference: str, way: str) -> str:
    """Return what the reference says of one command: from its heading to the next of commands."""
    headings = list(re.finditer(r"^#+ .*$", reference, re.MULTILINE))
    for position, heading in enumerate(headings):
        if re.search(rf"`{re.escape(way)}\b", heading.group()) or heading.group().lstrip("# ") == way:
            after = headings[position + 1].start() if position + 1 < len(headings) else len(reference)
            return reference[heading.start() : after]
    return ""


def test_there_are_commands() -> None:
    ways = [way for way, _ in every_command()]
    for way in ("release", "classify", "anonymize", "verify", "report", "demo", "agreement draft", "key new"):
        assert f"commonseal {way}" in ways


def test_every_command_is_in_the_reference(reference: str) -> None:
    missing = [way for way, _ in every_command() if not re.search(rf"`?{re.escape(way)}\b", reference)]
    assert not missing, f"docs/reference/cli.md does not mention: {missing}"


def test_every_option_is_in_the_reference(reference: str) -> None:
    missing = []
    for way, command in every_command():
        place = section(reference, way) or reference
        for parameter in command.params:
            if isinstance(parameter, TyperArgument) or not isinstance(parameter, TyperOption):
                continue
            names = [name for name in parameter.opts if name.startswith("--")]
            if names and not any(re.search(rf"{re.escape(name)}(?![\w-])", place) for name in names):
                missing.append(f"{way} {names[0]}")
    assert not missing, f"docs/reference/cli.md does not mention: {missing}"


def test_lang_is_in_the_reference(reference: str) -> None:
    assert "--lang" in reference
    assert "COMMONSEAL_LANG" in reference


def test_no_option_of_the_reference_is_made_up(reference: str) -> None:
    known = {"--lang", "--help"}
    for _, command in every_command():
        known |= {name for parameter in command.params for name in parameter.opts}
        known |= {name for parameter in command.params for name in parameter.secondary_opts}
    assert not set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", reference)) - known


def test_every_exit_code_is_in_the_reference(reference: str) -> None:
    faults = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.CommonsealError)
    }
    codes = {0, REFUSED, INTERRUPTED, *faults}
    assert codes == {0, 2, 3, 4, 130}
    missing = [
        code for code in sorted(codes) if not re.search(rf"^\|\s*`?{code}`?\s*\|", reference, re.MULTILINE)
    ]
    assert not missing, f"docs/reference/cli.md has no row for the exit codes {missing}"
