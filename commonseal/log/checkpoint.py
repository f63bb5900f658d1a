"""Read and write checkpoints: the signed head of a log.

Source: c2sp.org/tlog-checkpoint. On the wire, a note whose text is origin, size, root:

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q…
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonseal.errors import BadInput, ProofFailed
from commonseal.model import Text
from commonseal.seal.note import Note, VerifierKey, base64_bytes, base64_text, parse_note, verify_note

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: `size` leaves under `root` (32 bytes), of the log named `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the note text, as it is signed."""
        return "\n".join((self.origin, str(self.size), base64_text(self.root), *self.extensions)) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note text strictly. Raises: BadInput, one message for each cause."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not text.endswith("\n"):
        raise _bad(
            f"got {len(lines)} lines, expected origin, size, root, none empty",
            "应有来源、大小、根三行，不得空",
        )
    origin, size, root = lines[:3]
    count = parse_decimal(size, "checkpoint, line 2, size")
    return Checkpoint(origin, count, parse_hash(root, "checkpoint, line 3, root"), tuple(lines[3:]))


def open_checkpoint(raw: bytes, key: VerifierKey) -> tuple[Checkpoint, Note]:
    """Read a checkpoint and verify that the log's key signed it. Raises: BadInput, ProofFailed."""
    note = parse_note(raw)
    verify_note(note, [key])
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        en = f"checkpoint: got origin {checkpoint.origin}, expected {key.name}"
        raise ProofFailed(Text(en=en, zh=f"检查点来源为 {checkpoint.origin}，应为 {key.name}"))
    return checkpoint, note


def parse_decimal(text: str, where: str) -> int:
    """Read a decimal below 2**63 without sign or leading zeroes. Raises: BadInput."""
    if not _DECIMAL.fullmatch(text) or int(text) >= 2**63:
        en = f"{where}: expected a decimal below 2^63 without leading zeroes"
        raise BadInput(Text(en=en, zh=f"{where}：应为小于 2^63、无前导零的十进制数"))
    return int(text)


def parse_hash(text: str, where: str) -> bytes:
    """Read one SHA-256 hash in base64. Raises: BadInput."""
    try:
        raw = base64_bytes(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise BadInput(Text(en=f"{where}: expected 32 bytes in base64", zh=f"{where}：应为 32 字节的 base64"))
    return raw


def parse_hashes(lines: Sequence[str], where: str) -> tuple[bytes, ...]:
    """Read a proof, at most 63 lines of one hash each. Raises: BadInput."""
    if len(lines) > 63:
        en = f"{where}: got {len(lines)} hashes, expected at most 63"
        raise BadInput(Text(en=en, zh=f"{where}：有 {len(lines)} 个哈希，至多 63 个"))
    return tuple(parse_hash(line, f"{where}, hash {number}") for number, line in enumerate(lines, start=1))


def _bad(en: str, zh: str) -> BadInput:
    return BadInput(Text(en=f"checkpoint: {en}", zh=f"检查点：{zh}"))
