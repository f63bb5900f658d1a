"""What every builder shares: its labels become a hierarchy with a null row and one top."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from commonseal.anonymize.hierarchy import Hierarchy, hierarchy_from_rows
from commonseal.errors import BadInput
from commonseal.model import Text

TOP = "*"

Steps = Mapping[str, Sequence[str] | None]


class Builder(Protocol):
    """A recipe for the labels of a column."""

    @property
    def expects(self) -> Text:
        """Return what a value must be, as the message about others says it."""

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return the labels of each value above itself and below the top, most special first.

        Args: counts: values as text with their rows; none is empty.
        Returns: one entry a value, in the order of the file to be; None where a value cannot be read.
        """


def build(
    column: str, builder: Builder, counts: Mapping[str, int], *, apart: Collection[str] = ()
) -> Hierarchy:
    """Build a hierarchy over the values of a column.

    Args:
        counts: values as text with their rows; the empty text stands for null.
        apart: values that keep to themselves until the top, such as `?` among numbers.
    Returns: rows in the builder's order, then `apart`, then null; nested; the top is `*`.
    Raises: BadInput when a value cannot be read (how many, never which); BadHierarchy.
    """
    steps = builder.steps({value: rows for value, rows in counts.items() if value and value not in apart})
    labels = {value: labels for value, labels in steps.items() if labels is not None}
    if unreadable := len(steps) - len(labels):
        raise BadInput(_unreadable(column, unreadable, builder.expects))
    alone = [*(value for value in apart if value in counts), *([""] if "" in counts or not labels else [])]
    if taken := sorted(set(alone) & {label for row in labels.values() for label in row}):
        raise BadInput(
            Text(
                en=f"column '{column}': apart: '{taken[0]}' is also the label of a group",
                zh=f"列“{column}”：apart：“{taken[0]}”同时是某一组的标签",
            )
        )
    width = len(next(iter(labels.values()), ()))
    rows = [[value, *row, TOP] for value, row in labels.items()]
    rows += [[value] * (width + 1) + [TOP] for value in alone]
    return hierarchy_from_rows(column, rows, f"{column}: ")


def natural(value: str) -> tuple[int, float, str]:
    """Return a key that sorts numbers by size and before other text."""
    try:
        number = float(value)
    except ValueError:
        return 1, 0.0, value
    return (0, number, value) if number == number else (1, 0.0, value)


def _unreadable(column: str, count: int, expects: Text) -> Text:
    return Text(
        en=f"column '{column}': {count} distinct values cannot be read; expected {expects.en}; correct them, "
        "or name under `apart` those that shall keep to themselves",
        zh=f"列“{column}”：有 {count} 个不同的值无法解读；应为{expects.zh}；请更正，"
        "或在 apart 中写明应单独保留的值",
    )
