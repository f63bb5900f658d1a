"""Draft a working agreement from what classify finds in a table: a first release in five minutes.

What only people can know (purpose, basis, parties) is written as a line to replace; the columns, the
hierarchies, a key and a log are ready to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import yaml

from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.classify import classify, spread
from commonseal.errors import BadInput
from commonseal.log import create_log
from commonseal.model import Column, Role, Text
from commonseal.release.agreement import Use
from commonseal.seal.keyfile import new_key
from commonseal.source import Table

MOST_VALUES = 100_000  # a quasi-identifier with more distinct values cannot have a useful hierarchy
MOST_QUASI = 10  # beyond this the drafted search would not be proved optimal in minutes
SAMPLE_ROWS = 10_000

_HEAD = """\
# A sharing agreement, drafted by `commonseal agreement draft`. It runs as it stands.
# Replace what stands in <angle brackets> with what the parties agreed on. Every field: docs/agreement.md
# 由 commonseal agreement draft 起草的共享协议，可直接试运行；请把 <尖括号> 中的内容换成双方约定的内容。
"""


@dataclass(frozen=True, slots=True)
class Drafted:
    """Where the draft stands and what it holds."""

    path: Path
    columns: tuple[tuple[Column, Use], ...]
    left_out: tuple[Column, ...]


def draft_agreement(table: Table, folder: Path, *, as_of: date, k: int = 5) -> Drafted:
    """Write `agreement.yaml`, `hierarchies/`, `agreement.key` and `log/` into a new folder.

    Raises: BadInput where `folder` holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            Text(
                en=f"{folder}: already holds something; name a folder that is empty or does not exist",
                zh=f"{folder}：已有内容；请指定空文件夹或尚不存在的文件夹",
            )
        )
    found = classify(spread(table.frame, SAMPLE_ROWS), as_of=as_of)
    kept = [column for column in found if column.category.role != Role.UNKNOWN]
    person = _person(table, kept)
    uses = _uses(table, kept, person)
    hierarchies = folder / "hierarchies"
    hierarchies.mkdir(parents=True)
    for column, use in uses:
        if use == "quasi":
            values = table.frame.select(pl.col(column.name).cast(pl.String).unique()).collect()[column.name]
            built = build_hierarchy(column.name, values.to_list())
            write_hierarchy(built, hierarchies / f"{_safe(table.name)}_hierarchy_{column.name}.csv")
    new_key(folder / "agreement.key")
    create_log(folder / "log", origin=f"commonseal.example/{_safe(table.name)}")
    path = folder / "agreement.yaml"
    path.write_text(_document(table, uses, person, as_of, k), encoding="utf-8")
    return Drafted(path, tuple(uses), tuple(column for column in found if column not in kept))


def _person(table: Table, columns: Sequence[Column]) -> str | None:
    """Return the column that names one person over many rows, where a direct identifier repeats."""
    direct = [
        column.name
        for column in columns
        if column.category.role == Role.DIRECT and column.category.level >= 4
    ]
    if not direct:
        return None
    counts = table.frame.select(
        pl.len().alias("__rows__"), *(pl.col(name).n_unique().alias(name) for name in direct)
    ).collect(engine="streaming")
    rows = counts["__rows__"][0]
    repeated = [name for name in direct if 1 < counts[name][0] < rows]
    return max(repeated, key=lambda name: counts[name][0], default=None)


def _uses(table: Table, columns: Sequence[Column], person: str | None) -> list[tuple[Column, Use]]:
    quasi = [
        column.name for column in columns if column.category.role == Role.QUASI and column.name != person
    ]
    sizes = (
        table.frame.select(pl.col(name).n_unique() for name in quasi).collect(engine="streaming")
        if quasi
        else None
    )
    fit = [name for name in quasi if sizes is not None and 1 < sizes[name][0] <= MOST_VALUES]
    chosen = set(sorted(fit, key=lambda name: quasi.index(name))[:MOST_QUASI])
    sensitive = next(
        (c.name for c in columns if c.category.role == Role.SENSITIVE and c.name != person), None
    )
    uses: list[tuple[Column, Use]] = []
    for column in columns:
        use: Use = "plain"
        if column.name == person:
            use = "person"
        elif column.name in chosen:
            use = "quasi"
        elif column.name == sensitive:
            use = "sensitive"
        uses.append((column, use))
    return uses


def _document(
    table: Table, uses: Sequence[tuple[Column, Use]], person: str | None, as_of: date, k: int
) -> str:
    sensitive = any(use == "sensitive" for _, use in uses)
    terms = {
        "id": f"draft-{_safe(table.name)}-{as_of.isoformat()}",
        "provider": "<the providing department 数据提供部门>",
        "recipient": {"name": "<the receiving department 数据需求部门>", "kind": "department"},
        "purpose": "<what the data are for 使用目的>",
        "legal_basis": {"basis": "pipl13_3", "reference": "<the statute that gives the duty 法定依据>"},
        "valid": {"from": as_of, "to": _a_year_after(as_of)},
        "sharing_mode": "controlled",
        "separate_consent": False,
        "impact_assessment": "<number of the impact assessment 影响评估编号>",
        "overseas": False,
        "packs": ["city"],
        "person": person,
        "columns": [
            {"name": column.name, **({} if use == "plain" else {"use": use})} for column, use in uses
        ],
        "anonymity": {
            "k": k,
            **({"l": 2} if sensitive else {}),
            "suppression_rate_max": 0.05,
            "loss": "loss_gm",
            "hierarchies": "hierarchies",
        },
        "key": "agreement.key",
        "log": "log",
    }
    if person is None:
        del terms["person"]
    return _HEAD + yaml.safe_dump(terms, allow_unicode=True, sort_keys=False, width=100)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def _safe(name: str) -> str:
    stem = Path(name).stem or "table"
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in stem)
