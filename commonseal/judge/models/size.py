"""Models of how many a person is hidden among: in the table, in the population, and on average."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from commonseal.errors import BadInput
from commonseal.judge.models.counted import SIZE, Counted, Ints, count_table
from commonseal.judge.models.held import Given, Held, of_classes, of_table, within
from commonseal.judge.population import Estimator, estimate_uniqueness, least_sample_size
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Every class holds at least `k` persons (rows where no person column is named).

    Measured: the smallest class. Postcondition: it is >= k. Source: Sweeney 2002, definition 3.
    """

    name: ClassVar[str] = "k_anonymity"
    k: int

    def __post_init__(self) -> None:
        within(self.name, "k", self.k, 1, math.inf)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare the sizes with k."""
        sizes = counted.sizes
        return of_classes(self.name, None, sizes < self.k, sizes.min(), ">=", self.k)


@dataclass(frozen=True, slots=True)
class KMap:
    """Every class of the table matches at least `k` persons of the population.

    With a population table the matches are counted; a class that it does not hold matches nobody.
    Else `population` is the number of people, and a class of f rows is taken to have k matches where f
    is improbable for fewer: f >= k' with P(X >= k') <= `significance`, X Poisson with mean
    k * rows / population (estimator "poisson", D3), or that distribution without its zero
    ("zero_truncated_poisson", D4); k' is at most k. ARX takes a k' greater by one for D3. "proportional"
    is plain: f * population / rows >= k.

    Measured: the fewest matches, or the smallest class. Postcondition: it is >= k, or >= k'.
    Source: Sweeney 2001 (k-map); El Emam, Dankar, "Protecting Privacy Using k-Anonymity", JAMIA 15, 2008.
    """

    name: ClassVar[str] = "k_map"
    k: int
    population: int | None = None
    estimator: Literal["poisson", "zero_truncated_poisson", "proportional"] = "poisson"
    significance: float = 0.05

    def __post_init__(self) -> None:
        within(self.name, "k", self.k, 1, math.inf)
        within(self.name, "significance", self.significance, 0, 1, above=True)

    def check(self, counted: Counted, given: Given) -> Held:
        """Count the matches, or estimate whether there are enough."""
        if given.population is not None:
            matches = people_in(counted, given.population)
            return of_classes(self.name, None, matches < self.k, matches.min(), ">=", self.k)
        if self.population is None:
            raise _needs_population(self.name)
        sizes = counted.sizes
        if self.estimator == "proportional":
            total = int(sizes.sum())
            failing = sizes < -(
                -self.k * total // self.population
            )  # the limit in whole numbers: a tie passes
            worst = int(sizes.min()) * self.population / total
            return of_classes(self.name, None, failing, worst, ">=", self.k, self.estimator)
        least = least_sample_size(
            self.k,
            sample=int(sizes.sum()),
            population=self.population,
            significance=self.significance,
            zero_truncated=self.estimator == "zero_truncated_poisson",
        )
        return of_classes(self.name, None, sizes < least, sizes.min(), ">=", least, self.estimator)


@dataclass(frozen=True, slots=True)
class DeltaPresence:
    """For every class of the population the share of its people who are in the table is in [`min`, `max`].

    A class of the population that has nobody in the table has share 0. A class of the table that the
    population does not hold fails: everybody in it is known to be in.

    Measured: the greatest share, or the least where that is what fails. Postcondition: min <= share <= max.
    Source: Nergiz, Atzori, Clifton, "Hiding the Presence of Individuals", SIGMOD 2007, definition 3.
    """

    name: ClassVar[str] = "delta_presence"
    min: float
    max: float

    def __post_init__(self) -> None:
        within(self.name, "max", self.max, 0, 1)
        within(self.name, "min", self.min, 0, self.max)

    def check(self, counted: Counted, given: Given) -> Held:
        """Compare each class's share with both ends."""
        if given.population is None:
            raise _needs_population(self.name)
        people = count_table(given.population, counted.quasi, person=_person(counted, given.population))
        both = _joined(counted, people, "full").with_columns(pl.col(SIZE, "people").fill_null(0))
        inside, whole = both[SIZE].to_numpy(), both["people"].to_numpy()
        share = np.divide(inside, whole, out=np.ones(len(whole)), where=whole > 0)
        # the division of two whole numbers is rounded rightly, and so is what was written: ties compare equal
        low, high = share < self.min, (share > self.max) | (whole < inside)
        if low.any() and not high.any():
            return of_classes(self.name, None, low, share.min(), ">=", self.min)
        return of_classes(self.name, None, low | high, share.max(), "<=", self.max)


