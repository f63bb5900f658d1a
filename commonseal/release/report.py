"""Write the report: one HTML page, complete in itself, that a data steward can read.

The page loads nothing: styles and pictures are in it, a Content-Security-Policy forbids the rest, and
there is no script. Both languages are in it, each whole; the chosen one stands first.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from commonseal.errors import BadInput
from commonseal.model import Lang, Text
from commonseal.release.report_pictures import pictures
from commonseal.release.report_proof import Sealed, read_sealed
from commonseal.release.report_view import view
from commonseal.release.report_words import Words


def write_report(folder: Path, out: Path, lang: Lang) -> Path:
    """Write the page of a package, or of the newest refusal where the folder holds only refusals.

    Args:
        folder: what `commonseal release` wrote.
        out: the page; what stands there is replaced, whole or not at all.
        lang: the language that is shown first.
    Returns: `out`.
    Raises:
        BadInput: a part is missing or not as documented, or `out` cannot be written.
        ProofFailed: the manifest, the data or the receipt was changed after sealing.
    """
    page = _page(read_sealed(folder), folder, lang)
    write_page(out, page, option="--out")
    return out


def write_page(out: Path, page: bytes, *, option: str) -> None:
    """Write a page whole or not at all; `option` is what named it. Raises: BadInput."""
    try:
        _write(out, page)
    except OSError as fault:
        reason = os.strerror(fault.errno or 0)
        raise BadInput(
            Text(
                en=f"{out}: {reason}; name a file in a folder that exists ({option}). Nothing was half-written",
                zh=f"{out}：{reason}；请用 {option} 指定已有文件夹中的文件。没有留下半成品",
            )
        ) from fault


def _page(sealed: Sealed, folder: Path, lang: Lang) -> bytes:
    other: Lang = "en" if lang == "zh" else "zh"
    try:
        pages = [
            (view(sealed, words), pictures(sealed.document, words)) for words in (Words(lang), Words(other))
        ]
        return page_templates().get_template("report.html").render(pages=pages, lang=lang).encode()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as fault:
        raise BadInput(
            Text(
                en=f"{folder}: sealed, but a field is not as docs/package.md says ({type(fault).__name__}); "
                "was it written by another version of commonseal?",
                zh=f"{folder}：封存有效，但有字段不符合 docs/package.md（{type(fault).__name__}）；"
                "是否由其他版本的 commonseal 写出？",
            )
        ) from fault


def page_templates() -> Environment:
    """Return the templates of pages: everything escaped, nothing undefined."""
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    return resources.files("commonseal.release").joinpath(name).read_text(encoding="utf-8")


def _write(out: Path, page: bytes) -> None:
    if out.is_dir():
        raise IsADirectoryError(21, "")
    handle, beside = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name[:80]}.", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(out)
    except OSError:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise
