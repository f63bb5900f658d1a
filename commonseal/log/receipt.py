"""Write, read and check receipts: proof that one entry is in the log, checkable offline.

Source: c2sp.org/tlog-proof. On the wire:

    c2sp.org/tlog-proof@v1
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
    (blank line, then the checkpoint with its signatures, verbatim)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from commonseal.errors import BadInput, ProofFailed
from commonseal.log import merkle
from commonseal.log.checkpoint import open_checkpoint, parse_checkpoint, parse_decimal, parse_hashes
from commonseal.log.policy import WitnessPolicy
from commonseal.model import Text
from commonseal.seal.note import VerifierKey, base64_bytes, base64_text, parse_note

_MAGIC = "c2sp.org/tlog-proof@v1"
_MAX_BYTES = 1_100_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's place: its index, the proof from leaf to root, the signed checkpoint as it was.

    `extra` is opaque and proved by nothing.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def to_text(self) -> str:
        """Return the receipt as a `.tlog-proof` file holds it."""
        extra = [] if self.extra is None else [f"extra {base64_text(self.extra)}"]
        lines = [_MAGIC, *extra, f"index {self.index}", *map(base64_text, self.proof), "", ""]
        return "\n".join(lines) + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read a receipt strictly; it is not yet verified. Raises: BadInput."""
        head, blank, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(text) > _MAX_BYTES or not blank or lines.pop(0) != _MAGIC:
            raise _bad(f"expected '{_MAGIC}', the proof, a blank line and a checkpoint", "格式不符")
        extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
        if not lines or not lines[0].startswith("index "):
            raise _bad("expected 'index' and the entry's number", "缺少 index 行")
        index = parse_decimal(lines.pop(0).removeprefix("index "), "receipt, index")
        proof = parse_hashes(lines, "receipt, proof")
        parse_checkpoint(parse_note(checkpoint.encode()).text)
        return cls(index, proof, checkpoint, extra)

    @classmethod
    def load(cls, path: Path) -> Receipt:
        """Read a receipt from a file of at most 1.1 MB. Raises: BadInput."""
        try:
            with path.open("rb") as file:
                return cls.parse(file.read(_MAX_BYTES + 1).decode())
        except (OSError, UnicodeDecodeError) as fault:
            raise BadInput(Text(en=f"{path}: not a receipt: {fault}", zh=f"{path}：不是回执")) from None


def verify_receipt(
    receipt: Receipt, entry: bytes, *, vkey: str, witness_policy: WitnessPolicy | None = None
) -> None:
    """Check, offline, that the log of `vkey` holds `entry` where the receipt says.

    Where a policy is given, enough of its witnesses must have cosigned the checkpoint.

    Raises: ProofFailed. KeyFault where `vkey` is not a key.
    """
    key = VerifierKey.parse(vkey)
    try:
        checkpoint, note = open_checkpoint(receipt.checkpoint.encode(), key)
    except BadInput as fault:
        raise ProofFailed(fault.message) from fault
    if witness_policy is not None:
        witness_policy.check(note, key)
    leaf = merkle.leaf_hash(entry)
    merkle.verify_inclusion(leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)


def _extra(line: str) -> bytes:
    try:
        return base64_bytes(line.removeprefix("extra "))
    except ValueError:
        raise _bad("extra is not base64", "extra 行不是 base64") from None


def _bad(en: str, zh: str) -> BadInput:
    return BadInput(Text(en=f"receipt: {en}", zh=f"回执：{zh}"))
