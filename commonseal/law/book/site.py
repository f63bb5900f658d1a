"""Render a lawbook as a static site: a page a rule, lists, a search that needs no network.

    DIR/index.html            leads to the language asked for
    DIR/zh/index.html         search and lists; the same under en/
    DIR/zh/rule/ID.html       a rule
    DIR/zh/list/NAME.html     the rules of an instrument, kind, subject or status
    DIR/zh/rules.js           the index that the search reads
    DIR/book.css, book.js     styles and the search, our own; nothing is loaded from elsewhere
    DIR/lawbook.json          what the site was made of, and the sign that the folder is such a site

The site is the same for the same book, day and languages: no clock, no randomness.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from commonseal.law.book.folder import write_folder
from commonseal.law.book.page import Row, page_of, row_of
from commonseal.law.book.terms import KINDS, RANKS, STATUS, SUBJECTS, word
from commonseal.law.book.words import BookWords
from commonseal.law.rule import RANKS as RANK_ORDER
from commonseal.law.rule import Book, Rule
from commonseal.model import Lang, Text

LANGS: tuple[Lang, ...] = ("zh", "en")
FORMAT = "commonseal-lawbook/1"


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one instrument, kind, subject or status; `slug` names its page."""

    facet: str
    slug: str
    title: Text
    beside: Text
    rules: tuple[Rule, ...]


def write_site(book: Book, out: Path, *, as_of: date, lang: Lang) -> int:
    """Write the site of a book.

    Args:
        out: a folder that is not there yet, is empty, or is such a site, which is then replaced as a whole.
        as_of: the day whose numbers and standing the pages show.
        lang: the language that the site opens in; both are in it.
    Returns: how many pages it has.
    Raises: BadInput: the folder holds something else, or cannot be written.
    """
    files = dict(site_files(book, as_of=as_of, lang=lang))
    write_folder(out, files, sign="lawbook.json")
    return sum(name.endswith(".html") for name in files)


def site_files(book: Book, *, as_of: date, lang: Lang) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the site: its path and its content."""
    groups = tuple(_groups(book.rules))
    templates = _templates()
    for each in LANGS:
        yield from _in_language(book, groups, templates, each, as_of)
    yield "index.html", templates.get_template("door.html").render(lang=lang).encode()
    for name in ("book.css", "book.js"):
        yield name, _asset(name).encode()
    made = {"format": FORMAT, "digest": book.digest, "as_of": as_of.isoformat(), "rules": len(book.rules)}
    yield "lawbook.json", (json.dumps(made, indent=2) + "\n").encode()


def _in_language(
    book: Book, groups: Sequence[Group], templates: Environment, lang: Lang, as_of: date
) -> Iterator[tuple[str, bytes]]:
    t = BookWords(lang)
    shared = {"t": t, "lang": lang, "as_of": as_of.isoformat(), "digest": book.digest[:12]}

    def render(name: str, **put: object) -> bytes:
        return templates.get_template(name).render(**shared, **put).encode()

    rows = {rule.id: row_of(rule, lang, as_of) for rule in book.rules}
    facets = [(facet, [group for group in groups if group.facet == facet]) for facet in FACETS]
    yield (
        f"{lang}/index.html",
        render("start.html", facets=facets, total=len(book.rules), root="../", here="index.html"),
    )
    yield f"{lang}/rules.js", _index(book.rules, groups, rows, lang)
    for group in groups:
        name = f"list/{group.slug}.html"
        yield f"{lang}/{name}", render("list.html", group=group, rows=rows, root="../../", here=name)
    of_instrument = {
        rule.id: group for group in groups if group.facet == "instrument" for rule in group.rules
    }
    for rule in book.rules:
        group, name = of_instrument[rule.id], f"rule/{rule.id}.html"
        page = page_of(rule, _same_matter(rule, book), lang, as_of)
        at = group.rules.index(rule)
        beside = (
            group.rules[at - 1] if at else None,
            group.rules[at + 1] if at + 1 < len(group.rules) else None,
        )
        yield (
            f"{lang}/{name}",
            render(
                "rule.html",
                page=page,
                group=group,
                beside=[rows[r.id] if r else None for r in beside],
                root="../../",
                here=name,
            ),
        )


_NO_SLUG = re.compile(r"[^a-z0-9.-]+")
_TABLES = {"kind": KINDS, "subject": SUBJECTS, "status": STATUS}
FACETS = ("instrument", *_TABLES)


def _groups(rules: Sequence[Rule]) -> Iterator[Group]:
    """Yield the lists: instruments by rank and pack, then kinds, subjects and statuses, in the order of the terms."""
    instruments: dict[str, list[Rule]] = {}
    for rule in rules:
        instruments.setdefault(rule.citation.instrument.zh, []).append(rule)
    taken: dict[str, int] = {}
    for found in sorted(instruments.values(), key=_place):
        slug = "instrument." + _NO_SLUG.sub("-", _home(found).replace("/", "."))
        taken[slug] = taken.get(slug, 0) + 1
        name = slug if taken[slug] == 1 else f"{slug}.{taken[slug]}"
        ordered = tuple(sorted(found, key=_by_article))
        yield Group("instrument", name, found[0].citation.instrument, word(RANKS, found[0].rank), ordered)
    for facet, table in _TABLES.items():
        for code, title in table.items():
            matching = tuple(rule for rule in rules if _code(rule, facet) == code)
            if matching:
                yield Group(facet, f"{facet}.{code}", title, Text(en="", zh=""), matching)


def _code(rule: Rule, facet: str) -> str:
    return {"kind": rule.kind, "subject": rule.subject, "status": rule.citation.status}[facet]


def _home(rules: Sequence[Rule]) -> str:
    """Return the pack that most of an instrument's rules stand in."""
    packs = [rule.pack for rule in rules]
    return max(sorted(set(packs)), key=packs.count)


