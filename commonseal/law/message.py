"""Fill the placeholders of a rule's sentences: `{param.k_min}`, `{column.name}`. Scalars only.

Not `str.format`: a placeholder is looked up as one whole name, so it can reach nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from commonseal.law.facts import FACTS, Kind, Value
from commonseal.law.rule import Number
from commonseal.model import Text

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


def fill(text: Text, subject: str, facts: Mapping[str, Value], params: Mapping[str, Number]) -> Text:
    """Return the sentence with its placeholders filled; a missing or null fact reads as a dash."""
    if "{" not in text.en and "{" not in text.zh:
        return text

    def put(found: re.Match[str]) -> str:
        root, _, name = found.group(1).partition(".")
        value: Value = params.get(name) if root == "param" else facts.get(name)
        return _shown(value)

    return Text(en=_PLACE.sub(put, text.en), zh=_PLACE.sub(put, text.zh))


def _shown(value: Value) -> str:
    if value is None or isinstance(value, list):
        return "—"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
