"""Fill the placeholders of a rule's sentences: `{param.k_min}`, `{column.name}`. Scalars only.

Not `str.format`: a placeholder is looked up as one whole name, so it can reach nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from commonseal.law.fact import Kind, Value
from commonseal.law.rule import Number
from commonseal.law.subjects import FACTS
from commonseal.model import Text

_LARGE = 1000  # from here on a number is shown whole, and from ten times that on in groups of three digits
_PLACE = re.compile(r"\{([^{}]*)\}")


def places(text: Text) -> Iterator[str]:
    """Yield the placeholders of both languages."""
    for sentence in (text.en, text.zh):
        yield from _PLACE.findall(sentence)


def place_fault(place: str, subject: str, params: Mapping[str, object]) -> Text | None:
    """Return why a placeholder cannot be filled, if so."""
    root, _, name = place.partition(".")
    if root == "param" and name in params:
        return None
    declared = FACTS[subject].get(name) if root == subject else None
    if declared is not None and declared.kind != Kind.LIST:
        return None
    return Text(
        en=f"placeholder {{{place}}}: expected {{param.NAME}} or {{{subject}.FACT}} of one value",
        zh=f"占位符 {{{place}}}：应为 {{param.名称}} 或单值的 {{{subject}.事实}}",
    )


def speaks_of_facts(text: Text, subject: str) -> bool:
    """Say whether a sentence has a place for a fact."""
    return any(place.startswith(f"{subject}.") for place in places(text))


def fill(text: Text, subject: str, facts: Mapping[str, Value], params: Mapping[str, Number]) -> Text:
    """Return the sentence with its placeholders filled; a missing or null fact reads as a dash."""
    if "{" not in text.en and "{" not in text.zh:
        return text
    return Text(en=_put(text.en, facts, params), zh=_put(text.zh, facts, params))


def _put(sentence: str, facts: Mapping[str, Value], params: Mapping[str, Number]) -> str:
    words = list(_split(sentence))
    for position in range(1, len(words), 2):
        root, _, name = words[position].partition(".")
        words[position] = _shown(params.get(name) if root == "param" else facts.get(name))
    return "".join(words)


@lru_cache(maxsize=4096)
def _split(sentence: str) -> tuple[str, ...]:
    """Return the sentence cut at its placeholders: text and placeholder in turn."""
    return tuple(_PLACE.split(sentence))


def _shown(value: Value) -> str:
    if value is None or isinstance(value, list):
        return "—"
    if isinstance(value, float):
        return f"{value:.4g}" if value < _LARGE else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and value >= _LARGE * 10 else str(value)
