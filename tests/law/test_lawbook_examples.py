"""Examples that must come out right, with all packs loaded: fines, and the law's right article on its day."""

from __future__ import annotations

from datetime import date

import pytest

from commonseal.law import Book, decide
from commonseal.model import Citation

SERIOUS = {"breach": "pipl", "offender_kind": "unit", "gravity": "serious", "refused_correction": False}


@pytest.mark.parametrize(
    ("turnover", "most", "open_ended"),
    [(2_000_000_000, 100_000_000, False), (800_000_000, 50_000_000, False), (None, 50_000_000, True)],
)
def test_a_serious_breach_costs_up_to_fifty_million_or_five_percent_of_turnover(
    book: Book, turnover: int | None, most: float, open_ended: bool
) -> None:
    facts = {**SERIOUS, "annual_turnover": turnover}
    decision = decide(book, "inspection", facts, as_of=date(2026, 3, 2), adopted=frozenset())
    fines = {costs.on: costs for costs in decision.sanctions if costs.citation.article == "PIPL art. 66(2)"}
    assert (fines["unit"].fine_max, fines["unit"].open_ended) == (most, open_ended)
    assert (fines["responsible_person"].fine_min, fines["responsible_person"].fine_max) == (
        100_000,
        1_000_000,
    )


def cited(book: Book, subject: str, as_of: date) -> set[str]:
    """Return the articles of the Cybersecurity Law that have a say on a day."""
    decision = decide(book, subject, {}, as_of=as_of, adopted=frozenset())
    silent = ("not yet in force", "no longer in force")
    rules = [note.rule for note in decision.considered if not note.why.startswith(silent)]
    found: list[Citation] = [rule.citation for name in rules if (rule := book.rule(name)) is not None]
    return {citation.article for citation in found if citation.rule.startswith("cn.csl.")}


def test_the_cybersecurity_law_is_cited_by_the_article_of_the_day(book: Book) -> None:
    before, after = date(2025, 12, 31), date(2026, 1, 1)
    assert "CSL art. 21" in cited(book, "dataset", before)
    assert "CSL art. 23" not in cited(book, "dataset", before)
    assert "CSL art. 23" in cited(book, "dataset", after)
    assert "CSL art. 21" not in cited(book, "dataset", after)
    assert "CSL art. 25" in cited(book, "incident", before)
    assert "CSL art. 27" in cited(book, "incident", after)
    assert any(article.startswith("CSL art. 59") for article in cited(book, "inspection", before))
    assert any(article.startswith("CSL art. 61") for article in cited(book, "inspection", after))
    assert not any(article.startswith("CSL art. 59") for article in cited(book, "inspection", after))
