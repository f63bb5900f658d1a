"""A rule of a lawbook, its dated numbers, its test cases, and the book that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from commonseal.law.condition import Condition
from commonseal.law.consequence import Consequence
from commonseal.law.subjects import FACTS
from commonseal.model import Citation, Fact, Outcome, Text, Treatment

RuleKind = Literal[
    "prohibition",
    "duty",
    "permission",
    "threshold",
    "deadline",
    "retention",
    "competence",
    "sanction",
    "definition",
]
Stands = Literal["adds", "fills", "conflicts"]
Number = float | int | str  # a str is a day, YYYY-MM-DD

RANKS = (
    "model",
    "standard",
    "normative_document",
    "departmental_rule",
    "administrative_regulation",
    "law",
)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days; both ends are in it, and no `end` means open."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a number comes from."""

    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter, in force from a day until the next value's."""

    start: date
    value: Number
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the law sets, with its history, oldest first."""

    name: str
    unit: str
    values: tuple[Dated, ...]

    def on(self, day: date) -> Number | None:
        """Return the value in force on `day`; None before the first one."""
        found: Number | None = None
        for dated in self.values:
            if dated.start <= day:
                found = dated.value
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """One test that a lawyer can read: on that day, given these facts, this must come out."""

    name: str
    as_of: date
    given: Mapping[str, Fact]
    applies: bool
    outcome: Outcome
    treatment: Treatment | None = None
    limit: float | None = None
    expect: Mapping[str, object] = field(default_factory=dict)  # due_at, authority, ...: only what is checked


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, compiled. `pack` is where it stands (`city/desensitization`), `file` its file there."""

    id: str
    pack: str
    file: str
    title: Text
    kind: RuleKind
    subject: str
    citation: Citation
    source: str
    rank: str
    effective: Period
    parameters: Mapping[str, Parameter]
    condition: Condition
    then: Consequence
    stands: Stands | None = None
    matter: str | None = None
    cases: tuple[Case, ...] = ()

    def params_on(self, day: date) -> dict[str, Number]:
        """Return the parameters' values in force on `day`."""
        found = {name: parameter.on(day) for name, parameter in self.parameters.items()}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def reads(self) -> frozenset[str]:
        """The facts that the rule hangs on: of its condition, its measure, its clock, its sums."""
        then = self.then
        others = [then.measure]
        if then.deadline is not None:
            others += [then.deadline.start, then.deadline.extended, then.deadline.paused]
        if then.sanction is not None:
            others.append(then.sanction.turnover if then.sanction.turnover_rate else None)
            others.append(then.sanction.times_of if then.sanction.times_gain_max else None)
        return self.condition.reads | {name for name in others if name is not None}

    @property
    def speciality(self) -> tuple[int, int]:
        """How special the rule is: the weights of the facts it reads, then how many it reads."""
        declared = FACTS[self.subject]
        return sum(declared[name].weight for name in self.condition.reads), len(self.condition.reads)


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of all packs that were loaded. `digest`: SHA-256 over their files, in hex."""

    packs: tuple[str, ...]
    rules: tuple[Rule, ...]
    digest: str
    by_subject: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    # what `docket` has worked out, by subject, day and packs; no part of what the book is
    dockets: dict[tuple[object, ...], object] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, if the book holds it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
