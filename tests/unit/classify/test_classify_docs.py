"""The page names every category with its titles, level and role."""

from __future__ import annotations

from pathlib import Path

from commonseal.classify import CATEGORIES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "classify.md"


def test_the_page_lists_every_category_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for c in CATEGORIES.values():
        row = f"| `{c.id}` | {c.title.zh} | {c.title.en} | {int(c.level)} | {c.role.value} |"
        assert row in text
