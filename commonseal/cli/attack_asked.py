"""What `commonseal attack` is asked, by options or by a file, and the tables opened for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import polars as pl

from commonseal.anonymize import read_hierarchies
from commonseal.anonymize.hierarchy import SUFFIX
from commonseal.errors import BadInput
from commonseal.judge.attack import TRUTH, Attack, attack, half_known, with_truth
from commonseal.judge.attack.codes import is_opaque, plain
from commonseal.judge.attack.result import Method
from commonseal.judge.attack.sides import readable, require
from commonseal.model import Text
from commonseal.release.document import beside, joined, read_checked
from commonseal.release.package import DATA, MANIFEST, read_manifest
from commonseal.source import open_table


@dataclass(frozen=True, slots=True)
class Asked:
    """What an attack is asked; docs/attack.md documents each field. None: not named."""

    release: str
    auxiliary: str | None = None
    original: str | None = None
    outsiders: str | None = None
    truth: str | None = None
    person: str | None = None
    quasi: Mapping[str, str] | None = None
    sensitive: tuple[str, ...] | None = None
    hierarchies: Path | None = None
    method: str = "exact"
    claim_at: float | None = None
    known_rate: float = 0.5
    ruled_out: int = 2
    confidence: float = 0.95
    seed: int = 0


def attack_asked(asked: Asked) -> Attack:
    """Open the tables and run the attack. Raises: BadInput and what opening a table raises."""
    _check(asked)
    release, told = _release(asked)
    original = None if asked.original is None else _open(asked.original)
    if asked.auxiliary is None:
        return _half_known(asked, release, told, original)
    truth = asked.truth or told.person
    if truth is None:
        raise BadInput(
            Text(
                en="--truth is missing: the column of the auxiliary table that says who each row is",
                zh="缺少 --truth：辅助表中说明每行是谁的列",
            )
        )
    return _run(asked, release, _open(asked.auxiliary), told, original, truth)


def quasi_pairs(names: Sequence[str]) -> dict[str, str] | None:
    """Read `name` or `release_name=auxiliary_name`; None where there is none.

    >>> quasi_pairs(["sex", "birth_date=dob"])
    {'sex': 'sex', 'birth_date': 'dob'}
    """
    pairs = [name.partition("=") for name in names]
    return {here.strip(): (there or here).strip() for here, _, there in pairs} or None


def asked_from_file(path: Path) -> Asked:
    """Read and check a configuration; paths in it start at its own folder. Raises: BadInput, all faults."""
    data, _ = read_checked(path, "commonseal.judge.attack")
    for name in ("release", "auxiliary", "original", "outsiders"):
        if name in data:
            data[name] = beside(path, data[name])
    if "hierarchies" in data:
        data["hierarchies"] = (path.parent / data["hierarchies"]).resolve()
    if "quasi" in data:
        data["quasi"] = quasi_pairs(data["quasi"])
    if "sensitive" in data:
        data["sensitive"] = tuple(data["sensitive"])
    return Asked(**data)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a package's manifest tells, or the options in its place."""

    person: str | None
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...]


def _release(asked: Asked) -> tuple[pl.DataFrame, _Told]:
    folder = Path(asked.release)
    if "://" in asked.release or not (folder / MANIFEST).is_file():
        return _open(asked.release), _Told(asked.person, (), asked.sensitive or ())
    _, manifest = read_manifest(folder)
    release = _open(str(folder / DATA))
    person = asked.person or manifest["agreement"]["terms"].get("person")
    kept = [column["name"] for column in manifest["columns"] if column["use"] == "sensitive"]
    learn = [name for name in kept if name in release.columns and not is_opaque(release.schema[name])]
    quasi = (manifest["anonymization"] or {"quasi": ()})["quasi"]
    return release, _Told(person, tuple(quasi), tuple(learn if asked.sensitive is None else asked.sensitive))


