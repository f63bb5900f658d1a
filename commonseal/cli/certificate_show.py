"""Show what a certificate is worth, and what a challenge came to: the documented JSON, and lines for people."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from commonseal.cli.show import OUT
from commonseal.cli.words import say
from commonseal.judge.certificate import rate_of
from commonseal.judge.certificate_lapse import Standing
from commonseal.seal.note import VerifierKey


def standing_json(
    found: Standing, file: Path, issuer: VerifierKey, day: date, *, table_checked: bool
) -> dict[str, Any]:
    """Return the documented JSON of `certificate verify`."""
    return {
        "certificate": str(file),
        "state": found.state,
        "valid": found.state == "valid",
        "as_of": day.isoformat(),
        "issuer": issuer.name,
        "table_checked": table_checked,
        "lapsed_on": None if found.lapse is None else found.lapse["on"],
        "lapse": found.lapse,
        "ignored_lapses": list(found.ignored),
        "statement": found.statement,
    }


def show_standing(found: Standing, file: Path, issuer: VerifierKey, day: date) -> None:
    """Print what a certificate is worth on a day, who answers, and what ended it."""
    told, answers = found.statement, found.statement["answers"]
    word = {
        "valid": say("valid", "有效"),
        "not_yet": say("not yet valid", "尚未生效"),
        "expired": say("expired", "已过期"),
        "lapsed": say("lapsed", "已失效"),
    }[found.state]
    lines = [
        f"{file}: {word} ({day})",
        say(f"signed by {issuer.name}", f"签发者 {issuer.name}"),
        say(
            f"table {told['table']['file']}, SHA-256 {told['table']['sha256']}",
            f"数据表 {told['table']['file']}，SHA-256 {told['table']['sha256']}",
        ),
        say(f"from {told['issued']} to {told['valid_until']}", f"{told['issued']} 至 {told['valid_until']}"),
        say(
            f"answers: {answers['organisation']}, {answers['role']}",
            f"责任方：{answers['organisation']}，{answers['role']}",
        ),
        say(
            f"attacks tried: {len(told['attacks'])}; threshold {told['thresholds']['reidentified_rate_max']:g}",
            f"已尝试攻击 {len(told['attacks'])} 次；阈值 {told['thresholds']['reidentified_rate_max']:g}",
        ),
    ]
    figures = told["figures"]
    if "smallest_class" in figures and "highest_risk" in figures:
        size, risk = figures["smallest_class"], figures["highest_risk"]
        lines.append(
            say(f"smallest class {size}, highest risk {risk:.4g}", f"最小等价类 {size}，最高风险 {risk:.4g}")
        )
    if found.lapse is not None:
        rate = f"{rate_of(found.lapse['attack']):.1%}"
        lines.append(
            say(
                f"lapsed since {found.lapse['on']}: an attack with {found.lapse['auxiliary']['file']} re-identified {rate}",
                f"自 {found.lapse['on']} 起失效：使用 {found.lapse['auxiliary']['file']} 的攻击重标识率为 {rate}",
            )
        )
    for name in found.ignored:
        lines.append(
            say(
                f"{name}: does not count: wrong key, certificate or figures",
                f"{name}：不予采信：密钥、证书或数值不符",
            )
        )
    OUT.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def show_challenge(attack: Any, limit: float, place: Path | None, answers: Any) -> None:
    """Print what a challenge came to; `place`: where the lapse was written, None where there is none."""
    right, people, rate = attack["right_claims"], attack["people"], f"{rate_of(attack) or 0:.1%}"
    OUT.print(
        say(
            f"{right} of {people} people re-identified ({rate}), {attack['claims']} claims; threshold {limit:g}",
            f"{people} 人中重标识 {right} 人（{rate}），断言 {attack['claims']} 次；阈值 {limit:g}",
        ),
        say("the certificate stands", "证书仍然有效")
        if place is None
        else say(
            f"the certificate has lapsed: {place}; {answers['organisation']}, {answers['role']}, answers",
            f"证书失效：{place}；由 {answers['organisation']} {answers['role']} 负责",
        ),
        sep="\n",
        markup=False,
        soft_wrap=True,
    )
