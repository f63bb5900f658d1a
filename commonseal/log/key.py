"""Keep a signing key in a file that only its owner reads.

One line, `PRIVATE+KEY+<name>+<id>+<base64>`, mode 0600, outside every served folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from commonseal.errors import KeyFault
from commonseal.log.disk import Disk, write_durably
from commonseal.model import Text
from commonseal.seal.note import SignerKey

_MAX_BYTES = 10_000


def load_signer(path: Path, *, kind: int) -> SignerKey:
    """Read a signing key of `kind`. Raises: KeyFault where it is missing, open to others, or wrong."""
    try:
        # checked on the open file, so that nothing can be swapped between the check and the reading
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            raw = file.read(_MAX_BYTES)
    except OSError as fault:
        en = f"{path}: {fault.strerror}; expected the signing key"
        raise KeyFault(Text(en=en, zh=f"{path}：读不到签名私钥")) from fault
    if mode & 0o077:
        en = f"{path}: got mode {mode:04o}, expected 0600: others can read the key; chmod 600 it"
        raise KeyFault(Text(en=en, zh=f"{path}：权限为 {mode:04o}，他人可读；请改为 0600"))
    try:
        return SignerKey.parse(raw.decode(), kind=kind)
    except (UnicodeDecodeError, KeyFault) as fault:
        en = f"{path}: not a signing key of type {kind}"
        raise KeyFault(Text(en=en, zh=f"{path}：不是 {kind} 型签名私钥")) from fault


def save_signer(disk: Disk, path: Path, key: SignerKey) -> None:
    """Write a new key file, mode 0600; the caller has seen that there is none. Raises: OSError."""
    write_durably(disk, path, f"{key.encode()}\n".encode(), mode=0o600)


def key_beside(directory: Path) -> Path:
    """Return where the key of a log or witness lies, unless the user says otherwise."""
    home = directory.resolve()
    return home.with_name(f"{home.name}.key")


def signed_beside(key_path: Path) -> Path:
    """Return where the last checkpoint that the key signed is kept."""
    return key_path.with_name(f"{key_path.name}.signed")


def key_text(given: str | None) -> str | None:
    """Return a public key's text, from the text itself or the file that holds it. Raises: KeyFault."""
    if given is None or ("+" in given and not Path(given).is_file()):
        return given
    try:
        with Path(given).open("rb") as file:
            return file.read(_MAX_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as fault:
        en = f"{given}: neither a public key (name+id+base64) nor a file that holds one"
        raise KeyFault(Text(en=en, zh=f"{given}：既不是公钥，也不是存有公钥的文件")) from fault
