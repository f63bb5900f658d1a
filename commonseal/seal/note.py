"""Sign and check notes: text with Ed25519 signatures, each named by its key.

Source: c2sp.org/signed-note@v1.0.0. The specification's own note, byte for byte, and the key that
verifies it:

>>> raw = (
...     "This is an example message.\\n"
...     "\\n"
...     "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT"
...     "gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\\n"
... ).encode()
>>> vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
>>> [key.name for key in verify_note(parse_note(raw), [VerifierKey.parse(vkey)])]
['example.com/foo']

A signing key's text (`PRIVATE+KEY+…`) is not in the specification; it is the one that Go's
`golang.org/x/mod/sumdb/note` writes and other tools of the field read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from commonseal.errors import BadInput, KeyFault, ProofFailed
from commonseal.model import Text

ED25519 = 0x01
COSIGNATURE = 0x04
_KINDS = (ED25519, COSIGNATURE)
_DASH = "— "
_SKEY = "PRIVATE+KEY+"
_MAX_BYTES = 1_000_000
_MAX_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; `kind` is the signature type byte, `public` 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        head = self.name.encode() + b"\n" + bytes([self.kind])
        return hashlib.sha256(head + self.public).digest()[:4]

    def encode(self) -> str:
        """Return the vkey text, `<name>+<hex id>+<base64>`."""
        return f"{self.name}+{self.id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str, *, kind: int = ED25519) -> VerifierKey:
        """Read a vkey of the expected `kind`. Raises: KeyFault."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise _bad_key(f"got {len(parts)} parts, expected name+id+key", f"有 {len(parts)} 段，应为三段")
        name, key_id, material = parts
        key = cls(_key_name(name), *_material(material, kind))
        if key_id != key.id.hex():
            raise _bad_key(f"{name}: got id {key_id}, expected {key.id.hex()}", f"{name}：编号不符")
        return key

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Return whether `signature` (64 bytes) is this key's on `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A signing key with its name; `seed` is the 32 secret bytes."""

    name: str
    kind: int
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(_key_name(self.name), self.kind, public)

    def encode(self) -> str:
        """Return the secret text, `PRIVATE+KEY+<name>+<hex id>+<base64>`; keep it from others."""
        material = base64_text(bytes([self.kind]) + self.seed)
        return f"{_SKEY}{self.name}+{self.verifier.id.hex()}+{material}"

    @classmethod
    def parse(cls, text: str, *, kind: int = ED25519) -> SignerKey:
        """Read a signing key of the expected `kind`. Raises: KeyFault; the text is never in it."""
        parts = text.strip().removeprefix(_SKEY).split("+", 2)
        if not text.startswith(_SKEY) or len(parts) != 3:
            raise _bad_key("not a signing key (PRIVATE+KEY+name+id+key)", "不是签名私钥")
        name, key_id, material = parts
        key = cls(_key_name(name), *_material(material, kind))
        if key_id != key.verifier.id.hex():
            raise _bad_key(f"{name}: the id is not that of the key", f"{name}：编号与私钥不符")
        return key

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: `blob` is what follows the four-byte key id."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ends in a newline) and its signatures. Parsed is not verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the bytes of the note."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()

    def by(self, keys: Iterable[VerifierKey]) -> Iterator[tuple[VerifierKey, Signature]]:
        """Yield each signature whose name and id are those of a key; others are unknown, so ignored."""
        known = {(key.name, key.id): key for key in keys}
        for signature in self.signatures:
            if key := known.get((signature.name, signature.key_id)):
                yield key, signature


def parse_note(raw: bytes) -> Note:
    """Read a note strictly, without verifying it. Raises: BadInput, one message for each cause."""
    if len(raw) > _MAX_BYTES:
        raise _bad_note(f"got {len(raw)} bytes, expected at most {_MAX_BYTES}", "太大")
    try:
        whole = raw.decode()
    except UnicodeDecodeError as fault:
        raise _bad_note(f"byte {fault.start} is not UTF-8", f"第 {fault.start} 字节不是 UTF-8") from None
    if any(char < " " and char != "\n" for char in whole):
        raise _bad_note("has a control character other than newline", "含换行以外的控制字符")
    body, blank, tail = whole.rpartition("\n\n")
    if not blank:
        raise _bad_note("no blank line before the signatures", "签名之前没有空行")
    return Note(body + "\n", parse_signatures(tail))


