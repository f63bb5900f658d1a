"""Privacy models: which classes of a table may leave.

A model sees the classes of one candidate and names those that fail. `monotone`: merging classes
never makes a kept person fail, so what a candidate suppresses is the least that anything more
special suppresses (true of k and distinct l; not of t once rows are suppressed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from commonseal.table import Grouping, pair_counts

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Units:
    """The compressed table below the tuples: distinct (tuple, person, sensitive value).

    Each array int64[u]; `person` and `sensitive` are None where nobody asked for them.
    """

    tuple_of: Ints
    rows: Ints
    person: Ints | None = None
    person_count: int = 0
    sensitive: Ints | None = None
    sensitive_count: int = 0


@dataclass(frozen=True, slots=True)
class Classes:
    """The equivalence classes of one candidate, counted in persons where they are known."""

    grouping: Grouping
    rows: Ints  # int64[c]
    units: Units

    def sizes(self) -> Ints:
        """Return distinct persons per class, or rows where no person column is named: int64[c]."""
        if self.units.person is None:
            return self.rows
        of = self.grouping.of[self.units.tuple_of]
        classes, _, _ = pair_counts(of, self.units.person, self.units.person_count)
        return np.bincount(classes, minlength=self.grouping.count)

    def sensitive(self) -> tuple[Ints, Ints, Ints]:
        """Return (class, value, count of persons or rows) of each pair that occurs, sorted by class."""
        units = self.units
        if units.sensitive is None:
            raise ValueError("no sensitive column was counted")
        of = self.grouping.of[units.tuple_of]
        if units.person is None:
            return pair_counts(of, units.sensitive, units.sensitive_count, units.rows)
        joint = of * units.sensitive_count + units.sensitive
        pairs, _, _ = pair_counts(joint, units.person, units.person_count)
        return pair_counts(
            pairs // units.sensitive_count, pairs % units.sensitive_count, units.sensitive_count
        )


class Model(Protocol):
    """A privacy model."""

    @property
    def monotone(self) -> bool:
        """True where what a candidate suppresses, everything more special suppresses too."""

    def failing(self, classes: Classes) -> Mask:
        """Return the classes that may not leave: bool[c]."""


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Every class holds at least `k` persons. Source: Sweeney 2002, def. 3; GB/T 37964-2019."""

    k: int
    monotone: bool = True

    def failing(self, classes: Classes) -> Mask:
        """Return the classes of fewer than k persons: bool[c]."""
        return classes.sizes() < self.k


@dataclass(frozen=True, slots=True)
class DistinctLDiversity:
    """Every class holds at least `l` distinct sensitive values. Source: Machanavajjhala et al. 2007."""

    column: str
    l: int  # noqa: E741 - the literature's name
    monotone: bool = True

    def failing(self, classes: Classes) -> Mask:
        """Return the classes with fewer than l distinct sensitive values: bool[c]."""
        of, _, _ = classes.sensitive()
        return np.bincount(of, minlength=classes.grouping.count) < self.l


@dataclass(frozen=True, slots=True)
class TCloseness:
    """In every class the sensitive values are distributed within `t` of the whole table.

    The distance is the earth mover's with equal ground distance: half the L1 distance; the whole
    table is the input, before suppression, as in ARX. Source: Li, Li, Venkatasubramanian 2007.
    """

    column: str
    t: float
    whole: NDArray[np.float64]  # float64[values]: the distribution in the input
    monotone: bool = False

    def failing(self, classes: Classes) -> Mask:
        """Return the classes farther than t from the whole: bool[c]."""
        return self.distance(classes) > self.t

    def distance(self, classes: Classes) -> NDArray[np.float64]:
        """Return each class's distance from the whole: float64[c]."""
        of, value, count = classes.sensitive()
        count_of = classes.grouping.count
        share = count / np.bincount(of, weights=count, minlength=count_of)[of]
        present = self.whole[value]
        apart = np.bincount(of, weights=np.abs(share - present) - present, minlength=count_of)
        return np.asarray((apart + 1.0) / 2.0, dtype=np.float64)


def sensitive_distribution(units: Units) -> NDArray[np.float64]:
    """Return the share of each sensitive value over the whole table: float64[values]."""
    if units.sensitive is None:
        raise ValueError("no sensitive column was counted")
    if units.person is None:
        counts = np.bincount(units.sensitive, weights=units.rows, minlength=units.sensitive_count)
    else:
        values, _, _ = pair_counts(units.sensitive, units.person, units.person_count)
        counts = np.bincount(values, minlength=units.sensitive_count).astype(np.float64)
    total = counts.sum()
    return np.asarray(counts / total if total else counts, dtype=np.float64)
