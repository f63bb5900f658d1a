"""Witness logs: cosign a checkpoint only where it extends the last one cosigned.

Source: c2sp.org/tlog-witness. Invariants:
- for each log, the sizes cosigned never fall, and each tree is a prefix of the next;
- what is cosigned is stored durably before it is answered, so that no crash makes the witness forget;
- check, store and answer of one request are one step: nothing comes between.

The folder holds, for each log, `<sha256 of its origin>/checkpoint`: the log's signature and ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from commonseal.errors import BadInput, LogFault, ProofFailed
from commonseal.log import merkle
from commonseal.log.checkpoint import Checkpoint, parse_checkpoint, parse_decimal, parse_hashes
from commonseal.log.cosignature import cosign, verify_cosignatures
from commonseal.log.disk import Disk, disk_fault, disk_faults, make_folders, read_at_most, write_durably
from commonseal.log.lock import hold
from commonseal.model import Text
from commonseal.seal.note import Note, SignerKey, VerifierKey, parse_note, verify_note

_DISK = Disk()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, body, content type."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Submission:
    """A request to add-checkpoint: the size we are thought to know, the proof from it, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note


def parse_submission(body: bytes) -> Submission:
    """Read the body of add-checkpoint strictly. Raises: BadInput."""
    head, blank, rest = body.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not blank or not lines[0].startswith("old "):
        raise BadInput(
            Text(en="expected 'old', a size, a proof, a blank line, a checkpoint", zh="请求格式不符")
        )
    old = parse_decimal(lines[0].removeprefix("old "), "line 1, old size")
    note = parse_note(rest)
    return Submission(old, parse_hashes(lines[1:], "proof"), parse_checkpoint(note.text), note)


def judge(submission: Submission, latest: Checkpoint | None) -> Answer | None:
    """Decide on a submission whose signature holds; None means: cosign it. Pure; in the order of the spec."""
    new, old = submission.checkpoint, submission.old
    known = latest.size if latest else 0
    if old > new.size:
        return _refusal(400, f"old size {old} is above the checkpoint's {new.size}")
    if old != known:
        return Answer(409, f"{known}\n".encode(), "text/x.tlog.size")
    if new.size == 0 and new.root != merkle.EMPTY_ROOT:
        return _refusal(422, "size 0 has another root than the empty tree")
    if old == 0:
        return _refusal(422, "old size 0 takes no proof") if submission.proof else None
    try:
        old_root = latest.root if latest else merkle.EMPTY_ROOT
        merkle.verify_consistency(old, new.size, submission.proof, old_root, new.root)
    except ProofFailed as fault:
        return _refusal(422, fault.message.en)
    return None


class Witness:
    """A witness of some logs, with its state in `folder`; made by `open_witness`. Any number of threads."""

    def __init__(self, signer: SignerKey, logs: Sequence[VerifierKey], folder: Path, disk: Disk) -> None:
        """Read what was cosigned before. Raises: LogFault where it cannot be trusted; ProofFailed."""
        self._signer = signer
        self._folder = folder
        self._disk = disk
        self._turn = Lock()
        self._logs: dict[str, list[VerifierKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)
        self._latest: dict[str, Note] = {}
        for origin, keys in self._logs.items():
            if note := self._load(origin, keys):
                self._latest[origin] = note

    def add_checkpoint(self, body: bytes, *, at: int) -> Answer:
        """Answer one request. `at`: unix seconds, 1 or more, the time of the cosignature."""
        try:
            submission = parse_submission(body)
        except BadInput as fault:
            return _refusal(400, fault.message.en)
        keys = self._logs.get(submission.checkpoint.origin)
        if keys is None:
            return _refusal(404, "this witness does not know the log")
        try:
            signed = verify_note(submission.note, keys)
        except ProofFailed as fault:
            return _refusal(403, fault.message.en)
        with self._turn:
            origin = submission.checkpoint.origin
            latest = self._latest.get(origin)
            refusal = judge(submission, parse_checkpoint(latest.text) if latest else None)
            return refusal or self._cosign(origin, submission.note, signed, at)

    def latest(self, origin_hash: str) -> Answer:
        """Return the last checkpoint cosigned, by the hex SHA-256 of the log's origin; 404 for none."""
        with self._turn:
            for origin, note in self._latest.items():
                if _hash(origin) == origin_hash:
                    return Answer(200, note.encode())
        return _refusal(404, "nothing cosigned for that log")

    def _cosign(self, origin: str, note: Note, signed: Sequence[VerifierKey], at: int) -> Answer:
        line = cosign(self._signer, note.text, at=at)
        logs_own = [signature for _, signature in note.by(signed)]
        kept = Note(note.text, (*dict.fromkeys(logs_own), line))
        try:
            make_folders(self._disk, self._path(origin).parent, top=self._folder)
            write_durably(self._disk, self._path(origin), kept.encode())
        except OSError as fault:
            raise disk_fault(fault, self._path(origin)) from fault
        self._latest[origin] = kept
        return Answer(200, line.line().encode())

    def _load(self, origin: str, keys: Sequence[VerifierKey]) -> Note | None:
        path = self._path(origin)
        try:
            note = parse_note(read_at_most(path, 1_000_000))
            checkpoint = parse_checkpoint(note.text)
            times = verify_cosignatures(note, [self._signer.verifier])
        except FileNotFoundError:
            return None
        except (BadInput, ProofFailed) as fault:
            raise _untrusted(path, fault.message) from fault
        if not times or checkpoint.origin != origin:
            raise _untrusted(
                path, Text(en="not cosigned by this key for this log", zh="并非此密钥为此日志所签")
            )
        verify_note(note, keys)
        with disk_faults(path):  # a killed process may have left it seen but not stored
            self._disk.sync_folder(path.parent)
            self._disk.sync_folder(self._folder)
        return note

    def _path(self, origin: str) -> Path:
        return self._folder / _hash(origin) / "checkpoint"


@contextmanager
def open_witness(
    folder: Path, signer: SignerKey, logs: Sequence[VerifierKey], *, wait: float = 5.0, disk: Disk = _DISK
) -> Iterator[Witness]:
    """Open a witness's folder, alone: two processes over one state could cosign two histories.

    Raises: LogBusy, LogFault, ProofFailed.
    """
    with hold(folder, wait=wait):
        yield Witness(signer, logs, folder, disk)


def _hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()


def _refusal(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())


def _untrusted(path: Path, why: Text) -> LogFault:
    en = f"{path}: {why.en}; the witness does not know what it cosigned; restore the file from a copy"
    return LogFault(Text(en=en, zh=f"{path}：{why.zh}；见证方不知已签至何处；请用副本恢复该文件"))
