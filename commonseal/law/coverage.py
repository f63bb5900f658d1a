"""Hold a book against what it should speak of: facts that no rule reads, articles and sections that no rule covers.

`lawbook/coverage.yaml` ships the articles that were considered, each with its rules or with the reason why it has
none, so that the question can be asked without the sources that the rules were written from. The list is held to
the book as well: a rule it names must be there, and a rule of ours must be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from commonseal.errors import BadPack
from commonseal.law.fact import FactType
from commonseal.law.message import places
from commonseal.law.rule import Book, Rule
from commonseal.law.subjects import FACTS
from commonseal.law.yaml_file import read_yaml
from commonseal.model import Text

MAX_LIST = 1024 * 1024

# facts that the engine itself reads: the others are derived or chosen by them
ENGINE_READS: Mapping[str, frozenset[str]] = {
    "column": frozenset({"name"}),
    "incident": frozenset({"member_state"}),
    "device_application": frozenset({"devices", "households"}),
}


@dataclass(frozen=True, slots=True)
class Article:
    """An article that was considered: the rules that say it, or the reason why none does."""

    row: str
    instrument: Text
    article: str
    rules: tuple[str, ...]
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the founding paper that proposes something, and the model rules that cite it."""

    section: str
    title: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the book covers. `unread`: (subject, fact) pairs; `faults`: where the list and the book differ."""

    articles: tuple[Article, ...]
    sections: tuple[Section, ...]
    unread: tuple[tuple[str, FactType], ...]
    facts: int
    faults: tuple[Text, ...]

    @property
    def uncovered(self) -> tuple[Article, ...]:
        """The articles that no rule covers."""
        return tuple(article for article in self.articles if not article.rules)


def coverage_of(book: Book) -> Coverage:
    """Say what the book leaves open. Raises: BadPack: the list as shipped is broken."""
    listed = _listed()
    return Coverage(
        articles=tuple(_articles(listed)),
        sections=tuple(_sections(listed, book)),
        unread=tuple(_unread(book)),
        facts=sum(len(declared) for declared in FACTS.values()),
        faults=tuple(_faults(listed, book)),
    )


def facts_read(rule: Rule) -> frozenset[str]:
    """Return the facts of its subject that a rule reads: in its condition, its block and its sentences."""
    then = rule.then
    read = set(rule.condition.reads)
    if then.measured is not None:
        read.add(then.measured.fact)
    if then.deadline is not None:
        read |= {then.deadline.start, then.deadline.extended, then.deadline.paused} - {None}  # type: ignore[arg-type]
    if (sanction := then.sanction) is not None:
        read |= {sanction.turnover} if sanction.turnover_rate is not None else set()
        gains = sanction.times_gain_min is not None or sanction.times_gain_max is not None
        read |= {sanction.times_of} if gains else set()
    for text in (then.message, then.remedy):
        for place in places(text) if text is not None else ():
            root, _, name = place.partition(".")
            read |= {name} if root == rule.subject else set()
    return frozenset(read)


def _unread(book: Book) -> Iterator[tuple[str, FactType]]:
    for subject, declared in FACTS.items():
        read = ENGINE_READS.get(subject, frozenset()).union(*map(facts_read, book.by_subject[subject]))
        yield from ((subject, fact) for name, fact in declared.items() if name not in read)


def _listed() -> Mapping[str, Any]:
    file = read_yaml(files("commonseal").joinpath("lawbook", "coverage.yaml").read_bytes(), limit=MAX_LIST)
    if file.faults or not isinstance(file.data, dict):
        faults = [fault.at("lawbook/coverage.yaml") for fault in file.faults]
        raise BadPack(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))
    return file.data


def _articles(listed: Mapping[str, Any]) -> Iterator[Article]:
    reasons = {name: Text(**text) for name, text in listed["reasons"].items()}
    for part in listed["instruments"]:
        instrument = Text(**part["instrument"])
        for entry in part["articles"]:
            none = entry.get("none")
            yield Article(
                row=entry["row"],
                instrument=instrument,
                article=str(entry["article"]),
                rules=tuple(entry.get("rules", ())),
                reason=reasons[none] if isinstance(none, str) else Text(**none) if none else None,
            )


def _sections(listed: Mapping[str, Any], book: Book) -> Iterator[Section]:
    for entry in listed["sections"]:
        name = entry["section"]
        cited = tuple(rule.id for rule in book.rules if rule.citation.article == name)
        yield Section(name, Text(**entry["title"]), cited)


def _faults(listed: Mapping[str, Any], book: Book) -> Iterator[Text]:
    """Yield where the list and the book differ; rules of other packs are not asked for."""
    known, named = {rule.id for rule in book.rules}, set[str]()
    for article in _articles(listed):
        named |= set(article.rules)
        for name in article.rules:
            if name not in known:
                yield Text(
                    en=f"{article.row}: rule {name} is not in the book",
                    zh=f"{article.row}：规则 {name} 不在法规库中",
                )
        if bool(article.rules) == (article.reason is not None):
            yield Text(
                en=f"{article.row}: expected rules, or the reason why there are none",
                zh=f"{article.row}：应列出规则，或写明没有规则的理由",
            )
    for rule in book.rules:
        if rule.pack.split("/")[0] in ("cn", "eu") and rule.id not in named:
            yield Text(
                en=f"{rule.id}: rests on {rule.source} and is not in the list",
                zh=f"{rule.id}：依据 {rule.source}，未列入清单",
            )
