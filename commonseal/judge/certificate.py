"""Certify a judged table: who says what of it, on which figures, until when, and who answers.

A certificate is a signed note (c2sp.org/signed-note) whose text is two lines: the format, and the
statement as canonical JSON (RFC 8785):

    commonseal-certificate-v1
    {"answers":{"organisation":"…","role":"…"},"attacks":[…],"figures":{…},…}

    — city.example/judge Uw2QOkn8…

It is never edited. It ends by its day, or by a lapse beside it (certificate_lapse.py).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

import jsonschema

from commonseal.errors import BadInput, ProofFailed
from commonseal.model import Citation, Text
from commonseal.seal.canonical import canonical_json
from commonseal.seal.note import SignerKey, VerifierKey, parse_note, sign_note, verify_note

FORMAT = "commonseal-certificate-v1"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers for the table: an organisation and the role in it, never a person's name."""

    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is certified of one file. `figures` and `attacks` hold counts, rates and names of columns."""

    file: str
    sha256: str  # of the file, in hex
    parameters: Document  # quasi-identifiers, sensitive columns, models
    figures: Document  # of `judge`
    attacks: tuple[Document, ...]  # of `attack`, each with people, claims, right_claims, reidentified_rate
    reidentified_rate_max: float  # in [0, 1]: an attack that does better ends the certificate
    answers: Answerer
    issued: date
    valid_until: date  # the last day
    law: tuple[Citation, ...] = ()  # what it rests on
    may_lapse: tuple[str, ...] = ()  # public keys (vkey) besides the issuer's whose lapse counts
    made_with: Mapping[str, str] = field(default_factory=dict)


def certify(statement: Statement, key: SignerKey) -> bytes:
    """Return the signed certificate, the whole content of its file.

    Returns: a note that `read_certificate` accepts under `key.verifier`; no attack in it re-identifies
        more than the threshold.
    Raises: BadInput naming every fault; ProofFailed where an attack did better than the threshold.
    """
    faults = _faults(statement)
    if faults:
        raise BadInput(
            Text(en="\n".join(fault.en for fault in faults), zh="\n".join(fault.zh for fault in faults))
        )
    for number, attack in enumerate(statement.attacks, start=1):
        rate = rate_of(attack)
        if rate is not None and rate > statement.reidentified_rate_max:
            raise ProofFailed(
                Text(
                    en=f"attack {number} re-identified {rate:.4g} of the people, more than the threshold "
                    f"{statement.reidentified_rate_max:g}: nothing is certified. Anonymize further",
                    zh=f"第 {number} 次攻击重标识率为 {rate:.4g}，超过阈值 {statement.reidentified_rate_max:g}："
                    "不予认证。请进一步匿名化",
                )
            )
    return sealed(FORMAT, _document(statement), key)


def read_certificate(raw: bytes, key: VerifierKey) -> Document:
    """Verify a certificate's signature and return its statement. Raises: BadInput, ProofFailed."""
    return opened(raw, FORMAT, "certificate", [key])


def rate_of(attack: Document) -> float | None:
    """Return an attack's rate of re-identified people; None where nobody could have been.

    >>> rate_of({"reidentified_rate": 0.2}), rate_of({"reidentified_rate": {"rate": 0.2, "low": 0.1}})
    (0.2, 0.2)

    Raises: BadInput where there is no such figure.
    """
    rate = attack.get("reidentified_rate")
    if isinstance(rate, Mapping):
        rate = rate.get("rate")
    if rate is None and "reidentified_rate" in attack:
        return None
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 <= rate <= 1:
        raise BadInput(
            Text(
                en="attack: no reidentified_rate from 0 to 1; give what `commonseal attack --json` prints",
                zh="攻击结果：缺少 0 到 1 之间的 reidentified_rate；请提供 `commonseal attack --json` 的输出",
            )
        )
    return float(rate)


def signed_hash(raw: bytes) -> str:
    """Return the SHA-256 of what a note's signatures speak of, in hex.

    Of the text, not of the file: a further signature line makes another file, and the same certificate.
    """
    return hashlib.sha256(parse_note(raw).text.encode()).hexdigest()


