"""Ordered categories, neighbours joined level by level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commonseal.anonymize.builders.builder import Steps
from commonseal.anonymize.builders.fan_out import FanOut, check_fan_outs, groups
from commonseal.errors import BadInput
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Order:
    """Categories in their `order`; each fan-out joins neighbours of the level below.

    A group is called `first – last` of its members, or as `labels` says: one list a level, one name a
    group. Every category of `order` gets its row, whether the table holds it or not.
    """

    order: tuple[str, ...]
    fan_outs: tuple[FanOut, ...]
    labels: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what does not add up. Raises: BadInput."""
        if not self.order or not all(self.order) or len(set(self.order)) != len(self.order):
            raise BadInput(
                Text(
                    en="order: expected each category once, none empty",
                    zh="order：每个类别应写一次，不得为空",
                )
            )
        check_fan_outs(self.fan_outs)
        levels = groups(len(self.order), self.fan_outs)
        if self.labels and [len(names) for names in self.labels] != [len(level) for level in levels]:
            wanted = ", ".join(str(len(level)) for level in levels)
            raise BadInput(
                Text(
                    en=f"labels: expected {len(levels)} lists with {wanted} names",
                    zh=f"labels：应有 {len(levels)} 个列表，名称数依次为 {wanted}",
                )
            )
        for level, names in enumerate(self._names(), start=1):
            if len(set(names)) != len(names) or not all(names):
                raise BadInput(
                    Text(
                        en=f"labels: two groups of level {level} bear one name, or one has none; name them apart",
                        zh=f"labels：第 {level} 级有两组同名，或有一组无名；请分别命名",
                    )
                )

    @property
    def expects(self) -> Text:
        """Return what a value must be."""
        return Text(en="one of the categories of `order`", zh="order 所列类别之一")

    def steps(self, counts: Mapping[str, int]) -> Steps:
        """Return each category's groups, in the order given; then what is not in it, unreadable."""
        steps: dict[str, list[str]] = {value: [] for value in self.order}
        for spans, names in zip(groups(len(self.order), self.fan_outs), self._names(), strict=True):
            for (first, last), name in zip(spans, names, strict=True):
                for value in self.order[first : last + 1]:
                    steps[value].append(name)
        return {**steps, **{value: None for value in counts if value not in steps}}

    def _names(self) -> list[tuple[str, ...]]:
        if self.labels:
            return list(self.labels)
        return [
            tuple(
                self.order[first] if first == last else f"{self.order[first]} – {self.order[last]}"
                for first, last in spans
            )
            for spans in groups(len(self.order), self.fan_outs)
        ]
