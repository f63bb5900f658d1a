"""Judge a table: how well are its people hidden, and does that meet the law's thresholds?"""

from commonseal.judge.risk import measure
from commonseal.judge.trace import trace_unicity
from commonseal.judge.verdict import judge

__all__ = ["judge", "measure", "trace_unicity"]
