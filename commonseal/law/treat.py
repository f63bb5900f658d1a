"""Compare treatments: an agreement may ask for more than the law, never for less."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commonseal.model import Decision, Text, Treatment

OPERATORS: Mapping[str, int] = MappingProxyType(
    {
        "keep": 0,
        "generalize": 1,
        "mask_text": 2,
        "mask": 3,
        "hmac_sha256": 4,
        "hmac_sm3": 4,  # the national algorithm counts as equal, not as stronger
        "null": 5,
        "drop": 6,
    }
)

# How many days one person keeps one pseudonym.
_PERIODS: Mapping[str, float] = MappingProxyType({"none": float("inf"), "week": 7, "day": 1})

# What `generalize` may aim at, and the parameters that belong to it.
_AIMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "month": (),
        "year": (),
        "interval": ("width", "start"),
        "grid": ("cell_deg",),
        "district": (),
    }
)


def stronger(a: Treatment, b: Treatment) -> bool:
    """Say whether `a` hides at least as much as `b`; a treatment is as strong as itself.

    Between operators the order is that of `model.Treatment`; within `mask` and `generalize` `a` must
    show a part of what `b` shows. Treatments that cannot be compared are not stronger.

    >>> stronger(Treatment("drop"), Treatment("mask", {"keep_from": 3, "keep_to": 7}))
    True
    >>> stronger(Treatment("generalize", {"to": "month"}), Treatment("generalize", {"to": "year"}))
    False
    """
    if a.operator not in OPERATORS or b.operator not in OPERATORS:
        return False
    if OPERATORS[a.operator] != OPERATORS[b.operator]:
        return OPERATORS[a.operator] > OPERATORS[b.operator]
    if a.operator == "mask":
        return _within(a, b)
    if a.operator == "generalize":
        return _coarser(a, b)
    return _shorter_lived(a, b)


def treatment(decision: Decision) -> Treatment | None:
    """Return the treatment that a decision on a column asks for; None: no rule asked for one.

    `decide` has settled which rule wins (rank, then speciality, then strength), so at most one
    treatment is left among the findings. None is no leave to pass the column on as it is, unless it
    is a quasi-identifier, which anonymization treats.
    """
    return next((found.treatment for found in decision.findings if found.treatment is not None), None)


def treatment_fault(asked: Treatment) -> Text | None:
    """Return what is wrong with a treatment's parameters, if anything."""
    params = asked.params
    if asked.operator == "mask":
        bounds = [params[name] for name in ("keep_from", "keep_to") if name in params]
        if not bounds or not all(_whole(bound) for bound in bounds):
            return _wrong("mask", "keep_from | keep_to: whole numbers")
        known: tuple[str, ...] = ("keep_from", "keep_to", "char")
    elif asked.operator == "generalize":
        aim = str(params.get("to"))
        if aim not in _AIMS or not all(name in params for name in _AIMS[aim][:1]):
            return _wrong("generalize", "to: month | year | district | interval + width | grid + cell_deg")
        known = ("to", *_AIMS[aim])
    elif asked.operator.startswith("hmac_"):
        known = ("period", "period_column")
        if bool(params) != (params.get("period") in ("day", "week") and "period_column" in params):
            return _wrong(asked.operator, "nothing, or period: day | week with period_column")
    else:
        known = ()
    if any(name not in known for name in params):
        return _wrong(asked.operator, ", ".join(known) or "nothing")
    sizes = [params[name] for name in ("width", "cell_deg") if name in params]
    if any(isinstance(size, bool | str) or size <= 0 for size in sizes):
        return _wrong(asked.operator, "width | cell_deg: a number > 0")
    return None


def _wrong(operator: str, expected: str) -> Text:
    return Text(en=f"params of {operator}: expected {expected}", zh=f"{operator} 的参数应为 {expected}")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _within(a: Treatment, b: Treatment) -> bool:
    """Say whether the characters that `a` shows are among those that `b` shows, at any length."""
    (a_from, a_to), (b_from, b_to) = _window(a), _window(b)
    if (a_from < 0) != (b_from < 0) and b_from != 0:
        return False
    if a_to is None or b_to is None:
        return b_from <= a_from and b_to is None if b_from != 0 else b_to is None
    if (a_to < 0) != (b_to < 0):
        return False
    return (b_from == 0 or b_from <= a_from) and a_to <= b_to


def _window(mask: Treatment) -> tuple[int, int | None]:
    first, last = mask.params.get("keep_from", 0), mask.params.get("keep_to")
    return int(first), None if last is None else int(last)


def _shorter_lived(a: Treatment, b: Treatment) -> bool:
    """Say whether a pseudonym of `a` lives no longer than one of `b`; other operators have none."""
    lives = [_PERIODS.get(str(t.params.get("period", "none"))) for t in (a, b)]
    return lives[0] is not None and lives[1] is not None and lives[0] <= lives[1]


def _coarser(a: Treatment, b: Treatment) -> bool:
    """Say whether every cell of `b` lies within one cell of `a`."""
    if a.params == b.params:
        return True
    aims = (a.params.get("to"), b.params.get("to"))
    if aims == ("year", "month"):
        return True
    size = {"interval": "width", "grid": "cell_deg"}.get(str(aims[0]))
    if aims[0] != aims[1] or size is None or a.params.get("start", 0) != b.params.get("start", 0):
        return False
    wide, narrow = a.params.get(size), b.params.get(size)
    if not isinstance(wide, int | float) or not isinstance(narrow, int | float) or narrow <= 0:
        return False
    times = wide / narrow
    return times >= 1 and abs(times - round(times)) < 1e-9