def parse_signatures(tail: str) -> tuple[Signature, ...]:
    """Read one or more signature lines, each ended by a newline. Raises: BadInput."""
    if not tail.endswith("\n"):
        raise _bad_note("no signature line ended by a newline", "没有以换行结尾的签名行")
    lines = tail[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise _bad_note(f"got {len(lines)} signatures, expected at most {_MAX_SIGNATURES}", "签名太多")
    return tuple(_signature(number, line) for number, line in enumerate(lines, start=1))


def sign_note(text: str, signers: Sequence[SignerKey]) -> Note:
    """Sign `text`, which must end in a newline, with each key (kind Ed25519). Raises: BadInput."""
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise _bad_note("the text must end in a newline and hold no other control character", "正文格式不符")
    message = text.encode()
    return Note(text, tuple(Signature(key.name, key.verifier.id, key.sign(message)) for key in signers))


def verify_note(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Verify every signature of a known key, at least one.

    Returns: the keys that signed, each once, in the note's order.
    Raises: ProofFailed where a known key's signature is false, or none of the keys signed.
    """
    signed: dict[VerifierKey, None] = {}
    for key, signature in note.by(key for key in keys if key.kind == ED25519):
        if len(signature.blob) != 64 or not key.holds(note.text.encode(), signature.blob):
            en, zh = f"note: the signature by {key.name} is false", f"{key.name} 的签名不成立"
            raise ProofFailed(Text(en=en, zh=zh))
        signed[key] = None
    if not signed:
        en = f"note: no signature by {_names(keys)}; got {_names(note.signatures)}"
        raise ProofFailed(Text(en=en, zh=f"没有 {_names(keys)} 的签名；现有 {_names(note.signatures)}"))
    return tuple(signed)


def base64_text(raw: bytes) -> str:
    """Return standard padded base64 (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Decode base64, refusing every spelling but the canonical one. Raises: ValueError."""
    raw = base64.b64decode(text.encode("ascii"), validate=True)
    if base64_text(raw) != text:
        raise binascii.Error("not canonical")
    return raw


def _signature(number: int, line: str) -> Signature:
    where, ort = f"signature {number}", f"第 {number} 个签名"
    name, space, blob = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise _bad_note(f"{where}: expected '— name base64'", f"{ort}：应为“— 名称 base64”")
    if not _is_key_name(name):
        raise _bad_note(f"{where}: the key name is empty or has a space or plus", f"{ort}：密钥名称不合规")
    try:
        raw = base64_bytes(blob)
    except ValueError:
        raise _bad_note(f"{where} by {name}: not base64", f"{ort}（{name}）：不是 base64") from None
    if len(raw) < 5:
        raise _bad_note(f"{where} by {name}: got {len(raw)} bytes, expected 5 or more", f"{ort}：太短")
    return Signature(name, raw[:4], raw[4:])


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def _key_name(name: str) -> str:
    if not _is_key_name(name):
        raise _bad_key("the name is empty or has a space or plus", "名称为空，或含空格、加号")
    return name


def _material(text: str, kind: int) -> tuple[int, bytes]:
    try:
        raw = base64_bytes(text)
    except ValueError:
        raise _bad_key("the last part is not base64", "末段不是 base64") from None
    if len(raw) != 33 or raw[0] not in _KINDS:
        raise _bad_key(f"got {len(raw)} bytes, expected type 1 or 4 and 32 bytes", "不是 Ed25519 密钥")
    if raw[0] != kind:
        raise _bad_key(f"got signature type {raw[0]}, expected {kind}", f"签名类型为 {raw[0]}，应为 {kind}")
    return raw[0], raw[1:]


def _names(things: Iterable[VerifierKey | Signature]) -> str:
    return ", ".join(thing.name for thing in things) or "nobody"


def _bad_note(en: str, zh: str) -> BadInput:
    return BadInput(Text(en=f"note: {en}", zh=f"签名文本：{zh}"))


def _bad_key(en: str, zh: str) -> KeyFault:
    return KeyFault(Text(en=f"note key: {en}", zh=f"签名密钥：{zh}"))
