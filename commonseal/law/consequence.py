"""What follows where a rule's condition holds: the sentence it says, and one block by its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from commonseal.model import Outcome, Text, Treatment

Unit = Literal["minute", "hour", "day", "working_day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "working_day", "week", "month", "year")
KEEPING_UNITS: tuple[Unit, ...] = ("day", "month", "year")

# kinds that inform and oblige to nothing by themselves: a fact they miss makes nothing undetermined
INFORMING = ("permission", "deadline", "competence", "sanction", "definition")
MEASURING = ("threshold", "retention")

TURNOVER = "annual_turnover"  # the AMOUNT facts that a sanction counts from, where it names no other
GAINS = "gains"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit: who must do what within how long of which event; names of facts and parameters."""

    what: Text
    by: str
    start: str  # a DATE or MOMENT fact: the event
    within: str  # the parameter that holds the amount
    unit: Unit
    before: bool = False  # counted back from the event
    extension: str | None = None  # a parameter of the same unit
    extended: str | None = None  # the FLAG fact that grants the extension
    paused: str | None = None  # the COUNT fact: units that the clock stood still


@dataclass(frozen=True, slots=True)
class Measure:
    """A limit on a fact of the case: of a threshold as it stands, of a retention in days."""

    fact: str
    limit: str  # the parameter that holds the number
    at_least: bool
    unit: Unit | None = None  # of a retention: what the parameter counts
    what: Text | None = None  # of a retention: what is kept


@dataclass(frozen=True, slots=True)
class Authority:
    """Which authority is competent, at which tier, for what."""

    who: str
    tier: str
    purpose: Text


@dataclass(frozen=True, slots=True)
class Penalty:
    """The range of a sanction; the amounts are names of parameters, the bases names of AMOUNT facts."""

    on: str
    currency: str
    fine_min: str | None = None
    fine_max: str | None = None
    turnover_rate: str | None = None
    turnover: str = TURNOVER
    times_gain_min: str | None = None
    times_gain_max: str | None = None
    times_of: str = GAINS
    choose: str = "higher"
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows where a rule's condition holds; the block of its kind is set, the others are None."""

    outcome: Outcome
    message: Text
    remedy: Text | None = None
    treatment: Treatment | None = None
    unless_treated: bool = False  # falls away where another rule asks for a treatment
    measured: Measure | None = None
    deadline: Deadline | None = None
    authority: Authority | None = None
    sanction: Penalty | None = None
    defines: Text | None = None

    @property
    def measure(self) -> str | None:
        """The fact that a threshold or retention limits."""
        return self.measured.fact if self.measured is not None else None

    @property
    def limit(self) -> str | None:
        """The parameter that limits it."""
        return self.measured.limit if self.measured is not None else None
