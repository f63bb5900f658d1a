"""Draft a working agreement from what classify finds in a table: a first release in five minutes.

What only people can know (purpose, basis, parties) is written as a line to replace; the columns, the
hierarchies, a key and a log are ready to run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.classify import classify, spread
from commonseal.errors import BadInput, ColumnMissing
from commonseal.law import load_book
from commonseal.log import create_log
from commonseal.model import Column, Outcome, Role, Text
from commonseal.release.agreement import Use, parse_agreement
from commonseal.release.facts import MINOR, names_one_person
from commonseal.release.pipeline import Ready, prepare
from commonseal.release.repeats import REPEATED_BELOW, distinct_counts
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
    """Where the draft stands and what it holds; each column left out with the reason."""

    path: Path
    columns: tuple[tuple[Column, Use], ...]
    left_out: tuple[tuple[Column, Text], ...]


def draft_agreement(
    table: Table, folder: Path, *, as_of: date, k: int = 5, person: str | None = None
) -> Drafted:
    """Write `agreement.yaml`, `hierarchies/`, `agreement.key` and `log/` into a new folder.

    Args: person: the column that names one person over many rows; found where None.
    Raises: BadInput where `folder` holds something already; ColumnMissing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            Text(
                en=f"{folder}: already holds something; name a folder that is empty or does not exist",
                zh=f"{folder}：已有内容；请指定空文件夹或尚不存在的文件夹",
            )
        )
    if person is not None and person not in table.columns:
        raise ColumnMissing(
            Text(
                en=f"{table.name}: no column '{person}' to name a person; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有标识人员的列“{person}”；现有列：{'、'.join(table.columns[:30])}",
            )
        )
    found = classify(spread(table.frame, SAMPLE_ROWS, seekable=table.kind == "parquet"), as_of=as_of)
    person = person or _person(table, found)
    uses, left_out, terms = _what_the_law_lets(table, found, person, folder, as_of=as_of, k=k)
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
    path.write_text(
        _HEAD + yaml.safe_dump(terms, allow_unicode=True, sort_keys=False, width=100), encoding="utf-8"
    )
    return Drafted(path, tuple(uses), tuple(left_out))


def _what_the_law_lets(
    table: Table, found: Sequence[Column], person: str | None, folder: Path, *, as_of: date, k: int
) -> tuple[list[tuple[Column, Use]], list[tuple[Column, Text]], dict[str, Any]]:
    """Draft with all columns, ask the law, and leave out each column that it forbids."""
    book = load_book()
    kept = list(found)
    left_out: list[tuple[Column, Text]] = []
    while True:
        uses = _uses(table, kept, person)
        terms = _terms(table, uses, person, as_of, k)
        answer = prepare(table, parse_agreement(terms, folder=folder), book, as_of=as_of)
        forbidden = {
            finding.subject: finding.message
            for decision in answer.decisions
            for finding in decision.findings
            if finding.outcome in (Outcome.FORBIDDEN, Outcome.UNDETERMINED) and finding.subject
        }
        if isinstance(answer, Ready) or not forbidden:
            return uses, left_out, terms
        left_out += [(column, forbidden[column.name]) for column in kept if column.name in forbidden]
        kept = [column for column in kept if column.name not in forbidden]
        if not kept:
            raise BadInput(
                Text(
                    en=f"{table.name}: the law lets none of its columns go; declare their categories in an "
                    "agreement of your own (docs/agreement.md)",
                    zh=f"{table.name}：没有任何列可依法提供；请自拟协议并声明类别（docs/agreement.md）",
                )
            )


def _person(table: Table, columns: Sequence[Column]) -> str | None:
    """Return the column that names one person over many rows: of the direct identifiers that repeat,
    one that is most surely a person's, and of those the one with the most values."""
    direct = {c.name: c.category.level for c in columns if names_one_person(c)}
    if not direct:
        return None
    counts = distinct_counts(table, list(direct))
    repeated = [name for name, (distinct, share) in counts.items() if distinct > 1 and share < REPEATED_BELOW]
    # estimates of one and the same number differ by a percent or two: such ties go to the first column
    return max(repeated, key=lambda name: (direct[name], round(math.log(counts[name][0]), 1)), default=None)


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


def _terms(
    table: Table, uses: Sequence[tuple[Column, Use]], person: str | None, as_of: date, k: int
) -> dict[str, Any]:
    sensitive = any(use == "sensitive" for _, use in uses)
    minors = any(MINOR in column.evidence.others for column, _ in uses)
    return {
        "id": f"draft-{_safe(table.name)}-{as_of.isoformat()}",
        "provider": "<the providing department 数据提供部门>",
        "recipient": {"name": "<the receiving department 数据需求部门>", "kind": "department"},
        "purpose": "<what the data are for 使用目的>",
        "legal_basis": {"basis": "pipl13_3", "reference": "<the statute that gives the duty 法定依据>"},
        "valid": {"from": as_of, "to": _a_year_after(as_of)},
        "sharing_mode": "controlled",
        "separate_consent": False,
        "impact_assessment": "<number of the impact assessment 影响评估编号>",
        **({"minor_rules": "<the dedicated rules for people under 14 未成年人专门规则>"} if minors else {}),
        "overseas": False,
        "packs": ["city"],
        **({"person": person} if person in {column.name for column, _ in uses} else {}),
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


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def _safe(name: str) -> str:
    stem = Path(name).stem or "table"
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in stem)
