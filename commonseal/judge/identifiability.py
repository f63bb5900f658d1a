"""Grade a table's identifiability in the manner of GB/T 42460-2023.

The standard's text was not read: what is here follows a company's guide to its chapters 4 and 6 and annex
D. The guide prints R_b once as a minimum and twice as a maximum, and the comparison with tau once strict
and once not. So every number and every comparison is a parameter, and the answer says `needs_review`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commonseal.errors import BadInput
from commonseal.model import Citation, Text

Ints = NDArray[np.int64]
Sharing = Literal["public", "controlled", "enclave"]

TAU: Mapping[Sharing, float] = {"public": 1 / 20, "controlled": 1 / 5, "enclave": 1 / 3}
CITATION = Citation(
    rule="CN-42460",
    instrument=Text(
        en="GB/T 42460-2023 Guide for evaluating the effectiveness of personal information de-identification",
        zh="GB/T 42460-2023 信息安全技术 个人信息去标识化效果评估指南",
    ),
    article="4, 6, D.1",
    status="needs_review",
)


@dataclass(frozen=True, slots=True)
class Gbt42460:
    """The parameters, with the guide's values as defaults."""

    tau: Mapping[Sharing, float] = field(default_factory=lambda: dict(TAU))  # acceptable risk of a record
    threshold: float = 0.05  # acceptable risk of the table, D.1.5
    dataset_risk: Literal["max", "min"] = "max"  # R_b over the classes, D.1.3
    tau_strict: bool = True  # a class counts in R_a where theta > tau; False: >= tau


@dataclass(frozen=True, slots=True)
class Identifiability:
    """A level from 1 (names people) to 4 (no identifiers), and how it came about.

    theta_j = 1 / f_j of class j; R_a = share of classes with theta_j above tau; R_b = greatest theta_j;
    R_c = mean theta_j over the classes. R = 1 where R_a > 0, else R_b (public) or R_c (controlled,
    enclave) times pr(context).
    """

    level: Literal[1, 2, 3, 4]
    risk: float | None  # R; None at levels 1 and 4, which need no figures
    r_a: float
    r_b: float
    r_c: float
    tau: float
    threshold: float
    sharing: Sharing
    context: float  # pr(context)
    direct: tuple[str, ...]  # direct identifiers that stand in the table
    status: str = CITATION.status


def identifiability(
    sizes: Ints,
    *,
    sharing: Sharing = "public",
    context: float = 1.0,
    direct: Sequence[str] = (),
    quasi: Sequence[str],
    parameters: Gbt42460 | None = None,
) -> Identifiability:
    """Grade a table from its classes.

    Args:
        sizes: int64[c], persons in each class of equal quasi-identifiers.
        context: pr(context), the probability that somebody tries: `context_probability`. Public: 1.
        direct: columns of the table that name a person by themselves.
        quasi: the quasi-identifiers; none and no direct identifier is level 4.
    Raises: BadInput where context is not in [0, 1], or not 1 for public sharing.
    """
    given = parameters or Gbt42460()
    _check(sharing, context)
    theta, tau = 1.0 / sizes, given.tau[sharing]
    above = theta > tau if given.tau_strict else theta >= tau
    r_a, r_c = float(above.mean()), float(theta.mean())
    r_b = float(theta.max() if given.dataset_risk == "max" else theta.min())
    risk: float | None = 1.0 if r_a > 0 else context * (r_b if sharing == "public" else r_c)
    level: Literal[1, 2, 3, 4]
    if direct:
        level, risk = 1, None
    elif not quasi:
        level, risk = 4, None
    else:
        level = 3 if risk is not None and risk < given.threshold else 2
    return Identifiability(level, risk, r_a, r_b, r_c, tau, given.threshold, sharing, context, tuple(direct))


def context_probability(deliberate: float, inadvertent: float, breach: float) -> float:
    """Return pr(context) of controlled or enclave sharing: the greatest of the three (D.1.4).

    Args: the probabilities of a deliberate attempt, of inadvertent recognition, of a data breach.
    """
    return max(deliberate, inadvertent, breach)


def _check(sharing: Sharing, context: float) -> None:
    if not 0 <= context <= 1:
        raise BadInput(
            Text(
                en=f"context: got {context:g}, expected a probability from 0 to 1",
                zh=f"context：得到 {context:g}，应为 0 到 1 的概率",
            )
        )
    if sharing == "public" and context != 1:
        raise BadInput(
            Text(
                en=f"context: got {context:g}, expected 1: what is public will be tried; leave it out",
                zh=f"context：得到 {context:g}，应为 1：完全公开的数据必有人尝试；请去掉此项",
            )
        )