def _place(rules: Sequence[Rule]) -> tuple[int, int, int, str]:
    """Sort instruments: national, the city's, the Union's, others'; then by rank, then the longer first."""
    own, home = ("cn", "city", "eu"), _home(rules)
    root = home.partition("/")[0]
    where = own.index(root) if root in own else len(own)
    return where, -RANK_ORDER.index(rules[0].rank), -len(rules), home


def _by_article(rule: Rule) -> tuple[object, ...]:
    """Sort article 9 before article 21; what has no number comes last."""
    digits = "".join(c if c.isdigit() else " " for c in rule.citation.article.partition("art.")[2]).split()
    return (not digits, [int(each) for each in digits], rule.citation.article, rule.id)


def _same_matter(rule: Rule, book: Book) -> tuple[Rule, ...]:
    if rule.matter is None:
        return ()
    return tuple(
        other
        for other in book.rules
        if other.matter == rule.matter and other.subject == rule.subject and other.id != rule.id
    )


def _index(rules: Sequence[Rule], groups: Sequence[Group], rows: dict[str, Row], lang: Lang) -> bytes:
    """Return the search's index as a script: a page that is opened from a disk may load no JSON.

    A row: id, title, article, group of each facet, first day, standing, and what is searched beside these.
    """
    at = {(group.facet, rule.id): number for number, group in enumerate(groups) for rule in group.rules}
    entries = [
        [
            rule.id,
            rows[rule.id].title,
            rows[rule.id].article,
            [at[facet, rule.id] for facet in FACETS],
            rows[rule.id].since,
            rows[rule.id].force,
            f"{rule.title.zh if lang == 'en' else rule.title.en} {rule.citation.article} {rule.then.message.in_(lang)}",
        ]
        for rule in rules
    ]
    names = [[group.facet, group.slug, group.title.in_(lang)] for group in groups]
    told = json.dumps({"groups": names, "rules": entries}, ensure_ascii=False, separators=(",", ":"))
    return f"const LAWBOOK={told};\n".encode()


def _templates() -> Environment:
    """Return the templates: everything escaped, nothing undefined."""
    return Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return resources.files("commonseal.law.book").joinpath(name).read_text(encoding="utf-8")
