"""The command line: each command is one call into the floors below.

Exit codes: 0 done, 2 bad input, 3 refused by law, 4 a proof does not hold, 130 interrupted.
"""

from __future__ import annotations

import sys

import typer

from commonseal.cli.show import ERR, show_fault
from commonseal.cli.words import say
from commonseal.errors import CommonsealError

app = typer.Typer(
    name="commonseal",
    help=say(
        "Commonseal: the legal record is the switch that lets data move.",
        "Commonseal（公章）：法律记录就是数据流动的开关。",
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Run the command line; turn every fault into a message and an exit code."""
    try:
        app(args=_without_lang(sys.argv[1:]))
    except CommonsealError as fault:
        show_fault(fault)
        sys.exit(fault.exit_code)
    except KeyboardInterrupt:
        ERR.print(say("interrupted; nothing was half-written", "已中断；没有留下半成品"))
        sys.exit(130)


def _without_lang(argv: list[str]) -> list[str]:
    """Drop `--lang X`, which may stand anywhere: `words` has read it already."""
    kept: list[str] = []
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word == "--lang":
            skip = True
        elif not word.startswith("--lang="):
            kept.append(word)
    return kept
