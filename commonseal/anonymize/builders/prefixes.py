"""Ever shorter prefixes of codes, or suffixes; what is hidden is starred."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from commonseal.anonymize.builders.builder import Steps
from commonseal.errors import BadInput
from commonseal.model import Text

HIDDEN = "*"


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Keep `keep[i]` characters at level i + 1, the rest starred; `end` says from which side.

    Without `keep`: one character less at each level, down to one, of the longest value.
    A value that is not longer than what is kept stays itself. The number of stars tells the length.
    """

    keep: tuple[int, ...] = ()
    end: Literal["left", "right"] = "left"

    def __post_init__(self) -> None:
        """Refuse what is not descending. Raises: BadInput."""
        if any(kept < 1 for kept in self.keep) or any(a <= b for a, b in itertools.pairwise(self.keep)):
            raise BadInput(
                Text(
                    en="keep: expected descending whole numbers, 1 or more",
                    zh="keep：应为不小于 1 的递减整数",
                )
            )

    @property
    def expects(self) -> Text:
        """Return what a value must be: nothing in particular."""
        return Text(en="a text", zh="文字")

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each value's prefixes, values in their order as text."""
        longest = max(map(len, counts), default=0)
        keep = self.keep or tuple(range(longest - 1, 0, -1))
        return {value: [self._starred(value, kept) for kept in keep] for value in sorted(counts)}

    def _starred(self, value: str, kept: int) -> str:
        hidden = HIDDEN * (len(value) - kept)
        if not hidden:
            return value
        return value[:kept] + hidden if self.end == "left" else hidden + value[-kept:]
