"""What a command line is made of, and what it leaves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from release_case import DAY, Case


@dataclass(frozen=True)
class Ran:
    """What a run of the command line left: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def command(*words: object, lang: str = "en", **settings: str) -> dict[str, Any]:
    """Return the arguments of `subprocess` that run the real command in a language."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "COMMONSEAL_"))}
    environ |= {"COMMONSEAL_LANG": lang, "COLUMNS": "400", "PYTHONUTF8": "1", **settings}
    return {"args": [sys.executable, "-m", "commonseal", *map(str, words)], "env": environ}


def release_words(case: Case, *more: object, table: object = None, out: str = "package") -> list[object]:
    """Return the words that release a case's table."""
    words = ["release", table or case.table, "--agreement", case.agreement, "--out", case.folder / out]
    return [*words, "--as-of", DAY, *more]
