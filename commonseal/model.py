"""The frozen nouns that every floor shares. No IO, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages.

    >>> Text(en="expired", zh="已过期").in_("zh")
    '已过期'
    """

    en: str
    zh: str

    def in_(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return self.zh if lang == "zh" else self.en


class Level(IntEnum):
    """Sensitivity of a column; the guideline pack says what follows from each."""

    GENERAL = 1
    PERSONAL = 2
    SEMI_PRIVATE = 3
    HIGHLY_PRIVATE = 4


class Role(StrEnum):
    """What a category does to a person's anonymity."""

    DIRECT = "direct"  # names one person by itself
    QUASI = "quasi"  # names a person together with others
    SENSITIVE = "sensitive"  # harms when it becomes known
    TEXT = "text"  # free text that may hold any of these
    NONE = "none"  # says nothing of a person
    UNKNOWN = "unknown"  # nobody can say; the law decides what follows


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of column: its `id` is stable, its `level` the default sensitivity."""

    id: str
    title: Text
    level: Level
    role: Role


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a column got its category: counts and rates in [0, 1], never a value."""

    rows: int  # rows looked at
    null_rate: float
    match_rate: float  # share of the non-null values that match the format
    checksum_rate: float | None  # share that also pass the checksum; None: there is none
    name_match: bool  # the column's name speaks for the category
    others: tuple[str, ...] = ()  # further categories found, in free text or as runners-up


@dataclass(frozen=True, slots=True)
class Column:
    """A classified column. `confidence` in [0, 1]."""

    name: str
    category: Category
    confidence: float
    evidence: Evidence


class Outcome(StrEnum):
    """What the law answers; `UNDETERMINED` counts as no."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"
    UNDETERMINED = "undetermined"


Status = Literal["verified", "needs_review", "model"]
Jurisdiction = Literal["cn", "city", "eu"]  # China; China and all of the city's own packs; the Union
Fact = str | int | float | bool | None | date | tuple["Fact", ...] | Mapping[str, "Fact"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands: `instrument` is the law's title, `article` its place in it."""

    rule: str
    instrument: Text
    article: str
    status: Status


@dataclass(frozen=True, slots=True)
class Treatment:
    """What must happen to a column's cells: an operator of `desensitize` and its parameters.

    Operators, weakest first: keep, generalize, mask_text, mask, hmac_sha256, hmac_sm3, null, drop.
    """

    operator: str
    params: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, and what it says. `remedy`: the smallest change that would pass."""

    citation: Citation
    outcome: Outcome
    message: Text
    remedy: Text | None = None
    subject: str | None = None  # the column or part it speaks of
    treatment: Treatment | None = None  # what a duty asks to be done to that column


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule that was looked at, and why it did or did not apply."""

    rule: str
    applied: bool
    why: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that must be done by a day or moment. `provisional`: the calendar is not settled yet."""

    citation: Citation
    what: Text
    by: str  # the role that owes it
    due_at: date | datetime | None
    provisional: bool = False

    @property
    def rule(self) -> str:
        """The rule that asks for it."""
        return self.citation.rule


@dataclass(frozen=True, slots=True)
class Competence:
    """An authority that has a say: who, at which tier, for what."""

    citation: Citation
    who: str
    tier: str
    purpose: Text

    @property
    def rule(self) -> str:
        """The rule that gives it."""
        return self.citation.rule


@dataclass(frozen=True, slots=True)
class Sanction:
    """What a breach may cost. None: no such amount, or one that cannot be counted from the facts."""

    citation: Citation
    on: str  # unit, responsible_person, person, department, any
    currency: str
    fine_min: float | None
    fine_max: float | None
    measures: tuple[str, ...] = ()
    open_ended: bool = False  # the turnover or gain it is counted from is not known: it may be higher

    @property
    def rule(self) -> str:
        """The rule that sets it."""
        return self.citation.rule


@dataclass(frozen=True, slots=True)
class Decision:
    """The law's answer on one set of facts on one day; replayable from `facts`."""

    outcome: Outcome
    as_of: date
    findings: tuple[Finding, ...]
    considered: tuple[Considered, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    jurisdiction: Jurisdiction = "cn"
    obligations: tuple[Obligation, ...] = ()
    authorities: tuple[Competence, ...] = ()
    sanctions: tuple[Sanction, ...] = ()

    @property
    def allowed(self) -> bool:
        """True where nothing stands in the way (undetermined counts as no)."""
        return self.outcome in (Outcome.ALLOWED, Outcome.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Risk:
    """How well a table hides its people.

    Every count is of distinct persons where a person column is named, else of rows. A person with
    rows in several classes counts in each of them.
    """

    rows: int
    persons: int
    classes: int
    smallest_class: int
    sample_uniques: int
    highest_risk: float  # 1 / smallest class
    average_risk: float  # classes / sum of their sizes
    homogeneous_classes: int  # classes whose sensitive value is one and the same
    smallest_l: int | None  # distinct sensitive values in the poorest class; None: nothing sensitive
    highest_t: float | None  # farthest a class is from the whole table as it stands
    class_sizes: tuple[tuple[int, int], ...]  # (size, number of classes of that size), ascending


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that the law in force sets on one measure of a release."""

    measure: str  # e.g. "smallest_class", "highest_risk", "trace_unicity"
    limit: float
    at_least: bool  # True: the measure must be >= limit; False: <= limit
    citation: Citation
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold of a verdict, with what was measured."""

    threshold: Threshold
    got: float

    @property
    def passed(self) -> bool:
        """True where the threshold holds."""
        limit = self.threshold.limit
        return self.got >= limit if self.threshold.at_least else self.got <= limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's word on a release: passes only if every check does."""

    before: Risk
    after: Risk
    checks: tuple[Check, ...]
    trace_unicity: float | None = None  # share of persons that four points of their rows name

    @property
    def passed(self) -> bool:
        """True where every threshold holds."""
        return all(check.passed for check in self.checks)
