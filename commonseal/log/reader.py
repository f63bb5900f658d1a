"""Read a log without its lock or key: entries and proofs, every byte checked before it is given."""

from __future__ import annotations

from pathlib import Path

from commonseal.errors import BadInput, LogFault, ProofFailed
from commonseal.log import merkle
from commonseal.log.checkpoint import Checkpoint, open_checkpoint
from commonseal.log.disk import read_at_most
from commonseal.log.receipt import Receipt
from commonseal.log.tiles import WIDTH
from commonseal.log.tree import Read, TileTree
from commonseal.model import Text
from commonseal.seal.note import Note, VerifierKey

_MAX_CHECKPOINT = 1_000_000


class LogReader:
    """A log as its readers see it. Each call starts from the checkpoint published at that moment."""

    def __init__(self, directory: Path, key: VerifierKey) -> None:
        """Open the log of `key` in `directory`."""
        self.key = key
        self._directory = directory
        self._tree: TileTree | None = None

    def checkpoint(self) -> Checkpoint:
        """Return the published checkpoint, its signature verified. Raises: LogFault, ProofFailed."""
        return self._open()[0]

    def note(self) -> Note:
        """Return the published checkpoint with its signatures; only the log's own is verified."""
        return self._open()[1]

    def entry(self, index: int) -> bytes:
        """Return one entry. Raises: BadInput beyond the end, LogFault, ProofFailed."""
        tree = self._tree_now()
        _within(index, tree.size - 1, "index", "序号")
        bundle, place = divmod(index, WIDTH)
        return tree.bundle(bundle)[place]

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Prove entry `index` in the tree of `size` entries, leaf's sibling first. Raises: as `entry`."""
        tree = self._tree_now()
        _within(size, tree.size, "size", "大小")
        _within(index, size - 1, "index", "序号")
        return merkle.inclusion_proof(tree.node, index, size)

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of `old` entries is a prefix of that of `new`. Raises: as `entry`."""
        tree = self._tree_now()
        _within(new, tree.size, "new size", "新的大小")
        _within(old, new, "old size", "旧的大小")
        return merkle.consistency_proof(tree.node, old, new)

    def root_at(self, size: int) -> bytes:
        """Return the root of the tree of the first `size` entries. Raises: as `entry`."""
        tree = self._tree_now()
        _within(size, tree.size, "size", "大小")
        return tree.root_at(size)

    def receipt(self, index: int) -> Receipt:
        """Return a fresh receipt of one entry under the published checkpoint. Raises: as `entry`."""
        checkpoint, note = self._open()
        tree = self._tree_of(checkpoint)
        _within(index, checkpoint.size - 1, "index", "序号")
        proof = merkle.inclusion_proof(tree.node, index, checkpoint.size)
        return Receipt(index, proof, note.encode().decode())

    def verify(self) -> int:
        """Recompute everything: the signature, every bundle, every tile, the root.

        Returns: the number of entries. Raises: LogFault, ProofFailed, naming the first bad file.
        """
        checkpoint, _ = self._open()
        tree = TileTree(folder_reader(self._directory), checkpoint.size, checkpoint.root)
        for index in range(-(-checkpoint.size // WIDTH)):
            tree.bundle(index)
        return checkpoint.size

    def _open(self) -> tuple[Checkpoint, Note]:
        path = self._directory / "checkpoint"
        try:
            return read_checkpoint(path, self.key)
        except FileNotFoundError:
            raise LogFault(
                Text(en=f"{path}: missing; no log here", zh=f"{path}：缺失，此处没有日志")
            ) from None

    def _tree_now(self) -> TileTree:
        return self._tree_of(self.checkpoint())

    def _tree_of(self, checkpoint: Checkpoint) -> TileTree:
        if self._tree is None or (self._tree.size, self._tree.root) != (checkpoint.size, checkpoint.root):
            self._tree = TileTree(folder_reader(self._directory), checkpoint.size, checkpoint.root)
        return self._tree


def read_log(directory: Path, *, vkey: str | None = None) -> LogReader:
    """Open a log to read. `vkey` None takes the folder's own `log.pub`, which proves nothing of whose it is.

    Raises: LogFault where there is none, KeyFault.
    """
    path = directory / "log.pub"
    if vkey is None:
        try:
            vkey = read_at_most(path, 10_000).decode()
        except (FileNotFoundError, UnicodeDecodeError):
            en = f"{path}: no public key; is this a log's folder?"
            raise LogFault(Text(en=en, zh=f"{path}：没有公钥；此处是日志文件夹吗？")) from None
    return LogReader(directory, VerifierKey.parse(vkey))


def read_checkpoint(path: Path, key: VerifierKey) -> tuple[Checkpoint, Note]:
    """Read a checkpoint file and verify the log's signature.

    Raises: FileNotFoundError; LogFault where it is malformed, ProofFailed where it is not the log's.
    """
    try:
        return open_checkpoint(read_at_most(path, _MAX_CHECKPOINT), key)
    except (BadInput, ProofFailed) as fault:
        kind = ProofFailed if isinstance(fault, ProofFailed) else LogFault
        message = fault.message
        raise kind(Text(en=f"{path}: {message.en}", zh=f"{path}：{message.zh}")) from fault


def folder_reader(directory: Path) -> Read:
    """Return a reader of the files under `directory`."""
    return lambda path, limit: read_at_most(directory / path, limit)


def _within(got: int, most: int, en: str, zh: str) -> None:
    if not 0 <= got <= most:
        expected = f"0 to {most}" if most >= 0 else "none: the log is empty"
        raise BadInput(
            Text(en=f"{en}: got {got}, expected {expected}", zh=f"{zh}：得到 {got}，应为 0 至 {most}")
        )
