"""Recognize numbers of records and persons, and pseudonyms: they single out, and they join tables."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("record_id", "Record or person number", "记录或人员编号", Level.SEMI_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="[a-z]+_id uuid guid pid uid student_?no employee_?no staff_?no member_?no order_?no "
        "xuehao gonghao bianhao bh xh key row_?id index",
        only="card id no nr num number code_?no",
        han="编号|学号|工号|序号|流水号|单号|档案号|会员号|户号|人员标识",
    ),
    # A UUID or a digest: what a pseudonym looks like.
    speaks=value_is(
        "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
        "|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}"
    ),
    fits=value_is(r"[A-Za-z]{0,12}[-_ ]?[0-9][A-Za-z0-9\-_/]{0,63}"),
    alone=0.9,
)
