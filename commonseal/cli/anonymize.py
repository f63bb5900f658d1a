"""`commonseal anonymize`: the levels that lose least, for a table and its hierarchies."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import jsonschema
import typer

from commonseal.anonymize import Asked, Plan, compress, decide, read_hierarchies
from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import say
from commonseal.errors import BadInput
from commonseal.law.yaml_file import dotted
from commonseal.model import Text
from commonseal.release.document import joined, read_document, schema_faults
from commonseal.source import Table, open_table
from commonseal.source.engine import PolarsEngine, write_in_order


@dataclass(frozen=True, slots=True)
class Config:
    """What `anonymize` is asked: docs/anonymize.md documents the file."""

    table: str
    quasi: tuple[str, ...]
    hierarchies: Path
    asked: Asked
    sensitive: str | None
    person: str | None


def anonymize_command(
    config: Annotated[Path, typer.Argument(help=say("the configuration, YAML", "配置文件 YAML"))],
    out: Annotated[
        Path,
        typer.Option("--out", help=say("the file to write: .parquet or .csv", "输出文件 .parquet 或 .csv")),
    ],
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Anonymize a table under privacy models, at the levels of least loss."""
    asked = load_config(config)
    if out.suffix not in (".parquet", ".csv"):
        raise BadInput(
            Text(en=f"--out {out}: expected .parquet or .csv", zh=f"--out {out}：应为 .parquet 或 .csv")
        )
    with working(say("anonymizing", "匿名化"), quiet=as_json):
        table = open_table(asked.table)
        started = time.perf_counter()
        by = dict.fromkeys([*asked.quasi, *filter(None, (asked.sensitive, asked.person))])
        _require(table, list(by))
        counted = PolarsEngine().count(table, list(by), None)
        hierarchies = read_hierarchies(asked.hierarchies, asked.quasi)
        tuples, units = compress(
            counted, asked.quasi, hierarchies, sensitive=asked.sensitive, person=asked.person
        )
        counting = time.perf_counter() - started
        plan = decide(tuples, units, asked.asked, sensitive=asked.sensitive)
        started = time.perf_counter()
        write_in_order(table, plan.apply, out)
        applying = time.perf_counter() - started
    seconds = {"count": counting, "search": plan.search_seconds, "apply": applying}
    if as_json:
        show_json(plan_json(plan, seconds))
        return
    show_table(
        str(out),
        [say("column", "列"), say("level", "级别"), say("of", "共"), say("labels", "标签数")],
        [
            (column, level, hierarchy.height - 1, len(hierarchy.labels[level]))
            for column, level, hierarchy in zip(plan.quasi, plan.levels, plan.hierarchies, strict=True)
        ],
    )
    proved = say("proved optimal", "已证明最优") if plan.optimal else say("not proved optimal", "未证明最优")
    OUT.print(
        say(
            f"loss {plan.score:.6g} ({proved}), {plan.suppressed_rows:,} rows suppressed, {plan.classes:,} classes, "
            f"{plan.nodes_checked:,} of {plan.nodes_total:,} candidates checked",
            f"损失 {plan.score:.6g}（{proved}），抑制 {plan.suppressed_rows:,} 行，{plan.classes:,} 个等价类，"
            f"检查候选 {plan.nodes_checked:,} / {plan.nodes_total:,}",
        )
    )


def plan_json(plan: Plan, seconds: dict[str, float]) -> dict[str, Any]:
    """Return the documented JSON of `anonymize --json`."""
    return {
        "levels": dict(zip(plan.quasi, plan.levels, strict=True)),
        "score": plan.score,
        "suppressed_rows": plan.suppressed_rows,
        "classes": plan.classes,
        "nodes_total": plan.nodes_total,
        "nodes_checked": plan.nodes_checked,
        "optimal": plan.optimal,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def load_config(path: Path) -> Config:
    """Read and check a configuration; paths in it start at its own folder. Raises: BadInput, all faults."""
    if not path.is_file():
        raise BadInput(Text(en=f"{path}: no such configuration file", zh=f"{path}：没有这个配置文件"))
    file, faults = read_document(path)
    if faults:
        raise BadInput(joined(faults))
    text = resources.files("commonseal.anonymize").joinpath("config.schema.json").read_text(encoding="utf-8")
    shape = schema_faults(file.data, jsonschema.Draft202012Validator(json.loads(text)))
    if shape or not isinstance(file.data, dict):
        raise BadInput(joined([_at(path, file.line(field), dotted(field), what) for field, what in shape]))
    return _config(path, file.data)


def _at(path: Path, line: int, field: str, what: Text) -> Text:
    return Text(en=f"{path}:{line} {field}: {what.en}", zh=f"{path}:{line} {field}：{what.zh}")


def _config(path: Path, document: Mapping[str, Any]) -> Config:
    models: dict[str, dict[str, Any]] = {}
    for model in document["models"]:
        models.update(model)
    of_sensitive = {
        models[name]["column"] for name in ("distinct_l_diversity", "t_closeness") if name in models
    }
    faults = []
    if len(of_sensitive) > 1:
        listed = ", ".join(sorted(of_sensitive))
        faults.append(
            Text(
                en=f"{path}: models: got the sensitive columns {listed}, expected one",
                zh=f"{path}：models：敏感字段有 {listed}，应只有一个",
            )
        )
    if of_sensitive & set(document["quasi"]):
        faults.append(
            Text(
                en=f"{path}: models: a sensitive column cannot be a quasi-identifier",
                zh=f"{path}：models：敏感字段不能是准标识符",
            )
        )
    if len(set(document["quasi"])) != len(document["quasi"]):
        faults.append(Text(en=f"{path}: quasi: a column is named twice", zh=f"{path}：quasi：有列重复"))
    if len(models) != len(document["models"]):
        faults.append(Text(en=f"{path}: models: a model stands twice", zh=f"{path}：models：有模型重复"))
    if faults:
        raise BadInput(joined(faults))
    table = str(document["table"])
    if "://" not in table:
        table = str((path.parent / table).resolve())
    return Config(
        table=table,
        quasi=tuple(document["quasi"]),
        hierarchies=(path.parent / document["hierarchies"]).resolve(),
        asked=Asked(
            k=models.get("k_anonymity", {}).get("k", 1),
            l=models.get("distinct_l_diversity", {}).get("l"),
            t=models.get("t_closeness", {}).get("t"),
            suppression_rate_max=float(document.get("suppression_rate_max", 0.0)),
            loss=document.get("loss", "loss_gm"),
        ),
        sensitive=next(iter(of_sensitive), None),
        person=document.get("person"),
    )


def _require(table: Table, columns: list[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise BadInput(
            Text(
                en=f"{table.name}: no column {', '.join(missing)}; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列 {'、'.join(missing)}；现有列：{'、'.join(table.columns[:30])}",
            )
        )
