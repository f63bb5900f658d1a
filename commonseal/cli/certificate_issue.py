"""Issue a certificate at the end of `commonseal judge --certify`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import commonseal
from commonseal.cli.certificate_challenge import plain_file
from commonseal.cli.certificate_files import content, write_new
from commonseal.cli.judge_config import Asked
from commonseal.errors import BadInput, ProofFailed
from commonseal.judge.certificate import Answerer, Statement, certify
from commonseal.judge.identifiability import CITATION
from commonseal.law import load_book
from commonseal.log.key import key_text, load_signer
from commonseal.model import Citation, Text
from commonseal.release.document import joined
from commonseal.seal.canonical import file_hash
from commonseal.seal.note import ED25519

THRESHOLD = 0.05  # the overall risk that GB/T 42460 recommends as acceptable
_PIPL = Text(en="Personal Information Protection Law", zh="个人信息保护法")
LAW = (
    Citation("CN-PIPL-4", _PIPL, "PIPL art. 4", "verified"),
    Citation("CN-PIPL-73", _PIPL, "PIPL art. 73(4)", "verified"),
    CITATION,
)
_PERSONAL = re.compile(r"\d{7,}|@")  # a number or an address that reaches one person


@dataclass(frozen=True, slots=True)
class Certifying:
    """The options of `judge` that make a certificate."""

    out: Path
    key: Path
    answers: Answerer
    issued: date
    valid_until: date
    attacks: tuple[Path, ...] = ()
    threshold: float = THRESHOLD
    law: tuple[str, ...] = ()
    may_lapse: tuple[str, ...] = ()


def certifying(
    out: Path | None,
    *,
    key: Path | None,
    answers: str | None,
    issued: date,
    valid_until: date | None,
    attacks: Sequence[Path],
    threshold: float | None,
    law: Sequence[str],
    may_lapse: Sequence[str],
) -> Certifying | None:
    """Check the options before anything is judged; None where no certificate is asked for.

    Raises: BadInput naming every fault.
    """
    given: Mapping[str, object] = {
        "--key": key, "--answers": answers, "--valid-until": valid_until, "--attack": attacks or None,
        "--threshold": threshold, "--law": law or None, "--may-lapse": may_lapse or None,
    }  # fmt: skip
    if out is None:
        stray = [name for name, value in given.items() if value is not None]
        if stray:
            names = ", ".join(stray)
            raise BadInput(
                Text(en=f"{names}: goes with --certify OUT alone", zh=f"{names}：仅与 --certify OUT 一同使用")
            )
        return None
    missing = [name for name in ("--key", "--answers", "--valid-until") if given[name] is None]
    faults = [Text(en=f"--certify: {name} is missing", zh=f"--certify：缺少 {name}") for name in missing]
    if out.exists():
        faults.append(
            Text(
                en=f"{out}: there is something already; a certificate is never overwritten",
                zh=f"{out}：已有文件；证书绝不覆盖",
            )
        )
    if not out.parent.is_dir():
        faults.append(Text(en=f"{out.parent}: no such folder", zh=f"{out.parent}：没有这个文件夹"))
    party = _party(answers, faults)
    if faults or key is None or valid_until is None:
        raise BadInput(joined(faults))
    load_signer(key, kind=ED25519)
    return Certifying(
        out, key, party, issued, valid_until, tuple(attacks), THRESHOLD if threshold is None else threshold,
        tuple(law), tuple(key_text(text) or "" for text in may_lapse),
    )  # fmt: skip


def issue(asked: Certifying, judged: Asked, figures: Mapping[str, Any]) -> None:
    """Sign what was judged and write it; nothing is written where it may not be certified.

    Args: figures: the JSON of `judge`, which says whether the models hold.
    Raises: ProofFailed where a model does not hold, a direct identifier stands in the table, or an attack
        did better than the threshold.
    """
    table = plain_file(Path(judged.table))
    _require_certifiable(table, figures)
    signer = load_signer(asked.key, kind=ED25519)
    sha256 = file_hash(table)
    statement = Statement(
        file=table.name,
        sha256=sha256,
        parameters=_parameters(judged),
        figures={**figures, "table": table.name},
        attacks=tuple(_attack(path, sha256) for path in asked.attacks),
        reidentified_rate_max=asked.threshold,
        answers=asked.answers,
        issued=asked.issued,
        valid_until=asked.valid_until,
        law=(*LAW, *_cited(asked.law)),
        may_lapse=asked.may_lapse,
        made_with={"commonseal": commonseal.__version__},
    )
    write_new(asked.out, certify(statement, signer))


def _require_certifiable(table: Path, figures: Mapping[str, Any]) -> None:
    """Refuse a table that nobody could stand behind. Raises: ProofFailed."""
    faults = []
    if not figures["holds"]:
        faults.append(
            Text(
                en=f"{table}: a model that was asked for does not hold: nothing is certified",
                zh=f"{table}：所要求的模型不成立：不予认证",
            )
        )
    if figures["identifiability"]["level"] == 1:
        direct = figures["identifiability"]["direct"]
        faults.append(
            Text(
                en=f"{table}: {', '.join(direct)}: a direct identifier stands in the table: nothing is certified. "
                "Take it out, or say with --direct which columns are",
                zh=f"{table}：{'、'.join(direct)}：表中含直接标识符：不予认证。请先去除，或用 --direct 指明直接标识符",
            )
        )
    if faults:
        raise ProofFailed(joined(faults))


def _parameters(judged: Asked) -> dict[str, Any]:
    """Return what the table was judged by: names of columns and numbers, no values of cells."""
    return {
        "quasi": list(judged.quasi),
        "sensitive": list(judged.sensitive),
        "direct": list(judged.direct or ()),
        "keys": list(judged.keys or ()),
        "person": judged.person,
        "population": judged.population,
        "sharing": judged.terms.sharing,
        "context": judged.terms.context,
    }


def _attack(path: Path, sha256: str) -> Mapping[str, Any]:
    """Read what `commonseal attack --json` printed; where it names the release's hash, it must be this one."""
    try:
        attack = json.loads(content(path))
        if not isinstance(attack, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise BadInput(
            Text(
                en=f"{path}: not the JSON of an attack; give what `commonseal attack --json` prints",
                zh=f"{path}：不是攻击结果的 JSON；请提供 `commonseal attack --json` 的输出",
            )
        ) from None
    if attack.get("release_sha256") != sha256:
        raise BadInput(Text(en=f"{path}: an attack on another table", zh=f"{path}：攻击的不是这个数据表"))
    return attack


def _cited(rules: Sequence[str]) -> list[Citation]:
    book = load_book() if rules else None
    cited = []
    for rule_id in rules:
        rule = book.rule(rule_id) if book is not None else None
        if rule is None:
            raise BadInput(
                Text(
                    en=f"--law {rule_id}: no such rule; `commonseal law list` names them",
                    zh=f"--law {rule_id}：没有这条规则；可用 `commonseal law list` 查看",
                )
            )
        cited.append(rule.citation)
    return cited


def _party(answers: str | None, faults: list[Text]) -> Answerer:
    """Read `ORGANISATION, ROLE`: what stands after the last comma is the role."""
    parts = re.fullmatch(r"(.*)[,，;；]([^,，;；]*)", answers or "")
    organisation, role = (part.strip() for part in parts.groups()) if parts else ("", "")
    if answers is not None and not (organisation and role):
        faults.append(
            Text(
                en="--answers: expected 'ORGANISATION, ROLE', no person's name",
                zh="--answers：应为“组织，职务”，不写个人姓名",
            )
        )
    if answers is not None and _PERSONAL.search(answers):
        faults.append(
            Text(
                en="--answers: holds a number or an address that reaches a person; name an organisation and a role",
                zh="--answers：含可联系到个人的号码或地址；请只写组织和职务",
            )
        )
    return Answerer(organisation, role)
