"""Make and verify witness cosignatures, version 1: Ed25519 over a checkpoint and a time.

Source: c2sp.org/tlog-cosignature. What is signed:

    cosignature/v1
    time 1679315147
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

and the signature line holds the key id, the time (8 bytes, big-endian) and the 64-byte signature.
"""

from __future__ import annotations

from collections.abc import Iterable

from commonseal.errors import BadInput, ProofFailed
from commonseal.model import Text
from commonseal.seal.note import COSIGNATURE, Note, Signature, SignerKey, VerifierKey


def cosign(signer: SignerKey, text: str, *, at: int) -> Signature:
    """Cosign a checkpoint's note text at `at`, unix seconds, 1 or more. Raises: BadInput."""
    if signer.kind != COSIGNATURE or not 0 < at < 2**63:
        en = f"cosignature: needs a witness key (type 4) and a time above 0; got type {signer.kind}, {at}"
        raise BadInput(Text(en=en, zh=f"见证签名需要 4 型密钥与大于 0 的时间；得到 {signer.kind} 型、{at}"))
    blob = at.to_bytes(8, "big") + signer.sign(_message(text, at))
    return Signature(signer.name, signer.verifier.id, blob)


def verify_cosignatures(note: Note, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """Verify the cosignatures of known witnesses and ignore all others.

    Returns: the time of each, unix seconds; the latest where a witness cosigned more than once.
    Raises: ProofFailed where a known witness's cosignature is false.
    """
    times: dict[VerifierKey, int] = {}
    for key, signature in note.by(key for key in keys if key.kind == COSIGNATURE):
        at = int.from_bytes(signature.blob[:8], "big")
        whole = len(signature.blob) == 72 and at < 2**63
        if not whole or not key.holds(_message(note.text, at), signature.blob[8:]):
            en = f"checkpoint: the cosignature by {key.name} is false"
            raise ProofFailed(Text(en=en, zh=f"检查点：{key.name} 的见证签名不成立"))
        times[key] = max(at, times.get(key, 0))
    return times


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
