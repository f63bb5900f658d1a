"""Hold what was measured against the thresholds that the law in force sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonseal.model import Check, Risk, Threshold, Verdict


def judge(
    before: Risk,
    after: Risk,
    thresholds: Sequence[Threshold],
    *,
    suppression_rate: float,
    trace_unicity: float | None = None,
) -> Verdict:
    """Give the verdict: it passes only if every threshold that applies holds.

    A threshold on a measure that this release does not have (l without a sensitive column, a trace
    where rows are not linked) does not apply. A threshold on an unknown measure fails closed.
    """
    measures: Mapping[str, float | None] = {
        "smallest_class": after.smallest_class,
        "highest_risk": after.highest_risk,
        "average_risk": after.average_risk,
        "sample_uniques": after.sample_uniques,
        "homogeneous_classes": after.homogeneous_classes,
        "smallest_l": after.smallest_l,
        "highest_t": after.highest_t,
        "suppression_rate": suppression_rate,
        "trace_unicity": trace_unicity,
    }
    checks: list[Check] = []
    for threshold in thresholds:
        got = measures.get(threshold.measure, float("nan"))
        if got is not None:
            checks.append(Check(threshold, float(got)))
    return Verdict(before, after, tuple(checks), trace_unicity)
