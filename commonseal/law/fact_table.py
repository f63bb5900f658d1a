"""The tables of docs/facts.md, made from the declarations and the book; the page is kept by a test.

python -m commonseal.law.fact_table docs/facts.md     # writes the tables anew between their marks
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from commonseal.law.fact import FactType
from commonseal.law.load import load_book
from commonseal.law.rule import Book
from commonseal.law.subjects import FACTS

_MARKS = re.compile(r"(<!-- facts: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SHOWN = 2  # rules named for each fact


def fact_table(subject: str, book: Book) -> str:
    """Return a subject's facts as a table in Markdown: type, meaning, choices, and the rules that read each."""
    weights = any(fact.weight for fact in FACTS[subject].values())
    headings = ["fact", "type", "meaning", "含义", "values", *(["weight"] if weights else []), "read by"]
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    for fact in FACTS[subject].values():
        cells = [
            f"`{fact.name}`",
            f"{fact.kind}{', or null' if fact.nullable else ''}",
            fact.title.en,
            fact.title.zh,
            ", ".join(f"`{choice}`" for choice in fact.choices),
            *([str(fact.weight)] if weights else []),
            _read_by(subject, fact, book),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def rewritten(page: str, book: Book) -> str:
    """Return the page with the table between each pair of marks made anew."""
    return _MARKS.sub(lambda found: found.group(1) + fact_table(found.group(2), book) + found.group(3), page)


def _read_by(subject: str, fact: FactType, book: Book) -> str:
    readers = [rule.id for rule in book.by_subject[subject] if fact.name in rule.reads]
    if not readers:
        return "no rule yet"
    named = ", ".join(f"`{rule_id}`" for rule_id in readers[:_SHOWN])
    return named + (f" and {len(readers) - _SHOWN} more" if len(readers) > _SHOWN else "")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(rewritten(target.read_text(encoding="utf-8"), load_book()), encoding="utf-8")
