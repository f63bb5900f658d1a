"""Reach the disk through one small class, so that a test can record every call and replay a power cut.

What a power cut leaves is less than what a killed process leaves: bytes written and not synced may be
lost or torn, and a name made, moved or removed in a folder may not be so until the folder is synced.
Therefore: write beside, sync the file, rename, sync the folder; then it is there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from commonseal.errors import LogFault
from commonseal.model import Text


class Disk:
    """The calls of the operating system that change what is stored; nothing else in `log` makes them."""

    def create(self, path: Path, mode: int) -> int:
        """Make a new file, following no link; return its descriptor."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)

    def write(self, descriptor: int, data: bytes) -> int:
        """Write some of `data`; return how many bytes went."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Wait until the file's bytes are stored."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close a descriptor."""
        os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Move a file over whatever bears the new name, at once."""
        old.replace(new)

    def make_folder(self, folder: Path) -> None:
        """Make one folder."""
        folder.mkdir()

    def remove(self, path: Path) -> None:
        """Remove one file."""
        path.unlink()

    def remove_folder(self, folder: Path) -> None:
        """Remove one empty folder."""
        folder.rmdir()

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in the folder are stored."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_beside(disk: Disk, path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write and sync a file beside `path`, then rename it; durable once its folder is synced."""
    beside = path.with_name(f".{path.name}.tmp")
    with contextlib.suppress(FileNotFoundError):
        disk.remove(beside)  # what a killed process left, with whatever mode it had
    try:
        descriptor = disk.create(beside, mode)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[disk.write(descriptor, bytes(rest)) :]
            disk.sync(descriptor)
        finally:
            disk.close(descriptor)
        disk.rename(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            disk.remove(beside)
        raise


def write_durably(disk: Disk, path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put `data` at `path` whole, or leave what was there; durable on return."""
    write_beside(disk, path, data, mode=mode)
    disk.sync_folder(path.parent)


def make_folders(disk: Disk, folder: Path, *, top: Path) -> None:
    """Make `folder` and what is missing above it, down from `top`; durable on return.

    A folder that is there is synced all the same: one that a killed process made may not be stored yet.
    """
    if folder == top:
        return
    make_folders(disk, folder.parent, top=top)
    with contextlib.suppress(FileExistsError):
        disk.make_folder(folder)
    disk.sync_folder(folder.parent)


def read_at_most(path: Path, limit: int) -> bytes:
    """Read a file of no more than `limit` bytes. Raises: FileNotFoundError; LogFault."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise
    except OSError as fault:
        raise disk_fault(fault, path) from fault
    if len(data) > limit:
        en = f"{path}: got more than {limit} bytes; restore it from a copy"
        raise LogFault(Text(en=en, zh=f"{path}：超过 {limit} 字节；请用副本恢复"))
    return data


def disk_fault(fault: OSError, path: Path) -> LogFault:
    """Turn an error of the operating system into a fault that says where."""
    where, why = fault.filename or path, fault.strerror or type(fault).__name__
    return LogFault(
        Text(en=f"{where}: {why}; put it right and try again", zh=f"{where}：{why}；请排除后重试")
    )


@contextlib.contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn errors of the operating system within the block into faults that say where."""
    try:
        yield
    except OSError as fault:
        raise disk_fault(fault, path) from fault
