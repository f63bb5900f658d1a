"""`commonseal hierarchy build`: hierarchies by recipe, from a file or from options."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from commonseal.anonymize import Hierarchy, write_hierarchy
from commonseal.anonymize.builders import Recipe
from commonseal.cli.hierarchy_check import Json, check_command, show_command, values_of
from commonseal.cli.hierarchy_config import load_recipes, recipe_of_options
from commonseal.cli.show import show_json, show_table, working
from commonseal.cli.words import say
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.source import open_table

hierarchy_app = typer.Typer(
    no_args_is_help=True,
    help=say("Build, show and check hierarchies.", "构建、查看和检查泛化层级。"),
)
hierarchy_app.command("show", help=say("Show the levels of a hierarchy.", "查看泛化层级的各级。"))(
    show_command
)
hierarchy_app.command("check", help=say("Name every fault of a hierarchy.", "指出泛化层级的全部问题。"))(
    check_command
)


@hierarchy_app.command("build", help=say("Build hierarchies by recipes.", "按配方构建泛化层级。"))
def build_command(
    source: Annotated[
        str,
        typer.Argument(
            help=say("recipes, YAML; or a table, with --column", "配方 YAML；或数据表（配合 --column）")
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", help=say("a folder; with --column a .csv", "输出文件夹；配合 --column 时为 .csv 文件")
        ),
    ],
    column: Annotated[str | None, typer.Option("--column", help=say("the column", "列名"))] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help=say(
                "intervals, prefixes, dates, divisions, order or frequency",
                "intervals、prefixes、dates、divisions、order 或 frequency",
            ),
        ),
    ] = None,
    width: Annotated[float | None, typer.Option("--width", help=say("of an interval", "区间宽度"))] = None,
    bounds: Annotated[str | None, typer.Option("--bounds", help=say("of intervals", "区间界限"))] = None,
    bottom: Annotated[
        float | None,
        typer.Option("--bottom", help=say("below it: one open interval", "低于此值归为一个开区间")),
    ] = None,
    top: Annotated[
        float | None,
        typer.Option("--top", help=say("from it on: one open interval", "不低于此值归为一个开区间")),
    ] = None,
    origin: Annotated[
        float | None, typer.Option("--origin", help=say("where widths are counted from", "区间起算点"))
    ] = None,
    fan_outs: Annotated[
        str | None,
        typer.Option(
            "--fan-outs",
            help=say("neighbours joined, level by level: 2,2 or 2,3+4", "逐级归并的相邻个数：2,2 或 2,3+4"),
        ),
    ] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", help=say("characters kept: 4,2", "保留的字符数：4,2"))
    ] = None,
    end: Annotated[str | None, typer.Option("--end", help=say("left or right", "left 或 right"))] = None,
    levels: Annotated[
        str | None, typer.Option("--levels", help=say("of dates or divisions", "日期或行政区划的级别"))
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", help=say("categories in order", "按顺序排列的类别"))
    ] = None,
    rows: Annotated[
        str | None, typer.Option("--rows", help=say("least rows of a group: 50,500", "每组最少行数：50,500"))
    ] = None,
    shares: Annotated[
        str | None,
        typer.Option("--shares", help=say("least share of a group: 0.01,0.1", "每组最低占比：0.01,0.1")),
    ] = None,
    values: Annotated[
        str | None,
        typer.Option(
            "--range", help=say("build over 0,120 and not the table's values", "按 0,120 取值，而非表中取值")
        ),
    ] = None,
    apart: Annotated[
        str | None, typer.Option("--apart", help=say("values that stay apart", "单独保留的值"))
    ] = None,
    nulls: Annotated[bool, typer.Option("--nulls", help=say("add a row for nulls", "添加空值行"))] = False,
    as_json: Json = False,
) -> None:
    """Build hierarchies and write them in ARX's form, all or none."""
    if column is None:
        asked = load_recipes(_recipes_file(source))
        recipes, table, files = asked.recipes, asked.table, [out / _file_name(r) for r in asked.recipes]
    else:
        options: dict[str, Any] = {
            "kind": kind, "width": width, "bounds": bounds, "bottom": bottom, "top": top, "origin": origin,
            "fan_outs": fan_outs, "keep": keep, "end": end, "levels": levels, "order": order, "rows": rows,
            "shares": shares, "range": values, "apart": apart, "nulls": nulls or None,
        }  # fmt: skip
        recipes, table, files = (recipe_of_options(column, options),), source, [_csv(out)]
    with working(say("building", "构建"), quiet=as_json):
        built = _build(recipes, table)
        _write(built, files)
    told = [_told(*each) for each in zip(recipes, built, files, strict=True)]
    if as_json:
        show_json({"hierarchies": told})
        return
    show_table(
        str(out),
        [
            say("column", "列"),
            say("kind", "方式"),
            say("values", "值数"),
            say("labels, level by level", "各级标签数"),
        ],
        [
            (each["column"], each["kind"], each["values"], " → ".join(map(str, each["labels"])))
            for each in told
        ],
    )


def _build(recipes: Sequence[Recipe], ref: str | None) -> list[Hierarchy]:
    table = open_table(ref) if ref is not None and any(r.values is None for r in recipes) else None
    built, faults = [], []
    for recipe in recipes:
        counts = values_of(table, recipe.column) if table is not None and recipe.values is None else {}
        try:
            built.append(recipe.build(counts))
        except BadInput as fault:
            faults.append(fault.message)
    if faults:
        raise BadInput(
            Text(en="\n".join(fault.en for fault in faults), zh="\n".join(fault.zh for fault in faults))
        )
    return built


def _write(built: Sequence[Hierarchy], files: Sequence[Path]) -> None:
    """Write all files beside, then rename: where one cannot be written, none is."""
    beside: list[Path] = []
    try:
        for hierarchy, file in zip(built, files, strict=True):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent, suffix=".partial")
            os.close(handle)
            beside.append(Path(name))
            write_hierarchy(hierarchy, beside[-1])
            beside[-1].chmod(0o644)
        for partial, file in zip(beside, files, strict=True):
            partial.replace(file)
    finally:
        for partial in beside:
            with contextlib.suppress(OSError):
                partial.unlink()


def _told(recipe: Recipe, hierarchy: Hierarchy, file: Path) -> dict[str, Any]:
    return {
        "column": recipe.column,
        "kind": recipe.kind,
        "file": str(file),
        "values": len(hierarchy.labels[0]),
        "labels": [len(labels) for labels in hierarchy.labels],
        "null_row": "" in hierarchy.labels[0],
    }


def _file_name(recipe: Recipe) -> str:
    if "/" in recipe.column or "\\" in recipe.column or recipe.column in ("", ".", ".."):
        raise BadInput(
            Text(
                en=f"column '{recipe.column}': its name makes no file name; build it with --column and --out FILE.csv",
                zh=f"列“{recipe.column}”：其名称不能作为文件名；请用 --column 与 --out FILE.csv 单独构建",
            )
        )
    return f"{recipe.column}.csv"


def _recipes_file(source: str) -> Path:
    if Path(source).suffix not in (".yaml", ".yml", ".json"):
        raise BadInput(
            Text(
                en=f"{source}: expected recipes (.yaml); for a table name --column and --kind",
                zh=f"{source}：应为配方文件（.yaml）；若为数据表，请写明 --column 与 --kind",
            )
        )
    return Path(source)


def _csv(out: Path) -> Path:
    if out.suffix != ".csv" or out.is_dir():
        raise BadInput(Text(en=f"--out {out}: expected a .csv file", zh=f"--out {out}：应为 .csv 文件"))
    return out
