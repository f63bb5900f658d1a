"""Group a sequence level by level: so many neighbours a group, or groups of stated sizes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from commonseal.errors import BadInput
from commonseal.model import Text

FanOut = int | tuple[int, ...]


def groups(count: int, fan_outs: Sequence[FanOut]) -> list[list[tuple[int, int]]]:
    """Return for each level the groups as (first, last) of the original `count` things.

    Args: fan_outs: a number of neighbours (the last group may hold fewer), or the size of each group.
    Raises: BadInput where stated sizes do not add up to what is there.

    >>> groups(5, [2, (1, 2)])
    [[(0, 1), (2, 3), (4, 4)], [(0, 1), (2, 4)]]
    """
    spans = [(each, each) for each in range(count)]
    levels = []
    for level, fan_out in enumerate(fan_outs, start=1):
        sizes = fan_out if isinstance(fan_out, tuple) else _even(len(spans), fan_out)
        if sum(sizes) != len(spans):
            raise BadInput(
                Text(
                    en=f"fan_outs: level {level}: got sizes that add up to {sum(sizes)}, expected {len(spans)}",
                    zh=f"fan_outs：第 {level} 级：各组大小之和为 {sum(sizes)}，应为 {len(spans)}",
                )
            )
        ends = list(itertools.accumulate(sizes))
        spans = [
            (spans[end - size][0], spans[end - 1][1]) for end, size in zip(ends, sizes, strict=True) if size
        ]
        levels.append(spans)
    return levels


def check_fan_outs(fan_outs: Sequence[FanOut]) -> None:
    """Raise BadInput unless every fan-out joins at least two, and every size is at least one."""
    for fan_out in fan_outs:
        wrong = min(fan_out, default=0) < 1 if isinstance(fan_out, tuple) else fan_out < 2
        if wrong:
            raise BadInput(
                Text(
                    en="fan_outs: expected whole numbers of 2 or more, or lists of sizes of 1 or more",
                    zh="fan_outs：应为不小于 2 的整数，或由不小于 1 的组大小构成的列表",
                )
            )


def _even(count: int, size: int) -> list[int]:
    full, rest = divmod(count, size)
    return [size] * full + ([rest] if rest else [])
