"""Read decisions that were stored: one JSON document, a list, JSON lines, or the records that a release seals.

A folder is searched for `*.json`, `*.jsonl` and `*.ndjson`; files in it that hold no decision are counted and
passed over, a file that is named itself must hold one. Only what a replay needs is kept: the day, the outcome,
the facts and the jurisdiction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commonseal.errors import BadInput
from commonseal.model import Text

MAX_BYTES = 64 * 1024 * 1024  # of a JSON document
MAX_LINE = 4 * 1024 * 1024
_LINES = (".jsonl", ".ndjson")
_FAULTS = 20  # listed at once
_KEPT = ("outcome", "as_of", "facts", "jurisdiction")


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored decision, and where it stands: `folder/file.jsonl:12` or `package/manifest.json[3]`."""

    where: str
    document: Mapping[str, object]


@dataclass(slots=True)
class Shelf:
    """What was read: the decisions, in the order of the files, and the files that hold none."""

    decisions: list[Stored] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def read_decisions(path: Path) -> Shelf:
    """Read every decision in a file or a folder.

    Raises: BadInput: nothing there, no decision in it, or a file or line that is no JSON; all of them listed.
    """
    shelf, faults = Shelf(), list[Text]()
    for file, name in _files(path):
        found = list(_read(file, name, faults))
        shelf.decisions += found
        if not found:
            shelf.passed_over.append(name)
    if faults:
        raise all_faults(faults)
    if not shelf.decisions:
        raise BadInput(
            Text(
                en=f"{path}: no stored decision; expected JSON with outcome, as_of and facts, "
                "or a package's manifest.json",
                zh=f"{path}：没有已存判定；应为含 outcome、as_of、facts 的 JSON，或发布包的 manifest.json",
            )
        )
    return shelf


def all_faults(faults: list[Text]) -> BadInput:
    """Return one fault that lists the first of many and says how many more there are."""
    shown, more = faults[:_FAULTS], len(faults) - _FAULTS
    if more > 0:
        shown.append(Text(en=f"and {more} more", zh=f"另有 {more} 处"))
    return BadInput(Text(en="\n".join(f.en for f in shown), zh="\n".join(f.zh for f in shown)))


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if not path.is_dir():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        if file.suffix in (".json", *_LINES) and file.is_file():
            yield file, file.relative_to(path).as_posix()


def _read(file: Path, name: str, faults: list[Text]) -> Iterator[Stored]:
    if file.suffix in _LINES:
        with file.open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(MAX_LINE + 1), b""), 1):
                where = f"{name}:{number}"
                if len(line) > MAX_LINE:
                    faults.append(_too_large(where, MAX_LINE))
                    return
                if line.strip():
                    document = _parsed(line, where, faults)
                    yield from _decisions_of(document, where)
        return
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        faults.append(_too_large(name, MAX_BYTES))
        return
    yield from _decisions_of(_parsed(content, name, faults), name)


def _parsed(content: bytes, where: str, faults: list[Text]) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        faults.append(Text(en=f"{where}: not JSON in UTF-8", zh=f"{where}：不是 UTF-8 编码的 JSON"))
        return None


def _too_large(where: str, limit: int) -> Text:
    most = limit // (1024 * 1024)
    return Text(
        en=f"{where}: over {most} MB; split it into JSON lines",
        zh=f"{where}：超过 {most} MB；请拆分为 JSON 行",
    )


def _decisions_of(document: object, where: str) -> Iterator[Stored]:
    """Yield the decisions in a document: itself, each of a list, or those of a manifest or a refusal."""
    if isinstance(document, list):
        for place, each in enumerate(document):
            if _is_decision(each):
                yield _stored(each, f"{where}[{place}]")
    elif _is_decision(document):
        yield _stored(document, where)
    elif isinstance(document, dict):
        inner = document.get("refusal", document)
        kept = inner.get("decisions") if isinstance(inner, dict) else None
        if isinstance(kept, list):
            yield from _decisions_of(kept, where)


def _is_decision(document: object) -> bool:
    return isinstance(document, dict) and {"outcome", "as_of", "facts"} <= document.keys()


def _stored(document: object, where: str) -> Stored:
    kept = document if isinstance(document, dict) else {}
    return Stored(where, {name: kept[name] for name in _KEPT if name in kept})