@dataclass(frozen=True, slots=True)
class AverageRisk:
    """The average of everybody's risk 1 / (size of the class) is at most `risk`.

    Measured: classes / persons. Postcondition: it is <= risk.
    Source: El Emam, "Guide to the De-Identification of Personal Health Information", 2013 (marketer risk).
    """

    name: ClassVar[str] = "average_risk"
    risk: float

    def __post_init__(self) -> None:
        within(self.name, "risk", self.risk, 0, 1)

    def check(self, counted: Counted, given: Given) -> Held:
        """Divide the classes by the persons in them."""
        sizes = counted.sizes
        return of_table(self.name, len(sizes), len(sizes) / int(sizes.sum()), self.risk)


@dataclass(frozen=True, slots=True)
class SampleUniqueness:
    """At most a share `rate` of the persons is alone in their class.

    Measured: classes of one person / persons. Postcondition: it is <= rate. Source: ARX; Dankar et al. 2012.
    """

    name: ClassVar[str] = "sample_uniqueness"
    rate: float

    def __post_init__(self) -> None:
        within(self.name, "rate", self.rate, 0, 1)

    def check(self, counted: Counted, given: Given) -> Held:
        """Divide the classes of one person by the persons."""
        sizes = counted.sizes
        return of_table(self.name, len(sizes), int((sizes == 1).sum()) / int(sizes.sum()), self.rate)


@dataclass(frozen=True, slots=True)
class PopulationUniqueness:
    """By `estimator` at most a share `rate` of the `population` is unique in it.

    An estimator that finds no solution holds nothing. Postcondition: the estimate is <= rate.
    Source: the estimator's, see `judge.population`; the rule: Dankar et al. 2012.
    """

    name: ClassVar[str] = "population_uniqueness"
    rate: float
    population: int
    estimator: Estimator = "dankar"

    def __post_init__(self) -> None:
        within(self.name, "rate", self.rate, 0, 1)

    def check(self, counted: Counted, given: Given) -> Held:
        """Estimate from the sizes of the classes alone."""
        sizes = counted.sizes
        estimated = estimate_uniqueness(sizes, self.population)
        rate = estimated.of(self.estimator)
        note = estimated.choice if self.estimator == "dankar" else self.estimator
        if rate is None:
            return of_table(self.name, len(sizes), math.inf, self.rate, note=f"{note}: no solution")
        return of_table(self.name, len(sizes), rate, self.rate, note=note)


def people_in(counted: Counted, population: pl.DataFrame) -> Ints:
    """Return the persons of the population in each class of the table, 0 where none: int64[c]."""
    people = count_table(population, counted.quasi, person=_person(counted, population))
    return _joined(counted, people, "left")["people"].fill_null(0).to_numpy()


def _joined(counted: Counted, people: Counted, how: Literal["left", "full"]) -> pl.DataFrame:
    """Put the sizes in the population beside those in the table, in its order first.

    Raises: BadInput where not one class of the table is in the population: other labels.
    """
    quasi = list(counted.quasi)
    theirs = people.classes.select(*quasi, pl.col(SIZE).alias("people"))
    ours = counted.classes.select(*quasi, SIZE)
    if not quasi:
        return pl.concat([ours, theirs], how="horizontal")
    as_text = [pl.col(name).cast(pl.String) for name in quasi if ours.schema[name] != theirs.schema[name]]
    ours, theirs = ours.with_columns(as_text), theirs.with_columns(as_text)
    both = ours.join(theirs, on=quasi, how=how, nulls_equal=True, coalesce=True, maintain_order="left")
    if both["people"].is_null().all() or not both.filter(pl.col(SIZE) > 0)["people"].is_not_null().any():
        raise BadInput(
            Text(
                en=f"population table: no class of the table is in it, over {', '.join(quasi)}; "
                "it must hold everybody, with the same labels as the table",
                zh=f"总体表：按 {'、'.join(quasi)} 没有一个等价类出现在其中；它应包含所有人，且标签与数据表一致",
            )
        )
    return both


def _person(counted: Counted, population: pl.DataFrame) -> str | None:
    return counted.person if counted.person in population.columns else None


def _needs_population(model: str) -> BadInput:
    return BadInput(
        Text(
            en=f"{model}: expected a population, as a table of everybody or (k_map) as a number of people",
            zh=f"{model}：需要给出总体：一张包含所有人的表，或（k_map）总人数",
        )
    )
