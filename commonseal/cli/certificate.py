"""`commonseal certificate`: make its key, verify it, and try to end it with a new auxiliary table."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

import commonseal
from commonseal.cli.attack_asked import Asked, quasi_pairs
from commonseal.cli.certificate_challenge import require_table, run_challenge
from commonseal.cli.certificate_files import beside, content, write_beside, write_new
from commonseal.cli.certificate_show import show_challenge, show_standing, standing_json
from commonseal.cli.show import OUT, show_json, working
from commonseal.cli.words import say
from commonseal.errors import KeyFault, ProofFailed
from commonseal.judge.certificate_lapse import standing
from commonseal.log.key import key_text, load_signer
from commonseal.model import Text
from commonseal.seal.note import ED25519, SignerKey, VerifierKey

MADE_WITH = {"commonseal": commonseal.__version__}

app = typer.Typer(
    help=say(
        "Certificates of anonymity: make a key, verify, challenge.", "匿名化证书：生成密钥、验证、质疑。"
    ),
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("the certificate", "证书文件"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("print one JSON document", "输出 JSON"))]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help=say("the day; today", "以哪一天为准；默认今天")),
]
SigningKey = Annotated[Path, typer.Option("--key", help=say("the signing key", "签名私钥"))]


@app.command(
    help=say("Write a new signing key to PATH, never over a file.", "生成签名私钥并写入 PATH，绝不覆盖。")
)
def key(
    path: Annotated[Path, typer.Argument(metavar="PATH", help=say("the key file", "密钥文件"))],
    name: Annotated[
        str, typer.Option(help=say("its name, as city.example/judge", "名称，如 city.example/judge"))
    ],
    as_json: AsJson = False,
) -> None:
    """Make a signing key, readable by its owner alone, and write its public half to PATH.pub."""
    signer = SignerKey(name, ED25519, os.urandom(32))
    public = signer.verifier.encode()
    public_path = path.with_name(f"{path.name}.pub")
    for taken in (path, public_path):
        if taken.exists():
            raise KeyFault(
                Text(
                    en=f"{taken}: a key is never overwritten: choose another path",
                    zh=f"{taken}：密钥绝不覆盖：请另选路径",
                )
            )
    write_new(path, f"{signer.encode()}\n".encode(), mode=0o600)
    write_new(public_path, f"{public}\n".encode())
    if as_json:
        show_json({"path": str(path), "public_key": public, "public_path": str(public_path)})
    else:
        OUT.print(f"{public_path}: {public}", markup=False, highlight=False, soft_wrap=True)


@app.command(
    help=say(
        "Verify a certificate offline: signature, table, days, lapses.",
        "离线验证证书：签名、数据表、日期、失效记录。",
    )
)
def verify(
    file: File,
    public_key: Annotated[
        str, typer.Option(help=say("the issuer's public key, or its file", "签发者公钥或其文件"))
    ],
    table: Annotated[
        Path | None, typer.Option(help=say("the table it speaks of", "证书所指的数据表"))
    ] = None,
    lapse: Annotated[
        list[Path] | None, typer.Option(help=say("a lapse that lies elsewhere", "存于他处的失效记录"))
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Verify a certificate; exit 4 where it is not valid on that day."""
    issuer = VerifierKey.parse(key_text(public_key) or "")
    day = as_of.date() if as_of else date.today()
    records = [*beside(file), *(lapse or [])]
    found = standing(content(file), issuer, [(str(path), content(path)) for path in records], as_of=day)
    if table is not None:
        require_table(table, found.statement["table"]["sha256"])
    if as_json:
        show_json(standing_json(found, file, issuer, day, table_checked=table is not None))
    else:
        show_standing(found, file, issuer, day)
    if found.state != "valid":
        raise typer.Exit(ProofFailed.exit_code)


@app.command(
    help=say(
        "Attack the table with a new auxiliary table; more than the threshold ends the certificate.",
        "用新的辅助表攻击数据表；超过阈值则证书失效。",
    )
)
def challenge(
    file: File,
    auxiliary: Annotated[str, typer.Option(help=say("the attacker's table", "攻击者的辅助表"))],
    table: Annotated[Path, typer.Option(help=say("the table it speaks of", "证书所指的数据表"))],
    signing_key: SigningKey,
    truth: Annotated[
        str | None, typer.Option(help=say("the column that says who a row is", "标明每行是谁的列"))
    ] = None,
    original: Annotated[
        str | None, typer.Option(help=say("the table before release, with the truth", "发布前含真值的表"))
    ] = None,
    person: Annotated[
        str | None, typer.Option(help=say("the column that ties one person's rows", "关联同一人各行的列"))
    ] = None,
    quasi: Annotated[
        str | None, typer.Option(help=say("columns to link by: a,b=other", "用于链接的列：a,b=辅助表列名"))
    ] = None,
    hierarchies: Annotated[
        Path | None, typer.Option(help=say("public ARX CSVs", "公开的 ARX 层级文件夹"))
    ] = None,
    method: Annotated[
        str, typer.Option(help=say("exact or probabilistic", "exact 或 probabilistic"))
    ] = "exact",
    claim_at: Annotated[
        float | None, typer.Option(help=say("least probability of a claim", "作出断言的最低概率"))
    ] = None,
    seed: Annotated[int, typer.Option(help=say("of all chance", "随机种子"))] = 0,
    public_key: Annotated[
        str | None,
        typer.Option(help=say("the issuer's public key; that of --key", "签发者公钥；默认取自 --key")),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Challenge a certificate; exit 4 where it lapses, and the record of it is written beside."""
    signer = load_signer(signing_key, kind=ED25519)
    issuer = signer.verifier if public_key is None else VerifierKey.parse(key_text(public_key) or "")
    asked = Asked(
        release=str(table), auxiliary=auxiliary, original=original, truth=truth, person=person,
        quasi=quasi_pairs([name for name in (quasi or "").split(",") if name.strip()]),
        hierarchies=hierarchies, method=method, claim_at=claim_at, seed=seed,
    )  # fmt: skip
    raw = content(file)
    with working(say("attacking", "攻击中"), quiet=as_json):
        done = run_challenge(
            raw, asked, signer, issuer=issuer, on=as_of.date() if as_of else date.today(), made_with=MADE_WITH
        )
    place = None if done.record is None else write_beside(file, done.record)
    answers = done.statement["answers"]
    limit = done.statement["thresholds"]["reidentified_rate_max"]
    if as_json:
        show_json(
            {
                "outcome": "stands" if place is None else "lapsed",
                "certificate": str(file),
                "lapse": None if place is None else str(place),
                "reidentified_rate_max": limit,
                "answers": answers,
                "attack": done.attack,
            }
        )
    else:
        show_challenge(done.attack, limit, place, answers)
    if place is not None:
        raise typer.Exit(ProofFailed.exit_code)
