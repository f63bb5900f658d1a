"""Rare values join until each group holds enough rows. It sees counts only, so equal tables build equal files."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commonseal.anonymize.builders.builder import Steps
from commonseal.errors import BadInput
from commonseal.model import Text

Member = tuple[int, str]  # minus the rows, the value: sorted, the most frequent comes first
Group = tuple[int, tuple[Member, ...]]  # rows, members in order


@dataclass(frozen=True, slots=True)
class Frequency:
    """Groups of at least `rows[i]` rows, or `shares[i]` of all rows, at level i + 1.

    A value, or a group of the level below, that holds enough stays alone. The others join from the
    rarest up; what is left over joins the last group made. A group of n is called after its most
    frequent member, `Peru +12`. Postcondition: at every level each label covers at least what was
    asked, or there is only one label; nulls and what stands apart are not counted.
    """

    rows: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse thresholds that do not ascend. Raises: BadInput."""
        if bool(self.rows) == bool(self.shares):
            raise BadInput(Text(en="expected either rows or shares", zh="rows 与 shares 应给出且只给出一个"))
        asked: Sequence[float] = self.rows or self.shares
        if any(a >= b for a, b in itertools.pairwise(asked)) or asked[0] <= 0:
            raise BadInput(
                Text(
                    en="rows, shares: expected ascending numbers above 0",
                    zh="rows、shares：应为大于 0 的递增数",
                )
            )
        if self.shares and self.shares[-1] > 1:
            raise BadInput(Text(en="shares: expected at most 1", zh="shares：不应大于 1"))

    @property
    def expects(self) -> Text:
        """Return what a value must be: nothing in particular."""
        return Text(en="a text", zh="文字")

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each value's groups, the most frequent value first, equal ones by their text."""
        total = sum(counts.values())
        least = self.rows or tuple(math.ceil(share * total - 1e-9) for share in self.shares)
        standing: list[Group] = [(rows, ((-rows, value),)) for value, rows in counts.items()]
        steps: dict[str, list[str]] = {
            value: [] for value in sorted(counts, key=lambda value: (-counts[value], value))
        }
        for limit in least:
            standing = _join(standing, limit)
            for _, members in standing:
                first = members[0][1]
                label = first if len(members) == 1 else f"{first} +{len(members) - 1}"
                for _, value in members:
                    steps[value].append(label)
        return steps


def _join(groups: Sequence[Group], limit: int) -> list[Group]:
    """Join the groups under `limit`, rarest first; what is left over joins the last, else the rarest enough."""
    rare = sorted(group for group in groups if group[0] < limit)
    made = sorted(group for group in groups if group[0] >= limit)
    joined: list[Group] = []
    open_: list[Group] = []
    for group in rare:
        open_.append(group)
        if sum(rows for rows, _ in open_) >= limit:
            joined.append(_one(open_))
            open_ = []
    if open_:
        rest = joined.pop() if joined else made.pop(0) if made else None
        joined.append(_one([*open_, *([rest] if rest else [])]))
    return [*made, *joined]


def _one(groups: Sequence[Group]) -> Group:
    members = sorted(member for _, members in groups for member in members)
    return sum(rows for rows, _ in groups), tuple(members)
