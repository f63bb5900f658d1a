"""Keep the log in a folder that any web server can serve as it is: one writer, never half-written.

    <DIR>/checkpoint  log.pub  tile/L/N[.p/W]  tile/entries/N[.p/W]      served
    <DIR>.key         the signing key, mode 0600                         not served
    <DIR>.key.signed  the last checkpoint that the key signed            not served

The order of an append, and why nothing can be lost, torn or forked:
1. bundles and tiles: each written beside, synced, renamed; then their folders synced. No checkpoint
   speaks of them yet, so a crash here leaves files that nobody reads and the next append overwrites.
2. the signed checkpoint into `.key.signed`, durably, before anybody can see it. Whoever opens the log
   after a crash publishes it. So the key never signs two histories, even where a reader saw a
   checkpoint whose rename a power cut then undid, or where the folder came back from an old copy.
3. the checkpoint published, durably. Only then does `append` return.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonseal.errors import LogFault, ProofFailed
from commonseal.log import merkle
from commonseal.log.checkpoint import Checkpoint
from commonseal.log.disk import (
    Disk,
    disk_fault,
    disk_faults,
    make_folders,
    write_beside,
    write_durably,
)
from commonseal.log.key import key_beside, load_signer, signed_beside
from commonseal.log.lock import hold
from commonseal.log.reader import folder_reader, read_checkpoint
from commonseal.log.receipt import Receipt
from commonseal.log.submit import Outage, WitnessAddress, collect_cosignatures
from commonseal.log.tiles import WIDTH, check_entries, grow, join_bundle, tile_path
from commonseal.log.tree import TileTree
from commonseal.model import Text
from commonseal.seal.note import ED25519, Note, sign_note

_DISK = Disk()


@dataclass(frozen=True, slots=True)
class _Head:
    """The published state: the checkpoint, its note, its tree."""

    checkpoint: Checkpoint
    note: Note
    tree: TileTree


class Log:
    """The writer of one log; made by `open_log`, which holds the lock. Not for several threads at once."""

    def __init__(
        self, directory: Path, key_path: Path, disk: Disk, witnesses: Sequence[WitnessAddress]
    ) -> None:
        """Read the published state, and publish what the key signed last where a crash came between."""
        self._directory = directory
        self._key = load_signer(key_path, kind=ED25519)
        self._signed_path = signed_beside(key_path)
        self._disk = disk
        self._witnesses = tuple(witnesses)
        self._closed = False
        self._head: _Head | None = self._recover()
        self.outages: tuple[Outage, ...] = ()  # the witnesses that did not cosign the last append

    @property
    def size(self) -> int:
        """The number of entries published."""
        return self._current().checkpoint.size

    @property
    def root(self) -> bytes:
        """The root hash of the published tree, 32 bytes."""
        return self._current().checkpoint.root

    def append(self, entries: Sequence[bytes], *, at: int) -> tuple[Receipt, ...]:
        """Add entries, all under one checkpoint, and return their receipts in order.

        Returned means durable. Raised means not acknowledged: the entries may be in the log or not.

        Args:
            entries: opaque, at most 65,535 bytes each.
            at: unix seconds, noted beside a witness's outage; the log itself keeps no time.

        Raises: BadInput for an entry too long, LogFault where the disk fails or a file was altered.
        """
        check_entries(entries)
        if self._closed:
            en = f"{self._directory}: closed, and no longer locked; append within 'with open_log(…)'"
            raise LogFault(
                Text(en=en, zh=f"{self._directory}：已关闭，不再持锁；请在 with open_log(…) 内追加")
            )
        head = self._current()
        if not entries:
            return ()
        # whatever goes wrong from here on, the next call starts from what the disk holds
        self._head = None
        try:
            made = self._store(head, entries)
            grown = self._publish(head, made, head.checkpoint.size + len(entries))
        except OSError as fault:
            raise disk_fault(fault, self._directory) from fault
        self._head = self._witness(grown, at)
        self._drop_partial_tiles(head.checkpoint.size, grown.checkpoint.size)
        return self._receipts(range(head.checkpoint.size, grown.checkpoint.size))

    def close(self) -> None:
        """Refuse further appends: the lock goes."""
        self._closed = True

    def _current(self) -> _Head:
        if self._head is None:
            self._head = self._recover()
        return self._head

    def _recover(self) -> _Head:
        path = self._directory / "checkpoint"
        head = self._open(path)
        try:
            signed, note = read_checkpoint(self._signed_path, self._key.verifier)
        except FileNotFoundError:
            return head  # a key carried here without its memory: the folder is all there is
        if signed.size > head.checkpoint.size:
            return self._catch_up(path, signed, note)
        if head.tree.root_at(signed.size) != signed.root:
            en = f"{path}: its history is not the one that the key signed ({self._signed_path})"
            raise ProofFailed(Text(en=f"{en}; do not append", zh=f"{path}：与私钥签过的历史不一致；请勿追加"))
        return head

    def _catch_up(self, path: Path, signed: Checkpoint, note: Note) -> _Head:
        """Publish what the key signed and a crash kept back; refuse a folder that lost what was signed."""
        try:
            tree = TileTree(folder_reader(self._directory), signed.size, signed.root)
        except (LogFault, ProofFailed) as fault:
            en = f"{self._directory}: is older than the {signed.size} entries that its key signed"
            zh = f"{self._directory}：旧于其私钥已签的 {signed.size} 个条目"
            why = fault.message
            message = Text(
                en=f"{en}; restore the newer copy ({why.en})", zh=f"{zh}；请恢复较新副本（{why.zh}）"
            )
            raise LogFault(message) from fault
        with disk_faults(path):
            # a killed process may have left the key's memory seen but not stored; store it before we show it
            self._disk.sync_folder(self._signed_path.parent)
            write_durably(self._disk, path, note.encode())
        return _Head(signed, note, tree)

    def _open(self, path: Path) -> _Head:
        checkpoint, note = read_checkpoint(path, self._key.verifier)
        tree = TileTree(folder_reader(self._directory), checkpoint.size, checkpoint.root)
        return _Head(checkpoint, note, tree)

    def _store(self, head: _Head, entries: Sequence[bytes]) -> dict[str, bytes]:
        """Write bundles and tiles durably; return the tiles by path."""
        size = head.checkpoint.size
        index, width = divmod(size, WIDTH)
        pending = [*(head.tree.bundle(index) if width else ()), *entries]
        touched: dict[Path, None] = {}
        for start in range(0, len(pending), WIDTH):
            chunk = pending[start : start + WIDTH]
            path = tile_path("entries", index + start // WIDTH, len(chunk))
            self._write(path, join_bundle(chunk), touched)
        made = grow(head.tree.edge(), size, [merkle.leaf_hash(entry) for entry in entries])
        for path, data in made.items():
            self._write(path, data, touched)
        for folder in touched:
            self._disk.sync_folder(folder)
        return made

    def _write(self, path: str, data: bytes, touched: dict[Path, None]) -> None:
        target = self._directory / path
        if target.parent not in touched:
            make_folders(self._disk, target.parent, top=self._directory)
            touched[target.parent] = None
        write_beside(self._disk, target, data)

    def _publish(self, head: _Head, made: dict[str, bytes], size: int) -> _Head:
        stored = folder_reader(self._directory)

        def read(path: str, limit: int) -> bytes:
            return made[path] if path in made else stored(path, limit)

        tree = TileTree(read, size)
        checkpoint = Checkpoint(self._key.name, size, tree.root)
        note = sign_note(checkpoint.text(), [self._key])
        write_durably(self._disk, self._signed_path, note.encode(), mode=0o600)
        write_durably(self._disk, self._directory / "checkpoint", note.encode())
        return _Head(checkpoint, note, tree)

    def _witness(self, head: _Head, at: int) -> _Head:
        if not self._witnesses:
            return head
        lines, self.outages = collect_cosignatures(self._witnesses, head.note, head.tree, at=at)
        note = Note(head.note.text, (*head.note.signatures, *lines))
        with contextlib.suppress(OSError):  # the checkpoint stands without them; the next one asks again
            write_durably(self._disk, self._directory / "checkpoint", note.encode())
        return _Head(head.checkpoint, note, head.tree)

    def _drop_partial_tiles(self, old: int, new: int) -> None:
        """Remove partial tiles whose full tile is now published; a leftover does no harm."""
        for level in (*range(8), "entries"):
            span = 8 * (level if isinstance(level, int) else 0)
            index = (old >> span) // WIDTH
            folder = (self._directory / tile_path(level, index, 1)).parent
            if (old >> span) % WIDTH and (new >> span) // WIDTH > index:
                with contextlib.suppress(OSError):
                    for path in sorted(folder.iterdir()):
                        self._disk.remove(path)
                    self._disk.remove_folder(folder)

    def _receipts(self, indexes: range) -> tuple[Receipt, ...]:
        head = self._current()
        text = head.note.encode().decode()
        proofs = merkle.inclusion_proofs(head.tree.node, indexes, head.checkpoint.size)
        return tuple(Receipt(index, proof, text) for index, proof in zip(indexes, proofs, strict=True))


@contextlib.contextmanager
def open_log(
    directory: Path,
    *,
    key_path: Path | None = None,
    witnesses: Sequence[WitnessAddress] = (),
    wait: float = 5.0,
    disk: Disk = _DISK,
) -> Iterator[Log]:
    """Open the log to append, as its one writer; its lock is held until the block ends.

    Args: witnesses: asked for a cosignature after each append. wait: seconds to wait for the lock.
    Raises: LogBusy, LogFault, KeyFault, ProofFailed where the folder does not hold what was signed.
    """
    if not (directory / "checkpoint").is_file():
        en = f"{directory}: no log here; make one with 'commonseal log init {directory}'"
        raise LogFault(Text(en=en, zh=f"{directory}：此处没有日志；请先用 commonseal log init 建立"))
    with hold(directory, wait=wait):
        log = Log(directory, key_path or key_beside(directory), disk, witnesses)
        try:
            yield log
        finally:
            log.close()
