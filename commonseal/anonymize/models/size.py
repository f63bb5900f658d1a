"""What a privacy model is; the models on the size of a class.

A model sees the classes of one candidate and names those that may not leave. Two properties let a
search conclude from one candidate to others; each model's docstring says why it has them or not:

- `monotone`: a class fails only if every class that was merged into it fails. Then what a candidate
  suppresses, everything more special suppresses too.
- `closed`: a class merged from classes that pass passes. Then, where nothing may be suppressed, a
  candidate that fails condemns everything more special.

`whole` tells the models that look at what the others suppress: they are asked last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from commonseal.anonymize.models.classes import Classes, Ints, Mask


class Model(Protocol):
    """A privacy model, ready to be asked about a table's classes."""

    monotone: ClassVar[bool]
    closed: ClassVar[bool]
    whole: ClassVar[bool]

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes that may not leave: bool[c]; `lost` are those that other models suppress."""


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Every class holds at least `k` persons. Source: Sweeney 2002, def. 3; GB/T 37964-2019.

    After: each released tuple of quasi-identifiers stands for k or more persons of the release.
    Monotone: a class is no smaller than its parts.
    """

    k: int
    monotone: ClassVar[bool] = True
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes of fewer than k persons: bool[c]."""
        return classes.sizes() < self.k


@dataclass(frozen=True, slots=True)
class KMap:
    """Every released class stands for at least `k` people of the population. Source: Sweeney 2002, def. 5.

    Where the population is a table, its people are counted; where only its size N is known, a class of
    n persons is taken to stand for n N / (all persons): an estimate, not a count.
    After: an attacker who knows the population, not who is in the table, faces k or more people.
    """

    k: int
    population_size: int | None = None  # None: the population was counted
    monotone: ClassVar[bool] = True
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes that stand for fewer than k people: bool[c]."""
        if self.population_size is None:
            return (classes.population() < self.k) & (classes.rows > 0)
        sizes = classes.sizes()
        least = -(-self.k * int(sizes.sum()) // self.population_size)  # in whole numbers: a tie passes
        return np.asarray(sizes < least)


@dataclass(frozen=True, slots=True)
class DeltaPresence:
    """Of the people of every class, a share in [`least`, `most`] is in the table.

    Source: Nergiz, Atzori, Clifton 2007. After: nobody's presence can be told beyond these shares.
    Not monotone: a class over `most` may hold parts below it. Of a suppressed class nobody is in the table any
    more: with `least` above 0 nothing may be suppressed, and a class of which nobody was in the table fails all.
    """

    least: float
    most: float
    monotone: ClassVar[bool] = False
    closed: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    def failing(self, classes: Classes, lost: Mask | None = None) -> Mask:
        """Return the classes whose share is out of bounds: bool[c]."""
        population = classes.population()
        share = classes.sizes() / np.maximum(population, 1)
        failing = (population == 0) | (share < self.least) | (share > self.most)
        if self.least > 0 and (failing.any() or (lost is not None and lost.any())):
            return np.ones(classes.count, dtype=bool)
        return np.asarray(failing)


def class_totals(class_of: Ints, count: Ints, classes: int) -> Ints:
    """Add up counts over each class: int64[classes]."""
    return np.bincount(class_of, weights=count, minlength=classes).astype(np.int64)
