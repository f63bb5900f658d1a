"""Find every fault of a question before anything is spent or read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from commonseal.model import Text
from commonseal.privacy.query import Count, Histogram, Mean, Quantile, Query, Statistic, Sum

MOST_CELLS = 100_000  # groups x bins of one statistic


def query_faults(query: Query) -> list[tuple[str, Text]]:
    """Return every fault of a query, with its field; none where it can be asked."""
    faults = [*_unit_faults(query)]
    if not query.statistics:
        faults.append(("statistics", Text(en="is empty; ask at least one", zh="为空；至少应有一项")))
    for column in query.columns:
        if column.startswith("__") and column.endswith("__"):
            faults.append((column, Text(en="is a name of our own; rename it", zh="是保留名称；请改名")))
    for name, values in query.by:
        faults += _list_faults(f"by.{name}", values)
    cells = math.prod(len(values) for _, values in query.by)
    for position, statistic in enumerate(query.statistics):
        where = f"statistics[{position}]"
        faults += _statistic_faults(where, statistic, query)
        most = cells * (len(statistic.bins) if isinstance(statistic, Histogram) else 1)
        if most > MOST_CELLS:
            faults.append(
                (
                    where,
                    Text(
                        en=f"got {most} groups and bins, expected at most {MOST_CELLS}",
                        zh=f"共有 {most} 个组和区间，至多 {MOST_CELLS} 个",
                    ),
                )
            )
    return faults


def _unit_faults(query: Query) -> list[tuple[str, Text]]:
    faults = []
    for name, value in (("dataset", query.dataset), ("recipient", query.recipient)):
        if not value.strip():
            faults.append((name, Text(en="is empty; name it", zh="为空；请写明")))
    for name, most in (
        ("max_rows_per_person", query.max_rows),
        ("max_groups_per_person", query.max_groups),
    ):
        if most < 1:
            faults.append((name, Text(en=f"got {most}, expected at least 1", zh=f"得到 {most}，应至少为 1")))
        if query.person is None and most != 1:
            faults.append(
                (
                    name,
                    Text(
                        en="needs `person`: without a person column a person is one row",
                        zh="需要 `person`：没有人员列时，一行即一人",
                    ),
                )
            )
    if query.person is not None and query.person in (name for name, _ in query.by):
        faults.append(
            ("by", Text(en="the person column cannot be a group", zh="人员列不能作为分组列")),
        )
    return faults


def _statistic_faults(where: str, statistic: Statistic, query: Query) -> list[tuple[str, Text]]:
    if isinstance(statistic, Count | Histogram) and statistic.of == "persons" and query.person is None:
        return [
            (
                f"{where}.of",
                Text(
                    en="persons: name the person column in `person`", zh="persons：请用 `person` 指明人员列"
                ),
            )
        ]
    if isinstance(statistic, Histogram):
        return _histogram_faults(where, statistic)
    if isinstance(statistic, Sum | Mean | Quantile):
        faults = _bounds_faults(where, statistic.lower, statistic.upper)
        return faults + (_quantile_faults(where, statistic) if isinstance(statistic, Quantile) else [])
    return []


def _bounds_faults(where: str, lower: float, upper: float) -> list[tuple[str, Text]]:
    held = math.isfinite(lower) and math.isfinite(upper) and lower < upper
    if held and max(abs(lower), abs(upper)) <= 1e15 and upper - lower >= 1e-9:
        return []
    return [
        (
            f"{where}.bounds",
            Text(
                en=f"got {lower:g} and {upper:g}, expected the lower first, within 1e15 of 0 and 1e-9 apart",
                zh=f"得到 {lower:g} 和 {upper:g}，应先下限后上限，绝对值不超过 1e15，相差至少 1e-9",
            ),
        )
    ]


def _quantile_faults(where: str, statistic: Quantile) -> list[tuple[str, Text]]:
    faults = []
    if not statistic.at or not all(0 <= at <= 1 for at in statistic.at):
        faults.append((f"{where}.at", Text(en="expected numbers from 0 to 1", zh="应为 0 至 1 之间的数")))
    if not 2 <= statistic.candidates <= 10_001:
        faults.append((f"{where}.candidates", Text(en="expected 2 to 10001", zh="应为 2 至 10001")))
    return faults


def _histogram_faults(where: str, statistic: Histogram) -> list[tuple[str, Text]]:
    if bool(statistic.edges) == bool(statistic.categories):
        return [
            (
                where,
                Text(
                    en="give either edges or categories: bins are never read from the data",
                    zh="请给出 edges 或 categories 之一：区间绝不从数据中读取",
                ),
            )
        ]
    if statistic.categories:
        return _list_faults(f"{where}.categories", statistic.categories)
    rising = all(a < b for a, b in itertools.pairwise(statistic.edges))
    if len(statistic.edges) < 2 or not rising or not all(map(math.isfinite, statistic.edges)):
        return [(f"{where}.edges", Text(en="expected two or more, rising", zh="应至少两个，且递增"))]
    return []


def _list_faults(where: str, values: Sequence[str]) -> list[tuple[str, Text]]:
    if not values:
        return [(where, Text(en="is empty; list its values", zh="为空；请列出取值"))]
    if len(set(values)) != len(values):
        return [(where, Text(en="a value stands twice", zh="有取值重复"))]
    return []
