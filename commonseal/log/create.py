"""Make a new, empty log and its key."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from commonseal.errors import BadInput, KeyFault
from commonseal.log import merkle
from commonseal.log.checkpoint import Checkpoint
from commonseal.log.disk import Disk, disk_faults, make_folders, write_durably
from commonseal.log.key import key_beside, load_signer, save_signer, signed_beside
from commonseal.log.lock import hold
from commonseal.log.reader import read_checkpoint
from commonseal.model import Text
from commonseal.seal.note import ED25519, SignerKey, sign_note

_DISK = Disk()


def create_log(
    directory: Path,
    *,
    origin: str,
    key_path: Path | None = None,
    seed: bytes | None = None,
    disk: Disk = _DISK,
) -> str:
    """Make an empty log and its key, and return the key's public text (vkey).

    A creation that was cut short is taken up again. `seed`: the 32 secret bytes; None draws them.

    Raises: BadInput where a log is there already; KeyFault where the key is another log's, or has
        signed entries already (an empty log under it would be a second history).
    """
    key_path = key_path or key_beside(directory)
    if (directory / "checkpoint").exists():
        raise BadInput(Text(en=f"{directory}: holds a log already", zh=f"{directory}：已有日志"))
    with disk_faults(directory):
        _make_home(disk, directory.absolute())
        with hold(directory, wait=5.0):
            key = _take_key(disk, key_path, origin, seed)
            empty = Checkpoint(origin, 0, merkle.EMPTY_ROOT)
            note = sign_note(empty.text(), [key])
            write_durably(disk, directory / "log.pub", f"{key.verifier.encode()}\n".encode())
            write_durably(disk, signed_beside(key_path), note.encode(), mode=0o600)
            write_durably(disk, directory / "checkpoint", note.encode())
    return key.verifier.encode()


def _make_home(disk: Disk, directory: Path) -> None:
    top = directory.parent
    while not top.exists():
        top = top.parent
    make_folders(disk, directory, top=top)


def _take_key(disk: Disk, path: Path, origin: str, seed: bytes | None) -> SignerKey:
    if not path.exists():
        key = SignerKey(origin, ED25519, seed or secrets.token_bytes(32))
        _ = key.verifier.encode()  # refuses a name that no key can bear, before anything is written
        save_signer(disk, path, key)
        return key
    key = load_signer(path, kind=ED25519)
    if key.name != origin:
        raise KeyFault(
            Text(en=f"{path}: got the key of {key.name}, expected {origin}", zh=f"{path}：密钥属于他处")
        )
    with contextlib.suppress(FileNotFoundError):
        if count := read_checkpoint(signed_beside(path), key.verifier)[0].size:
            en = f"{path}: this key has signed a log of {count} entries; restore that log, or use a new key"
            raise KeyFault(
                Text(en=en, zh=f"{path}：此私钥已签过 {count} 个条目的日志；请恢复该日志或换新密钥")
            )
    return key
