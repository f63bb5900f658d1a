"""Work out what follows beside the outcome: obligations with their last day, authorities, sanctions."""

from __future__ import annotations

from commonseal.law.consequence import Deadline, Penalty
from commonseal.law.counting import MAX_AMOUNT, WorkCalendar, china, due, union
from commonseal.law.finding import Facts, Numbers
from commonseal.law.rule import Rule
from commonseal.model import Competence, Jurisdiction, Obligation, Sanction


def obligation_of(
    rule: Rule, deadline: Deadline, facts: Facts, params: Numbers, jurisdiction: Jurisdiction
) -> Obligation | None:
    """Return the obligation with its last day; None where the event has not been given or has not come."""
    start = facts.get(deadline.start)
    if not isinstance(start, str):
        return None
    days = _calendar(facts, jurisdiction)
    found = due(start, _amount(deadline, facts, params), deadline.unit, days, before=deadline.before)
    return Obligation(rule.citation, deadline.what, deadline.by, found.at, found.provisional)


def competence_of(rule: Rule) -> Competence | None:
    """Return the authority that a rule names, if it names one."""
    authority = rule.then.authority
    if authority is None:
        return None
    return Competence(rule.citation, authority.who, authority.tier, authority.purpose)


def sanction_of(rule: Rule, penalty: Penalty, facts: Facts, params: Numbers) -> Sanction:
    """Return the range of a sanction in money; what hangs on a fact that is not given is left open.

    Where a share of the turnover stands beside a sum, the authority may go to the higher of the two.
    """
    least, most = _sum(penalty.fine_min, params), _sum(penalty.fine_max, params)
    open_ended = False
    if penalty.turnover_rate is not None:
        share = _of_base(penalty.turnover_rate, penalty.turnover, facts, params)
        open_ended = share is None
        most = max((value for value in (most, share) if value is not None), default=None)
    if penalty.times_gain_max is not None or penalty.times_gain_min is not None:
        open_ended = not isinstance(facts.get(penalty.times_of), int | float)
        if not open_ended:
            least = _of_base(penalty.times_gain_min, penalty.times_of, facts, params)
            most = _of_base(penalty.times_gain_max, penalty.times_of, facts, params)
    return Sanction(
        citation=rule.citation,
        on=penalty.on,
        currency=penalty.currency,
        fine_min=least,
        fine_max=most,
        measures=penalty.measures,
        open_ended=open_ended,
    )


def fixed_sanction(rule: Rule, params: Numbers) -> Sanction | None:
    """Return the sanction of a rule whose amounts hang on no fact; None where there is none or they do."""
    penalty = rule.then.sanction
    if penalty is None or penalty.turnover_rate or penalty.times_gain_min or penalty.times_gain_max:
        return None
    return sanction_of(rule, penalty, {}, params)


def _amount(deadline: Deadline, facts: Facts, params: Numbers) -> int:
    amount = int(params[deadline.within])
    if deadline.extension is not None and deadline.extended is not None and facts.get(deadline.extended):
        amount += int(params[deadline.extension])
    paused = facts.get(deadline.paused) if deadline.paused is not None else None
    return min(amount + (paused if isinstance(paused, int) else 0), MAX_AMOUNT)


def _calendar(facts: Facts, jurisdiction: Jurisdiction) -> WorkCalendar:
    if jurisdiction != "eu":
        return china()
    state = facts.get("member_state")
    return union(state if isinstance(state, str) else None)


def _sum(parameter: str | None, params: Numbers) -> float | None:
    return float(params[parameter]) if parameter is not None else None


def _of_base(factor: str | None, base: str, facts: Facts, params: Numbers) -> float | None:
    got = facts.get(base)
    return float(params[factor]) * got if factor is not None and isinstance(got, int | float) else None
