"""End a certificate: a signed record that a new attack did better than it allows, and who answers.

The record is a signed note of its own, beside the certificate, which stays as it was. It counts where
the issuer's key signed it, or a key that the certificate itself names (`may_lapse`), it speaks of this very
certificate (SHA-256 of its signed text), and its attack did better than the certificate's threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commonseal.errors import CommonsealError, KeyFault, ProofFailed
from commonseal.judge.certificate import Document, opened, rate_of, read_certificate, sealed, signed_hash
from commonseal.model import Text
from commonseal.seal.note import SignerKey, VerifierKey

LAPSE_FORMAT = "commonseal-lapse-v1"
State = Literal["valid", "not_yet", "expired", "lapsed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate is worth on a day. `lapse`: the first that counts, by its day."""

    state: State
    statement: Document
    lapse: Document | None
    ignored: tuple[str, ...]  # names of lapse records that do not count


def lapses(statement: Document, attack: Document) -> bool:
    """Tell whether an attack ends a certificate: it re-identified more than the threshold."""
    rate = rate_of(attack)
    return rate is not None and rate > statement["thresholds"]["reidentified_rate_max"]


def record_lapse(
    certificate: bytes,
    attack: Document,
    key: SignerKey,
    *,
    issuer: VerifierKey,
    auxiliary: tuple[str, str],
    on: date,
    made_with: Mapping[str, str],
) -> bytes:
    """Return the signed lapse of a certificate, the whole content of its file.

    Args: certificate: its file's bytes. auxiliary: name and SHA-256 of the other table's file. on: the
        day of the attack, from which the certificate is worth nothing.
    Raises: ProofFailed where the certificate does not verify, or the attack does not do better than its
        threshold; KeyFault where `key` may not end it.
    """
    statement = read_certificate(certificate, issuer)
    require_right(statement, key.verifier, issuer)
    if not lapses(statement, attack):
        raise ProofFailed(
            Text(
                en="the attack re-identified no more than the threshold: the certificate stands",
                zh="攻击的重标识率未超过阈值：证书仍然有效",
            )
        )
    document = {
        "format": LAPSE_FORMAT,
        "certificate": signed_hash(certificate),
        "table": statement["table"],
        "auxiliary": {"file": auxiliary[0], "sha256": auxiliary[1]},
        "attack": dict(attack),
        "thresholds": statement["thresholds"],
        "answers": statement["answers"],
        "on": on.isoformat(),
        "made_with": dict(made_with),
    }
    return sealed(LAPSE_FORMAT, document, key)


def require_right(statement: Document, key: VerifierKey, issuer: VerifierKey) -> None:
    """Let only the issuer, and whom the certificate names, end it. Raises: KeyFault."""
    if key not in _may_lapse(statement, issuer):
        raise KeyFault(
            Text(
                en=f"the key of {key.name} may not end this certificate; expected the issuer's, {issuer.name}, "
                "or one that the certificate names",
                zh=f"{key.name} 的密钥无权使此证书失效；应为签发者 {issuer.name} 的密钥，或证书中指定的密钥",
            )
        )


def standing(
    certificate: bytes, issuer: VerifierKey, records: Sequence[tuple[str, bytes]], *, as_of: date
) -> Standing:
    """Say what a certificate is worth on a day.

    Args: records: name and content of each lapse record that was found; what does not count is named,
        and changes nothing, or anybody could end a certificate.
    Raises: BadInput, ProofFailed where the certificate itself does not verify.
    """
    statement = read_certificate(certificate, issuer)
    name = signed_hash(certificate)
    counted, ignored = [], []
    for file, raw in records:
        document = _counts(raw, name, statement, issuer)
        if document is None:
            ignored.append(file)
        else:
            counted.append(document)
    first = min(counted, key=lambda document: str(document["on"]), default=None)
    day = as_of.isoformat()  # ISO days compare as days
    if first is not None and first["on"] <= day:
        return Standing("lapsed", statement, first, tuple(ignored))
    if day < statement["issued"]:
        return Standing("not_yet", statement, None, tuple(ignored))
    state: State = "expired" if day > statement["valid_until"] else "valid"
    return Standing(state, statement, None, tuple(ignored))


def _counts(raw: bytes, certificate: str, statement: Document, issuer: VerifierKey) -> Document | None:
    try:
        document = opened(raw, LAPSE_FORMAT, "lapse", _may_lapse(statement, issuer))
        counts = document["certificate"] == certificate and lapses(statement, document["attack"])
    except CommonsealError:
        return None
    return document if counts else None


def _may_lapse(statement: Document, issuer: VerifierKey) -> list[VerifierKey]:
    return [issuer, *(VerifierKey.parse(text) for text in statement["may_lapse"])]
