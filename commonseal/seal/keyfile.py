"""Keep the key that pseudonyms are made under: one line of text in a file only its owner can read.

    commonseal-key-v1 mFqj0c…=          (32 random bytes, base64)

Every use takes a key of its own, derived by HKDF-SHA256 (RFC 5869) from this one, a purpose and a
context; for pseudonyms the context is the agreement, so that copies cannot be joined across recipients.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from commonseal.errors import KeyFault
from commonseal.model import Text

HEADER = "commonseal-key-v1"
SIZE = 32
_LONGEST = 256  # bytes; a key file holds 63
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def new_key(path: Path, *, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
    """Write a new 32-byte key to `path`, readable by its owner alone, and have the disk confirm it.

    Raises: KeyFault where anything stands at `path` already, or it cannot be written.
    """
    line = f"{HEADER} {base64.b64encode(random(SIZE)).decode()}\n".encode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600)
    except OSError as fault:
        raise _unusable(path, fault) from fault
    try:
        with open(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # whatever the umask says
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError as fault:
        path.unlink(missing_ok=True)
        raise _unusable(path, fault) from fault


def load_key(path: Path) -> bytes:
    """Return the 32 bytes of the key at `path`.

    Raises: KeyFault where the file is missing, a link, not the caller's own, readable by others, or
        not a key.
    """
    try:
        # O_NONBLOCK: a pipe put in the key's place must not hang us.
        handle = os.open(path, os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            _check_owner(path, os.fstat(file.fileno()))
            return _parse(path, file.read(_LONGEST + 1))
    except OSError as fault:
        raise _unusable(path, fault) from fault


def derive(key: bytes, purpose: str, *, context: str) -> bytes:
    """Return 32 bytes for one purpose and context, from which `key` cannot be told.

    Raises: KeyFault where `key` is not 32 bytes, `purpose` is empty, or either text holds a NUL.
    """
    if len(key) != SIZE or not purpose or "\0" in purpose + context:
        raise KeyFault(
            Text(
                en=f"cannot derive a key: got {len(key)} bytes for {purpose!r}; expected {SIZE} bytes, a "
                "purpose, and no NUL in purpose or context.",
                zh=f"无法派生密钥：用途 {purpose!r} 的输入为 {len(key)} 字节；应为 {SIZE} 字节，"
                "用途不得为空，用途与上下文均不得含 NUL。",
            )
        )
    info = "\0".join((HEADER, purpose, context)).encode()
    return HKDF(algorithm=SHA256(), length=SIZE, salt=None, info=info).derive(key)


def fingerprint(key: bytes) -> str:
    """Return 32 hex characters by which a key is recognized: the hash of a derived value, not of it."""
    return hashlib.sha256(derive(key, "fingerprint", context="")).hexdigest()[:32]


def _check_owner(path: Path, found: os.stat_result) -> None:
    """Raise KeyFault unless the open file is a plain one that only its owner, the caller, can read."""
    if not stat.S_ISREG(found.st_mode):
        raise _wrong(path, "not a plain file", "不是普通文件")
    if found.st_uid not in (os.geteuid(), 0):
        raise _wrong(path, f"owned by user {found.st_uid}", f"属于用户 {found.st_uid}")
    if found.st_mode & 0o077:
        mode = f"{stat.S_IMODE(found.st_mode):04o}"
        raise KeyFault(
            Text(
                en=f"{path}: got mode {mode}, which lets others at the key; expected 0600. Run `chmod 600` "
                "on it, and make a new key if others could have read it.",
                zh=f"{path}：权限为 {mode}，他人可接触密钥；应为 0600。请执行 `chmod 600`；"
                "若他人可能已读取，请更换密钥。",
            )
        )


def _parse(path: Path, content: bytes) -> bytes:
    """Return the key that the file's one line holds, in exactly the form `new_key` writes."""
    words = content.decode("ascii", errors="replace").removesuffix("\n").split(" ")
    try:
        key = base64.b64decode(words[1], validate=True) if len(words) == 2 else b""
    except (binascii.Error, ValueError):
        key = b""
    if words[0] != HEADER or len(key) != SIZE:
        raise _wrong(path, "not a key in that form", "不是该格式的密钥")
    return key


def _wrong(path: Path, got_en: str, got_zh: str) -> KeyFault:
    return KeyFault(
        Text(
            en=f"{path}: {got_en}; expected a file of your own with one line `{HEADER} <base64 of "
            f"{SIZE} bytes>`. Name the right file, or make one with `commonseal key new`.",
            zh=f"{path}：{got_zh}；应为本人所有、只含一行 `{HEADER} <{SIZE} 字节的 base64>` 的文件。"
            "请指定正确的文件，或用 `commonseal key new` 生成。",
        )
    )


def _unusable(path: Path, fault: OSError) -> KeyFault:
    """Say what the system said, and what to do about it."""
    advice = {
        errno.EEXIST: ("a key is never overwritten: choose another path", "密钥绝不覆盖：请另选路径"),
        errno.ENOENT: ("name an existing file and folder", "请指定存在的文件和目录"),
        errno.ELOOP: ("it is a symbolic link: name the file itself", "这是符号链接：请直接指定文件"),
    }
    en, zh = advice.get(fault.errno or 0, ("check the path and its permissions", "请检查路径及其权限"))
    reason = os.strerror(fault.errno or 0)
    return KeyFault(Text(en=f"{path}: key file: {reason}; {en}.", zh=f"{path}：密钥文件：{reason}；{zh}。"))


def _sync_folder(folder: Path) -> None:
    """Have the disk confirm the new entry too: a key that a power cut takes is a key lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
