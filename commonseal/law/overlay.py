"""Lay a changed pack over a book: a rule of the same id is replaced, any other is added.

The changed rule takes its forerunner's place in every respect: it stands in the same pack, so that whoever had
adopted that pack has adopted the change. A rule that is new goes to the pack that its id names
(`city.sharing.x` to `city/sharing`); where it names none, it stays in the pack of the change, which is then
tried as if it were adopted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from commonseal.law.rule import Book, Rule
from commonseal.law.subjects import FACTS


@dataclass(frozen=True, slots=True)
class Overlay:
    """A book with a change laid over it. `adopts`: packs of the change that are tried as adopted."""

    base: Book
    book: Book
    replaced: tuple[str, ...]
    added: tuple[str, ...]
    adopts: frozenset[str]

    @property
    def changed(self) -> tuple[str, ...]:
        """The ids of the rules that the change brings."""
        return (*self.replaced, *self.added)

    def only(self, rule_id: str) -> Book:
        """Return the base with one rule of the change laid over it."""
        rule = self.book.rule(rule_id)
        return _with(self.base, (rule,) if rule is not None else (), rule_id)


def lay_over(base: Book, change: Book) -> Overlay:
    """Lay the rules of `change` over `base`; neither is altered."""
    known = {rule.id: rule for rule in base.rules}
    placed = [replace(rule, pack=_place(rule, known.get(rule.id), base)) for rule in change.rules]
    return Overlay(
        base=base,
        book=_with(base, placed, change.digest),
        replaced=tuple(rule.id for rule in placed if rule.id in known),
        added=tuple(rule.id for rule in placed if rule.id not in known),
        adopts=frozenset(rule.pack for rule in placed if rule.pack not in base.packs),
    )


def _place(rule: Rule, forerunner: Rule | None, base: Book) -> str:
    """Return the pack in which a rule of the change stands."""
    if forerunner is not None:
        return forerunner.pack
    named = [pack for pack in base.packs if rule.id.startswith(pack.replace("/", ".") + ".")]
    if not named and rule.id.startswith("eu."):
        return f"eu/{rule.pack}"  # what stands elsewhere would be China's
    return max(named, key=len, default=rule.pack)


def _with(base: Book, rules: Iterable[Rule], mark: str) -> Book:
    """Return a book of the base's rules and these, which replace those of the same id; `mark` names them."""
    merged = {rule.id: rule for rule in base.rules}
    merged.update({rule.id: rule for rule in rules})
    ordered = tuple(sorted(merged.values(), key=lambda rule: (rule.pack, rule.id)))
    return Book(
        packs=tuple(sorted({rule.pack for rule in ordered})),
        rules=ordered,
        digest=hashlib.sha256(f"{base.digest} {mark}".encode()).hexdigest(),
        by_subject=MappingProxyType(
            {subject: tuple(r for r in ordered if r.subject == subject) for subject in FACTS}
        ),
    )
