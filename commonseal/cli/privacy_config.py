"""Read the file that `commonseal privacy query` is given; docs/privacy.md documents it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.privacy import Count, Histogram, Mean, Quantile, Query, Statistic, Sum, exact, query_faults
from commonseal.release.document import beside, joined, read_checked

_GROUPS = Text(
    en="; list the values of each group column: that a group exists is itself a fact, so groups are never "
    "read from the data",
    zh="；请列出每个分组列的取值：某组存在与否本身就是事实，因此分组绝不从数据中读取",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the table it is put to, and the ledger that pays."""

    table: str
    ledger: Path
    query: Query


def load_query(path: Path) -> Asked:
    """Read and check a question; paths in it start at its own folder. Raises: BadInput, all faults."""
    data, _ = read_checked(path, "commonseal.privacy", "query.schema.json", why=_why)
    query = _query(path, data)
    wrong = query_faults(query)
    if "person" in data and "max_rows_per_person" not in data:
        missing = Text(en="is missing: `person` needs it", zh="缺少此项：`person` 需要它")
        wrong = [("max_rows_per_person", missing), *wrong]
    if wrong:
        raise BadInput(joined([Text(en=f"{path}: {f}: {w.en}", zh=f"{path}：{f}：{w.zh}") for f, w in wrong]))
    return Asked(beside(path, str(data["table"])), (path.parent / str(data["ledger"])).resolve(), query)


def _why(field: tuple[str | int, ...], what: Text) -> Text:
    """Say why groups must be listed, where they are not."""
    if field[:1] != ("by",):
        return what
    return Text(en=what.en + _GROUPS.en, zh=what.zh + _GROUPS.zh)


def _query(path: Path, data: Mapping[str, Any]) -> Query:
    max_rows = data.get("max_rows_per_person", 1)
    by = data.get("by", {})
    try:
        statistics = tuple(_statistic(*next(iter(each.items()))) for each in data["statistics"])
    except BadInput as fault:
        text = fault.message
        raise BadInput(Text(en=f"{path}: {text.en}", zh=f"{path}：{text.zh}")) from None
    return Query(
        dataset=data["dataset"],
        recipient=data["recipient"],
        statistics=statistics,
        by=tuple((name, tuple(map(str, values))) for name, values in by.items()),
        person=data.get("person"),
        max_rows=max_rows,
        max_groups=data.get("max_groups_per_person", max_rows),
        seed=data.get("seed", 1),
    )


def _statistic(kind: str, given: Mapping[str, Any]) -> Statistic:
    """Make a statistic of a shape that was checked. Raises: BadInput for an epsilon that is too fine."""
    epsilon = exact(given["epsilon"])
    if kind == "count":
        return Count(epsilon, given.get("of"))
    column = given["column"]
    if kind == "histogram":
        edges, names = given.get("edges", ()), given.get("categories", ())
        return Histogram(epsilon, column, tuple(map(float, edges)), tuple(map(str, names)), given.get("of"))
    lower, upper = map(float, given["bounds"])
    if kind == "quantile":
        return Quantile(epsilon, column, lower, upper, tuple(given["at"]), given.get("candidates", 101))
    return (Sum if kind == "sum" else Mean)(epsilon, column, lower, upper)
