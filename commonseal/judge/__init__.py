"""Judge a table: how well are its people hidden, and does that meet the law's thresholds?"""

from commonseal.judge.judgement import Judgement, Terms, judge_table
from commonseal.judge.models import holds, holds_all, make_model
from commonseal.judge.population import estimate_uniqueness
from commonseal.judge.risk import measure
from commonseal.judge.trace import trace_unicity
from commonseal.judge.verdict import judge

__all__ = [
    "Judgement",
    "Terms",
    "estimate_uniqueness",
    "holds",
    "holds_all",
    "judge",
    "judge_table",
    "make_model",
    "measure",
    "trace_unicity",
]
