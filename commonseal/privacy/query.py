"""What is asked: the statistics, their bounds, the public groups, and what one person may add."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from commonseal.errors import BadInput
from commonseal.model import Text

FINEST = 9  # decimal places of an epsilon: sums of them are exact, in the ledger and here
LARGEST = 10**12  # a greater epsilon is a slip of the pen
Of = Literal["persons", "rows"]


def exact(epsilon: float | str | Decimal) -> Fraction:
    """Return an epsilon as the exact number that was written. Raises: BadInput.

    >>> exact(0.1) + exact(0.2) == exact("0.3")
    True
    """
    try:
        number = Decimal(str(epsilon))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not 0 < number <= LARGEST or _places(number) > FINEST:
        raise BadInput(
            Text(
                en=f"epsilon: got {epsilon}, expected a number above 0, at most {LARGEST}, of at most {FINEST} "
                "decimal places",
                zh=f"epsilon：得到 {epsilon}，应为大于 0、不大于 {LARGEST}、至多 {FINEST} 位小数的数",
            )
        )
    return Fraction(number)


def _places(number: Decimal) -> int:
    """Return the decimal places that a finite number needs."""
    return max(0, -int(number.normalize().as_tuple().exponent))


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons (or rows) each group holds."""

    epsilon: Fraction
    of: Of | None = None  # None: persons where the query names a person column, else rows


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column's cells, each first drawn into [lower, upper]."""

    epsilon: Fraction
    column: str
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a column's cells, each first drawn into [lower, upper]."""

    epsilon: Fraction
    column: str
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """Quantiles of a column: for each of `at`, one of `candidates` values spread evenly over the bounds."""

    epsilon: Fraction  # of all quantiles together
    column: str
    lower: float
    upper: float
    at: tuple[float, ...]
    candidates: int = 101


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many persons (or rows) fall in each bin: between edges, or in each of listed categories.

    A bin holds its lower edge and not its upper one; the last holds both. Exactly one of `edges` and
    `categories` is given.
    """

    epsilon: Fraction
    column: str
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    of: Of | None = None

    @property
    def bins(self) -> tuple[str, ...]:
        """The name of each bin."""
        if self.categories:
            return self.categories
        spans = list(itertools.pairwise(self.edges))
        return tuple(f"[{a:g}, {b:g}{']' if (a, b) == spans[-1] else '['}" for a, b in spans)


Statistic = Count | Sum | Mean | Quantile | Histogram


@dataclass(frozen=True, slots=True)
class Query:
    """One question, answered at once and paid at once.

    `by`: column to its public values; the groups are their product, in this order. `person`: the column
    that names a person over many rows; a person then adds at most `max_rows` rows, in at most
    `max_groups` groups. Without it a person is one row.
    """

    dataset: str
    recipient: str
    statistics: tuple[Statistic, ...]
    by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    person: str | None = None
    max_rows: int = 1
    max_groups: int = 1
    seed: int = field(default=1)  # of the rows that are kept of a person, never of the noise

    @property
    def epsilon(self) -> Fraction:
        """The whole price: what the statistics cost, added (sequential composition)."""
        return sum((statistic.epsilon for statistic in self.statistics), Fraction(0))

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Every group, by its values; one empty group where there is no `by`."""
        return tuple(itertools.product(*(values for _, values in self.by)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the query reads, each once."""
        of_statistics = [s.column for s in self.statistics if not isinstance(s, Count)]
        person = [self.person] if self.person is not None else []
        return tuple(dict.fromkeys([*(name for name, _ in self.by), *person, *of_statistics]))
