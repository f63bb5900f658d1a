"""Columnar primitives that the stages stand on: classes of equal tuples, packed keys, file hashes."""

from commonseal.table.classes import Grouping, group_codes, pair_counts

__all__ = ["Grouping", "group_codes", "pair_counts"]
