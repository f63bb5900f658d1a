"""Say in words what an agreement and the facts of a decision hold; write figures with their units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonseal.law.facts import FACTS
from commonseal.release.report_words import Words

MOST_LISTED = 40
RATES = frozenset({"highest_risk", "average_risk", "suppression_rate", "trace_unicity", "confidence"})
_CODES = {
    "sharing_mode": "mode",
    "recipient_kind": "kind",
    "legal_basis": "basis",
    "use": "use",
    "pseudonym_period": "period",
}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one decision that stood in the way."""

    title: str
    facts: tuple[Pair, ...]


def share(value: float) -> str:
    """Return a share of one as a percentage; what is there never shows as nothing.

    >>> share(0.03796), share(0.0001), share(0)
    ('3.8%', '<0.1%', '0.0%')
    """
    return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"


def measured(measure: str, value: float) -> str:
    """Return one measure with its unit: rates as percentages, counts whole."""
    if measure in RATES:
        return share(value)
    return f"{int(value):,}" if value == int(value) else f"{value:.3f}"


def listed(names: Sequence[object], words: Words) -> str:
    """Return the first names of a list, and how many more there are."""
    more = [words("and_more", count=len(names) - MOST_LISTED)] if len(names) > MOST_LISTED else []
    return ", ".join([*map(str, names[:MOST_LISTED]), *more])


def terms_of(terms: Mapping[str, Any], words: Words) -> Iterator[Pair]:
    """Yield what the parties agreed on, in the words of the page."""
    recipient, basis, valid = terms["recipient"], terms["legal_basis"], terms["valid"]
    nothing = words("not_stated")
    kind = words.of("kind", recipient["kind"])
    yield words("provider"), str(terms["provider"])
    yield words("recipient"), words("recipient_of_kind", name=recipient["name"], kind=kind)
    yield words("purpose"), str(terms["purpose"]).strip() or nothing
    yield words("basis"), words.of("basis", basis["basis"]) if basis["basis"] else nothing
    yield words("reference"), str(basis.get("reference") or nothing)
    yield words("valid"), words("valid_span", start=valid["from"], end=valid["to"])
    yield words("mode"), words.of("mode", terms["sharing_mode"])
    yield words("assessment"), str(terms.get("impact_assessment") or nothing)


def facts_of(document: Mapping[str, Any], words: Words) -> Iterator[FactGroup]:
    """Yield the facts of every decision that stood in the way, in the order the law documents them."""
    for decision in document["decisions"]:
        if decision["outcome"] not in ("forbidden", "undetermined"):
            continue
        for subject, facts in decision["facts"].items():
            known = FACTS.get(subject)
            if known is None or not isinstance(facts, Mapping):
                continue
            named = [name for name in known if name in facts] + [name for name in facts if name not in known]
            absent = words("not_measured" if subject == "release" else "not_stated")
            pairs = tuple(
                (_fact_title(subject, str(name), words), _fact(str(name), facts[name], absent, words))
                for name in named
            )
            yield FactGroup(words(f"facts_of_{subject}", name=facts.get("name", "")), pairs)


def _fact_title(subject: str, name: str, words: Words) -> str:
    said = words.of("fact", name)
    known = FACTS[subject].get(name)
    return known.title.in_(words.lang) if known and said == name else said


def _fact(name: str, value: object, absent: str, words: Words) -> str:
    if value is None or value == "":
        return absent
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, list):
        return listed(value, words) or absent
    if isinstance(value, int | float):
        return measured(name, value)
    return words.of(_CODES[name], value) if name in _CODES else str(value)
