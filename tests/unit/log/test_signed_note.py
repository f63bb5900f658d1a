"""Notes, keys, checkpoints and cosignatures: the specifications' own bytes, and every way to spoil them."""

from __future__ import annotations

import pytest

from commonseal.errors import BadInput, CommonsealError, KeyFault, ProofFailed
from commonseal.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from commonseal.log.cosignature import cosign, verify_cosignatures
from commonseal.log.policy import WitnessPolicy, parse_policy
from commonseal.seal.note import (
    COSIGNATURE,
    ED25519,
    Note,
    SignerKey,
    VerifierKey,
    parse_note,
    sign_note,
    verify_note,
)

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
RAW = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT"
    "gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# Go's golang.org/x/mod/sumdb/note publishes this pair as its example
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
W1 = SignerKey("witness.example/w1", COSIGNATURE, bytes([1]) * 32)
W2 = SignerKey("witness.example/w2", COSIGNATURE, bytes([2]) * 32)
W3 = SignerKey("witness.example/w3", COSIGNATURE, bytes([3]) * 32)
LOG = SignerKey("city.example/log", ED25519, bytes(32))
HEAD = Checkpoint("city.example/log", 7, bytes(32))


def test_the_notes_of_the_specification_and_of_go_verify_and_sign_byte_for_byte() -> None:
    assert [key.name for key in verify_note(parse_note(RAW), [VerifierKey.parse(VKEY)])] == [
        "example.com/foo"
    ]
    assert parse_note(RAW).encode() == RAW
    key = SignerKey.parse(GO_SKEY)
    assert (key.encode(), key.verifier.encode()) == (GO_SKEY, GO_VKEY)
    assert sign_note(GO_NOTE.partition("\n\n")[0] + "\n", [key]).encode().decode() == GO_NOTE


def test_the_text_may_hold_blank_lines() -> None:
    text = "a\n\n— not a signature\n\n\nb\n"
    note = parse_note(sign_note(text, [LOG]).encode())
    assert note.text == text
    verify_note(note, [LOG.verifier])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"text\n", "no blank line"),
        (b"text\n\n", "no signature line"),
        (RAW[:-1], "no signature line ended"),
        (b"te\xffxt\n\n", "byte 2 is not UTF-8"),
        (b"te\rxt\n\n" + RAW.partition(b"\n\n")[2], "control character"),
        (b"text\n\n- example.com/foo AAAAAAA=\n", "expected '— name base64'"),
        ("text\n\n— example.com/foo\n".encode(), "expected '— name base64'"),
        ("text\n\n—  AAAAAAA=\n".encode(), "key name is empty"),
        ("text\n\n— a+b AAAAAAA=\n".encode(), "key name"),
        ("text\n\n— a\u00a0b AAAAAAA=\n".encode(), "key name"),
        ("text\n\n— a AAAAAAB=\n".encode(), "not base64"),  # the unused bits are not zero
        ("text\n\n— a AAAA AAA=\n".encode(), "not base64"),
        ("text\n\n— a AAAAAA==\n".encode(), "got 4 bytes"),
        (b"text\n\n" + "— a AAAAAAA=\n".encode() * 101, "got 101 signatures"),
        (b"x" * 1_000_001, "1000001 bytes"),
    ],
)
def test_each_malformed_note_is_refused_with_its_own_cause(raw: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parse_note(raw)


def test_unknown_signatures_are_ignored_and_false_ones_are_not() -> None:
    key = VerifierKey.parse(VKEY)
    note = parse_note(RAW)
    other = sign_note(note.text, [LOG]).signatures[0]
    assert verify_note(Note(note.text, (other, *note.signatures)), [key]) == (key,)
    same_name = SignerKey("example.com/foo", ED25519, bytes(32)).verifier  # the name, another id
    with pytest.raises(ProofFailed, match="no signature by"):
        verify_note(note, [same_name])
    with pytest.raises(ProofFailed, match="the signature by"):
        verify_note(Note("Another message.\n", note.signatures), [key])
    with pytest.raises(ProofFailed, match="is false"):  # one true signature does not excuse a false one
        verify_note(Note(note.text, (*note.signatures, *_bent(note).signatures)), [key])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("example.com/foo+530d903a", "parts"),
        (VKEY.replace("530d903a", "530d903b"), "id"),
        (VKEY.replace("530d903a", "530D903A"), "id"),
        (VKEY[:-4] + "!!!!", "not base64"),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "name"),
        ("example.com/foo+530d903a+AekyeRrm", "bytes"),
        (W1.verifier.encode(), "signature type 4, expected 1"),
    ],
)
def test_each_bad_key_is_refused_with_its_own_cause(text: str, why: str) -> None:
    with pytest.raises(KeyFault, match=why):
        VerifierKey.parse(text)


