"""Read what a report shows and hold it against its receipt: a page never stands beside what was changed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonseal.errors import BadInput, ProofFailed
from commonseal.log import Receipt, merkle
from commonseal.log.checkpoint import parse_checkpoint
from commonseal.model import Text
from commonseal.release.manifest import FORMAT, REFUSAL_FORMAT
from commonseal.release.package import DATA, LARGEST_MANIFEST, RECEIPT, read_manifest
from commonseal.seal.canonical import canonical_json, commitment, file_hash
from commonseal.seal.note import parse_note

_REFUSAL_NAME = re.compile(r"refusal-([0-9]+)\.json", re.ASCII)
_UNPACK = (  # double quotes only, so that the shell's quoting stays readable
    "import json,sys,base64; from commonseal.seal.canonical import canonical_json,commitment; "
    'd=json.load(open(sys.argv[1])); r=d["receipt"]; e=base64.b64decode(r["entry"]); '
    'c=commitment(bytes.fromhex(r["nonce"]),canonical_json(d["refusal"])); '
    'c==e or sys.exit("the record was changed"); '
    'open("refusal.entry","wb").write(e); open("refusal.tlog-proof","w").write(r["proof"])'
)


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the document stands in the log, as shown under the seal."""

    index: int
    origin: str
    size: int
    entry: str  # base64
    nonce: str  # hex
    path: tuple[str, ...]  # base64, leaf to root
    checkpoint: str
    signers: tuple[str, ...]
    commands: tuple[str, ...]
    folder: str
    sha256: str  # of the document's canonical bytes
    data_checked: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """A manifest or the record of a refusal that is what its receipt was given for."""

    document: Mapping[str, Any]
    released: bool
    proof: Proof


def read_sealed(folder: Path) -> Sealed:
    """Read a package, or the newest refusal where the folder holds nothing else.

    Raises:
        BadInput: the folder, a part or a field is missing.
        ProofFailed: the manifest, the data or the receipt was changed.
    """
    if not folder.is_dir():
        raise BadInput(
            Text(
                en=f"{folder}: no such folder; name the folder of a package or of a refusal",
                zh=f"{folder}：没有这个文件夹；请指定发布包或拒绝记录所在的文件夹",
            )
        )
    newest = _newest_refusal(folder)
    if newest is not None and not (folder / "manifest.json").exists() and not (folder / DATA).exists():
        return _refusal(folder, newest)
    payload, document = read_manifest(folder)
    _expect(document, FORMAT, folder / "manifest.json")
    receipt = _json(folder / RECEIPT)
    name = folder.resolve().name
    commands = (shlex.join(["commonseal", "verify", name, "--log-key", "log.pub"]),)
    checked = _data_holds(folder / DATA, document)
    return Sealed(document, True, _proof(folder / RECEIPT, receipt, payload, commands, name, checked))


def _refusal(folder: Path, path: Path) -> Sealed:
    record = _json(path)
    document = record.get("refusal")
    _expect(document, REFUSAL_FORMAT, path)
    name = folder.resolve().name
    commands = (
        shlex.join(["python", "-c", _UNPACK, f"{name}/{path.name}"]),
        "commonseal log verify refusal.tlog-proof --entry refusal.entry --log-key log.pub",
    )
    proof = _proof(path, record.get("receipt"), _canonical(document, path), commands, name, False)
    return Sealed(record["refusal"], False, proof)


def _proof(
    path: Path, receipt: object, payload: bytes, commands: tuple[str, ...], folder: str, data_checked: bool
) -> Proof:
    """Check that the entry commits to the payload and that the path leads to the checkpoint's root."""
    try:
        if not isinstance(receipt, Mapping):
            raise ValueError
        nonce = bytes.fromhex(str(receipt["nonce"]))
        entry = base64.b64decode(str(receipt["entry"]), validate=True)
        expected = commitment(nonce, payload)
        placed = Receipt.parse(str(receipt["proof"]))
    except (ValueError, KeyError, binascii.Error) as fault:
        raise ProofFailed(
            Text(
                en=f"{path}: not a receipt: expected an object with nonce, entry and proof",
                zh=f"{path}：不是存证回执：应为含 nonce、entry、proof 的对象",
            )
        ) from fault
    if not hmac.compare_digest(expected, entry):
        raise ProofFailed(
            Text(
                en=f"{path}: was not given for the document beside it: one of the two was changed",
                zh=f"{path}：与所附文件不符，其中之一已被改动",
            )
        )
    note = parse_note(placed.checkpoint.encode())
    checkpoint = parse_checkpoint(note.text)
    leaf = merkle.leaf_hash(entry)
    merkle.verify_inclusion(leaf, placed.index, checkpoint.size, placed.proof, checkpoint.root)
    return Proof(
        index=placed.index,
        origin=checkpoint.origin,
        size=checkpoint.size,
        entry=base64.b64encode(entry).decode(),
        nonce=nonce.hex(),
        path=tuple(base64.b64encode(step).decode() for step in placed.proof),
        checkpoint=placed.checkpoint,
        signers=tuple(dict.fromkeys(signature.name for signature in note.signatures)),
        commands=commands,
        folder=folder,
        sha256=hashlib.sha256(payload).hexdigest(),
        data_checked=data_checked,
    )


def _data_holds(path: Path, document: Mapping[str, Any]) -> bool:
    if not path.is_file():
        return False
    data = document.get("data")
    if not isinstance(data, Mapping) or file_hash(path) != data.get("sha256"):
        raise ProofFailed(
            Text(
                en=f"{path}: does not have the hash that was sealed: the data were changed",
                zh=f"{path}：哈希与封存时不一致，数据已被改动",
            )
        )
    return True


def _newest_refusal(folder: Path) -> Path | None:
    numbered = [(_REFUSAL_NAME.fullmatch(file.name), file) for file in folder.iterdir()]
    found = [(int(match[1]), file) for match, file in numbered if match]
    return max(found)[1] if found else None


def _json(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            raise ValueError
        document = json.loads(path.read_bytes())
        if not isinstance(document, dict):
            raise ValueError
    except FileNotFoundError as fault:
        raise BadInput(
            Text(en=f"{path}: missing; it is a part of the package", zh=f"{path}：缺失")
        ) from fault
    except (ValueError, RecursionError) as fault:
        raise ProofFailed(
            Text(en=f"{path}: not a JSON object: it was changed", zh=f"{path}：不是 JSON 对象，内容已被改动")
        ) from fault
    return document


def _canonical(document: object, path: Path) -> bytes:
    try:
        return canonical_json(document)
    except ValueError as fault:
        raise ProofFailed(
            Text(
                en=f"{path}: holds what canonical JSON (RFC 8785) cannot: it was changed",
                zh=f"{path}：含规范 JSON（RFC 8785）不允许的内容，已被改动",
            )
        ) from fault


def _expect(document: object, form: str, path: Path) -> None:
    got = document.get("format") if isinstance(document, Mapping) else None
    if got != form:
        raise BadInput(
            Text(
                en=f"{path}: not of the format {form}; it was not written by this version of `commonseal release`",
                zh=f"{path}：格式不是 {form}；不是本版本 commonseal release 写出的文件",
            )
        )
