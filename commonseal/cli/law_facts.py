"""Read the facts of one case: `{"subject": "share_request", "facts": {...}}`, a decision that was stored also will do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commonseal.errors import BadInput
from commonseal.model import Fact, Text

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LawCase:
    """A subject and its facts, as they stand in the file; the engine checks their types."""

    subject: str
    facts: Mapping[str, Fact]


def read_case(path: Path) -> LawCase:
    """Read a file of facts. Raises: BadInput: no JSON, or not of this shape."""
    with path.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    try:
        document = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        document = None
    subject = document.get("subject") if isinstance(document, dict) else None
    facts = document.get("facts") if isinstance(document, dict) else None
    if not isinstance(subject, str) or not isinstance(facts, dict):
        raise BadInput(
            Text(
                en=f'{path}: expected JSON of at most 4 MB: {{"subject": "share_request", "facts": {{...}}}}',
                zh=f'{path}：应为不超过 4 MB 的 JSON：{{"subject": "share_request", "facts": {{...}}}}',
            )
        )
    return LawCase(subject, {name: _fact(value) for name, value in facts.items()})


def _fact(value: Fact | list[Fact]) -> Fact:
    return tuple(value) if isinstance(value, list) else value
