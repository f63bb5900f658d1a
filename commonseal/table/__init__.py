"""Columnar primitives that the stages stand on: counted tuples, classes of equal tuples."""

from commonseal.table.classes import Grouping, group_codes, pair_counts

ROWS = "__rows__"  # the column in which counted tuples carry their number of rows

__all__ = ["ROWS", "Grouping", "group_codes", "pair_counts"]