def sealed(form: str, document: Document, key: SignerKey) -> bytes:
    """Sign a document under its format's name. Raises: BadInput where it cannot be written or read back."""
    try:
        text = f"{form}\n{canonical_json(document).decode()}\n"
    except ValueError as fault:
        raise BadInput(
            Text(
                en="a figure is no number that JSON can hold (NaN or infinite); judge the table again",
                zh="有数值无法写入 JSON（NaN 或无穷）；请重新评判",
            )
        ) from fault
    raw = sign_note(text, [key]).encode()
    opened(raw, form, form.split("-")[1], [key.verifier])  # too large, or of another shape: say so now
    return raw


def opened(raw: bytes, form: str, shape: str, keys: Sequence[VerifierKey]) -> Document:
    """Verify a signed document under any of `keys`, then its form. Raises: BadInput, ProofFailed."""
    note = parse_note(raw)
    verify_note(note, keys)
    head, _, body = note.text.removesuffix("\n").partition("\n")
    try:
        document = json.loads(body) if head == form else None
        if document is None or canonical_json(document).decode() != body:
            raise ValueError
        _validator(shape).validate(document)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        raise ProofFailed(
            Text(
                en=f"not a {form}: expected that line, then one line of canonical JSON of its shape",
                zh=f"不是 {form}：应先为该行，再为一行符合其格式的规范 JSON",
            )
        ) from None
    return dict(document)


@functools.cache
def _validator(shape: str) -> jsonschema.Draft202012Validator:
    text = resources.files("commonseal.judge").joinpath("certificate.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})


def _document(statement: Statement) -> dict[str, Any]:
    answers = statement.answers
    return {
        "format": FORMAT,
        "table": {"file": statement.file, "sha256": statement.sha256},
        "parameters": dict(statement.parameters),
        "figures": dict(statement.figures),
        "attacks": [dict(attack) for attack in statement.attacks],
        "thresholds": {"reidentified_rate_max": statement.reidentified_rate_max},
        "answers": {"organisation": answers.organisation, "role": answers.role},
        "law": [
            {
                "rule": basis.rule,
                "instrument": basis.instrument.en,
                "instrument_zh": basis.instrument.zh,
                "article": basis.article,
                "status": basis.status,
            }
            for basis in statement.law
        ],
        "may_lapse": list(statement.may_lapse),
        "issued": statement.issued.isoformat(),
        "valid_until": statement.valid_until.isoformat(),
        "made_with": dict(statement.made_with),
    }


def _faults(statement: Statement) -> list[Text]:
    faults = []
    if statement.valid_until < statement.issued:
        faults.append(
            Text(
                en=f"valid until {statement.valid_until}: before the day of issue, {statement.issued}",
                zh=f"有效期至 {statement.valid_until}：早于签发日 {statement.issued}",
            )
        )
    if not 0 <= statement.reidentified_rate_max <= 1:
        got = statement.reidentified_rate_max
        faults.append(Text(en=f"threshold: got {got}, expected 0 to 1", zh=f"阈值：得到 {got}，应为 0 至 1"))
    for name, zh, value in (
        ("organisation", "组织", statement.answers.organisation),
        ("role", "职务", statement.answers.role),
    ):
        if not value.strip() or len(value) > 300:
            faults.append(
                Text(
                    en=f"answers: {name}: expected 1 to 300 characters: an organisation and a role, no person's name",
                    zh=f"责任方：{zh}：应为 1 至 300 个字符；写组织和职务，不写个人姓名",
                )
            )
    for text in statement.may_lapse:
        VerifierKey.parse(text)
    for attack in statement.attacks:
        rate_of(attack)
        missing = [name for name in ("people", "claims", "right_claims") if name not in attack]
        if missing:
            faults.append(
                Text(
                    en=f"attack: no {', '.join(missing)}; give what `commonseal attack --json` prints",
                    zh=f"攻击结果：缺少 {'、'.join(missing)}；请提供 `commonseal attack --json` 的输出",
                )
            )
    return faults
