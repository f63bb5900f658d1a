"""Tell who is in the data at all: an attacker who finds somebody that fits says yes.

The advantage over guessing is the rate of true yes among insiders less the rate of false yes among
outsiders; 0 is a coin, 1 is certainty. Source: Yeom, Giacomelli, Fredrikson, Jha, "Privacy risk in machine
learning", CSF 2018, definition 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from commonseal.judge.attack.confidence import Rate, newcombe, wilson


@dataclass(frozen=True, slots=True)
class Membership:
    """How well insiders are told from outsiders; `advantage` with Newcombe's interval."""

    true_positive: Rate
    false_positive: Rate
    advantage: float
    interval: tuple[float, float]


def membership(fits: pl.Series, insider: pl.Series, confidence: float) -> Membership | None:
    """Measure the advantage; None without insiders or without outsiders.

    Args: fits, insider: Boolean, one for each known person.
    """
    true = wilson(int((fits & insider).sum()), int(insider.sum()), confidence)
    false = wilson(int((fits & ~insider).sum()), int((~insider).sum()), confidence)
    interval = newcombe(true, false)
    if interval is None or true.value is None or false.value is None:
        return None
    return Membership(true, false, true.value - false.value, interval)
