"""Compile and run others' conditions in a process of their own, which is killed when it takes long.

The CEL core is native and has no cost limit: what crashes or hangs it must not take this process
along. This module is the side that asks; `trial_process` is the side that answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from commonseal.law.rule import Number
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Trial:
    """One condition to try: where it stands, and what it needs."""

    file: str
    subject: str
    source: str
    params: Mapping[str, Number]


def try_conditions(trials: Sequence[Trial], *, seconds: float) -> list[Text]:
    """Try conditions in a process of their own; return the faults, one of which may be its end."""
    if not trials:
        return []
    asked = json.dumps([asdict(trial) for trial in trials])
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "commonseal.law.trial_process"],  # -P: not from this folder
            input=asked,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [_ended(trials, f"took over {seconds:g} s", f"用时超过 {seconds:g} 秒")]
    try:
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        return [_ended(trials, f"crashed (exit {done.returncode})", f"异常退出（{done.returncode}）")]
    return [Text(en=str(fault["en"]), zh=str(fault["zh"])) for fault in found]


def _ended(trials: Sequence[Trial], en: str, zh: str) -> Text:
    files = ", ".join(trial.file for trial in trials[:5]) + (" ..." if len(trials) > 5 else "")
    return Text(
        en=f"the trial run of the conditions {en}: one of {files}; simplify it",
        zh=f"条件试运行{zh}：问题在 {files} 之中；请简化条件",
    )
