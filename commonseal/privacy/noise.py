"""Add noise with OpenDP, on whole numbers only, and say how far off an answer may be.

Floats are never noised: a sum of floats can move by more than one cell when one row more is added
(Casacuberta, Shoaff, Vadhan 2022). Cells become whole multiples of a step (`Grid`), sums are exact, and
the noise is the discrete Laplace distribution (Canonne, Kamath, Steinke 2020), sampled exactly.

The randomness of the noise is OpenDP's own: OpenSSL's generator, seeded by the operating system. There
is no seed, and there must be none: noise that can be drawn again can be taken off again.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonseal.errors import BadInput
from commonseal.model import Text

WRONG = 0.05  # accuracy is stated at 95%
_WHOLE = "i64"  # OpenDP's own default for int is 32 bits, which sums outgrow
_BITS = 28  # a step is at most 2**-28 of the largest cell

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole multiples of `step`, a power of two, counted from `origin`; at most `most` to either side."""

    origin: float
    step: float
    most: int

    @classmethod
    def around(cls, origin: float, reach: float) -> Grid:
        """Return the grid for cells that lie at most `reach` from `origin`.

        >>> Grid.around(0, 100).step
        2.384185791015625e-07
        """
        step = 2.0 ** (math.frexp(reach)[1] - 1 - _BITS)
        return cls(origin, step, math.ceil(reach / step))


@dataclass(frozen=True, slots=True)
class Noised:
    """Noisy whole numbers. `scale` of the noise; `within`: no error is larger, with probability 0.95."""

    values: Ints
    scale: float
    within: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen candidate of each group, by index; `rank_within` in rows, with probability 0.95."""

    indexes: tuple[int, ...]
    scale: float
    rank_within: float


def laplace(values: Ints, sensitivity: int, epsilon: Fraction) -> Noised:
    """Add discrete Laplace noise to a vector.

    Args: values: int64[n]. sensitivity: the most that one person moves the vector, summed over its
        entries (L1).
    Returns: int64[n]; the vector is `epsilon`-differentially private.
    """
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=_WHOLE)), dp.l1_distance(T=_WHOLE)

    def made(scale: float) -> Any:
        return dp.m.make_laplace(*space, scale=scale)

    scale = _scale(made, sensitivity, _below(epsilon))
    measurement = made(scale)
    noisy = np.array(measurement(values.tolist()), dtype=np.int64)
    return Noised(noisy, scale, within(scale))


def within(scale: float, wrong: float = WRONG) -> int:
    """Return the largest error of discrete Laplace noise but for a share `wrong`, from OpenDP."""
    if scale < 1 / 700:  # e**(1 / scale) outgrows a float there; any error has a chance below e**-700
        return 0
    return max(0, math.floor(float(opendp().discrete_laplacian_scale_to_accuracy(scale, wrong))))


def choose(
    groups: Sequence[Ints], candidates: Sequence[int], at: float, max_rows: int, epsilon: Fraction
) -> Chosen:
    """Choose for each group the candidate nearest to its quantile (noisy max; McKenna, Sheldon 2020).

    Args: groups: int64[n_g] each; a person has at most `max_rows` rows over all of them. candidates:
        rising. at: in [0, 1].
    Returns: `epsilon`-differentially private over all groups together: the loss is linear in the rows
        that a person has in a group, and those add up to `max_rows` at most.
    """
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=_WHOLE)), dp.symmetric_distance()

    def made(scale: float) -> Any:
        return dp.m.make_private_quantile(*space, dp.max_divergence(), list(candidates), at, scale)

    scale = _scale(made, 1, _below(epsilon / max_rows))  # the price of one row
    measurement = made(scale)
    index = {candidate: position for position, candidate in enumerate(candidates)}
    chosen = tuple(index[int(measurement(rows))] for rows in groups)
    # the noise is exponential: the largest of m draws is below scale * ln(m / wrong) but for that share
    return Chosen(chosen, scale, scale * math.log(len(candidates) / WRONG))


@functools.cache
def opendp() -> ModuleType:
    """Return OpenDP. Raises: BadInput where the extra is not installed."""
    try:
        # takes 1.5 s to load, and is an extra: only a question needs it
        import opendp.prelude as dp
    except ImportError as fault:
        raise BadInput(
            Text(
                en="differential privacy needs OpenDP; run: pip install 'commonseal[privacy]'",
                zh="差分隐私需要 OpenDP；请运行：pip install 'commonseal[privacy]'",
            )
        ) from fault
    dp.enable_features("contrib")
    return dp


def _scale(made: Callable[[float], Any], distance: int, most: float) -> float:
    """Return the least scale, to a hair, at which OpenDP's own map asks at most `most` for `distance`.

    The map is linear in 1 / scale and rounds up, so the first guess can be a hair short.
    """
    scale = float(made(1.0).map(distance)) / most
    while made(scale).map(distance) > most:
        scale *= 1 + 2**-50
    return scale


def _below(epsilon: Fraction) -> float:
    """Return the float next to an exact number, never above it."""
    nearest = float(epsilon)
    return nearest if Fraction(nearest) <= epsilon else math.nextafter(nearest, 0.0)
