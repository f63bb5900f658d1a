"""Models on the table as a whole: how risky, how unique are the persons who are left?

No single class breaks them. As in ARX, what is suppressed to keep them are the smallest classes, all
classes of one size together, as few sizes as will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from commonseal.anonymize.models.classes import Classes, Ints, Mask

# From (class sizes ascending, number of classes of each) to the share of unique people in the population.
Uniqueness = Callable[[Ints, Ints], float]


@dataclass(frozen=True, slots=True)
class AverageRisk:
    """The mean over persons of 1 / class size is at most `risk`: classes / persons. Source: El Emam 2013."""

    risk: float
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the smallest classes that must go for the rest to pass: bool[c]."""
        sizes = classes.sizes()
        return _smallest(sizes, lost, lambda size, number: bool(number.sum() / (size @ number) <= self.risk))


@dataclass(frozen=True, slots=True)
class SampleUniqueness:
    """The share of persons who are alone in their class is at most `rate`."""

    rate: float
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes of one person, where there are too many: bool[c]."""

        def passes(size: Ints, number: Ints) -> bool:
            return bool(number[size == 1].sum() / (size @ number) <= self.rate)

        return _smallest(classes.sizes(), lost, passes)


@dataclass(frozen=True, slots=True)
class PopulationUniqueness:
    """The share of people of the population who are estimated to be unique in it is at most `rate`.

    The estimate is one from the class sizes of the sample: see `table.population`. Not closed: estimates need not
    fall when classes are merged.
    """

    rate: float
    estimate: Uniqueness
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = False
    whole: ClassVar[bool] = True

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the smallest classes that must go for the rest to pass: bool[c]."""
        return _smallest(classes.sizes(), lost, lambda size, number: self.estimate(size, number) <= self.rate)


def _smallest(sizes: Ints, lost: Mask | None, passes: Callable[[Ints, Ints], bool]) -> Mask:
    """Return the classes of the least sizes whose loss makes the rest pass; all where nothing does."""
    kept = (sizes > 0) if lost is None else ~lost & (sizes > 0)
    size, number = np.unique(sizes[kept], return_counts=True)
    for first in range(len(size)):
        if passes(size[first:], number[first:]):
            return np.asarray(kept & (sizes < size[first]))
    return np.asarray(kept)
