"""`commonseal hierarchy show` and `check`: what a hierarchy holds, and every fault of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from commonseal.anonymize import hierarchy_from_rows, read_hierarchy
from commonseal.anonymize.hierarchy import read_rows
from commonseal.anonymize.hierarchy_facts import Fit, fit, level_facts, notes_of
from commonseal.anonymize.hierarchy_faults import HierarchyFault, faults_of
from commonseal.cli.show import OUT, show_json, show_table
from commonseal.cli.words import read, say
from commonseal.errors import BadHierarchy, ColumnMissing
from commonseal.model import Text
from commonseal.source import Table, open_table
from commonseal.source.engine import PolarsEngine
from commonseal.table import ROWS

Json = Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))]


def show_command(
    file: Annotated[Path, typer.Argument(help=say("a hierarchy, CSV", "泛化层级 CSV"))], as_json: Json = False
) -> None:
    """Show the levels of a hierarchy, their labels, and what is worth knowing."""
    hierarchy = read_hierarchy(file, _column_of(file))
    facts, notes = level_facts(hierarchy), notes_of(hierarchy)
    if as_json:
        show_json(
            {
                "file": str(file),
                "values": len(hierarchy.labels[0]),
                "domain": hierarchy.domain,
                "null_row": "" in hierarchy.labels[0],
                "levels": [
                    {
                        "level": each.level,
                        "labels": each.labels,
                        "smallest_share": each.smallest_share,
                        "largest_share": each.largest_share,
                        "examples": list(each.examples),
                    }
                    for each in facts
                ],
                "notes": [read(note) for note in notes],
            }
        )
        return
    show_table(
        str(file),
        [
            say("level", "级别"),
            say("labels", "标签数"),
            say("smallest", "最小占比"),
            say("largest", "最大占比"),
            say("such as", "例如"),
        ],
        [
            (
                each.level,
                each.labels,
                f"{each.smallest_share:.2%}",
                f"{each.largest_share:.2%}",
                " · ".join(each.examples),
            )
            for each in facts
        ],
    )
    for note in notes:
        OUT.print(f"· {read(note)}", markup=False)


def check_command(
    file: Annotated[Path, typer.Argument(help=say("a hierarchy, CSV", "泛化层级 CSV"))],
    table: Annotated[
        str | None, typer.Argument(help=say("a table that it shall cover", "应覆盖的数据表"))
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(
            "--column", help=say("its column; from the file's name where absent", "列名；缺省取自文件名")
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a hierarchy, and whether it has a row for each value of a table."""
    rows, lines = read_rows(file)
    faults = faults_of(rows, lines)
    name = column or _column_of(file)
    hierarchy = None if faults else hierarchy_from_rows(name, rows, f"{file}:", lines)
    fitted = fit(hierarchy, values_of(open_table(table), name)) if hierarchy and table else None
    notes = notes_of(hierarchy) if hierarchy else ()
    holds = not faults and (fitted is None or fitted.holds)
    if as_json:
        show_json(
            {
                "holds": holds,
                "faults": [
                    {"line": fault.line, "value": fault.value, "message": read(fault.what)}
                    for fault in faults
                ],
                "table": None if fitted is None else _fit_json(fitted),
                "notes": [read(note) for note in notes],
            }
        )
        raise typer.Exit(0 if holds else BadHierarchy.exit_code)
    if faults:
        raise BadHierarchy(_all_faults(file, faults))
    if fitted is not None and not fitted.holds:
        raise BadHierarchy(_misfit(file, name, fitted))
    OUT.print(
        say(
            f"{file}: holds, {len(rows):,} rows, {len(rows[0])} levels",
            f"{file}：符合，{len(rows):,} 行，{len(rows[0])} 级",
        ),
        markup=False,
    )
    for note in [*notes, *(_idle(fitted) if fitted else ())]:
        OUT.print(f"· {read(note)}", markup=False)


def values_of(table: Table, column: str) -> dict[str, int]:
    """Return the values of a column as hierarchies know them, with their rows."""
    if column not in table.columns:
        raise ColumnMissing(
            Text(
                en=f"{table.name}: no column '{column}'; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列“{column}”；现有列：{'、'.join(table.columns[:30])}",
            )
        )
    counted = PolarsEngine().count(table, [column], None)
    texts = counted.group_by(pl.col(column).cast(pl.String).fill_null("")).agg(pl.col(ROWS).sum())
    return dict(zip(texts[column].to_list(), texts[ROWS].to_list(), strict=True))


def _column_of(file: Path) -> str:
    """Return the column that a file's name tells.

    >>> _column_of(Path("adult_hierarchy_marital-status.csv")), _column_of(Path("age.csv"))
    ('marital-status', 'age')
    """
    return file.stem.rpartition("_hierarchy_")[2]


def _all_faults(file: Path, faults: Sequence[HierarchyFault]) -> Text:
    return Text(
        en="\n".join(f"{file}:{fault.line}: {fault.what.en}" for fault in faults),
        zh="\n".join(f"{file}:{fault.line}：{fault.what.zh}" for fault in faults),
    )


def _misfit(file: Path, column: str, fitted: Fit) -> Text:
    hints: list[tuple[str, str]] = []
    if fitted.trimmed_values:
        hints.append(
            (
                f"; {fitted.trimmed_values} differ only by spaces around them",
                f"；其中 {fitted.trimmed_values} 个仅首尾空格不同",
            )
        )
    if fitted.number_values:
        hints.append(
            (
                f"; {fitted.number_values} are numbers written another way",
                f"；其中 {fitted.number_values} 个是写法不同的数字",
            )
        )
    if fitted.missing_nulls:
        hints.append(
            (
                f"; {fitted.missing_nulls:,} nulls need a row whose first cell is empty",
                f"；{fitted.missing_nulls:,} 个空值需要一行首格为空的层级",
            )
        )
    return Text(
        en=f"{file}: column '{column}': {fitted.missing_values:,} of {fitted.values:,} values of the table have no row "
        f"({fitted.missing_rows:,} rows)" + "".join(en for en, _ in hints),
        zh=f"{file}：列“{column}”：表中 {fitted.values:,} 个值里有 {fitted.missing_values:,} 个没有对应行"
        f"（涉及 {fitted.missing_rows:,} 行）" + "".join(zh for _, zh in hints),
    )


def _fit_json(fitted: Fit) -> Mapping[str, Any]:
    return {
        "values": fitted.values,
        "missing_values": fitted.missing_values,
        "missing_rows": fitted.missing_rows,
        "missing_nulls": fitted.missing_nulls,
        "trimmed_values": fitted.trimmed_values,
        "number_values": fitted.number_values,
        "idle_values": fitted.idle_values,
    }


def _idle(fitted: Fit) -> Sequence[Text]:
    if not fitted.idle_values:
        return ()
    return (
        Text(
            en=f"{fitted.idle_values:,} values of the hierarchy are not in the table",
            zh=f"层级中有 {fitted.idle_values:,} 个值未在表中出现",
        ),
    )
