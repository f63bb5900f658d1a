"""A certificate holds as long as it says: tampering, other keys, its days, its lapses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.errors import BadInput, CommonsealError, KeyFault, ProofFailed
from commonseal.judge.certificate import Answerer, Statement, certify, rate_of, read_certificate, signed_hash
from commonseal.judge.certificate_lapse import Standing, record_lapse, standing
from commonseal.model import Citation, Text
from commonseal.seal.canonical import canonical_json
from commonseal.seal.note import ED25519, Signature, SignerKey, parse_note, sign_note

ISSUED, LAST, LATER = date(2026, 11, 24), date(2027, 11, 24), date(2027, 11, 25)
ISSUER = SignerKey("city.example/judge", ED25519, bytes(range(32)))
STRANGER = SignerKey("city.example/judge", ED25519, bytes(32))  # of the same name
INSPECTOR = SignerKey("inspector.example/attack", ED25519, b"\1" * 32)
MADE_WITH = {"commonseal": "0.1.0"}


def attack(rate: float | None, **more: Any) -> dict[str, Any]:
    return {"people": 100, "claims": 20, "right_claims": 10, "reidentified_rate": rate, **more}


STATEMENT = Statement(
    file="release.csv",
    sha256=hashlib.sha256(b"a,b\n1,2\n").hexdigest(),
    parameters={"quasi": ["sex", "age"], "sensitive": ["icd10"], "k": 5},
    figures={"smallest_class": 5, "highest_risk": 0.2},
    attacks=(attack(0.01),),
    reidentified_rate_max=0.05,
    answers=Answerer("Clinic data office", "data steward"),
    issued=ISSUED,
    valid_until=LAST,
    law=(Citation("r", Text(en="PIPL", zh="个人信息保护法"), "PIPL art. 73(4)", "verified"),),
    may_lapse=(INSPECTOR.verifier.encode(),),
    made_with=MADE_WITH,
)
CERTIFICATE = certify(STATEMENT, ISSUER)


def lapse(
    signer: SignerKey = ISSUER, rate: float = 0.2, on: date = date(2027, 1, 5), of: bytes = CERTIFICATE
) -> bytes:
    return record_lapse(
        of, attack(rate), signer,
        issuer=ISSUER.verifier, auxiliary=("voters.csv", "0" * 64), on=on, made_with=MADE_WITH,
    )  # fmt: skip


def stand(*records: bytes, as_of: date = date(2027, 2, 1), of: bytes = CERTIFICATE) -> Standing:
    named = [(f"lapse-{number}", record) for number, record in enumerate(records)]
    return standing(of, ISSUER.verifier, named, as_of=as_of)


def test_it_says_what_was_stated() -> None:
    told = read_certificate(CERTIFICATE, ISSUER.verifier)
    assert told["table"] == {"file": "release.csv", "sha256": STATEMENT.sha256}
    assert told["answers"] == {"organisation": "Clinic data office", "role": "data steward"}
    assert told["law"][0]["instrument_zh"] == "个人信息保护法"
    assert (told["issued"], told["valid_until"]) == ("2026-11-24", "2027-11-24")
    assert told["attacks"] == [attack(0.01)]
    head, body = parse_note(CERTIFICATE).text.splitlines()
    assert head == "commonseal-certificate-v1"
    assert canonical_json(json.loads(body)).decode() == body


def test_the_same_statement_is_the_same_bytes() -> None:
    assert certify(STATEMENT, ISSUER) == CERTIFICATE


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(CERTIFICATE) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(position: int, change: int) -> None:
    raw = bytearray(CERTIFICATE)
    raw[position] ^= change
    with pytest.raises(CommonsealError):
        read_certificate(bytes(raw), ISSUER.verifier)


@pytest.mark.parametrize("key", [STRANGER, INSPECTOR])
def test_another_key_proves_nothing(key: SignerKey) -> None:
    with pytest.raises(ProofFailed, match="no signature"):
        read_certificate(CERTIFICATE, key.verifier)


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 11, 23), "not_yet"), (ISSUED, "valid"), (LAST, "valid"), (LATER, "expired")],
)
def test_it_is_valid_from_its_first_day_to_its_last(day: date, state: str) -> None:
    assert stand(as_of=day).state == state


@pytest.mark.parametrize("signer", [ISSUER, INSPECTOR])
def test_a_lapse_ends_it_and_names_who_answers(signer: SignerKey) -> None:
    record = lapse(signer)
    found = stand(record)
    assert found.state == "lapsed"
    assert found.lapse is not None
    assert found.lapse["on"] == "2027-01-05"
    assert found.lapse["answers"] == found.statement["answers"]
    assert found.lapse["attack"]["reidentified_rate"] == 0.2
    assert found.lapse["auxiliary"]["file"] == "voters.csv"
    assert stand(record, as_of=date(2027, 1, 5)).state == "lapsed"
    assert stand(record, as_of=date(2027, 1, 4)).state == "valid"  # it held until then
    assert stand(record, as_of=LATER).state == "lapsed"


def test_the_first_of_several_lapses_counts() -> None:
    found = stand(lapse(on=date(2027, 1, 9)), lapse(on=date(2027, 1, 7), rate=0.3))
    assert found.lapse is not None
    assert found.lapse["on"] == "2027-01-07"


def forged(**changes: Any) -> bytes:
    document = json.loads(parse_note(lapse()).text.splitlines()[1])
    body = canonical_json({**document, **changes}).decode()
    return sign_note(f"commonseal-lapse-v1\n{body}\n", [ISSUER]).encode()


def test_what_does_not_count_changes_nothing_and_is_named() -> None:
    true = parse_note(lapse())
    by_stranger = sign_note(true.text, [STRANGER]).encode()
    other = certify(replace(STATEMENT, file="other.csv"), ISSUER)
    records = [
        by_stranger,
        lapse().replace(b"data steward", b"nobody at all"),
        lapse(of=other),
        forged(attack=attack(0.05)),  # signed, but no more than the threshold
        forged(attack={}),
        b"not a note",
        CERTIFICATE,
    ]
    found = stand(*records)
    assert (found.state, found.lapse) == ("valid", None)
    assert found.ignored == tuple(f"lapse-{number}" for number in range(len(records)))


def test_a_further_signature_is_no_way_round_a_lapse() -> None:
    """Anybody can add a line that nobody verifies; the certificate is still the same."""
    note = parse_note(CERTIFICATE)
    other = replace(note, signatures=(*note.signatures, Signature("x", b"abcd", b"efgh"))).encode()
    assert other != CERTIFICATE
    assert signed_hash(other) == signed_hash(CERTIFICATE)
    assert stand(lapse(), of=other).state == "lapsed"


def test_only_who_may_can_end_it() -> None:
    with pytest.raises(KeyFault, match="may not end"):
        lapse(STRANGER)
    with pytest.raises(ProofFailed, match="certificate stands"):
        lapse(rate=0.05)


@pytest.mark.parametrize("rate", [0.06, 1.0])
def test_an_attack_that_did_better_is_not_certified(rate: float) -> None:
    with pytest.raises(ProofFailed, match="nothing is certified"):
        certify(replace(STATEMENT, attacks=(attack(0.01), attack(rate))), ISSUER)


@pytest.mark.parametrize("rate", [0.05, None, {"rate": 0.04, "low": 0.0, "high": 0.1}])
def test_an_attack_that_did_no_better_is(rate: Any) -> None:
    told = read_certificate(certify(replace(STATEMENT, attacks=(attack(rate),)), ISSUER), ISSUER.verifier)
    assert len(told["attacks"]) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_until": date(2026, 11, 23)}, "before the day of issue"),
        ({"reidentified_rate_max": 1.5}, "threshold"),
        ({"answers": Answerer(" ", "steward")}, "organisation"),
        ({"answers": Answerer("office", "")}, "role"),
        ({"attacks": ({"reidentified_rate": 0.0},)}, "people, claims, right_claims"),
        ({"attacks": ({"people": 3},)}, "reidentified_rate"),
        ({"attacks": (attack(7),)}, "reidentified_rate"),
        ({"figures": {"risk": float("nan")}}, "NaN"),
        ({"figures": {"text": "x" * 2_000_000}}, "1000000"),
    ],
)
def test_a_bad_statement_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        certify(replace(STATEMENT, **changes), ISSUER)


def test_a_bad_key_in_may_lapse_is_named() -> None:
    with pytest.raises(KeyFault):
        certify(replace(STATEMENT, may_lapse=("nobody",)), ISSUER)


def test_all_faults_are_named_at_once() -> None:
    bad = replace(STATEMENT, valid_until=date(2020, 1, 1), reidentified_rate_max=-1.0)
    with pytest.raises(BadInput) as raised:
        certify(bad, ISSUER)
    assert len(raised.value.message.en.splitlines()) == len(raised.value.message.zh.splitlines()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "commonseal-lapse-v1\n{}\n",
        "commonseal-certificate-v1\n{}\n",
        "commonseal-certificate-v1\nnot json\n",
        "commonseal-certificate-v1\n[1, 2]\n",
        "example.com/log\n5\nAAAA\n",  # a checkpoint that the same key signed
    ],
)
def test_another_text_under_the_same_key_is_no_certificate(text: str) -> None:
    with pytest.raises(ProofFailed, match="not a commonseal-certificate-v1"):
        read_certificate(sign_note(text, [ISSUER]).encode(), ISSUER.verifier)


def test_a_rate_is_read_in_both_forms() -> None:
    assert rate_of({"reidentified_rate": {"rate": None}}) is None
    for wrong in ({}, {"reidentified_rate": True}, {"reidentified_rate": "0.1"}):
        with pytest.raises(BadInput):
            rate_of(wrong)


def test_the_schema_is_one(tmp_path: Path) -> None:
    import jsonschema

    import commonseal.judge

    path = Path(commonseal.judge.__file__).with_name("certificate.schema.json")
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_every_field_is_documented() -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs" / "certificate.md").read_text(encoding="utf-8")
    schema = json.loads((root / "commonseal/judge/certificate.schema.json").read_text(encoding="utf-8"))
    fields = [name for shape in ("certificate", "lapse") for name in schema["$defs"][shape]["properties"]]
    assert [name for name in fields if f"`{name}" not in page] == []
