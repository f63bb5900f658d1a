"""Write a folder of files as a whole: beside, then put in place; what is ours is replaced, what is not is left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from commonseal.errors import BadInput
from commonseal.model import Text

_NEW, _OLD = "new", "old"


def write_folder(out: Path, files: Mapping[str, bytes], *, sign: str) -> None:
    """Write `files` as the folder `out`; a folder that holds the file `sign` is replaced whole.

    Raises: BadInput: `out` is a file or holds something else, or cannot be written.
    """
    if out.exists() and not (out.is_dir() and ((out / sign).is_file() or not any(out.iterdir()))):
        raise BadInput(
            Text(
                en=f"{out}: is there already and was not written by this command; name another folder (--out)",
                zh=f"{out}：已存在且不是本命令写出的文件夹；请用 --out 指定其他文件夹",
            )
        )
    try:
        _put(out, files)
    except OSError as fault:
        reason = os.strerror(fault.errno or 0)
        raise BadInput(
            Text(
                en=f"{out}: {reason}; name a folder that can be written (--out). Nothing was half-written",
                zh=f"{out}：{reason}；请用 --out 指定可写的文件夹。没有留下半成品",
            )
        ) from fault


def _put(out: Path, files: Mapping[str, bytes]) -> None:
    place = out.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name[:80]}.", suffix=".partial"))
    try:
        new = beside / _NEW
        for folder in {(new / name).parent for name in files}:
            folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (new / name).write_bytes(content)
        if place.exists():
            place.rename(beside / _OLD)  # goes with `beside`: at no time is the old half gone
        try:
            (beside / _NEW).rename(place)
        except OSError:
            if (beside / _OLD).exists():
                (beside / _OLD).rename(place)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
