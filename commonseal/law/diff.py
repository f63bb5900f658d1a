"""Compare the law of two days: which rules begin, end, take another's place, or change a number.

Both days are asked for themselves: a rule that came and went between them is in neither. A text that changed
stands as two files, the old one ended and the new one begun; where they say the same thing of the same
subject they are told as one that takes the other's place, so that a renumbered law does not read as a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commonseal.errors import BadInput
from commonseal.law.rule import Book, Dated, Number, Parameter, Reference, Rule
from commonseal.law.scan import Token, tokens
from commonseal.model import Text

_UNTIL = re.compile(r"until-\d{4}")


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One parameter that has another value on the second day; `since`: from when that value holds."""

    name: str
    unit: str
    before: Number
    after: Number
    since: date
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule in force on both days whose numbers differ, or with `before` one that took another's place."""

    rule: Rule
    numbers: tuple[NumberChange, ...]
    before: Rule | None = None


@dataclass(frozen=True, slots=True)
class InstrumentDiff:
    """What changed in one law, each list in the order of the book."""

    instrument: Text
    begins: tuple[Rule, ...] = ()
    ends: tuple[Rule, ...] = ()
    replaces: tuple[Changed, ...] = ()
    changes: tuple[Changed, ...] = ()


def diff_days(book: Book, first: date, second: date) -> tuple[InstrumentDiff, ...]:
    """Return what changes from one day to a later one, by instrument.

    Returns: instruments in the order of the book; one without a change is left out.
    Raises: BadInput: the second day lies before the first.
    """
    if second < first:
        raise BadInput(
            Text(
                en=f"got {first} and then {second}, expected the earlier day first",
                zh=f"得到 {first} 和 {second}，应先写较早的日期",
            )
        )
    begun = [rule for rule in book.rules if second in rule.effective and first not in rule.effective]
    ended = [rule for rule in book.rules if first in rule.effective and second not in rule.effective]
    pairs = _pairs(ended, begun)
    placed = {rule.id for pair in pairs for rule in pair}
    both = (rule for rule in book.rules if first in rule.effective and second in rule.effective)
    return _by_instrument(
        book,
        begins=[rule for rule in begun if rule.id not in placed],
        ends=[rule for rule in ended if rule.id not in placed],
        replaces=[
            Changed(new, tuple(_between(old.parameters, new.parameters, first, second)), old)
            for old, new in pairs
        ],
        changes=[
            Changed(rule, numbers)
            for rule in both
            if (numbers := tuple(_between(rule.parameters, rule.parameters, first, second)))
        ],
    )


def _by_instrument(
    book: Book,
    *,
    begins: Sequence[Rule],
    ends: Sequence[Rule],
    replaces: Sequence[Changed],
    changes: Sequence[Changed],
) -> tuple[InstrumentDiff, ...]:
    """Sort what was found by the instrument of the rule, of a pair by the newer one's."""
    found = []
    for instrument in dict.fromkeys(rule.citation.instrument for rule in book.rules):
        part = InstrumentDiff(
            instrument,
            tuple(rule for rule in begins if rule.citation.instrument == instrument),
            tuple(rule for rule in ends if rule.citation.instrument == instrument),
            tuple(pair for pair in replaces if pair.rule.citation.instrument == instrument),
            tuple(change for change in changes if change.rule.citation.instrument == instrument),
        )
        if part.begins or part.ends or part.replaces or part.changes:
            found.append(part)
    return tuple(found)


def _pairs(ended: Sequence[Rule], begun: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Match each ended rule with the one that took its place the next day.

    Both are of one pack and subject, and have one name after their article, or one kind and condition. Of
    several the one whose id is nearest; each is matched once.
    """
    free = {new.id: new for new in begun}
    pairs = []
    for old in ended:
        like = [new for new in free.values() if _takes_the_place(old, new)]
        if like:
            nearest = max(like, key=lambda new: _shared_words(old, new))
            pairs.append((old, free.pop(nearest.id)))
    return pairs


def _takes_the_place(old: Rule, new: Rule) -> bool:
    end = old.effective.end
    return (
        end is not None
        and new.effective.start == end + timedelta(days=1)
        and (old.pack, old.subject) == (new.pack, new.subject)
        and (_name(old) == _name(new) or (old.kind == new.kind and _condition(old) == _condition(new)))
    )


def _name(rule: Rule) -> str:
    """Return what a rule is called after its article: `log-retention` of `cn.csl.21.log-retention.until-2025`."""
    return [word for word in rule.id.split(".") if not _UNTIL.fullmatch(word)][-1]


def _condition(rule: Rule) -> tuple[Token, ...]:
    return tokens(rule.condition.source)


def _shared_words(old: Rule, new: Rule) -> int:
    return len(set(re.split(r"[.-]", old.id)) & set(re.split(r"[.-]", new.id)))


def _between(
    before: Mapping[str, Parameter], after: Mapping[str, Parameter], first: date, second: date
) -> Iterator[NumberChange]:
    """Yield the parameters of one name whose value on the two days differs."""
    for name, parameter in after.items():
        was = before[name].on(first) if name in before else None
        now = _dated(parameter, second)
        if was is not None and now is not None and was != now.value:
            yield NumberChange(name, parameter.unit, was, now.value, now.start, now.references)


def _dated(parameter: Parameter, day: date) -> Dated | None:
    return next((dated for dated in reversed(parameter.values) if dated.start <= day), None)
