"""Commonseal: the legal record is the switch that lets data move.

The way of a record:

    source -> classify -> law -> desensitize -> anonymize -> judge -> release -> log
    open a    which       what    per cell:      per table:   how well  sealed      proof
    table     column is   the law mask, keyed    generalize,  are its   Parquet +   anyone
              what, how   asks    hash, round    suppress     people    manifest    can check
              sensitive   today                  k, l, t      hidden?

`release/pipeline.py` is the only place that knows this order.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load `commonseal.release` when it is first asked for: `import commonseal` alone stays light."""
    if name == "release":
        return import_module("commonseal.release")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
