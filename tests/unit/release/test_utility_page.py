"""The utility page: complete in itself, in both languages, also where there is nothing or too much to show."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonseal.anonymize import Asked, build_hierarchy, compress, decide
from commonseal.anonymize.models.size import KAnonymity
from commonseal.anonymize.recode.local import recode_locally
from commonseal.anonymize.utility.prediction import Accuracy
from commonseal.errors import BadInput
from commonseal.release.utility_facts import UtilityFacts, utility_facts
from commonseal.release.utility_page import utility_view, write_utility_page
from commonseal.release.utility_words import UTILITY_WORDS, utility_words
from commonseal.table import ROWS

QUASI = ["age", "<b>sex</b>"]


def counted(rows: int) -> pl.DataFrame:
    random = np.random.default_rng(2)
    frame = pl.DataFrame(
        {
            "age": random.integers(0, 90, rows).astype(str),
            QUASI[1]: [("f", "m")[v] for v in random.integers(0, 2, rows)],
        }
    )
    return frame.group_by(QUASI).agg(pl.len().alias(ROWS)).sort(QUASI)


def facts_of(rows: int = 500, *, k: int = 5, suppression: float = 0.1, **more: object) -> UtilityFacts:
    table = counted(rows)
    hierarchies = {column: build_hierarchy(column, table[column].to_list()) for column in QUASI}
    tuples, units = compress(table, QUASI, hierarchies)
    asked = Asked(k=k, suppression_rate_max=suppression)
    return utility_facts("people.csv", tuples, units, decide(tuples, units, asked), asked, **more)  # type: ignore[arg-type]


class _Well(HTMLParser):
    """Checks that every tag that opens closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input", "link", "br"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(tmp_path: Path, facts: UtilityFacts, lang: str = "en") -> str:
    path = write_utility_page(tmp_path / "page.html", facts, lang)  # type: ignore[arg-type]
    page = path.read_text(encoding="utf-8")
    well = _Well()
    well.feed(page)
    assert well.open == []
    assert well.links == []
    return page


def test_the_page_is_whole_and_loads_nothing(tmp_path: Path) -> None:
    page = page_of(tmp_path, facts_of(accuracy=Accuracy("pay", 500, 2, 0.83, 0.8, 0.75, 5, 1)))
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "<b>sex</b>" not in page
    assert "&lt;b&gt;sex&lt;/b&gt;" in page
    for words in (
        "Choose k",
        "选择 k",
        "k = 5, chosen",
        "k = 5，本次选择",
        "Predicting pay",
        "预测“pay”",
        "83.0%",
    ):
        assert words in page
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_the_chosen_language_stands_first(tmp_path: Path) -> None:
    facts = facts_of()
    for lang, other in (("en", "zh"), ("zh", "en")):
        page = page_of(tmp_path, facts, lang)
        assert page.index(f'id="{lang}"') < page.index(f'id="{other}"')


def test_the_figures_are_those_that_were_measured() -> None:
    facts = facts_of()
    view = utility_view(facts, utility_words("en"))
    measured = {row.name: row for _, rows in view.groups for row in rows}
    assert measured["Granularity"].before == "1.0000"
    assert measured["Granularity"].after == f"{facts.after.granularity:.4f}"
    assert measured["Classes"].after == f"{facts.after.classes:,}"
    assert [row.k for row in view.choices if row.chosen] == [5]
    assert (
        sum(size * count for size, count in facts.sizes_after)
        == facts.after.rows - facts.after.suppressed_rows
    )
    for column in facts.columns:
        assert sum(column.rows_at) == pytest.approx(1)


def test_a_k_that_nothing_passes_is_told(tmp_path: Path) -> None:
    page = page_of(tmp_path, facts_of(60))
    assert "no levels pass" in page
    assert "无满足要求的级别" in page


def test_a_table_of_which_nothing_is_left(tmp_path: Path) -> None:
    page = page_of(tmp_path, facts_of(30, k=31, suppression=1.0))
    assert "0 of 30 rows left" in page
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_a_local_recoding_has_levels_on_average(tmp_path: Path) -> None:
    table = counted(300)
    hierarchies = {column: build_hierarchy(column, table[column].to_list()) for column in QUASI}
    tuples, units = compress(table, QUASI, hierarchies)
    done = recode_locally(tuples, units, [KAnonymity(5)])
    facts = utility_facts("people.csv", tuples, units, done, Asked(k=5), choices=())
    assert facts.after.granularity == pytest.approx(done.lost.granularity)
    page = page_of(tmp_path, facts)
    assert "on average" in page
    assert "Choose k" not in page


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--report") as caught:
        write_utility_page(tmp_path / "none" / "page.html", facts_of(60), "en")
    assert "--report" in caught.value.message.zh
    assert list(tmp_path.iterdir()) == []


def test_every_word_speaks_both_languages() -> None:
    for name, text in UTILITY_WORDS.items():
        assert text.en, name
        assert text.zh, name
        assert set(re.findall(r"{(\w+)", text.en)) == set(re.findall(r"{(\w+)", text.zh)), name
