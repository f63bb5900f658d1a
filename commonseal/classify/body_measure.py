"""Recognize measures of the body: height, weight, blood pressure, pulse; the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("body_measure", "Measure of the body", "身体指标", Level.PERSONAL, Role.QUASI)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="height weight bmi blood_?pressure heart_?rate pulse body_?temp(?:erature)? shengao tizhong xueya xuetang tiwen",
        han="身高|体重|血压|血糖|心率|脉搏|体温|视力",
    ),
    speaks=value_is(
        r"[12][0-9]{2}\s*(?i:cm)|[0-9]{2,3}(?:\.[0-9]+)?\s*(?i:kg)|[0-9]{2,3}/[0-9]{2,3}\s*(?i:mmhg)"
    ),
    fits=value_is(r"[0-9]{1,3}(?:\.[0-9]+)?|[0-9]{2,3}/[0-9]{2,3}"),
    alone=0.6,
)
