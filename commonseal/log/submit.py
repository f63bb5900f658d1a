"""Ask witnesses to cosign a published checkpoint; none of them can stop the log.

Source: c2sp.org/tlog-witness, the client's side of add-checkpoint.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from commonseal.errors import BadInput, CommonsealError, ProofFailed
from commonseal.log import merkle
from commonseal.log.checkpoint import parse_decimal
from commonseal.log.cosignature import verify_cosignatures
from commonseal.log.policy import WitnessPolicy
from commonseal.log.tree import TileTree
from commonseal.model import Text
from commonseal.seal.note import Note, Signature, VerifierKey, base64_text, parse_signatures

_MAX_ANSWER = 100_000


@dataclass(frozen=True, slots=True)
class WitnessAddress:
    """A witness's key and its submission prefix, http or https."""

    key: VerifierKey
    url: str
    timeout: float = 5.0  # seconds for each of at most two requests

    def __post_init__(self) -> None:
        """Refuse any other scheme: a policy file must not make the log open local files."""
        if not self.url.startswith(("https://", "http://")):
            raise BadInput(
                Text(en=f"{self.url}: expected http or https", zh=f"{self.url}：应为 http 或 https")
            )


@dataclass(frozen=True, slots=True)
class Outage:
    """A witness that did not cosign, when it was asked (unix seconds), and why."""

    witness: str
    at: int
    why: Text


def addresses(policy: WitnessPolicy, *, timeout: float = 5.0) -> tuple[WitnessAddress, ...]:
    """Return the witnesses for which the policy gives an address. Raises: BadInput."""
    return tuple(WitnessAddress(policy.witnesses[name], url, timeout) for name, url in policy.urls.items())


def collect_cosignatures(
    witnesses: Sequence[WitnessAddress], note: Note, tree: TileTree, *, at: int
) -> tuple[tuple[Signature, ...], tuple[Outage, ...]]:
    """Ask each witness in turn; return the verified cosignatures, and who gave none."""
    lines: list[Signature] = []
    outages: list[Outage] = []
    for witness in witnesses:
        try:
            lines.append(request_cosignature(witness, note, tree))
        except (OSError, http.client.HTTPException, ValueError, CommonsealError) as fault:
            why = fault.message if isinstance(fault, CommonsealError) else Text(en=str(fault), zh=str(fault))
            outages.append(Outage(witness.key.name, at, why))
    return tuple(lines), tuple(outages)


def request_cosignature(witness: WitnessAddress, note: Note, tree: TileTree) -> Signature:
    """Ask one witness; where it remembers another size, prove from that one and ask again.

    Raises: OSError, HTTPException where it cannot be reached; ProofFailed, BadInput where its answer
        is no cosignature on this checkpoint.
    """
    status, answer = _post(witness, _submission(note, tree, 0))
    if status == 409:
        old = parse_decimal(answer.removesuffix("\n"), f"{witness.key.name}, size")
        if old > tree.size:
            en = f"{witness.key.name}: has cosigned {old} entries, this log holds {tree.size}: rolled back?"
            raise ProofFailed(
                Text(en=en, zh=f"{witness.key.name} 已见证 {old} 个条目，此日志仅 {tree.size} 个")
            )
        status, answer = _post(witness, _submission(note, tree, old))
    if status != 200:
        why = " ".join(answer.split())[:200]
        raise ProofFailed(
            Text(en=f"{witness.key.name}: refused with {status}: {why}", zh=f"见证方拒绝：{status}")
        )
    return _cosignature(witness.key, note, answer)


def _submission(note: Note, tree: TileTree, old: int) -> bytes:
    proof = merkle.consistency_proof(tree.node, old, tree.size)
    head = "\n".join([f"old {old}", *map(base64_text, proof), "", ""])
    return head.encode() + note.encode()


def _post(witness: WitnessAddress, body: bytes) -> tuple[int, str]:
    url = witness.url.rstrip("/") + "/add-checkpoint"
    request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 - scheme checked above
    request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with urllib.request.urlopen(request, timeout=witness.timeout) as answer:  # noqa: S310
            return answer.status, answer.read(_MAX_ANSWER).decode("utf-8", "replace")
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(_MAX_ANSWER).decode("utf-8", "replace")


def _cosignature(key: VerifierKey, note: Note, answer: str) -> Signature:
    lines = Note(note.text, parse_signatures(answer))
    verify_cosignatures(lines, [key])
    for _, signature in lines.by([key]):
        return signature
    raise ProofFailed(
        Text(en=f"{key.name}: answered without its cosignature", zh=f"{key.name}：未给出见证签名")
    )
