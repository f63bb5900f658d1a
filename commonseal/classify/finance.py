"""Recognize a person's money: balances, bills, limits, payments, loans; the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import NUMBER, Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("finance", "Financial detail", "财产信息", Level.SEMI_PRIVATE, Role.SENSITIVE)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="balance bal amount amt bill payment loan debt credit_?limit limit_?bal limit deposit asset assets mortgage "
        "transaction cost fee fees expenses? charges? capital_?gain capital_?loss jine yue daikuan zichan jyje",
        han="余额|费用|金额|账单|贷款|存款|资产|额度|欠款|还款|交易额|房产|净值",
    ),
    fits=value_is(NUMBER),
)
