"""The lawbook's pages: every rule on them in both languages, every link in place, nothing that others wrote runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from typer.testing import CliRunner

from commonseal.cli.law import app
from commonseal.errors import BadInput
from commonseal.law import Book, load_book
from commonseal.law.book import site_files, write_site
from commonseal.law.book.choices import choice_word
from commonseal.law.book.page import page_of
from commonseal.law.subjects import FACTS

DAY = date(2026, 3, 2)
RUN = CliRunner()


class Page(HTMLParser):
    """The links, scripts and text of a page, and whether its tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.scripts: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "src"):
            if (target := given.get(name)) is not None:
                (self.scripts if tag == "script" else self.links).append(target)
        if tag not in ("meta", "link", "input", "br", "path", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path", "circle"):
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(["cn/gds", "cn/pipl", "city/collection"])


@pytest.fixture(scope="module")
def files(book: Book) -> dict[str, str]:
    return {name: content.decode() for name, content in site_files(book, as_of=DAY, lang="zh")}


@pytest.fixture(scope="module")
def pages(files: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in files.items() if name.endswith(".html")}


def test_every_rule_has_a_page_in_both_languages(book: Book, pages: dict[str, Page]) -> None:
    for rule in book.rules:
        for lang in ("zh", "en"):
            page = pages[f"{lang}/rule/{rule.id}.html"]
            assert rule.title.in_(lang) in page.text  # type: ignore[arg-type]
            assert rule.condition.source in page.text
            assert all(case.name in page.text for case in rule.cases)


def test_every_tag_closes_and_every_link_leads_somewhere(
    files: dict[str, str], pages: dict[str, Page]
) -> None:
    for name, page in pages.items():
        assert page.open == [], name
        for link in (*page.links, *page.scripts):
            if not link.startswith(("#", "https://")):
                assert normpath(join(dirname(name), link)) in files, (name, link)


def test_nothing_is_loaded_from_elsewhere_and_no_script_stands_in_a_page(
    files: dict[str, str], pages: dict[str, Page]
) -> None:
    for name, page in pages.items():
        assert all("//" not in script for script in page.scripts), name
        assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|style=", files[name]) == [], name
        assert name == "index.html" or "default-src 'none'" in files[name]
    assert "http" not in files["book.js"].replace("https://", "")
    assert "url(" not in files["book.css"]


def test_the_index_of_the_search_names_every_rule_with_its_groups(book: Book, files: dict[str, str]) -> None:
    for lang in ("zh", "en"):
        text = files[f"{lang}/rules.js"]
        index = json.loads(text.removeprefix("const LAWBOOK=").removesuffix(";\n"))
        assert [entry[0] for entry in index["rules"]] == [rule.id for rule in book.rules]
        for entry, rule in zip(index["rules"], book.rules, strict=True):
            groups = [index["groups"][number] for number in entry[3]]
            assert [group[0] for group in groups] == ["instrument", "kind", "subject", "status"]
            assert groups[1][1] == f"kind.{rule.kind}"
            assert f"{lang}/list/{groups[0][1]}.html" in files


def test_the_lists_hold_each_rule_once(book: Book, pages: dict[str, Page]) -> None:
    for facet in ("instrument", "kind", "subject", "status"):
        listed = [
            link.removeprefix("../rule/")
            for name, page in pages.items()
            if name.startswith(f"en/list/{facet}.")
            for link in page.links
            if link.startswith("../rule/")
        ]
        assert sorted(listed) == sorted(f"{rule.id}.html" for rule in book.rules)


def test_articles_stand_in_the_order_of_the_law(book: Book, pages: dict[str, Page]) -> None:
    links = [link for link in pages["en/list/instrument.cn.gds.html"].links if "/rule/cn.gds." in link]
    articles = [int(re.match(r"\.\./rule/cn\.gds\.(\d+)", link)[1]) for link in links]  # type: ignore[index]
    assert articles == sorted(articles)


def test_a_deadline_is_told_in_words(pages: dict[str, Page]) -> None:
    zh = pages["zh/rule/cn.gds.21-1.answer-conditional.html"].text
    for part in (
        "共享属性：有条件共享",
        "10 个工作日",
        "政务数据共享条例",
        "第21条(1)",
        "自 2025-08-01 起施行",
    ):
        assert part in re.sub(r"\s+", " ", zh)
    en = re.sub(r"\s+", " ", pages["en/rule/cn.gds.21-1.answer-conditional.html"].text)
    for part in ("share attribute in the catalogue: conditional", "10 working days", "due: 2026-03-06"):
        assert part in en


def test_sentences_hold_the_numbers_of_the_day(book: Book) -> None:
    whole = load_book()
    for rule in whole.rules:
        told = page_of(rule, (), "en", DAY)
        if DAY in rule.effective:
            for piece in told.message:
                assert piece.role != "param" or piece.text != ""


def test_every_choice_of_every_fact_has_words_in_chinese() -> None:
    bare = {
        code
        for facts in FACTS.values()
        for fact in facts.values()
        for code in fact.choices
        if choice_word(code).zh == code
    }
    assert bare == set()


def test_what_a_stranger_wrote_is_shown_and_does_not_run(pack: Callable[..., Path]) -> None:
    bad = "</title><script>alert(1)</script> {{ 7 * 7 }}"
    change = {
        "title": {"zh": bad, "en": bad},
        "then": {"message": {"zh": bad.replace("{{ 7 * 7 }}", ""), "en": bad.replace("{{ 7 * 7 }}", "")}},
        "citation": {"instrument": {"zh": bad, "en": bad}, "source": bad},
    }
    book = load_book([pack(change)])
    files = {name: content.decode() for name, content in site_files(book, as_of=DAY, lang="en")}
    pages = {name: Page(text) for name, text in files.items() if name.endswith(".html")}
    for name, page in pages.items():
        assert "<script>alert" not in files[name]
        assert "49" not in page.text
        for link in page.links:
            assert link.startswith("#") or normpath(join(dirname(name), link)) in files


def test_the_same_book_and_day_give_the_same_files(book: Book, files: dict[str, str]) -> None:
    again = {name: content.decode() for name, content in site_files(book, as_of=DAY, lang="zh")}
    assert again == files


def test_a_folder_of_ours_is_replaced_and_anothers_is_left(book: Book, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(book, out, as_of=DAY, lang="zh")
    (out / "zh" / "old.html").write_text("old")
    count = write_site(book, out, as_of=DAY, lang="en")
    assert not (out / "zh" / "old.html").exists()
    assert count == len(list(out.rglob("*.html")))
    assert "en/index.html" in (out / "index.html").read_text(encoding="utf-8")
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    for taken in (other, other / "letter.txt"):
        with pytest.raises(BadInput):
            write_site(book, taken, as_of=DAY, lang="zh")
    assert [path.name for path in other.iterdir()] == ["letter.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "site"]


@pytest.mark.slow
def test_the_command_takes_packs_by_path(pack: Callable[..., Path], tmp_path: Path) -> None:
    folder = pack({})
    out = tmp_path / "site"
    done = RUN.invoke(
        app, ["book", "--out", str(out), "--pack", str(folder), "--as-of", "2026-03-02", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["rules"] == len(load_book().rules) + 1
    assert told["pages"] == len(list(out.rglob("*.html")))
    assert (out / "zh" / "rule" / "town.columns.rule-0.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ttl", "jsonld"])
def test_the_export_takes_packs_by_path(pack: Callable[..., Path], tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"rules.{ending}"
    command = [
        "export",
        "--format",
        "odrl",
        "--out",
        str(out),
        "--pack",
        str(pack({})),
        "--as-of",
        "2026-03-02",
        "--json",
    ]
    done = RUN.invoke(app, command)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["rules"] + sum(told["left_out"].values()) == len(load_book().rules) + 1
    assert "town.columns.rule-0" in out.read_text(encoding="utf-8")


def test_the_export_wants_a_name_it_knows(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["export", "--out", str(tmp_path / "rules.xml")])
    assert isinstance(done.exception, BadInput)
    done = RUN.invoke(app, ["export", "--json"])
    assert isinstance(done.exception, BadInput)
    assert list(tmp_path.iterdir()) == []