def _half_known(asked: Asked, release: pl.DataFrame, told: _Told, original: pl.DataFrame | None) -> Attack:
    """Attack with the raw quasi-identifiers of a share of the people, and outsiders."""
    if original is None:
        raise BadInput(
            Text(
                en="nothing to attack with: give --auxiliary TABLE, or --original RAW to know half of its people",
                zh="没有可用于攻击的数据：请给出 --auxiliary 表，或用 --original 原始表（攻击者知道其中一半的人）",
            )
        )
    quasi = asked.quasi or dict.fromkeys(told.quasi)
    if not quasi:
        raise BadInput(
            Text(
                en="--quasi is missing: the columns of the original that the attacker knows, with commas",
                zh="缺少 --quasi：攻击者所知的原始表各列，以逗号分隔",
            )
        )
    match = {here: there or here for here, there in quasi.items()}
    who = asked.truth or told.person
    whole = with_truth(original, who)
    if who is not None and readable(release, who):
        release = release.with_columns(plain(release[who]).alias(TRUTH))
    require(whole, list(match.values()), "original")
    outside = None if asked.outsiders is None else _open(asked.outsiders)
    known = half_known(
        whole, list(match.values()), seed=asked.seed, known_rate=asked.known_rate, outsiders=outside
    )
    renamed = whole.rename({there: here for here, there in match.items() if there != here})
    return _run(
        asked,
        release,
        known,
        told,
        renamed,
        TRUTH,
        match=match,
        outsiders="drawn" if outside is None else "held_out",
    )


def _run(
    asked: Asked,
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    told: _Told,
    original: pl.DataFrame | None,
    truth: str,
    *,
    match: Mapping[str, str] | None = None,
    outsiders: Any = "in_auxiliary",
) -> Attack:
    method: Any = asked.method
    chosen = match or asked.quasi
    person = told.person if told.person in release.columns else None
    if asked.person is not None and person is None:
        require(
            release if original is None else original,
            [asked.person],
            "release" if original is None else "original",
        )
    return attack(
        release,
        auxiliary,
        truth=truth,
        quasi=chosen,
        sensitive=told.sensitive,
        person=None if person == truth else person,
        original=original,
        hierarchies=_hierarchies(asked, list(chosen or release.columns), told.sensitive),
        method=method,
        claim_at=asked.claim_at,
        ruled_out=asked.ruled_out,
        confidence=asked.confidence,
        seed=asked.seed,
        outsiders_are=outsiders,
    )


def _hierarchies(
    asked: Asked, columns: Sequence[str], sensitive: Sequence[str]
) -> dict[str, list[list[str]]]:
    """Read the public hierarchies that there are for these columns."""
    folder = asked.hierarchies
    if folder is None:
        return {}
    files = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    there = [
        name
        for name in dict.fromkeys([*columns, *sensitive])
        if any(file == f"{name}.csv" or file.endswith(f"{SUFFIX}{name}.csv") for file in files)
    ]
    if not there:
        raise BadInput(
            Text(
                en=f"{folder}: no hierarchy file (*{SUFFIX}COLUMN.csv) of any of the columns",
                zh=f"{folder}：没有任何相关列的层级文件（*{SUFFIX}列名.csv）",
            )
        )
    return {name: hierarchy.rows() for name, hierarchy in read_hierarchies(folder, there).items()}


def _check(asked: Asked) -> None:
    faults = []
    if asked.method not in get_args(Method):
        faults.append(
            Text(
                en=f"--method: got {asked.method}, expected exact or probabilistic",
                zh=f"--method：得到 {asked.method}，应为 exact 或 probabilistic",
            )
        )
    if not 0 < asked.known_rate <= 1:
        faults.append(
            Text(
                en=f"--known-rate: got {asked.known_rate}, expected > 0, <= 1",
                zh=f"--known-rate：得到 {asked.known_rate}，应 > 0 且 <= 1",
            )
        )
    if asked.seed < 0:
        faults.append(
            Text(
                en=f"--seed: got {asked.seed}, expected 0 or more",
                zh=f"--seed：得到 {asked.seed}，应不小于 0",
            )
        )
    if asked.outsiders is not None and asked.auxiliary is not None:
        faults.append(
            Text(
                en="--outsiders goes with --original alone; an auxiliary table has its own outsiders: null truth",
                zh="--outsiders 仅在未给出 --auxiliary 时使用；辅助表中真值为空者即为表外人",
            )
        )
    if faults:
        raise BadInput(joined(faults))


def _open(ref: str) -> pl.DataFrame:
    table = open_table(ref)
    return table.frame.collect(engine="streaming")
