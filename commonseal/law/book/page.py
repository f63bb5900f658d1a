"""What stands on the page of one rule, in one language: plain values, for the template to set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from commonseal.law.book.follows import follows
from commonseal.law.book.phrases import Line, number, told_condition
from commonseal.law.book.terms import (
    FACT_KINDS,
    KINDS,
    OUTCOMES,
    RANKS,
    STANDS,
    STATUS,
    STATUS_NOTES,
    SUBJECTS,
    UNITS,
    fact_title,
    word,
)
from commonseal.law.book.told_case import expected, given
from commonseal.law.rule import Parameter, Reference, Rule
from commonseal.law.subjects import FACTS
from commonseal.model import Lang, Text

Force = Literal["in force", "to come", "ended"]
_ARTICLE = re.compile(r"[A-Z0-9 ]+ art\. (\d+)(.*)")
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: plain words, or what stands for a number or a fact."""

    text: str
    role: Literal["plain", "param", "fact"] = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in a list. `force`: on the day that the site was made for."""

    id: str
    title: str
    article: str
    instrument: str
    kind: str
    kind_code: str
    subject: str
    subject_code: str
    status: str
    status_code: str
    since: str
    force: Force


@dataclass(frozen=True, slots=True)
class History:
    """A parameter with all its values."""

    name: str
    unit: str
    values: tuple[tuple[str, str, tuple[Reference, ...]], ...]  # from, value, where it stands


@dataclass(frozen=True, slots=True)
class Told:
    """A test as sentences."""

    name: str
    as_of: str
    applies: bool
    expects: tuple[str, ...]
    given: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """The page of one rule."""

    row: Row
    rank: str
    status_note: str
    stands: str | None
    source: str
    pack: str
    file: str
    until: str | None
    outcome: str
    outcome_code: str
    informs: bool  # it changes no outcome
    limits: bool  # its outcome follows where the limit is broken
    message: tuple[Piece, ...]
    remedy: tuple[Piece, ...]
    condition: Line
    cel: str
    follows: tuple[tuple[str, str], ...]
    parameters: tuple[History, ...]
    tests: tuple[Told, ...]
    facts: tuple[tuple[str, str, str], ...]  # name, title, kind
    matter: str | None
    same_matter: tuple[Row, ...]
    readers: tuple[tuple[str, str], ...]  # what reads it, how


def row_of(rule: Rule, lang: Lang, as_of: date) -> Row:
    """Return the rule as one line of a list."""
    return Row(
        id=rule.id,
        title=rule.title.in_(lang),
        article=article_in(rule.citation.article, lang),
        instrument=rule.citation.instrument.in_(lang),
        kind=word(KINDS, rule.kind).in_(lang),
        kind_code=rule.kind,
        subject=word(SUBJECTS, rule.subject).in_(lang),
        subject_code=rule.subject,
        status=word(STATUS, rule.citation.status).in_(lang),
        status_code=rule.citation.status,
        since=rule.effective.start.isoformat(),
        force=_force(rule, as_of),
    )


def page_of(rule: Rule, same_matter: Sequence[Rule], lang: Lang, as_of: date) -> RulePage:
    """Return the page of a rule, its sentences with the numbers of the day `as_of`."""
    histories = tuple(_history(parameter, lang) for parameter in rule.parameters.values())
    rule = replace(rule, parameters={name: _until(p, as_of) for name, p in rule.parameters.items()})
    then, end = rule.then, rule.effective.end
    return RulePage(
        row=row_of(rule, lang, as_of),
        rank=word(RANKS, rule.rank).in_(lang),
        status_note=word(STATUS_NOTES, rule.citation.status).in_(lang),
        stands=word(STANDS, rule.stands).in_(lang) if rule.stands is not None else None,
        source=rule.source,
        pack=rule.pack,
        file=rule.file,
        until=end.isoformat() if end is not None else None,
        outcome=word(OUTCOMES, then.outcome).in_(lang),
        outcome_code=str(then.outcome),
        informs=rule.kind in ("competence", "sanction", "definition"),
        limits=then.measured is not None,
        message=_pieces(then.message, rule, lang),
        remedy=_pieces(then.remedy, rule, lang) if then.remedy is not None else (),
        condition=told_condition(rule.condition.source, rule.subject, rule.parameters),
        cel=rule.condition.source,
        follows=tuple((name.in_(lang), value.in_(lang)) for name, value in follows(rule)),
        parameters=histories,
        tests=tuple(_tests(rule, lang)),
        facts=tuple(_facts(rule, lang)),
        matter=rule.matter,
        same_matter=tuple(row_of(other, lang, as_of) for other in same_matter),
        readers=tuple((what, how.in_(lang)) for what, how in READERS.get(rule.subject, ()) + ANY_READER),
    )


def article_in(article: str, lang: Lang) -> str:
    """Return an article's place as a reader of `lang` writes it; what has no such form stays.

    >>> article_in("GDS art. 21(1)", "zh"), article_in("IV.A.2", "zh")
    ('第21条(1)', 'IV.A.2')
    """
    found = _ARTICLE.fullmatch(article) if lang == "zh" else None
    return f"第{found[1]}条{found[2]}" if found else article


# which commands and stages ask the law about a subject
READERS: Mapping[str, tuple[tuple[str, Text], ...]] = {
    "agreement": (
        ("commonseal release", Text(en="before anything is read from the source", zh="读取数据之前，先判定协议")),
    ),
    "column": (
        ("commonseal release", Text(en="for each column: how it must be treated", zh="逐个字段判定处理方式")),
    ),
    "release": (
        ("commonseal release", Text(en="the limits that the judge holds the copy to, and the last word", zh="作为评估阈值，并在封存前作最后判定")),
    ),
}  # fmt: skip
ANY_READER: tuple[tuple[str, Text], ...] = (
    ("commonseal law check", Text(en="on the facts of a case", zh="判定一个案件的事实")),
    ("commonseal law compare", Text(en="beside the law of another jurisdiction", zh="与其他法域并列比较")),
    (
        "commonseal law simulate",
        Text(en="when a change is tried on past decisions", zh="以过往判定试行规则变更"),
    ),
)


def _force(rule: Rule, as_of: date) -> Force:
    if as_of in rule.effective:
        return "in force"
    return "to come" if as_of < rule.effective.start else "ended"


def _pieces(sentence: Text, rule: Rule, lang: Lang) -> tuple[Piece, ...]:
    """Split a sentence at its placeholders: a parameter reads as its value, a fact as its title."""
    parts = _PLACE.split(sentence.in_(lang))
    return tuple(
        _placed(part, rule, lang) if at % 2 else Piece(part) for at, part in enumerate(parts) if part
    )


def _placed(place: str, rule: Rule, lang: Lang) -> Piece:
    root, _, name = place.partition(".")
    if root == "param":
        return Piece(number(rule.parameters[name].values[-1].value), "param")
    return Piece(fact_title(FACTS[rule.subject][name]).in_(lang), "fact")


def _until(parameter: Parameter, day: date) -> Parameter:
    """Leave out the values that come later; of one that only comes later keep the first."""
    come = tuple(value for value in parameter.values if value.start <= day)
    return replace(parameter, values=come or parameter.values[:1])


def _history(parameter: Parameter, lang: Lang) -> History:
    values = tuple(
        (value.start.isoformat(), number(value.value), value.references)
        for value in reversed(parameter.values)
    )
    return History(parameter.name, word(UNITS, parameter.unit).in_(lang), values)


def _tests(rule: Rule, lang: Lang) -> Iterator[Told]:
    for case in rule.cases:
        yield Told(
            name=case.name,
            as_of=case.as_of.isoformat(),
            applies=case.applies,
            expects=tuple(text.in_(lang) for text in expected(case, rule)),
            given=tuple((name.in_(lang), value.in_(lang)) for name, value in given(case, rule)),
        )


def _facts(rule: Rule, lang: Lang) -> Iterator[tuple[str, str, str]]:
    then = rule.then
    deadline = then.deadline
    more = (
        then.measure,
        deadline and deadline.start,
        deadline and deadline.extended,
        deadline and deadline.paused,
    )
    declared = FACTS[rule.subject]
    for name in sorted({*rule.condition.reads, *(name for name in more if name)}):
        if name in declared:
            fact = declared[name]
            yield f"{rule.subject}.{name}", fact.title.in_(lang), word(FACT_KINDS, fact.kind).in_(lang)
