"""`commonseal judge`: every figure that tells how well a table hides its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from commonseal.classify import classify, spread
from commonseal.cli.certificate_issue import certifying, issue
from commonseal.cli.judge_config import Asked, ask, load_config
from commonseal.cli.judge_show import judgement_json, show_judgement
from commonseal.cli.show import show_json, working
from commonseal.cli.words import say
from commonseal.errors import BadInput, ProofFailed
from commonseal.judge import Judgement, judge_table
from commonseal.model import Role, Text
from commonseal.source import Table, open_table
from commonseal.source.engine import PolarsEngine
from commonseal.table import ROWS

CLASSIFIED_ROWS = 10_000


class Sharing(StrEnum):
    """Who gets the table (GB/T 42460)."""

    PUBLIC = "public"
    CONTROLLED = "controlled"
    ENCLAVE = "enclave"


def judge_command(
    table: Annotated[
        str | None, typer.Argument(help=say("a file, or a database table", "文件或数据库表"))
    ] = None,
    quasi: Annotated[
        str | None, typer.Option(help=say("quasi-identifiers: a,b,c", "准标识符：a,b,c"))
    ] = None,
    sensitive: Annotated[
        str | None, typer.Option(help=say("sensitive columns: s,t", "敏感字段：s,t"))
    ] = None,
    person: Annotated[
        str | None, typer.Option(help=say("count persons by this column", "按此列统计人数"))
    ] = None,
    direct: Annotated[
        str | None,
        typer.Option(
            help=say("direct identifiers; classify looks where absent", "直接标识符；缺省时自动识别")
        ),
    ] = None,
    population: Annotated[
        int | None, typer.Option(min=1, help=say("people in the population", "总体人数"))
    ] = None,
    population_table: Annotated[
        str | None,
        typer.Option(help=say("everybody, under the same labels", "包含所有人、标签一致的总体表")),
    ] = None,
    sharing: Annotated[
        Sharing | None, typer.Option(help=say("who gets the table; public", "共享方式；默认 public"))
    ] = None,
    context: Annotated[
        float | None, typer.Option(help=say("pr(context), from 0 to 1; 1", "环境风险概率，0 到 1；默认 1"))
    ] = None,
    copula: Annotated[
        bool, typer.Option("--copula", help=say("ask the copula model too", "同时使用 Copula 模型"))
    ] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help=say("of the copula model's draws", "Copula 模型的随机种子"))
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help=say("more, in a YAML file", "更多设置，YAML 文件"))
    ] = None,
    certify: Annotated[
        Path | None, typer.Option(help=say("write a signed certificate here", "在此写入签名证书"))
    ] = None,
    key: Annotated[Path | None, typer.Option(help=say("the signing key", "签名私钥"))] = None,
    answers: Annotated[
        str | None, typer.Option(help=say("who answers: 'ORGANISATION, ROLE'", "责任方：“组织，职务”"))
    ] = None,
    valid_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("the last day", "有效期最后一日"))
    ] = None,
    attack: Annotated[
        list[Path] | None, typer.Option(help=say("JSON of an attack that was tried", "已尝试攻击的 JSON"))
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help=say("re-identified rate that ends it; 0.05", "致其失效的重标识率；0.05")
        ),
    ] = None,
    law: Annotated[
        list[str] | None, typer.Option(help=say("a further rule it rests on", "所依据的其他规则编号"))
    ] = None,
    may_lapse: Annotated[
        list[str] | None,
        typer.Option(
            help=say("public key that may end it, besides the issuer's", "除签发者外可使其失效的公钥")
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help=say("the day of issue", "签发日期")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Judge a table; exit 4 where a model that the file asks for does not hold."""
    document = {} if config is None else load_config(config)
    options: dict[str, Any] = {
        "table": table,
        "quasi": _names(quasi),
        "sensitive": _names(sensitive),
        "person": person,
        "direct": _names(direct),
        "population": population,
        "population_table": population_table,
        "sharing": None if sharing is None else sharing.value,
        "context": context,
        "copula": copula or None,
        "seed": seed,
    }
    document.update({name: value for name, value in options.items() if value is not None})
    certificate = certifying(
        certify, key=key, answers=answers, valid_until=valid_until and valid_until.date(), attacks=attack or [],
        issued=as_of.date() if as_of else date.today(), threshold=threshold, law=law or [], may_lapse=may_lapse or [],
    )  # fmt: skip
    with working(say("judging", "评判中"), quiet=as_json):
        asked, judgement, looked = run_judge(ask(document, config))
    if certificate is not None:
        issue(certificate, asked, judgement_json(judgement, asked, classified=looked))
    if as_json:
        show_json(judgement_json(judgement, asked, classified=looked))
    else:
        show_judgement(judgement, asked, classified=looked)
    if not judgement.holds:
        raise typer.Exit(ProofFailed.exit_code)


def run_judge(asked: Asked) -> tuple[Asked, Judgement, bool]:
    """Open the tables, count them and judge.

    Returns: what was asked with its direct identifiers and keys filled in, the judgement, and whether
        classify looked for the direct identifiers.
    """
    table = open_table(asked.table)
    looked = asked.direct is None
    asked = replace(
        asked,
        direct=_direct(table) if asked.direct is None else asked.direct,
        keys=tuple(filter(None, [asked.person])) if asked.keys is None else asked.keys,
    )
    _require(table, [*asked.columns, *(asked.direct or ()), *(asked.keys or ())])
    spoken = [column for column in asked.columns if column not in (*asked.quasi, asked.person)]
    judgement = judge_table(
        _count(table, asked.columns),
        asked.quasi,
        sensitive=asked.sensitive,
        person=asked.person,
        direct=asked.direct or (),
        keys=asked.keys or (),
        population=asked.population,
        population_table=_other(asked.population_table, asked.quasi, asked.person),
        reference=_other(asked.reference, spoken, asked.person),
        models=asked.models,
        terms=asked.terms,
    )
    return asked, judgement, looked


def _names(words: str | None) -> list[str] | None:
    return None if words is None else [word.strip() for word in words.split(",") if word.strip()]


def _direct(table: Table) -> tuple[str, ...]:
    columns = classify(spread(table.frame, CLASSIFIED_ROWS), as_of=date.today())
    return tuple(column.name for column in columns if column.category.role is Role.DIRECT)


def _count(table: Table, columns: Sequence[str]) -> pl.DataFrame:
    if not columns:
        return table.frame.select(pl.len().alias(ROWS)).collect(engine="streaming")
    return PolarsEngine().count(table, columns, None)


def _other(address: str | None, columns: Sequence[str], person: str | None) -> pl.DataFrame | None:
    """Count another table over the same columns, and the person column where it has one."""
    if address is None:
        return None
    table = open_table(address)
    _require(table, columns)
    also = [person] if person in table.columns and person is not None else []
    return _count(table, [*columns, *also])


def _require(table: Table, columns: Sequence[str]) -> None:
    missing = list(dict.fromkeys(column for column in columns if column not in table.columns))
    if missing:
        raise BadInput(
            Text(
                en=f"{table.name}: no column {', '.join(missing)}; it has {', '.join(table.columns[:30])}",
                zh=f"{table.name}：没有列 {'、'.join(missing)}；现有列：{'、'.join(table.columns[:30])}",
            )
        )
