"""Recognize education and degrees (GB/T 4658, GB/T 6864)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import (
    CODE,
    Names,
    Recognizer,
    category,
    folded_is,
    label,
    one_of,
    value_is,
)
from commonseal.model import Level, Role

CATEGORY = category("education", "Education", "学历", Level.PERSONAL, Role.QUASI)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="education educational education_?num edu edu_?level degree schooling xueli xl xuewei whcd wenhuachengdu",
        han="学历|学位|文化程度|教育程度",
    ),
    speaks=one_of(
        "文盲 半文盲 小学 初中 高中 中专 职高 技校 大专 专科 大学专科 本科 大学本科 硕士 硕士研究生 研究生 博士 博士研究生 "
        "博士后 学士 初中及以下 高中及以下 本科及以上 preschool bachelors bachelor masters master doctorate phd doctor "
        "hsgrad somecollege assocacdm assocvoc profschool highschool college university primary secondary primaryschool "
        "graduateschool postgraduate undergraduate associate vocational bachelorsdegree mastersdegree mba"
    )
    | folded_is("(?:[1-9]|1[0-2])(?:st|nd|rd|th)(?:(?:[1-9]|1[0-2])(?:st|nd|rd|th))?"),
    fits=value_is(CODE) | label(),
    alone=0.9,
)
