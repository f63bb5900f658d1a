"""Say what a rule found: its sentence filled in, and its limit held against the facts."""

from __future__ import annotations

from collections.abc import Mapping

from commonseal.law.consequence import Measure
from commonseal.law.counting import days_in
from commonseal.law.fact import Value
from commonseal.law.message import fill, speaks_of_facts
from commonseal.law.rule import Number, Rule
from commonseal.law.why import reason
from commonseal.model import Considered, Finding, Outcome, Text, Threshold

_REAL = (int, float)  # a tuple: a union is built anew at every call
Facts = Mapping[str, Value]
Numbers = Mapping[str, Number]


def finding_of(rule: Rule, facts: Facts, params: Numbers, outcome: Outcome) -> Finding:
    """Return the finding of a rule that fired."""
    then = rule.then
    return Finding(
        citation=rule.citation,
        outcome=outcome,
        message=fill(then.message, rule.subject, facts, params),
        remedy=then.remedy and fill(then.remedy, rule.subject, facts, params),
        subject=_spoken_of(rule, facts),
        treatment=then.treatment if outcome != Outcome.FORBIDDEN else None,
    )


def fixed_finding(rule: Rule, params: Numbers, outcome: Outcome) -> Finding | None:
    """Return the finding of a rule whose sentences hang on no fact; None where they do."""
    then = rule.then
    if rule.subject == "column" or any(
        speaks_of_facts(text, rule.subject) for text in (then.message, then.remedy) if text is not None
    ):
        return None
    return finding_of(rule, {}, params, outcome)


def missing_note(rule: Rule, facts: Facts) -> Considered:
    """Note which facts a rule lacks."""
    return Considered(rule.id, False, reason("missing", facts=_missing(rule, facts)))


def undetermined(rule: Rule, facts: Facts, measure: str | None = None) -> Finding:
    """Return the finding of a rule that cannot be told, for want of facts or of its measure."""
    names = f"{rule.subject}.{measure}" if measure else _missing(rule, facts)
    title = rule.title
    return Finding(
        citation=rule.citation,
        outcome=Outcome.UNDETERMINED,
        message=Text(
            en=f"cannot be told, not given: {names} ({title.en})",
            zh=f"无法判定，缺少 {names}（{title.zh}）",
        ),
        remedy=Text(en=f"give {names}", zh=f"请补充 {names}"),
        subject=_spoken_of(rule, facts),
    )


def measured(
    rule: Rule, measure: Measure, facts: Facts, params: Numbers
) -> tuple[Considered, Finding | None]:
    """Hold a fact against the limit of a threshold or a retention."""
    limit = limit_of(measure, params)
    got = facts.get(measure.fact)
    if not isinstance(got, _REAL):
        why = reason("missing", facts=f"{rule.subject}.{measure.fact}")
        return Considered(rule.id, False, why), undetermined(rule, facts, measure.fact)
    held = got >= limit if measure.at_least else got <= limit
    why = reason(
        "held" if held else "broken",
        measure=measure.fact,
        got=f"{got:.10g}",
        limit=f"{'>=' if measure.at_least else '<='} {limit:.10g}",
    )
    return Considered(rule.id, True, why), None if held else finding_of(
        rule, facts, params, rule.then.outcome
    )


def limit_of(measure: Measure, params: Numbers) -> float:
    """Return the limit on the day, of a retention in days."""
    limit = float(params[measure.limit])
    if measure.unit is None:
        return limit
    return days_in(int(limit), measure.unit, longest=measure.at_least)


def threshold_of(rule: Rule, measure: Measure, facts: Facts, params: Numbers) -> Threshold:
    """Return a release's threshold on the day."""
    remedy = rule.then.remedy
    return Threshold(
        measure=measure.fact,
        limit=limit_of(measure, params),
        at_least=measure.at_least,
        citation=rule.citation,
        remedy=remedy and fill(remedy, rule.subject, facts, params),
    )


def _missing(rule: Rule, facts: Facts) -> str:
    missing = sorted(rule.condition.reads - facts.keys())
    return ", ".join(f"{rule.subject}.{name}" for name in missing) or "-"


def _spoken_of(rule: Rule, facts: Facts) -> str | None:
    name = facts.get("name") if rule.subject == "column" else None
    return name if isinstance(name, str) else None
