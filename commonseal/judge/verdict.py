"""Hold what was measured against the thresholds that the law in force sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonseal.errors import BadPack
from commonseal.model import Check, Risk, Text, Threshold, Verdict


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
    where rows are not linked) does not apply.

    Raises: BadPack for a threshold on a measure that nobody takes: it must not be passed over.
    """
    measures: Mapping[str, float | None] = {
        "rows": after.rows,
        "persons": after.persons,
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
    untaken = [threshold for threshold in thresholds if threshold.measure not in measures]
    if untaken:
        rules = ", ".join(f"{threshold.citation.rule} ({threshold.measure})" for threshold in untaken)
        raise BadPack(
            Text(
                en=f"no such measure of a release: {rules}; expected one of {', '.join(measures)}",
                zh=f"发布没有这样的度量：{rules}；应为 {'、'.join(measures)} 之一",
            )
        )
    held = ((threshold, measures[threshold.measure]) for threshold in thresholds)
    checks = tuple(Check(threshold, float(got)) for threshold, got in held if got is not None)
    return Verdict(before, after, checks, trace_unicity)
