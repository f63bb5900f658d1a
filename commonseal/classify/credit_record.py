"""Recognize credit records: scores, defaults, repayment status; the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import (
    CODE,
    NUMBER,
    Names,
    Recognizer,
    category,
    label,
    value_is,
)
from commonseal.model import Level, Role

CATEGORY = category("credit_record", "Credit record", "信用记录", Level.SEMI_PRIVATE, Role.SENSITIVE)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="credit_?score credit_?rating credit_?history credit_?risk default default_.* overdue delinquen[ct]y? "
        "pay_[0-9]+ repayment_?status yuqi zhengxin xinyongfen",
        han="信用分|信用等级|信用评级|征信|逾期|违约|失信",
    ),
    fits=value_is(f"{CODE}|{NUMBER}") | label(),
)
