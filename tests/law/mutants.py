"""Conditions with one sign changed: some test of a rule must notice each."""

from __future__ import annotations

from collections.abc import Iterator

from commonseal.law.scan import Token, tokens

FLIPS: dict[str, tuple[str, ...]] = {
    "==": ("!=",),
    "!=": ("==",),
    "<": (">=", "<="),
    "<=": (">", "<"),
    ">": ("<=", ">="),
    ">=": ("<", ">"),
    "&&": ("||",),
    "||": ("&&",),
    "!": ("",),
    "exists": ("all",),
}


def mutants(source: str) -> Iterator[str]:
    """Yield the condition with one sign flipped, one listed choice dropped, or all of it turned round."""
    words = tokens(source)
    texts = [word.text for word in words]
    for position, word in enumerate(words):
        for other in FLIPS.get(word.text, ()) if word.kind != "text" else ():
            yield " ".join([*texts[:position], other, *texts[position + 1 :]])
        if _listed(words, position):
            start, end = (
                (position, position + 2) if texts[position + 1] == "," else (position - 1, position + 1)
            )
            yield " ".join([*texts[:start], *texts[end:]])
    yield f"!({source})"


def _listed(words: tuple[Token, ...], position: int) -> bool:
    around = (
        (words[position - 1].text, words[position + 1].text) if 0 < position < len(words) - 1 else ("", "")
    )
    in_list = around[0] in ("[", ",") and around[1] in ("]", ",")
    return words[position].kind == "text" and in_list and around != ("[", "]")
