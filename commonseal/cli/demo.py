"""`commonseal demo`: a city, "anonymous" patients who are named again, a release in which nobody is, another
that is refused, the same made lawful, and a tampered package.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
import yaml

from commonseal.city import make_city
from commonseal.cli.release import show_result
from commonseal.cli.show import OUT, working
from commonseal.cli.words import LANG, read, say
from commonseal.errors import BadInput, ProofFailed
from commonseal.judge.attack import Attack, attack
from commonseal.model import Text
from commonseal.release import Result, release, verify_package
from commonseal.release.draft import draft_agreement
from commonseal.release.report import write_report
from commonseal.source import open_table

RESIDENTS = 20_000
SEED = 7
DAY = date(2026, 9, 14)
ON_THE_LIST = ["sex", "birth_date", "district"]  # what the voters' list tells besides the name
STRUCK_OUT = ["visit_id", "name", "resident_id", "note"]  # person_id stays beside, as the truth for the judge
PERSON = {"clinic_visits": "resident_id", "metro_trips": "person_id"}


def demo_command(
    out: Annotated[
        Path | None,
        typer.Option("--out", help=say("folder to leave it in; a temporary one", "存放位置；默认临时文件夹")),
    ] = None,
) -> None:
    """Show the whole way in under a minute: nothing leaves but what the law lets go, with proof."""
    folder = out or Path(tempfile.mkdtemp(prefix="commonseal-demo-"))
    if out is not None and out.exists() and any(out.iterdir()):
        raise BadInput(Text(en=f"{out}: not empty; name a new folder", zh=f"{out}：非空；请指定新文件夹"))
    _step(1, say("a synthetic city; nobody in it is real", "一座合成城市，其中没有真实的人"))
    with working(say("making the city", "生成城市")):
        city = make_city(folder / "city", residents=RESIDENTS, seed=SEED)
    OUT.print(
        say(
            f"  {city.residents:,} residents in {city.folder}",
            f"  {city.residents:,} 名居民，位于 {city.folder}",
        )
    )

    released = _patients(folder)

    _step(4, say("metro trips with a lasting pseudonym: the law says no", "地铁行程用长期假名：依法拒绝"))
    lasting = _agreed(folder, "metro_trips", {}, without=("card",))
    show_result(_released(folder, "metro_trips", lasting, "metro-refused"))

    _step(5, say("the same trips, the pseudonym changing each day", "同样的行程，假名按日更换"))
    daily = {**lasting, "pseudonym": {"period": "day", "date": "enter_at"}}
    show_result(_released(folder, "metro_trips", daily, "metro-package"))

    _step(
        6,
        say(
            "anyone can check a package offline; one changed byte is found",
            "任何人都可离线验证；改动一个字节即被发现",
        ),
    )
    _tamper(folder)
    if released.package:
        page = write_report(released.package, folder / "report.html", LANG)
        OUT.print(say(f"\nread the report: {page}", f"\n阅读报告：{page}"), soft_wrap=True)
    OUT.print(
        say(
            "your own table: commonseal agreement draft YOUR.csv --out agreement",
            "您自己的数据：commonseal agreement draft 您的表.csv --out agreement",
        )
    )


def _step(number: int, title: str) -> None:
    OUT.print(f"\n[bold]{number}. {title}[/]")


def _patients(folder: Path) -> Result:
    """Attack a clinic's visits in the old "anonymous" form, then release them, and attack the copy."""
    _step(
        2,
        say(
            "a clinic's \"anonymous\" visits: names and numbers struck out; a voters' list names the patients",
            "诊所的“匿名”明细：删去了姓名和证件号；一份选民名单又指认出了患者",
        ),
    )
    visits, voters = pl.read_parquet(folder / "city" / "clinic_visits.parquet"), _voters(folder / "city")
    _tell(attack(visits.drop(STRUCK_OUT), voters, truth="person_id", quasi=ON_THE_LIST, sensitive=["icd10"]))

    _step(
        3,
        say(
            "the same visits, names and all, released under an agreement, and attacked in the same way",
            "同样的明细（含姓名、身份证号）按协议发布，再以同样方式攻击",
        ),
    )
    released = _released(folder, "clinic_visits", _agreed(folder, "clinic_visits", {}), "clinic-package")
    show_result(released)
    if released.package:
        copy = pl.read_parquet(released.package / "data.parquet")
        person = PERSON["clinic_visits"]
        _tell(
            attack(
                copy,
                voters,
                truth="person_id",
                quasi=ON_THE_LIST,
                sensitive=["icd10"],
                person=person,
                original=visits,
            )
        )
    return released


