"""The classes of one candidate, and what stands in them: persons, sensitive values, the population.

`m` tuples or classes are grouped into `c` classes. What is added up for one candidate serves as the
input of every more general one, so that a search never goes back to the tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonseal.table import Grouping

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Values:
    """A sensitive column below the tuples: distinct (tuple, value), or (tuple, value, person).

    `tuple_of`, `value`, `rows`, `person`: int64[u]. `labels`: the values as text, `value` indexes them.
    """

    tuple_of: Ints
    value: Ints
    rows: Ints
    labels: tuple[str, ...]
    person: Ints | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a population, below the m tuples, where a model asks for it.

    `tuple_of`, `rows`: int64[u]. `person`: int64[u], so that one who has several tuples counts once in a class that
    joins them; None: each row is a person.
    """

    tuple_of: Ints
    rows: Ints
    person: Ints | None = None
    person_count: int = 0


@dataclass(frozen=True, slots=True)
class Units:
    """What stands below the m tuples.

    `tuple_of`, `person`: int64[u], the distinct (tuple, person); `person` is None where rows are counted.
    """

    tuple_of: Ints
    rows: Ints
    person: Ints | None = None
    person_count: int = 0
    sensitive: Mapping[str, Values] = field(default_factory=dict)
    population: People | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How a sensitive column is spread: each (class, value) that occurs, once, with its persons or rows."""

    class_of: Ints
    value: Ints
    count: Ints
    labels: tuple[str, ...]


class Classes:
    """The equivalence classes of one candidate, counted in persons where they are known.

    Args: grouping: of the m tuples (or classes) that `units` speaks of. rows: int64[c].
    """

    def __init__(self, grouping: Grouping, rows: Ints, units: Units) -> None:
        self.grouping = grouping
        self.rows = rows
        self.count = grouping.count
        self._below = units
        self._persons: Units | None = None
        self._values: dict[str, Values] = {}

    def sizes(self) -> Ints:
        """Return distinct persons per class, or rows where no person column is named: int64[c]."""
        persons = self._merged_persons()
        if persons.person is None:
            return self.rows
        return np.bincount(persons.tuple_of, minlength=self.count)

    def spread(self, column: str) -> Spread:
        """Return how a sensitive column is spread over the classes."""
        values = self._merged_values(column)
        if values.person is None:
            return Spread(values.tuple_of, values.value, values.rows, values.labels)
        space = max(1, len(values.labels))
        pairs, count = _added(values.tuple_of * space + values.value, np.ones_like(values.value))
        return Spread(pairs // space, pairs % space, count, values.labels)

    def population(self) -> Ints:
        """Return the people of each class in the population: int64[c]."""
        people = self._people()
        if people is None:
            raise ValueError("no population was counted")
        weights = people.rows if people.person is None else None
        return np.bincount(people.tuple_of, weights=weights, minlength=self.count).astype(np.int64)

    def units(self) -> Units:
        """Return what stands below these classes, to be grouped further."""
        persons = self._merged_persons()
        return Units(
            persons.tuple_of,
            persons.rows,
            persons.person,
            persons.person_count,
            {column: self._merged_values(column) for column in self._below.sensitive},
            self._people(),
        )

    def _people(self) -> People | None:
        people = self._below.population
        if people is None:
            return None
        of = self.grouping.of[people.tuple_of]
        if people.person is None:
            classes, rows = _added(of, people.rows)
            return People(classes, rows)
        pairs, rows = _added(of * max(1, people.person_count) + people.person, people.rows)
        classes, person = np.divmod(pairs, max(1, people.person_count))
        return People(classes, rows, person, people.person_count)

    def _merged_persons(self) -> Units:
        below = self._below
        if self._persons is None and below.person is None:
            self._persons = Units(np.arange(self.count), self.rows)
        elif self._persons is None and below.person is not None:
            key = self.grouping.of[below.tuple_of] * max(1, below.person_count) + below.person
            pairs, rows = _added(key, below.rows)
            of, person = np.divmod(pairs, max(1, below.person_count))
            self._persons = Units(of, rows, person, below.person_count)
        assert self._persons is not None  # noqa: S101 - for the type checker
        return self._persons

    def _merged_values(self, column: str) -> Values:
        if column not in self._values:
            below = self._below.sensitive[column]
            space = max(1, len(below.labels))
            key = self.grouping.of[below.tuple_of] * space + below.value
            if below.person is None:
                pairs, rows = _added(key, below.rows)
                merged = Values(pairs // space, pairs % space, rows, below.labels)
            else:
                persons = max(1, self._below.person_count)
                triples, rows = _added(key * persons + below.person, below.rows)
                pairs = triples // persons
                merged = Values(pairs // space, pairs % space, rows, below.labels, triples % persons)
            self._values[column] = merged
        return self._values[column]


def value_counts(units: Units, column: str) -> Ints:
    """Return the persons, or rows, with each sensitive value over the whole table: int64[values]."""
    values = units.sensitive[column]
    whole = Grouping(np.zeros(int(values.tuple_of.max(initial=-1)) + 1, dtype=np.int64), 1)
    spread = Classes(whole, np.array([values.rows.sum()]), units).spread(column)
    counts = np.bincount(spread.value, weights=spread.count, minlength=len(values.labels))
    return counts.astype(np.int64)


def shares(units: Units, column: str) -> Floats:
    """Return the share of each sensitive value over the whole table, in persons where known: float64[values]."""
    counts = value_counts(units, column)
    return np.asarray(counts / max(1, int(counts.sum())), dtype=np.float64)


def _added(keys: Ints, weights: Ints) -> tuple[Ints, Ints]:
    from commonseal.table.kernels import add_up  # late: the compiler is loaded by whoever counts

    keys, sums = add_up(
        np.ascontiguousarray(keys, dtype=np.int64), np.ascontiguousarray(weights, dtype=np.int64)
    )
    return keys, sums
