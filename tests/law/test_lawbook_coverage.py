"""The articles that were considered: each has its rules, or stands among the gaps with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commonseal.law import Book, Coverage, coverage_of

GAPS = Path(__file__).resolve().parents[2] / "docs" / "law-gaps.md"
IN_PROSE = {  # articles that the fact sheet tells in a paragraph, without a row
    **{f"MPS rules art {number}": 6 for number in (6, 7, 8, 10, 11, 15)},
    **{f"行政处罚法 art {number}": 6 for number in (16, 29, 33, 36, 38, 41, 42, 48, 63)},
    **{f"Cryptography Law art. {number}": 3 for number in (27, 37)},
}
SECTIONS = (1, 2, 3, 4, 5, 6, 7, 10)
# where a row of section 12 names its source with a shorter id than the row has
INDEX = {"CN-45574-5.5h": "CN-45574-5.5g/h", "CN-FACE-15": "CN-FACE-15-1", "CN-INC-4": "CN-INC-4-CII", "EU-GDPR-83": "EU-GDPR-83-5",
         "CN-PIPL-66": "CN-PIPL-66-2", "行政处罚法 36": "行政处罚法 art 36", "MPS rules art 15": "MPS rules art 15"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the fact sheet: the section it stands in, its id, and how it was read."""

    section: int
    name: str
    read: str


def rows(sheet: str) -> Iterator[Row]:
    """Yield the rows with an id; what a table's own column does not say, the heading above it does."""
    section, read, head = 0, "", list[str]()
    for line in sheet.splitlines():
        if found := re.match(r"##+ (\d+)\.", line):
            section, read = (
                int(found[1]),
                "" if line.startswith("## ") or int(found[1]) in (6, 7, 10) else read,
            )
        if not line.startswith("|"):
            if said := re.search(r"\bS=(V2|V|E|M|N)\b", line):
                read = said[1]
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells[0] in ("id", "key", "S"):
            head = cells
        elif head and head[0] == "id" and not set(cells[0]) <= {"-"}:
            own = cells[head.index("S")] if "S" in head else read
            yield Row(section, cells[0], own)


@pytest.fixture(scope="module")
def covered(book: Book) -> Coverage:
    return coverage_of(book)


@pytest.fixture(scope="module")
def gaps() -> str:
    return GAPS.read_text(encoding="utf-8")


def test_the_list_and_the_book_agree(covered: Coverage) -> None:
    assert [fault.en for fault in covered.faults] == []


def test_every_row_stands_once(covered: Coverage) -> None:
    names = [article.row for article in covered.articles]
    assert len(set(names)) == len(names)


def test_every_section_of_the_paper_that_proposes_rules_is_cited(covered: Coverage) -> None:
    assert [section.section for section in covered.sections] == [
        "IV.A.1", "IV.A.2", "IV.B.1", "IV.B.2", "IV.C.1", "IV.C.2",
    ]  # fmt: skip
    assert all(section.rules for section in covered.sections)


def test_a_rule_stands_under_the_row_that_it_cites(covered: Coverage, book: Book) -> None:
    rows_of = {rule: article.row for article in covered.articles for rule in article.rules}
    for rule in book.rules:
        if rule.pack.split("/")[0] in ("cn", "eu"):
            assert rows_of[rule.id] == rule.source, rule.id


def test_the_page_of_gaps_says_what_the_list_says(covered: Coverage, gaps: str) -> None:
    for article in covered.uncovered:
        assert article.reason is not None
        line = next((line for line in gaps.splitlines() if line.startswith(f"| {article.row} |")), "")
        assert article.reason.en in line, article.row
    ruled = {article.row for article in covered.articles if article.rules}
    without = gaps[gaps.index("## Articles without") : gaps.index("## Articles of which")]
    assert ruled & set(re.findall(r"^\| ([^|]+) \|", without, flags=re.MULTILINE)) == set()


def test_the_page_of_gaps_names_rules_that_exist(book: Book, gaps: str) -> None:
    known = [rule.id for rule in book.rules]
    for name in re.findall(r"`((?:cn|eu|city)\.[^`]*)`", gaps):
        start = name.removesuffix("*").removesuffix(".")
        assert any(rule.startswith(start) for rule in known), name


@pytest.mark.shared
def test_every_row_that_was_read_is_a_rule_or_a_gap(book: Book, gaps: str, shared: Path) -> None:
    sheet = (shared / "law" / "law-facts.md").read_text(encoding="utf-8")
    asked = [row.name for row in rows(sheet) if row.section in SECTIONS and row.read.startswith("V")]
    assert len(asked) > 300
    cited = {rule.source for rule in book.rules}
    left = [name for name in (*asked, *IN_PROSE) if name not in cited and f"| {name} |" not in gaps]
    assert left == []


@pytest.mark.shared
def test_every_row_of_the_sheet_was_considered(covered: Coverage, shared: Path) -> None:
    sheet = (shared / "law" / "law-facts.md").read_text(encoding="utf-8")
    names = {row.name for row in rows(sheet) if row.section <= 10} | IN_PROSE.keys()
    assert names == {article.row for article in covered.articles}


@pytest.mark.shared
def test_every_number_of_the_index_is_a_dated_parameter(book: Book, shared: Path) -> None:
    """Section 12 lists the deadlines and thresholds: each that was read is a parameter of some rule."""
    sheet = (shared / "law" / "law-facts.md").read_text(encoding="utf-8")
    section = sheet[sheet.index("## 12.") : sheet.index("## 13.")]
    numbered = {rule.source for rule in book.rules if rule.parameters}
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines()]
    keys = {key: source for key, _, source, read in (c for c in cells if len(c) == 4) if "V" in read}
    assert len(keys) > 35
    assert [key for key, source in keys.items() if INDEX.get(source, source) not in numbered] == []
