"""Run a new attack on a certified table, and sign the lapse where it does better than the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from commonseal.cli.attack_asked import Asked, attack_asked
from commonseal.errors import BadInput, ProofFailed
from commonseal.judge.attack import attack_json
from commonseal.judge.certificate import Document, rate_of, read_certificate
from commonseal.judge.certificate_lapse import lapses, record_lapse, require_right
from commonseal.model import Text
from commonseal.seal.canonical import file_hash
from commonseal.seal.note import SignerKey, VerifierKey


@dataclass(frozen=True, slots=True)
class Challenged:
    """What the attack came to; `record` is the signed lapse, None where the certificate stands."""

    statement: Document
    attack: Mapping[str, Any]
    record: bytes | None


def run_challenge(
    certificate: bytes,
    asked: Asked,
    signer: SignerKey,
    *,
    issuer: VerifierKey,
    on: date,
    made_with: Mapping[str, str],
) -> Challenged:
    """Attack the certified table with `asked.auxiliary`.

    Raises: ProofFailed where the certificate or the table is another; KeyFault where `signer` may not
        end it: all before the attack. BadInput where the auxiliary table knows nobody of the table.
    """
    statement = read_certificate(certificate, issuer)
    require_right(statement, signer.verifier, issuer)
    require_table(Path(asked.release), statement["table"]["sha256"])
    auxiliary = _named(Path(asked.auxiliary or ""))
    told = {
        "release": Path(asked.release).name,
        "auxiliary": auxiliary[0],
        **attack_json(attack_asked(asked)),
    }
    if rate_of(told) is None:
        raise BadInput(
            Text(
                en=f"{asked.auxiliary}: nobody in it is in the certified table: nothing is challenged",
                zh=f"{asked.auxiliary}：其中无人在证书所指的数据表中：未构成质疑",
            )
        )
    record = None
    if lapses(statement, told):
        record = record_lapse(
            certificate, told, signer, issuer=issuer, auxiliary=auxiliary, on=on, made_with=made_with
        )
    return Challenged(statement, told, record)


def require_table(table: Path, sha256: str) -> None:
    """Hold a table to the hash that was certified. Raises: BadInput, ProofFailed."""
    got = file_hash(plain_file(table))
    if got != sha256:
        raise ProofFailed(
            Text(
                en=f"{table}: got SHA-256 {got}, certified was {sha256}: this is another table",
                zh=f"{table}：SHA-256 为 {got}，证书所载为 {sha256}：不是同一数据表",
            )
        )


def plain_file(path: Path) -> Path:
    """Return a path that is one file: what is certified has a hash. Raises: BadInput."""
    if not path.is_file():
        raise BadInput(
            Text(
                en=f"{path}: no such file; a certificate speaks of one file, not of a folder or a database",
                zh=f"{path}：没有这个文件；证书只针对单个文件，不针对文件夹或数据库",
            )
        )
    return path


def _named(path: Path) -> tuple[str, str]:
    return path.name, file_hash(plain_file(path))