def test_a_signing_key_shows_itself_in_no_message() -> None:
    assert repr(bytes(32)) not in repr(LOG)
    spoiled = GO_SKEY[:-3] + "AAA"
    with pytest.raises(KeyFault) as fault:
        SignerKey.parse(spoiled)
    assert spoiled[40:] not in str(fault.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("o\n1\n", "2 lines"),
        ("o\n01\n" + "A" * 43 + "=\n", "size"),
        ("o\n+1\n" + "A" * 43 + "=\n", "size"),
        ("o\n١\n" + "A" * 43 + "=\n", "size"),
        (f"o\n{2**63}\n" + "A" * 43 + "=\n", "size"),
        ("o\n1\nAAAA\n", "root"),
        ("o\n1\n" + "A" * 43 + "=", "none empty"),
        ("\n1\n" + "A" * 43 + "=\n", "none empty"),
        ("o\n1\n" + "A" * 43 + "=\n\n", "none empty"),
    ],
)
def test_each_malformed_checkpoint_is_refused_with_its_own_cause(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parse_checkpoint(text)


def test_a_checkpoint_keeps_its_extension_lines() -> None:
    head = Checkpoint("o", 1, bytes(32), ("more", "lines"))
    assert parse_checkpoint(head.text()) == head


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    note = sign_note(Checkpoint("other.example/log", 7, bytes(32)).text(), [LOG])
    with pytest.raises(ProofFailed, match="origin"):
        open_checkpoint(note.encode(), LOG.verifier)


def test_the_cosigned_checkpoint_of_the_specification_parses() -> None:
    raw = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo"
        "+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX"
        "3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    note = parse_note(raw.encode())
    assert parse_checkpoint(note.text).size == 20852163
    assert int.from_bytes(note.signatures[1].blob[:8], "big") == 1679315147
    assert len(note.signatures[1].blob) == 72


def test_a_cosignature_binds_text_and_time() -> None:
    line = cosign(W1, HEAD.text(), at=1679315147)
    assert verify_cosignatures(Note(HEAD.text(), (line,)), [W1.verifier, W2.verifier]) == {
        W1.verifier: 1679315147
    }
    later = type(line)(line.name, line.key_id, (1679315148).to_bytes(8, "big") + line.blob[8:])
    for bad in (
        Note(HEAD.text(), (later,)),
        Note("o\n1\nx\n", (line,)),
        Note(HEAD.text(), (type(line)(line.name, line.key_id, b"x"),)),
    ):
        with pytest.raises(ProofFailed, match="the cosignature by"):
            verify_cosignatures(bad, [W1.verifier])
    for signer, at in ((W1, 0), (LOG, 5)):
        with pytest.raises(BadInput, match="needs a witness key"):
            cosign(signer, HEAD.text(), at=at)


def test_a_policy_asks_for_enough_of_its_witnesses() -> None:
    policy = WitnessPolicy.of(2, [key.verifier.encode() for key in (W1, W2, W3)])
    one, two, three = (cosign(key, HEAD.text(), at=9) for key in (W1, W2, W3))
    policy.check(Note(HEAD.text(), (one, three)), LOG.verifier)
    for lines in ((), (two,), (two, two)):
        with pytest.raises(ProofFailed, match="not enough for quorum"):
            policy.check(Note(HEAD.text(), lines), LOG.verifier)


def test_a_policy_of_groups_within_groups() -> None:
    names = {"X1": W1, "X2": W2, "Y": W3}
    lines = [
        f"\twitness {name}  {key.verifier.encode()} https://{name}.example" for name, key in names.items()
    ]
    text = "\n".join(
        ["# a comment", *lines, "group X any X1 X2", "group all-of-it all X Y", "quorum all-of-it", ""]
    )
    policy = parse_policy(text)
    assert policy.urls["X1"] == "https://X1.example"
    x2, y = (cosign(key, HEAD.text(), at=9) for key in (W2, W3))
    policy.check(Note(HEAD.text(), (x2, y)), LOG.verifier)
    with pytest.raises(ProofFailed):
        policy.check(Note(HEAD.text(), (x2,)), LOG.verifier)
    parse_policy("quorum none").check(Note(HEAD.text(), ()), LOG.verifier)
    elsewhere = parse_policy(f"log {GO_VKEY}\nquorum none")
    with pytest.raises(ProofFailed, match="does not list the log"):
        elsewhere.check(Note(HEAD.text(), ()), LOG.verifier)


WITNESS = f"witness W {W1.verifier.encode()}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no quorum"),
        ("quorum W", ":1: W is not defined above"),
        (f"{WITNESS}\n{WITNESS}", ":2: the key of"),
        (f"{WITNESS}\ngroup W 1 W", ":2: the name W is taken"),
        (f"{WITNESS}\ngroup g 2 W", ":2: got 2, expected 1 to 1"),
        (f"{WITNESS}\ngroup g 0 W", ":2: got 0"),
        (f"{WITNESS}\ngroup g most W", ":2: got most"),
        (f"{WITNESS}\ngroup g 1 W\ngroup h 1 W", ":3: W is a member"),
        (f"{WITNESS}\ngroup g 1 none", ":2: none is not defined"),
        ("quorum none\nquorum none", ":2: a second quorum"),
        ("wintess W", ":1: expected a line of"),
        ("witness W x", ":1: note key"),
        ("quorum\x00none", ":1: has a control"),
    ],
)
def test_a_bad_policy_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(CommonsealError, match=why):
        parse_policy(text)


def _bent(note: Note) -> Note:
    (signature,) = note.signatures
    return Note(
        note.text, (type(signature)(signature.name, signature.key_id, signature.blob[:-1] + b"\x00"),)
    )
