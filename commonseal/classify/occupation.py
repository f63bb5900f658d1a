"""Recognize occupations: common ones by word or ending, any label under the name."""

from __future__ import annotations

import polars as pl

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

CATEGORY = category("occupation", "Occupation", "职业", Level.PERSONAL, Role.QUASI)
_WORDS = (
    "admclerical armedforces craftrepair execmanagerial farmingfishing handlerscleaners machineopinspct otherservice "
    "privhouseserv profspecialty protectiveserv sales techsupport transportmoving doctor nurse teacher engineer driver "
    "lawyer accountant farmer worker student retired manager clerk programmer waiter chef cook soldier police "
    "policeofficer civilservant salesperson cashier secretary scientist professor designer journalist unemployed "
    "医生 护士 教师 老师 工程师 司机 律师 会计 农民 工人 学生 退休 退休人员 公务员 军人 警察 自由职业 自由职业者 个体户 "
    "经理 职员 程序员 服务员 厨师 记者 设计师 销售 保安 保洁 快递员 外卖员 无业 待业 家庭主妇 企业家 科研人员"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="occupation profession job job_?title position title_of_job zhiye zy zhiwu gangwei gongzhong",
        han="职业|职务|岗位|工种|职称",
    ),
    speaks=one_of(_WORDS)
    | (
        value_is(r"\p{Han}{1,6}(?:师|员|工人|经理|主任|教授|技工|学徒)")
        & pl.col("value").str.len_chars().is_between(2, 8)
    ),
    fits=value_is(CODE) | label(),
    alone=0.85,
)
