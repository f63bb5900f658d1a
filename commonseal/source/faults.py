"""Word the faults of opening a table. A driver's own text never passes: it may quote a cell."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from commonseal.errors import BadTable
from commonseal.model import Text

_SHOWN = 60  # characters of one name that a message shows


def bad_table(where: str, en: str, zh: str) -> BadTable:
    """Build the fault that `where` (a file or table, never a cell) is no table, in both languages."""
    return BadTable(Text(en=f"{where}: {en}", zh=f"{where}：{zh}"))


def shown(name: str) -> str:
    """Quote a column, sheet or table name for a message: control characters escaped, cut when long.

    >>> shown("id")
    '"id"'
    """
    return json.dumps(name if len(name) <= _SHOWN else name[:_SHOWN] + "…", ensure_ascii=False)


def listed(names: Iterable[str]) -> str:
    """Quote several names for a message, at most ten.

    >>> listed(["a", "b"])
    '"a", "b"'
    """
    every = list(names)
    return ", ".join(shown(name) for name in every[:10]) + (", …" if len(every) > 10 else "")


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turn what the operating system says while `where` is read into a `BadTable`."""
    try:
        yield
    except OSError as fault:
        raise _os_fault(where, fault) from None


def _os_fault(where: str, fault: OSError) -> BadTable:
    match fault.errno:
        case errno.ENOENT:
            return bad_table(where, "no such file; check the path", "没有这个文件；请检查路径")
        case errno.EACCES | errno.EPERM:
            return bad_table(
                where,
                "may not be read by this user; ask its owner for read permission",
                "当前用户无权读取；请向文件所有者申请读取权限",
            )
        case errno.ENOSPC:
            return bad_table(
                where,
                "no space is left for its working copy; free some, or name another folder as spool",
                "没有空间存放工作副本；请清理磁盘，或另指定暂存目录",
            )
        case _:
            name = errno.errorcode.get(fault.errno or 0, "unknown")
            return bad_table(
                where,
                f"cannot be read (the system says {name}); copy it to a local disk and try again",
                f"无法读取（系统返回 {name}）；请复制到本地磁盘后重试",
            )
