"""Recognize incomes: bands by their form, amounts under the name."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import CODE, NUMBER, Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("income", "Income", "收入", Level.SEMI_PRIVATE, Role.SENSITIVE)
_AMOUNT = r"[$¥￥€]?[0-9][0-9,.]*\s*(?:[kKwW]|万|千|元|万元)?"
_UNIT = r"[0-9][0-9,.]*\s*(?:[kKwW]|万|千|元|万元)"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="income salary salary_?class wage wages earnings pay_?grade compensation pension shouru gongzi xinshui nianxin yuexin",
        han="收入|工资|薪资|薪酬|薪水|年薪|月薪|养老金",
    ),
    speaks=value_is(rf"(?:<=?|>=?|≤|≥)\s*[$¥￥€]?{_UNIT}|{_AMOUNT}\s*[-~至]\s*{_UNIT}"),
    fits=value_is(
        rf"{NUMBER}|{_AMOUNT}|{CODE}|(?:<=?|>=?|≤|≥)\s*{_AMOUNT}|{_AMOUNT}\s*[-~至]\s*{_AMOUNT}|{_AMOUNT}以[上下]"
    ),
    alone=0.65,
)
