"""Recognize marital status (GB/T 2261.2)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import CODE, Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("marital_status", "Marital status", "婚姻状况", Level.PERSONAL, Role.QUASI)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="marital marital_?status marriage married hunyin hyzk hunyinzhuangkuang", han="婚姻|婚否|婚况"
    ),
    speaks=one_of(
        "未婚 已婚 离婚 离异 丧偶 初婚 再婚 复婚 分居 single married divorced widowed separated nevermarried "
        "marriedcivspouse marriedafspouse marriedspouseabsent unmarried widow widower engaged cohabiting"
    ),
    fits=folded_is(rf"{CODE}|[a-z]{{1,24}}|\p{{Han}}{{1,8}}|[yn是否]"),
    alone=0.9,
)
