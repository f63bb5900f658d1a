"""Judge a table by itself: every figure that can be told from its classes, in one call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from commonseal.judge.copula import CopulaEstimate, estimate_by_copula
from commonseal.judge.identifiability import Gbt42460, Identifiability, Sharing, identifiability
from commonseal.judge.models import Counted, Given, Held, Model, count_table
from commonseal.judge.models.closeness import distances
from commonseal.judge.models.size import people_in
from commonseal.judge.population import Uniqueness, estimate_uniqueness
from commonseal.judge.reidentification import Reidentification, reidentification
from commonseal.judge.wp216 import Limits, Question, three_questions
from commonseal.table import ROWS


@dataclass(frozen=True, slots=True)
class Terms:
    """How a table is going to be shared, and the limits that it is held against."""

    sharing: Sharing = "public"
    context: float = 1.0  # pr(context) of GB/T 42460
    risk_threshold: float | None = None  # of a person at risk; None: tau of the sharing
    gbt42460: Gbt42460 = field(default_factory=Gbt42460)
    wp216: Limits = field(default_factory=Limits)
    copula_seed: int | None = None  # None: the copula model is not asked


@dataclass(frozen=True, slots=True)
class SensitiveFigures:
    """How one sensitive column is spread over the classes, against the table itself."""

    column: str
    smallest_l: int  # distinct values in the poorest class
    smallest_entropy_l: float  # exp of the least entropy
    highest_t: float  # equal distance
    homogeneous_classes: int  # classes with one value
    homogeneous_rate: float  # share of persons in them
    highest_confidence: float  # greatest share that a value has of a class
    baseline: float  # greatest share that a value has of the table


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge found. Counts are of persons where a person column is named, else of rows."""

    rows: int
    persons: int  # distinct persons; a person with rows in several classes counts in each of them below
    quasi: tuple[str, ...]
    classes: int
    smallest_class: int
    sample_uniques: int
    highest_risk: float
    average_risk: float
    class_sizes: tuple[tuple[int, int], ...]  # (size, number of classes of that size), ascending
    reidentification: Reidentification
    uniqueness: Uniqueness | None
    copula: CopulaEstimate | None
    sensitive: tuple[SensitiveFigures, ...]
    identifiability: Identifiability
    questions: tuple[Question, Question, Question]
    models: tuple[Held, ...]

    @property
    def holds(self) -> bool:
        """Return whether every model that was asked for holds."""
        return all(held.passed for held in self.models)


def judge_table(
    table: pl.DataFrame,
    quasi: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    person: str | None = None,
    direct: Sequence[str] = (),
    keys: Sequence[str] = (),
    population: int | None = None,
    population_table: pl.DataFrame | None = None,
    reference: pl.DataFrame | None = None,
    models: Sequence[Model] = (),
    terms: Terms | None = None,
) -> Judgement:
    """Judge a table that is to be released.

    Args:
        table: rows, or counted tuples over the columns named here (their rows in `table.ROWS`).
        quasi: quasi-identifiers; empty: all rows are one class.
        sensitive: columns that harm when they become known.
        person: count distinct values of this column, not rows.
        direct: columns of the table that name a person by themselves (identifiability level 1).
        keys: columns that stay and stand for a person: linkability.
        population: people, for population uniqueness and the journalist's estimate.
        population_table: everybody, under the same labels: counted in place of the estimate.
        reference: the yardstick of t, delta and beta in `models`; None: the table itself.
        models: whose postconditions are computed.

    >>> people = pl.DataFrame({"age": ["30s", "30s", "40s"], "ill": ["flu", "flu", "gout"]})
    >>> found = judge_table(people, ["age"], sensitive=["ill"])
    >>> found.sample_uniques, found.identifiability.level, found.questions[2].answer
    (1, 2, 'yes')

    Raises: BadTable without rows; ColumnMissing; BadInput for terms or a population that cannot be.
    """
    terms = terms or Terms()
    counted = count_table(table, quasi, person=person)
    sizes = counted.sizes
    if population_table is not None and population is None:
        population = people_of(population_table, person)
    given = Given(reference, population_table)
    threshold = terms.gbt42460.tau[terms.sharing] if terms.risk_threshold is None else terms.risk_threshold
    return Judgement(
        rows=int(counted.rows[ROWS].sum()),
        persons=counted.rows[person].n_unique() if person else int(sizes.sum()),
        quasi=tuple(quasi),
        classes=len(sizes),
        smallest_class=int(sizes.min()),
        sample_uniques=int((sizes == 1).sum()),
        highest_risk=1 / int(sizes.min()),
        average_risk=len(sizes) / int(sizes.sum()),
        class_sizes=_histogram(sizes),
        reidentification=reidentification(
            sizes,
            threshold=threshold,
            in_population=None if population_table is None else people_in(counted, population_table),
            population=population,
        ),
        uniqueness=None if population is None else estimate_uniqueness(sizes, population),
        copula=_copula(table, counted, population, terms.copula_seed),
        sensitive=tuple(_figures(counted, column) for column in sensitive),
        identifiability=identifiability(
            sizes,
            sharing=terms.sharing,
            context=terms.context,
            direct=direct,
            quasi=quasi,
            parameters=terms.gbt42460,
        ),
        questions=three_questions(counted, sensitive, keys=keys, limits=terms.wp216),
        models=tuple(model.check(counted, given) for model in models),
    )


def people_of(table: pl.DataFrame, person: str | None) -> int:
    """Return the people of a population table: its persons where that column is there, else its rows."""
    if person in table.columns:
        return table[person].n_unique()
    return int(table[ROWS].sum()) if ROWS in table.columns else table.height


def _histogram(sizes: np.ndarray) -> tuple[tuple[int, int], ...]:
    size, number = np.unique(sizes, return_counts=True)
    return tuple(zip(size.tolist(), number.tolist(), strict=True))


def _copula(
    table: pl.DataFrame, counted: Counted, population: int | None, seed: int | None
) -> CopulaEstimate | None:
    if seed is None or population is None or not counted.quasi:
        return None
    return estimate_by_copula(table, counted.quasi, population, seed=seed, person=counted.person)


def _figures(counted: Counted, column: str) -> SensitiveFigures:
    spread = counted.spread(column)
    values = np.bincount(spread.of, minlength=len(spread.totals))
    alike = (values == 1) if len(spread.whole) > 1 else np.ones(len(values), dtype=bool)
    share = spread.count / spread.totals[spread.of]
    return SensitiveFigures(
        column=column,
        smallest_l=int(values.min()),
        smallest_entropy_l=math.exp(np.bincount(spread.of, weights=-share * np.log(share)).min()),
        highest_t=float(distances(spread, "equal").max()),
        homogeneous_classes=int(alike.sum()),
        homogeneous_rate=float(counted.sizes[alike].sum() / counted.sizes.sum()),
        highest_confidence=float(share.max()),
        baseline=float(spread.whole.max() / spread.whole.sum()),
    )
