"""Seal what was judged: the package on disk, its receipt, and the offline check of both.

    DIR/data.parquet    the copy
    DIR/manifest.json   what was decided and done, canonical JSON (RFC 8785)
    DIR/receipt.json    {"nonce", "entry", "proof"}: the log entry, and its proof (c2sp.org/tlog-proof)

The log entry is HMAC-SHA-256(nonce, manifest): the log holds nothing of the payload, and erasing the
nonce with the package leaves a proof that nobody can read anything from.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hmac
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonseal.errors import BadInput, ProofFailed
from commonseal.log import Receipt, WitnessPolicy, open_log, verify_receipt
from commonseal.model import Text
from commonseal.release.agreement import Agreement
from commonseal.seal.canonical import canonical_json, commitment, file_hash

DATA, MANIFEST, RECEIPT = "data.parquet", "manifest.json", "receipt.json"
LARGEST_MANIFEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sealed:
    """A package that verified: its manifest, and where its proof stands in the log."""

    manifest: Mapping[str, Any]
    index: int


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a private folder beside `out` that goes in the end: `package` to publish, `spool` for clear data.

    Raises: BadInput where `out` holds something already, or the disk is full.
    """
    occupied = out.exists() and (not out.is_dir() or any(not _is_refusal(file) for file in out.iterdir()))
    if occupied:
        raise BadInput(
            Text(
                en=f"{out}: already holds something; name a folder that is empty or does not exist",
                zh=f"{out}：已有内容；请指定空文件夹或尚不存在的文件夹",
            )
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.partial-"))
        (folder / "package").mkdir()
        (folder / "spool").mkdir()
    except OSError as fault:
        raise _disk(out, fault) from fault
    try:
        yield folder
    except OSError as fault:
        raise _disk(out, fault) from fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seal_package(
    folder: Path, manifest: Mapping[str, Any], agreement: Agreement, *, nonce: bytes, at: int
) -> Receipt:
    """Write manifest and receipt beside the data; the receipt comes from the log, or nothing leaves.

    Args: nonce: 32 random bytes. at: seconds since 1970, for the witnesses.
    Raises: LogFault, KeyFault: then the folder must not be published.
    """
    payload = canonical_json(manifest)
    receipt, record = _log(payload, agreement, nonce=nonce, at=at)
    _write(folder / MANIFEST, payload)
    _write(folder / RECEIPT, record)
    _sync(folder / DATA)
    return receipt


def seal_refusal(
    out: Path, record: Mapping[str, Any], agreement: Agreement, *, nonce: bytes, at: int
) -> Path:
    """Log a refusal and keep its record in `out` as the next `refusal-N.json`; no data is written."""
    payload = canonical_json(record)
    _, receipt = _log(payload, agreement, nonce=nonce, at=at)
    out.mkdir(parents=True, exist_ok=True)
    number = 1 + sum(file.suffix == ".json" and _is_refusal(file) for file in out.iterdir())
    path = out / f"refusal-{number:03}.json"
    kept = {"refusal": json.loads(payload), "receipt": json.loads(receipt)}
    _write(path, canonical_json(kept))
    return path


def publish(folder: Path, out: Path) -> None:
    """Give a sealed package its name, beside earlier refusals where there are any."""
    if not out.exists():
        folder.rename(out)
    else:
        for name in (DATA, RECEIPT, MANIFEST):
            (folder / name).rename(out / name)
    _sync(out.parent)


def verify_package(folder: Path, *, log_key: str, policy: WitnessPolicy | None = None) -> Sealed:
    """Check a package offline: data against manifest, manifest against receipt, receipt against key.

    Args: log_key: the log's public key (vkey). policy: the cosignatures that are asked for.
    Raises: ProofFailed naming the part that does not hold; BadInput where a part is missing.
    """
    payload, manifest = read_manifest(folder)
    record = _receipt_of(folder / RECEIPT)
    if not _same(commitment(record.nonce, payload), record.entry):
        raise ProofFailed(
            Text(
                en=f"{folder / MANIFEST}: is not what the receipt was given for: it was changed",
                zh=f"{folder / MANIFEST}：与存证回执不符，内容已被改动",
            )
        )
    verify_receipt(record.proof, record.entry, vkey=log_key, witness_policy=policy)
    got, sealed = file_hash(_part(folder / DATA)), manifest["data"]["sha256"]
    if got != sealed:
        raise ProofFailed(
            Text(
                en=f"{folder / DATA}: got SHA-256 {got}, sealed was {sealed}: the data were changed",
                zh=f"{folder / DATA}：SHA-256 为 {got}，封存时为 {sealed}：数据已被改动",
            )
        )
    return Sealed(manifest, record.proof.index)


def read_manifest(folder: Path) -> tuple[bytes, Mapping[str, Any]]:
    """Return a package's manifest as bytes and as a document. Raises: BadInput, ProofFailed."""
    path = _part(folder / MANIFEST)
    if path.stat().st_size > LARGEST_MANIFEST:
        raise BadInput(Text(en=f"{path}: larger than {LARGEST_MANIFEST} bytes", zh=f"{path}：文件过大"))
    payload = path.read_bytes()
    try:
        document = json.loads(payload)
        if canonical_json(document) != payload:
            raise ValueError
    except ValueError as fault:
        raise ProofFailed(
            Text(
                en=f"{path}: is not canonical JSON (RFC 8785): it was changed",
                zh=f"{path}：不是规范 JSON（RFC 8785），内容已被改动",
            )
        ) from fault
    return payload, document


@dataclass(frozen=True, slots=True)
class _Record:
    nonce: bytes
    entry: bytes
    proof: Receipt


def _log(payload: bytes, agreement: Agreement, *, nonce: bytes, at: int) -> tuple[Receipt, bytes]:
    entry = commitment(nonce, payload)
    with open_log(agreement.log, key_path=agreement.log_key) as log:
        receipt = log.append([entry], at=at)[0]
    record = {"nonce": nonce.hex(), "entry": base64.b64encode(entry).decode(), "proof": receipt.to_text()}
    return receipt, canonical_json(record)


def _receipt_of(path: Path) -> _Record:
    content = _part(path).read_bytes()
    try:
        record = json.loads(content)
        nonce, entry = bytes.fromhex(record["nonce"]), base64.b64decode(record["entry"], validate=True)
        if len(nonce) != 32:
            raise ValueError
        return _Record(nonce, entry, Receipt.parse(str(record["proof"])))
    except (ValueError, KeyError, TypeError, BadInput) as fault:
        raise ProofFailed(
            Text(
                en=f"{path}: not a receipt: expected an object with nonce, entry and proof",
                zh=f"{path}：不是存证回执：应为含 nonce、entry、proof 的对象",
            )
        ) from fault


def _part(path: Path) -> Path:
    if not path.is_file():
        raise BadInput(
            Text(
                en=f"{path}: missing; a package holds {DATA}, {MANIFEST} and {RECEIPT}",
                zh=f"{path}：缺失；发布包应含 {DATA}、{MANIFEST} 和 {RECEIPT}",
            )
        )
    return path


def _is_refusal(file: Path) -> bool:
    """Tell the record of a refusal, or the report of one."""
    return file.name.startswith("refusal-") and file.suffix in (".json", ".html")


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".partial")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)


def _disk(out: Path, fault: OSError) -> BadInput:
    full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
    hint_en = "free some space; nothing was half-written" if full else "nothing was half-written"
    hint_zh = "请腾出空间；没有留下半成品" if full else "没有留下半成品"
    reason = os.strerror(fault.errno or 0)
    return BadInput(Text(en=f"{out}: {reason}; {hint_en}", zh=f"{out}：{reason}；{hint_zh}"))
