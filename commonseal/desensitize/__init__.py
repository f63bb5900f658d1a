"""Treat cells: mask, generalize or pseudonymize one column, as one Polars expression.

    params       read an operator's parameters, or say what is wrong with them
    canonical    one text, one date and one number for a cell, whatever its type
    generalize   month, year, interval, grid;  `district` for addresses
    mask         hide characters by position, or what is found in free text
    pseudonym    keyed hashes, constant or changing by day or week;  `unhex` makes bytes of hex
    operators    the list of operators, and `treat` that picks among them

An expression built here means the same in a lazy scan, in the streaming engine and in a plain frame.
"""

from commonseal.desensitize.operators import OPERATORS, Operator, bad_count, treat

__all__ = ["OPERATORS", "Operator", "bad_count", "treat"]
