"""`commonseal attack`: another table against a release, and what it names."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from commonseal.cli.attack_asked import Asked, asked_from_file, attack_asked, quasi_pairs
from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import say
from commonseal.errors import BadInput
from commonseal.judge.attack import Attack, Learned, Rate, attack_json
from commonseal.model import Text
from commonseal.release.package import DATA
from commonseal.seal.canonical import file_hash

CONFIG = (".yaml", ".yml")


def attack_command(
    context: typer.Context,
    release: Annotated[
        str,
        typer.Argument(
            help=say("a package, a table, or a configuration YAML", "发布包、表，或配置文件 YAML")
        ),
    ],
    auxiliary: Annotated[
        str | None,
        typer.Option("--auxiliary", help=say("what the attacker knows: a table", "攻击者所知的表")),
    ] = None,
    original: Annotated[
        str | None, typer.Option("--original", help=say("the table before release", "发布前的原始表"))
    ] = None,
    outsiders: Annotated[
        str | None,
        typer.Option("--outsiders", help=say("people held out before release", "发布前留出、不在表中的人")),
    ] = None,
    truth: Annotated[
        str | None, typer.Option("--truth", help=say("the column that says who a row is", "说明每行是谁的列"))
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", help=say("the column that ties one person's rows", "关联同一人各行的列")),
    ] = None,
    quasi: Annotated[
        str | None,
        typer.Option("--quasi", help=say("columns to link by: a,b=other", "用于链接的列：a,b=辅助表列名")),
    ] = None,
    sensitive: Annotated[
        str | None, typer.Option("--sensitive", help=say("columns to learn: a,b", "欲得知的敏感列：a,b"))
    ] = None,
    hierarchies: Annotated[
        Path | None, typer.Option("--hierarchies", help=say("public ARX CSVs", "公开的 ARX 层级文件夹"))
    ] = None,
    method: Annotated[
        str, typer.Option("--method", help=say("exact or probabilistic", "exact 或 probabilistic"))
    ] = "exact",
    claim_at: Annotated[
        float | None,
        typer.Option("--claim-at", help=say("least probability of a claim", "作出断言的最低概率")),
    ] = None,
    known_rate: Annotated[
        float,
        typer.Option("--known-rate", help=say("share known without --auxiliary", "无辅助表时攻击者所知比例")),
    ] = 0.5,
    ruled_out: Annotated[
        int,
        typer.Option(
            "--ruled-out", help=say("sensitive values ruled out, at most", "最多可排除的敏感值个数")
        ),
    ] = 2,
    confidence: Annotated[
        float, typer.Option("--confidence", help=say("of the intervals", "区间的置信水平"))
    ] = 0.95,
    seed: Annotated[int, typer.Option("--seed", help=say("of all chance", "随机种子"))] = 0,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Attack a release with another table: who is named again, and what is learned?"""
    if release.lower().endswith(CONFIG):
        _no_other_options(context, release)
        asked = asked_from_file(Path(release))
    else:
        asked = Asked(
            release=release, auxiliary=auxiliary, original=original, outsiders=outsiders, truth=truth, person=person,
            quasi=quasi_pairs(_listed(quasi)), sensitive=tuple(_listed(sensitive)) if sensitive else None,
            hierarchies=hierarchies, method=method, claim_at=claim_at, known_rate=known_rate, ruled_out=ruled_out,
            confidence=confidence, seed=seed,
        )  # fmt: skip
    started = time.perf_counter()
    with working(say("attacking", "攻击"), quiet=as_json):
        found = attack_asked(asked)
    if as_json:
        seconds = round(time.perf_counter() - started, 4)
        show_json({**_names(asked), **attack_json(found), "seconds": seconds})
        return
    show_attack(found)


