"""Hold a folder alone: one writer of a log, one process of a witness.

An operating-system lock on `<folder>/.lock`: it goes when the process goes, however it goes. On a
network file system it holds only as far as that system's locks do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from commonseal.errors import LogBusy
from commonseal.log.disk import disk_fault
from commonseal.model import Text


@contextmanager
def hold(folder: Path, *, wait: float) -> Iterator[None]:
    """Hold `folder` until the block ends; wait at most `wait` seconds. Raises: LogBusy, LogFault."""
    lock = FileLock(folder / ".lock", timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        en = f"{folder}: another writer holds it; waited {wait:g} s; try again when it is done"
        raise LogBusy(Text(en=en, zh=f"{folder}：另有写入者占用；已等 {wait:g} 秒；请稍后重试")) from None
    except OSError as fault:
        raise disk_fault(fault, folder) from fault
    try:
        yield
    finally:
        lock.release()
