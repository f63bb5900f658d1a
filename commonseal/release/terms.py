"""Hold what the agreement asks for against what the law asks for: the stronger one stands, the weaker is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from commonseal.law import stronger
from commonseal.model import Decision, Finding, Outcome, Text, Threshold, Treatment
from commonseal.release.agreement import AgreedColumn, Agreement


def settle_treatment(
    decision: Decision, terms: AgreedColumn | None, required: Treatment | None
) -> tuple[Decision, Treatment | None]:
    """Take the agreement's own treatment where it is at least as strong as the law's; else refuse."""
    if required is not None and terms is not None and terms.use == "quasi":
        # anonymization keeps a quasi-identifier readable, so nothing else would be done to it
        return _quasi_against(decision, required), None
    if terms is None or terms.treatment is None:
        return decision, required
    if required is None or stronger(terms.treatment, required):
        return decision, terms.treatment
    asked_by = next(finding for finding in decision.findings if finding.treatment == required)
    finding = replace(
        asked_by,
        outcome=Outcome.FORBIDDEN,
        message=Text(
            en=f"the agreement asks for '{terms.treatment.operator}', which shows more than the rule's "
            f"'{required.operator}'",
            zh=f"协议要求的“{terms.treatment.operator}”弱于规则要求的“{required.operator}”",
        ),
        remedy=Text(
            en="leave the treatment out, or ask for a stronger one",
            zh="删去该字段的 treatment，或改用更强的处理方式",
        ),
        treatment=None,
    )
    return replace(decision, outcome=Outcome.FORBIDDEN, findings=(finding, *decision.findings)), None


def _quasi_against(decision: Decision, required: Treatment) -> Decision:
    """Refuse a quasi-identifier to whose cells a rule asks for more than to be left as they are."""
    if required.operator == "keep":
        return decision
    asked_by = next(finding for finding in decision.findings if finding.treatment == required)
    finding = replace(
        asked_by,
        outcome=Outcome.FORBIDDEN,
        message=Text(
            en=f"the agreement names it a quasi-identifier, which stays readable; the rule asks for "
            f"'{required.operator}'",
            zh=f"协议将其列为准标识符（保持可读），而规则要求“{required.operator}”",
        ),
        remedy=Text(en="take it off the quasi-identifiers", zh="从准标识符中去掉该字段"),
        treatment=None,
    )
    return replace(decision, outcome=Outcome.FORBIDDEN, findings=(finding, *decision.findings))


def rotated(chosen: Treatment, terms: AgreedColumn | None, agreement: Agreement) -> Treatment:
    """Let a person's pseudonym change with the period that the agreement names."""
    rotation = agreement.rotation
    if terms is None or terms.use != "person" or rotation is None or not chosen.operator.startswith("hmac"):
        return chosen
    return Treatment(
        chosen.operator, {**chosen.params, "period": rotation.period, "period_column": rotation.date}
    )


def weaker_than_law(agreement: Agreement, limits: Sequence[Threshold], as_of: date) -> list[Decision]:
    """Refuse, before any work is done, what is asked for below the law's thresholds."""
    asked: dict[str, float | None] = {
        "smallest_class": agreement.asked.k if agreement.quasi else None,
        "smallest_l": agreement.asked.l,
        "highest_t": agreement.asked.t,
        "suppression_rate": agreement.asked.suppression_rate_max,
    }
    decisions: list[Decision] = []
    for limit in limits:
        got = asked.get(limit.measure)
        if got is None or (got >= limit.limit if limit.at_least else got <= limit.limit):
            continue
        bound_en, bound_zh = ("at least", "不小于") if limit.at_least else ("at most", "不大于")
        finding = Finding(
            citation=limit.citation,
            outcome=Outcome.FORBIDDEN,
            message=Text(
                en=f"the agreement asks for {limit.measure} {got:g}, the rule for {bound_en} {limit.limit:g}",
                zh=f"协议中 {limit.measure} 为 {got:g}，规则要求{bound_zh} {limit.limit:g}",
            ),
            remedy=Text(
                en=f"set it to {limit.limit:g} in the agreement", zh=f"请在协议中改为 {limit.limit:g}"
            ),
        )
        decisions.append(Decision(Outcome.FORBIDDEN, as_of, (finding,), ()))
    return decisions
