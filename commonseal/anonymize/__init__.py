"""Anonymize a table: full-domain generalization that loses least and keeps k, l and t.

Compress (count distinct quasi-identifier tuples), search (levels), apply (a lookup per cell).
"""

from commonseal.anonymize.asked import MODELS, Aids, Asked, ModelAsked
from commonseal.anonymize.builders import build_hierarchy
from commonseal.anonymize.compress import compress, compress_batches
from commonseal.anonymize.hierarchy import (
    Hierarchy,
    hierarchy_from_rows,
    read_hierarchies,
    read_hierarchy,
    write_hierarchy,
)
from commonseal.anonymize.plan import Plan, decide

__all__ = [
    "MODELS",
    "Aids",
    "Asked",
    "Hierarchy",
    "ModelAsked",
    "Plan",
    "build_hierarchy",
    "compress",
    "compress_batches",
    "decide",
    "hierarchy_from_rows",
    "read_hierarchies",
    "read_hierarchy",
    "write_hierarchy",
]
