"""What a model answers about a table, and what all models have in common."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.errors import BadInput
from commonseal.judge.models.counted import Counted
from commonseal.model import Text

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Relation = Literal[">=", "<=", "<"]

NEAR = 1e-9  # floating point decides what is farther from the limit than this, whole numbers the rest


@dataclass(frozen=True, slots=True)
class Held:
    """Whether one model holds of one table.

    `worst` is the measure of the class (or table) that comes closest to failing or fails most; it holds
    where `worst` `relation` `threshold`. It is infinite where no threshold would do.
    """

    model: str
    column: str | None  # the sensitive column it speaks of
    passed: bool
    worst: float
    relation: Relation
    threshold: float
    classes: int
    classes_failing: int | None  # None: a model of the whole table
    note: str = ""  # how an estimate was made


@dataclass(frozen=True, slots=True)
class Given:
    """What some models need beside the table."""

    reference: pl.DataFrame | None = None  # whose sensitive values are the yardstick; None: the table's
    population: pl.DataFrame | None = None  # everybody, under the same labels of the quasi-identifiers


class Model(Protocol):
    """A privacy model: its postcondition stands in its docstring."""

    name: ClassVar[str]

    def check(self, counted: Counted, given: Given) -> Held:
        """Compute the postcondition over a counted table."""


def of_classes(
    model: str,
    column: str | None,
    failing: Mask,
    worst: float,
    relation: Relation,
    threshold: float,
    note: str = "",
) -> Held:
    """Return the answer of a model that speaks of each class by itself."""
    number = int(failing.sum())
    return Held(
        model, column, number == 0, float(worst), relation, float(threshold), len(failing), number, note
    )


def of_table(
    model: str, classes: int, worst: float, threshold: float, *, passed: bool | None = None, note: str = ""
) -> Held:
    """Return the answer of a model that speaks of the table as a whole: worst <= threshold."""
    holds = worst <= threshold if passed is None else passed
    return Held(model, None, holds, float(worst), "<=", float(threshold), classes, None, note)


def exactly(number: float) -> Fraction:
    """Return the number that was written: 0.1 is one tenth, not the double nearest to it.

    >>> exactly(0.1)
    Fraction(1, 10)
    """
    return Fraction(str(number))


def within(model: str, parameter: str, value: float, low: float, high: float, *, above: bool = False) -> None:
    """Raise BadInput unless low <= value <= high (`above`: low < value)."""
    if (value > low if above else value >= low) and value <= high:
        return
    sign = "more than" if above else "at least"
    en = f"{model}: {parameter}: got {value:g}, expected {sign} {low:g}"
    zh = f"{model}：{parameter}：得到 {value:g}，应{'大于' if above else '不小于'} {low:g}"
    if high != float("inf"):
        en, zh = f"{en} and at most {high:g}", f"{zh}且不大于 {high:g}"
    raise BadInput(Text(en=en, zh=zh))