def show_attack(found: Attack) -> None:
    """Print an attack for people: the figures, and one plain sentence."""
    rows = [
        (say("claims that are right", "断言正确"), *_cells(found.precision)),
        (say("of those known, named again", "攻击者所知者中被重新指认"), *_cells(found.reidentified)),
        (say("of all released, named again", "全部发布对象中被重新指认"), *_cells(found.of_released)),
        *(_learned(each) for each in (*found.homogeneity, *found.background)),
    ]
    if found.membership is not None:
        rows.append(
            (
                say("insiders taken for insiders", "表中人被认作在表中"),
                *_cells(found.membership.true_positive),
            )
        )
        rows.append(
            (
                say("outsiders taken for insiders", "表外人被认作在表中"),
                *_cells(found.membership.false_positive),
            )
        )
    columns = ["", say("number", "数量"), say("of", "共"), say("share", "比例"), say("interval", "置信区间")]
    show_table(say("the attack", "攻击结果"), columns, rows)
    for line in _notes(found):
        OUT.print(line, highlight=False, soft_wrap=True)
    OUT.print(f"[bold]{sentence(found)}[/]", highlight=False, soft_wrap=True)


def sentence(found: Attack) -> str:
    """Say in one plain sentence what came of it.

    The people of the sentence are those whom the attacker knows and the data hold: nobody else could be named.
    """
    rate = found.reidentified
    if rate.value is None or rate.low is None or rate.high is None:
        return say("nobody whom the attacker knows is in the data", "攻击者所知的人都不在数据中")
    share, low, high = f"{rate.value:.1%}", f"{100 * rate.low:.1f}", f"{100 * rate.high:.1f}"
    return say(
        f"{share} of {rate.of:,} people were named again ({low} to {high}); "
        f"{found.right_claims:,} of {found.claims:,} claims were right",
        f"{rate.of:,} 人中有 {share} 被重新指认（{low} 至 {high}）；{found.claims:,} 个断言中 {found.right_claims:,} 个正确",
    )


def _notes(found: Attack) -> list[str]:
    used = ", ".join(column.release for column in found.columns if column.used)
    unused = ", ".join(column.release for column in found.columns if not column.used)
    notes = [say(f"linked by {used}", f"链接所用列：{used}")]
    if unused:
        notes.append(
            say(
                f"not linked by {unused}: no known value fits any label; are hierarchies missing?",
                f"未用列：{unused}：没有已知值与标签相符；是否缺少泛化层级？",
            )
        )
    if found.outsiders_are == "drawn":
        notes.append(
            say(
                f"{found.outsiders:,} outsiders were drawn from the data's own columns",
                f"{found.outsiders:,} 名表外人系按数据各列的分布抽取",
            )
        )
    if found.unsettled_claims:
        notes.append(
            say(
                f"{found.unsettled_claims:,} claims could not be settled and count as right",
                f"{found.unsettled_claims:,} 个断言无法判定，按正确计",
            )
        )
    return notes


def _names(asked: Asked) -> dict[str, str | None]:
    """Name both tables, and the bytes that were attacked, so that a certificate can be held to them."""
    file = Path(asked.release)
    file = file / DATA if (file / DATA).is_file() else file
    return {
        "release": Path(asked.release).name,
        "release_sha256": file_hash(file) if file.is_file() else None,
        "auxiliary": None if asked.auxiliary is None else Path(asked.auxiliary).name,
    }


def _learned(each: Learned) -> tuple[Any, ...]:
    if each.ruled_out == 0:
        name = say(f"{each.sensitive} known, not named", f"{each.sensitive} 被得知（未被指认）")
    else:
        number = each.ruled_out
        name = say(f"... with {number} values ruled out", f"…… 可排除 {number} 个值时")
    return (name, *_cells(each.learned))


def _cells(rate: Rate) -> tuple[str, str, str, str]:
    if rate.value is None:
        return "0", "0", "-", "-"
    return (
        f"{rate.hits:,}",
        f"{rate.of:,}",
        f"{rate.value:.1%}",
        f"{100 * (rate.low or 0):.1f} - {100 * (rate.high or 0):.1f}",
    )


def _listed(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _no_other_options(context: typer.Context, config: str) -> None:
    given = [
        f"--{name.replace('_', '-')}"
        for name in context.params
        if name not in ("release", "as_json")
        and (source := context.get_parameter_source(name)) is not None
        and source.name == "COMMANDLINE"
    ]
    if given:
        raise BadInput(
            Text(
                en=f"{config}: a configuration stands for all options; got {', '.join(given)} too: write them in it",
                zh=f"{config}：配置文件已包含全部选项；另有 {'、'.join(given)}：请写入配置文件",
            )
        )
