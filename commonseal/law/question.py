"""What is asked: typed facts of a subject on a day, under the packs that are adopted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from commonseal.errors import BadInput
from commonseal.law.cel_core import cel
from commonseal.law.docket import Docket, Ready, docket_of
from commonseal.law.facts import Value, in_utc, lists_of, moments_of, typed_facts
from commonseal.law.rule import Book
from commonseal.model import Fact, Jurisdiction, Text

_LAWS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
MAX_STEPS = 100_000  # of any condition's loops, one inside another
ALL_STEPS = 3_000_000  # of all conditions together: under a second
MAX_LIST = 10_000  # entries of a fact: a condition may hold a hundred loops side by side


@dataclass(frozen=True, slots=True)
class Question:
    """The facts, checked, and the rules that have a say on them."""

    subject: str
    facts: Mapping[str, Value]
    as_of: date
    adopted: frozenset[str]
    jurisdiction: Jurisdiction
    docket: Docket

    def answers(self) -> Iterator[tuple[Ready, bool | None]]:
        """Yield each rule that holds (True) or cannot be told (None), in the order of the book."""
        live = self.docket.live
        sure, asked = self.docket.gates.sift(self.facts)
        heard = self._heard([live[n] for n in _bits(asked)]) if asked else {}
        for n in _bits(sure | asked):
            ready = live[n]
            answer = heard.get(ready.place, True)
            if answer is not False:
                yield ready, answer

    def _heard(self, asked: Sequence[Ready]) -> dict[int, bool | None]:
        """Ask CEL about some rules; only the facts that they read are handed over."""
        reads = frozenset[str]().union(*(ready.rule.condition.reads for ready in asked))
        known = {name: self.facts[name] for name in reads if name in self.facts}
        for name in moments_of(self.subject) & known.keys():
            if isinstance(moment := known[name], str):
                known[name] = in_utc(moment)
        context = cel.Context({self.subject: known})
        heard = {}
        for ready in asked:
            if ready.rule.condition.params:
                context.add_variable("param", ready.params)
            heard[ready.place] = ready.rule.condition.holds(context)
        return heard


def _bits(number: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def ask(
    book: Book,
    subject: str,
    facts: Mapping[str, Fact],
    as_of: date,
    adopted: frozenset[str],
    jurisdiction: Jurisdiction = "cn",
) -> Question:
    """Check the facts and find the rules. Raises: BadInput."""
    if jurisdiction not in _LAWS:
        raise BadInput(
            Text(
                en=f"jurisdiction: got {jurisdiction!r}, expected one of {', '.join(_LAWS)}",
                zh=f"jurisdiction：得到 {jurisdiction!r}，应为 {'、'.join(_LAWS)} 之一",
            )
        )
    values = typed_facts(subject, facts, as_of=as_of)
    everywhere = adopted | {"city"} if jurisdiction == "city" else adopted
    docket = docket_of(book, subject, as_of, everywhere, jurisdiction)
    longest = 0
    for name in lists_of(subject):
        value = values.get(name)
        if isinstance(value, list) and len(value) > longest:
            longest = len(value)
    depth = max(len(docket.steps) - 1, 1)
    steps = sum(count * longest**power for power, count in enumerate(docket.steps))
    if longest > MAX_LIST or longest**depth > MAX_STEPS or steps > ALL_STEPS:
        raise BadInput(
            Text(
                en=f"{subject}: a list of {longest} entries in rules that loop {depth} deep, "
                f"expected at most {MAX_LIST} entries, {MAX_STEPS} steps of a loop and {ALL_STEPS} of all; split it",
                zh=f"{subject}：列表有 {longest} 项，规则循环 {depth} 层，最多 {MAX_LIST} 项、每个循环 {MAX_STEPS} 步、合计 {ALL_STEPS} 步；请拆分",
            )
        )
    return Question(subject, values, as_of, everywhere, jurisdiction, docket)
