"""The governed release: from a raw table to a sealed copy, or to a refusal that cites the law.

    import commonseal
    result = commonseal.release(frame, "agreement.yaml")        # the package itself can be called
    result = commonseal.release("people.csv", "agreement.yaml", out="package")

The same function stands here: `from commonseal.release import release`.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from polars.exceptions import PolarsError

from commonseal.errors import BadTable
from commonseal.law import load_book
from commonseal.model import Decision, Finding, Lang, Text, Verdict
from commonseal.release.agreement import Agreement, load_agreement
from commonseal.release.manifest import manifest, refusal, verdict_json
from commonseal.release.package import DATA, publish, seal_package, seal_refusal, staged, verify_package
from commonseal.release.pipeline import Made, Progress, Ready, Refusal, make, prepare
from commonseal.source import Table, from_frame, open_table
from commonseal.source.engine import Engine, PolarsEngine

__all__ = ["Result", "load_agreement", "release", "result_json", "verify_package"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a release: a package, or a refusal with its decisions."""

    outcome: str  # "released" or "refused"
    decisions: tuple[Decision, ...]
    verdict: Verdict | None
    package: Path | None  # the sealed package; None where refused
    refusal: Path | None  # the sealed record of the refusal
    made: Made | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, those that stand in the way first."""
        found = [finding for decision in self.decisions for finding in decision.findings]
        return tuple(sorted(found, key=lambda finding: finding.outcome not in ("forbidden", "undetermined")))


def release(
    table: object,
    agreement: Agreement | str | Path,
    *,
    out: str | Path | None = None,
    as_of: date | None = None,
    columns: Sequence[str] | None = None,
    engine: Engine | None = None,
    query: str | None = None,
    sheet: str | None = None,
    tell: Progress = lambda what: None,
) -> Result:
    """Release a table under an agreement: one call from a raw table to a sealed package.

    Args:
        table: a path or database address, or a frame (polars, pandas, pyarrow).
        agreement: one that was loaded, or the path of its YAML.
        out: the package's folder; it must be empty or not exist. None: a folder beside the agreement,
            named by its id and the day, `package-WL-2026-001-2026-09-14`.
        as_of: the day whose law decides; today where None.
        columns: what is asked for; all that the agreement names where None.
        engine: the embedded one where None.
        tell: hears of each step.
    Returns: a `Result`. A refusal by law is a result, not an exception; it writes no data.
    Raises: CommonsealError: the input, a key or the log is at fault; nothing was half-written.
    """
    terms = agreement if isinstance(agreement, Agreement) else load_agreement(Path(agreement))
    day = as_of or date.today()
    folder = Path(out) if out is not None else _beside(terms, day)
    book = load_book(packs=_packs(terms))
    runs = engine or PolarsEngine()
    with staged(folder) as staging, _worded():
        package, spool = staging / "package", staging / "spool"
        tell(Text(en="opening and classifying", zh="打开并识别各列"))
        opened = _opened(table, spool, query=query, sheet=sheet)
        ready = prepare(opened, terms, book, as_of=day, columns=columns)
        done: Made | Refusal
        if isinstance(ready, Ready):
            done = make(opened, ready, book, runs, package / DATA, as_of=day, tell=tell)
        else:
            done = ready
        tell(Text(en="sealing and logging", zh="封存并存证"))
        nonce, now = secrets.token_bytes(32), int(time.time())
        if isinstance(done, Refusal):
            record = refusal(done, terms, book, table=opened.name, as_of=day)
            kept = seal_refusal(folder, record, terms, nonce=nonce, at=now)
            return Result("refused", done.decisions, done.verdict, None, kept)
        document = manifest(done, terms, book, data=package / DATA, table=opened, engine=runs.name, as_of=day)
        seal_package(package, document, terms, nonce=nonce, at=now)
        publish(package, folder)
        return Result("released", done.decisions, done.verdict, folder, None, done)


class _Callable(ModuleType):
    """Let the package be called as its main function, for a notebook that only says `import commonseal`."""

    __call__ = staticmethod(release)


sys.modules[
    __name__
].__class__ = _Callable  # documented: docs.python.org, data model, module attribute access


def result_json(result: Result, lang: Lang) -> dict[str, Any]:
    """Return a result in the documented form of `commonseal release --json`."""
    return {
        "outcome": result.outcome,
        "decision": {"findings": [_finding(finding, lang) for finding in result.findings]},
        "verdict": verdict_json(result.verdict, lang) if result.verdict else None,
        "package": str(result.package) if result.package else None,
        "refusal": str(result.refusal) if result.refusal else None,
    }


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    return {
        "rule": finding.citation.rule,
        "instrument": finding.citation.instrument.in_(lang),
        "article": finding.citation.article,
        "message": finding.message.in_(lang),
        "outcome": str(finding.outcome),
        "remedy": finding.remedy.in_(lang) if finding.remedy else None,
        "subject": finding.subject,
        "status": finding.citation.status,
    }


def _beside(agreement: Agreement, day: date) -> Path:
    name = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in agreement.id)
    return agreement.folder / f"package-{name}-{day.isoformat()}"


@contextlib.contextmanager
def _worded() -> Iterator[None]:
    """Turn a fault of the data library into one of ours: its own text may quote a cell."""
    try:
        yield
    except PolarsError as fault:
        system = re.search(r"\(os error (\d+)\)", str(fault))
        if system:  # a full disk, say: the caller words it
            number = int(system.group(1))
            raise OSError(number, os.strerror(number)) from None
        kind = type(fault).__name__
        raise BadTable(
            Text(
                en=f"the table cannot be processed as the agreement asks ({kind}); nothing was released. Check that "
                "it does not change while it is read, and that its columns are of the kind agreed on",
                zh=f"无法按协议处理该数据表（{kind}）；未发布任何数据。请确认读取期间表未变动，且各列类型与协议一致",
            )
        ) from None


def _opened(table: object, spool: Path, *, query: str | None, sheet: str | None) -> Table:
    if isinstance(table, Table):
        return table
    if isinstance(table, str | Path):
        return open_table(table, query=query, sheet=sheet, spool=spool)
    return from_frame(table)  # type: ignore[arg-type]


def _packs(agreement: Agreement) -> tuple[str | Path, ...]:
    """Return our own packs, and the agreement's further ones by path."""
    own = ("cn", "city")
    extra = [agreement.folder / pack for pack in agreement.packs if pack.split("/")[0] not in own]
    return (*own, *extra)