def _voters(city: Path) -> pl.DataFrame:
    """Return the voters' list as anybody has it, with the judge's key beside each entry."""
    return pl.read_parquet(city / "voters.parquet").join(
        pl.read_parquet(city / "voters_key.parquet"), on="entry_id"
    )


def _tell(found: Attack) -> None:
    """Say what came of an attack on the patients."""
    rate, learned = found.reidentified, found.homogeneity[0].learned
    low, high = 100 * (rate.low or 0), 100 * (rate.high or 0)
    OUT.print(
        say(
            f"  [bold]{rate.value or 0:.1%} of the {rate.of:,} patients on the list were named again[/] "
            f"({low:.1f} to {high:.1f}), {found.of_released.value or 0:.1%} of all {found.released_people:,}; "
            f"{found.right_claims:,} of {found.claims:,} claims right; "
            f"the diagnosis of {learned.hits:,} more is known",
            f"  [bold]名单上的 {rate.of:,} 名患者中有 {rate.value or 0:.1%} 被重新指认[/]（{low:.1f} 至 {high:.1f}），"
            f"占全部 {found.released_people:,} 名的 {found.of_released.value or 0:.1%}；"
            f"{found.claims:,} 个断言中 {found.right_claims:,} 个正确；另有 {learned.hits:,} 人的诊断被得知",
        ),
        highlight=False,
        soft_wrap=True,
    )


def _agreed(
    folder: Path, table: str, changes: dict[str, Any], *, without: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Draft an agreement for a table of the city and fill in what only people can know."""
    draft = draft_agreement(
        open_table(folder / "city" / f"{table}.parquet"), folder / table, as_of=DAY, person=PERSON[table]
    )
    terms: dict[str, Any] = yaml.safe_load(draft.path.read_text(encoding="utf-8"))
    terms |= {
        "provider": "Wanglan Health Commission" if table == "clinic_visits" else "Wanglan Transport Bureau",
        "recipient": {"name": "Wanglan Planning Institute", "kind": "department"},
        "purpose": "Plan services by district: aggregate demand, never decisions about a person.",
        "legal_basis": {"basis": "pipl13_3", "reference": "Wanglan City Planning Regulation, art. 12"},
        "impact_assessment": "PIA-2026-014",
        **changes,
    }
    if "minor_rules" in terms:
        terms["minor_rules"] = "WL-2026-MINORS-3"
    terms["columns"] = [column for column in terms["columns"] if column["name"] not in without]
    return terms


def _released(folder: Path, table: str, terms: dict[str, Any], name: str) -> Result:
    path = folder / table / "agreement.yaml"
    path.write_text(yaml.safe_dump(terms, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with working(say("releasing", "发布")) as progress:
        return release(
            folder / "city" / f"{table}.parquet",
            path,
            out=folder / name,
            as_of=DAY,
            tell=lambda what: progress.update(progress.task_ids[0], description=read(what)),
        )


def _tamper(folder: Path) -> None:
    package, log_key = (
        folder / "metro-package",
        (folder / "metro_trips" / "log" / "log.pub").read_text().strip(),
    )
    sealed = verify_package(package, log_key=log_key)
    OUT.print(
        say(
            f"  [green]✓[/] {package}: verified, log entry {sealed.index}",
            f"  [green]✓[/] {package}：验证通过，日志第 {sealed.index} 条",
        ),
        soft_wrap=True,
    )
    copy = folder / "metro-tampered"
    shutil.copytree(package, copy)
    data = bytearray((copy / "data.parquet").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "data.parquet").write_bytes(data)
    try:
        verify_package(copy, log_key=log_key)
    except ProofFailed as fault:
        OUT.print(
            f"  [green]✓[/] {say('one bit changed: ', '改动一位：')}{read(fault.message)}", soft_wrap=True
        )
        return
    raise ProofFailed(Text(en="the changed package verified", zh="被改动的发布包竟通过了验证"))
