"""The command line: each command is one call into the floors below.

Exit codes: 0 done, 2 bad input, 3 refused by law, 4 a proof does not hold, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys

import typer

from commonseal.cli import certificate, city, key, law, log, privacy
from commonseal.cli.anonymize import anonymize_command
from commonseal.cli.attack import attack_command
from commonseal.cli.classify import classify_command
from commonseal.cli.demo import demo_command
from commonseal.cli.hierarchy import hierarchy_app
from commonseal.cli.judge import judge_command
from commonseal.cli.release import agreement_app, release_command, report_command, verify_command
from commonseal.cli.show import ERR, show_fault
from commonseal.cli.words import say
from commonseal.errors import BadInput, CommonsealError
from commonseal.model import Text

INTERRUPTED = 130

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

app.command(
    "release", help=say("Release a table, or refuse with the article.", "发布数据表，或依法条拒绝。")
)(release_command)
app.command("classify", help=say("Say what each column is.", "识别各列的类别与级别。"))(classify_command)
app.command("anonymize", help=say("Find the levels that lose least.", "寻找损失最小的泛化级别。"))(
    anonymize_command
)
app.command("judge", help=say("Measure how well people are hidden.", "度量个人被隐藏的程度。"))(judge_command)
app.command("attack", help=say("Attack a release: who is named again?", "攻击发布数据：谁会被重新指认？"))(
    attack_command
)
app.command("verify", help=say("Check a package offline.", "离线验证发布包。"))(verify_command)
app.command("report", help=say("Write a page a steward can read.", "生成可读的报告页。"))(report_command)
app.command("demo", help=say("The whole way in a minute.", "一分钟看完全程。"))(demo_command)
app.add_typer(agreement_app, name="agreement")
app.add_typer(hierarchy_app, name="hierarchy")
app.add_typer(law.app, name="law")
app.add_typer(log.app, name="log")
app.add_typer(key.app, name="key")
app.add_typer(city.app, name="city")
app.add_typer(privacy.app, name="privacy")
app.add_typer(certificate.app, name="certificate")


def main() -> None:
    """Run the command line; turn every fault into a message and an exit code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app(args=_without_lang(sys.argv[1:]))
    except CommonsealError as fault:
        show_fault(fault)
        sys.exit(fault.exit_code)
    except OSError as fault:
        show_fault(BadInput(_of_the_system(fault)))
        sys.exit(BadInput.exit_code)
    except SystemExit as left:
        if left.code == INTERRUPTED:
            ERR.print(say("interrupted; nothing was half-written", "已中断；没有留下半成品"))
        raise


def _stop(number: int, frame: object) -> None:
    """Leave on SIGTERM as on an interrupt, so that clear working copies go with us."""
    raise KeyboardInterrupt


def _of_the_system(fault: OSError) -> Text:
    """Say what the operating system said, and of which file."""
    where = f"{fault.filename}: " if fault.filename else ""
    reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
    return Text(
        en=f"{where}{reason}; check the path, its permissions and the free space",
        zh=f"{where}{reason}；请检查路径、权限和剩余空间",
    )


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
