"""Read and write certificates and lapses: bounded, whole or not at all, never over another file."""

from __future__ import annotations

import os
from pathlib import Path

from commonseal.errors import BadInput
from commonseal.model import Text

LARGEST = 1_000_000  # bytes of a certificate or a lapse; a note is no longer


def content(path: Path) -> bytes:
    """Return a small file's bytes. Raises: BadInput where it is missing or too large."""
    if not path.is_file():
        raise BadInput(
            Text(en=f"{path}: no such file; check the path", zh=f"{path}：没有这个文件；请检查路径")
        )
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise BadInput(
            Text(en=f"{path}: larger than {LARGEST} bytes; not a certificate", zh=f"{path}：过大，不是证书")
        )
    return raw


def beside(file: Path) -> list[Path]:
    """Return the lapse records that lie beside a certificate, in their order."""
    return sorted(path for path in file.parent.glob("*") if path.name.startswith(f"{file.name}.lapse-"))


def write_beside(file: Path, record: bytes) -> Path:
    """Write a lapse as the certificate's next one; the certificate stays as it is."""
    number = 1
    while True:
        path = file.with_name(f"{file.name}.lapse-{number:03}")
        try:
            write_new(path, record)
        except FileExistsError:
            number += 1
        else:
            return path


def write_new(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole or not at all, durably. Raises: FileExistsError where the name is taken."""
    part = path.with_name(f".{path.name}.{os.getpid()}.partial")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # unlike a rename, it fails where the name is taken: nobody's file is lost
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink()
