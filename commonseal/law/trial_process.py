"""Answer for `trial`: compile and dry-run conditions, in a process that may crash or be killed.

Run as `python -P -m commonseal.law.trial_process`: conditions come as JSON on standard input, faults go
as JSON to standard output.
"""

from __future__ import annotations

import json
import sys

from commonseal.law.cel_core import cel
from commonseal.law.condition import dry_run
from commonseal.law.subjects import FACTS
from commonseal.law.trial import Trial
from commonseal.model import Text


def try_all(asked: str) -> str:
    """Try every condition of a JSON list; return the faults as a JSON list."""
    faults = []
    for record in json.loads(asked):
        trial = Trial(**record)
        try:
            fault = dry_run(cel.compile(trial.source), trial.subject, trial.params, FACTS[trial.subject])
        except ValueError:
            fault = Text(en="when: not a valid CEL expression", zh="when：不是合法的 CEL 表达式")
        if fault is not None:
            faults.append({"en": f"{trial.file} {fault.en}", "zh": f"{trial.file} {fault.zh}"})
    return json.dumps(faults, ensure_ascii=True)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(try_all(sys.stdin.read()))
