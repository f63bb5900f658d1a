"""Say what a hierarchy holds, level by level, and how it fits the values of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.model import Text

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """One level: how many labels, what share of the domain the smallest and the largest cover, the first few."""

    level: int
    labels: int
    smallest_share: float
    largest_share: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a hierarchy fits a table. Counts only: the values are cells of the table.

    `missing_values` have no row, on `missing_rows` rows of the table; `trimmed_values` of them have one
    but for spaces around them, `number_values` but for another way to write the same number.
    `idle_values` are rows of the hierarchy that the table does not need.
    """

    values: int
    missing_values: int
    missing_rows: int
    missing_nulls: int
    trimmed_values: int
    number_values: int
    idle_values: int

    @property
    def holds(self) -> bool:
        """True where every value of the table, null included, has a row."""
        return not self.missing_values and not self.missing_nulls


def level_facts(hierarchy: Hierarchy) -> tuple[LevelFacts, ...]:
    """Return the facts of each level, the values themselves first."""
    return tuple(
        LevelFacts(
            level=level,
            labels=len(labels),
            smallest_share=float(np.min(hierarchy.cover[level])),
            largest_share=float(np.max(hierarchy.cover[level])),
            examples=labels[:_EXAMPLES],
        )
        for level, labels in enumerate(hierarchy.labels)
    )


def notes_of(hierarchy: Hierarchy) -> tuple[Text, ...]:
    """Return what is no fault but worth knowing: a top of many labels, levels that change nothing, no null row."""
    notes = []
    if (top := len(hierarchy.labels[-1])) > 1:
        notes.append(
            Text(
                en=f"the top has {top} labels, not one: a table may then have no levels that pass",
                zh=f"最高级有 {top} 个标签而非一个：可能没有任何级别组合满足要求",
            )
        )
    same = [level for level in range(1, hierarchy.height) if _changes_nothing(hierarchy, level)]
    if same:
        listed = ", ".join(map(str, same))
        notes.append(
            Text(
                en=f"levels that only rename the level below: {listed}",
                zh=f"仅改名而未归并下一级的级别：{listed}",
            )
        )
    if "" not in hierarchy.labels[0]:
        notes.append(
            Text(
                en="no row for nulls: a table with nulls will be refused",
                zh="没有空值行：含空值的数据表会被拒绝",
            )
        )
    return tuple(notes)


def fit(hierarchy: Hierarchy, counts: Mapping[str, int]) -> Fit:
    """Compare a hierarchy with a table's values. `counts`: values as text with their rows, "" for null."""
    known = set(hierarchy.labels[0])
    missing = {value for value in counts if value and value not in known}
    numbers = {number for value in known if (number := _as_number(value)) is not None}
    return Fit(
        values=sum(1 for value in counts if value),
        missing_values=len(missing),
        missing_rows=sum(counts[value] for value in missing),
        missing_nulls=0 if "" in known else counts.get("", 0),
        trimmed_values=sum(value.strip() in known for value in missing),
        number_values=sum(_as_number(value) in numbers for value in missing),
        idle_values=sum(1 for value in known if value and value not in counts),
    )


def _changes_nothing(hierarchy: Hierarchy, level: int) -> bool:
    return len(hierarchy.labels[level]) == len(hierarchy.labels[level - 1])


def _as_number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number else None
