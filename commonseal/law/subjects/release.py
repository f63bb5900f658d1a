"""The facts of one release: what was asked for, and what was measured."""

from __future__ import annotations

from commonseal.law.fact import choice, count, flag, or_null, rate, subject, texts
from commonseal.law.subjects.choices import SHARING_MODES

RELEASE = subject(
    choice("sharing_mode", "how the copy is shared", "共享方式", SHARING_MODES),
    count("rows", "rows", "行数"),
    count("persons", "persons", "人数"),
    or_null(count("k", "the k that was asked for", "要求的 k 值")),
    count("smallest_class", "persons in the smallest class", "最小等价类人数"),
    rate("highest_risk", "1 / smallest class", "最高重标识风险"),
    rate("average_risk", "classes / persons", "平均重标识风险"),
    rate("suppression_rate", "share of rows suppressed", "抑制率"),
    or_null(count("homogeneous_classes", "classes of one sensitive value", "敏感值单一的等价类数")),
    flag("has_sensitive", "a column is used as sensitive", "是否有按敏感属性使用的字段"),
    flag("linked", "one person's rows stay linked", "同一人的记录是否保持可关联"),
    choice("pseudonym_period", "how long a pseudonym lives", "假名周期", ("none", "week", "day")),
    or_null(rate("trace_unicity", "persons named by four points", "四点可唯一识别率")),
    or_null(count("smallest_l", "the smallest l of any class", "最小 l 值")),
    or_null(rate("highest_t", "the largest t of any class", "最大 t 值")),
    flag("record_level", "it goes out record by record", "是否逐条提供明细"),
    flag("originals_kept", "the original records are kept", "是否保留原始明细"),
    texts("techniques", "how it was anonymized, as WP216 table 6 names it", "匿名化所用技术"),
)
