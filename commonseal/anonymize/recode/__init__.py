"""Recodings that go cell by cell or box by box, and not column by column as the search's levels do.

local, cells: labels or hidden cells chosen for each tuple. mondrian: boxes. microaggregate: numbers by
group. coding: the ends of a column.
"""
