"""The risk that a person is found again: prosecutor, journalist, marketer.

f_j persons of the table and F_j of the population are in class j; n persons, J classes.
Source: El Emam, "Guide to the De-Identification of Personal Health Information", CRC Press 2013, chapters
16 to 20; the same measures as ARX's risk analysis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Basis = Literal["population_table", "estimate", "sample"]

_FEW = 64  # persons in a class; above it the series converges in a few dozen terms


@dataclass(frozen=True, slots=True)
class Attacker:
    """What one attacker achieves; rates in [0, 1] of the persons of the table."""

    highest: float  # risk of the person worst off
    average: float  # mean over persons
    at_risk: int  # persons whose risk is above the threshold
    at_risk_rate: float


@dataclass(frozen=True, slots=True)
class Reidentification:
    """Three attackers.

    - prosecutor: knows that the person sought is in the table; risk 1 / f_j.
    - journalist: knows only that the person is in the population; risk 1 / F_j. The average is the
      greater of J / sum of F_j and the mean of 1 / F_j over persons (El Emam 2013).
    - marketer: matches everybody; the share of matches that are right, mean of 1 / F_j.

    `basis` tells where F_j comes from: a population table; an estimate from the population's size; or
    nothing, and then F_j = f_j, the worst case.
    """

    threshold: float  # a person is at risk above it
    basis: Basis
    prosecutor: Attacker
    journalist: Attacker
    marketer: float


def reidentification(
    sizes: Ints,
    *,
    threshold: float,
    in_population: Ints | None = None,
    population: int | None = None,
) -> Reidentification:
    """Compute the three attackers' risks.

    Args:
        sizes: int64[c], persons of each class of the table, at least one class.
        threshold: in [0, 1]; a person whose risk is greater is at risk.
        in_population: int64[c], persons of the same classes in the population; less than in the table
            cannot be, and is taken as the table's.
        population: the number of people, where nobody counted their classes.
    """
    f = sizes.astype(np.float64)
    prosecutor = _attacker(f, 1 / f, threshold)
    if in_population is not None:
        people = np.maximum(in_population, sizes).astype(np.float64)
        risk, basis, floor = 1 / people, "population_table", len(f) / people.sum()
    elif population is not None:
        risk, basis, floor = expected_risk(sizes, population), "estimate", 0.0
    else:
        risk, basis, floor = 1 / f, "sample", 0.0
    journalist = _attacker(f, risk, threshold, floor)
    marketer = float((f * risk).sum() / f.sum())
    return Reidentification(threshold, basis, prosecutor, journalist, marketer)  # type: ignore[arg-type]


def expected_risk(sizes: Ints, population: int) -> Floats:
    """Estimate the mean of 1 / F of each class, from its f in the sample: float64[c].

    F given f is taken as negative binomial with the sampling fraction pi; then E(1 / F) = pi I_f with
    I_f = integral over 0 < v < 1 of v^(f-1) / (pi + (1 - pi) v).
    Source: Benedetti, Franconi 1998 (mu-Argus); Polettini 2003.
    """
    distinct, back = np.unique(sizes, return_inverse=True)
    pi = min(float(sizes.sum()) / population, 1.0)
    f = distinct.astype(np.float64)
    risk = pi * _series(f, pi)
    if (
        pi < 0.5
    ):  # the series needs many terms for small f, and this is stable: I_f+1 = (1/f - pi I_f) / (1 - pi)
        by_size = [-np.log(pi) / (1 - pi)]
        for size in range(1, _FEW):
            by_size.append((1 / size - pi * by_size[-1]) / (1 - pi))
        few = distinct <= _FEW
        risk[few] = pi * np.array(by_size)[distinct[few] - 1]
    return np.asarray(np.minimum(risk, 1 / f)[back], dtype=np.float64)


def _series(f: Floats, pi: float) -> Floats:
    """Return I_f as 1/f times the sum over k of k! (1 - pi)^k / ((f + 1) ... (f + k))."""
    term, total = np.ones(len(f)), np.ones(len(f))
    for k in range(1, 80):
        term = term * (k * (1 - pi) / (f + k))
        total += term
    return np.asarray(total / f, dtype=np.float64)


def _attacker(f: Floats, risk: Floats, threshold: float, floor: float = 0.0) -> Attacker:
    n = f.sum()
    at_risk = int(f[risk > threshold].sum())
    average = max(float((f * risk).sum() / n), floor)
    return Attacker(float(risk.max()), average, at_risk, float(at_risk / n))
