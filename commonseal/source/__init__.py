"""Open a table of people where it lies: files, sheets, databases, frames.

    file, sheet, query  ->  open_table  ->  Table: a lazy frame, its columns, the file behind it

What holds of every `Table`: at least one row; every column has a name of its own; text is as it was
written; the frame is lazy, so that a table larger than memory passes. What cannot be opened is
refused with the place and what to do, never with a cell.
"""

from commonseal.source.frames import from_frame
from commonseal.source.opening import open_table
from commonseal.source.table import Table

__all__ = ["Table", "from_frame", "open_table"]
