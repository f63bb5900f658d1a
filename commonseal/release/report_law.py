"""Put what the law said into the margin: one mark, one sentence and one article for each rule that spoke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from commonseal.law import load_book
from commonseal.model import Lang
from commonseal.release.report_words import Words

Mark = Literal["kept", "watch", "broken"]
_ORDER: Mapping[str, int] = {"broken": 0, "watch": 1, "kept": 2}
_MODEL = re.compile(r"\s*[(（](?:model text|示范文本)[)）]$")
_ARTICLE = re.compile(r"(?:[A-Z]+ )?art\. ([0-9]+)((?:\([0-9]+\))*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Law:
    """One note in the margin. `mark` differs by shape as well as by colour."""

    mark: Mark
    rule: str
    instrument: str
    article: str
    status: str | None  # "model text", "needs review"; None: verified
    message: str | None
    remedy: str | None
    subject: str | None
    treatment: Mapping[str, Any] | None


def laws_of(document: Mapping[str, Any], words: Words) -> tuple[Law, ...]:
    """Return every finding of a manifest or refusal, those that stand in the way first, none twice."""
    found = [_law(finding, words) for decision in document["decisions"] for finding in decision["findings"]]
    once = {(law.rule, law.subject, law.message): law for law in found}
    return tuple(sorted(once.values(), key=lambda law: _ORDER[law.mark]))


def law_of_check(check: Mapping[str, Any], document: Mapping[str, Any], words: Words) -> Law:
    """Return the margin of one threshold."""
    instrument = str(check["instrument"])
    if words.lang == "zh":
        instrument = str(check.get("instrument_zh") or _chinese(document).get(instrument, instrument))
    return Law(
        mark="kept" if check["passed"] is True else "broken",
        rule=str(check["rule"]),
        instrument=_titled(instrument, check["status"]),
        article=article_in(str(check["article"]), words.lang),
        status=_status(check["status"], words),
        message=None,
        remedy=None,
        subject=None,
        treatment=None,
    )


def article_in(article: str, lang: Lang) -> str:
    """Return an article's place as a reader of `lang` writes it; what has no such form stays.

    >>> article_in("GDS art. 25(1)", "zh"), article_in("IV.A.2", "zh")
    ('第25条(1)', 'IV.A.2')
    """
    found = _ARTICLE.fullmatch(article) if lang == "zh" else None
    return f"第{found[1]}条{found[2]}" if found else article


def _titled(instrument: str, status: object) -> str:
    """Leave out what the chip beside the title says already."""
    return _MODEL.sub("", instrument) if status == "model" else instrument


def about(laws: Iterable[Law], subject: str | None) -> tuple[Law, ...]:
    """Return the laws that speak of one column, or of the whole where `subject` is None."""
    return tuple(law for law in laws if law.subject == subject)


def _law(finding: Mapping[str, Any], words: Words) -> Law:
    def said(field: str) -> str | None:
        text = (finding.get(f"{field}_zh") if words.lang == "zh" else None) or finding[field]
        return None if text is None else str(text)

    return Law(
        mark=_mark(finding),
        rule=str(finding["rule"]),
        instrument=_titled(said("instrument") or "", finding["status"]),
        article=article_in(str(finding["article"]), words.lang),
        status=_status(finding["status"], words),
        message=said("message"),
        remedy=said("remedy"),
        subject=None if finding["subject"] is None else str(finding["subject"]),
        treatment=finding["treatment"],
    )


def _mark(finding: Mapping[str, Any]) -> Mark:
    """Undetermined counts as no; a condition that the pipeline has carried out is kept."""
    if finding["outcome"] in ("forbidden", "undetermined"):
        return "broken"
    if finding["outcome"] == "conditional" and finding["treatment"] is None:
        return "watch"
    return "kept"


def _status(status: object, words: Words) -> str | None:
    return None if status == "verified" else words.of("status", status)


def _chinese(document: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the Chinese titles of instruments: as the document has them, else as our lawbook has."""
    found: Sequence[Mapping[str, Any]] = [f for d in document["decisions"] for f in d["findings"]]
    return {
        **_titles(),
        **{str(f["instrument"]): str(f.get("instrument_zh") or f["instrument"]) for f in found},
    }


@cache
def _titles() -> Mapping[str, str]:
    instruments = [rule.citation.instrument for rule in load_book(packs=("cn", "city")).rules]
    return {title.en: title.zh for title in instruments}
