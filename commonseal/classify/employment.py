"""Recognize the kind of employer (work class)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import (
    CODE,
    Names,
    Recognizer,
    category,
    label,
    one_of,
    value_is,
)
from commonseal.model import Level, Role

CATEGORY = category("employment", "Kind of employment", "就业类型", Level.PERSONAL, Role.QUASI)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="workclass work_class employment employment_?type employment_?status employer_?type danweixingzhi dwxz jyzt",
        han="单位性质|单位类型|就业|从业状况|用工",
    ),
    speaks=one_of(
        "private selfempnotinc selfempinc stategov localgov federalgov withoutpay neverworked selfemployed employed "
        "unemployed parttime fulltime government publicsector privatesector 国有企业 国企 民营企业 民企 私营企业 外资企业 "
        "外企 合资企业 集体企业 事业单位 机关 党政机关 个体工商户 个体 股份制企业 社会团体 在职 失业 灵活就业 自主创业"
    ),
    fits=value_is(CODE) | label(),
    alone=0.85,
)
