"""Recognize diagnoses, as words and as codes of ICD-10."""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers
from commonseal.classify._internal.recognizer import (
    CODE,
    Names,
    Recognizer,
    at_most,
    category,
    ends_with,
    value_is,
)
from commonseal.model import Level, Role

_CHINESE = (
    "炎|病|癌|瘤|症|综合征|感染|骨折|高血压|梗死|梗塞|中风|卒中|出血|损伤|结石|结核|哮喘|贫血|衰竭|溃疡|囊肿|发热|过敏|抑郁|"
    "硬化|疹|流感|感冒|肿大|增生|障碍|(?:糖尿病|高血压)[ⅠⅡIV0-9]+[型级期]|[ⅠⅡ0-9]型糖尿病"
)
_LATIN = (
    r"(?i:[a-z]{3}(?:itis|osis|emia|oma|pathy)|(?-u:\b)(?:cancer|diabetes(?: mellitus)?|hypertension|fracture|syndrome"
    r"|pneumonia|asthma|stroke|infection|disease|influenza|depression|migraine|failure|infarction|hepatitis [a-e]|hiv"
    r"|aids|covid-19|flu|copd)(?:, unspecified)?)"
)


def _dotted(compact: pl.Series) -> Answers:
    """Answer whether a code has its subdivision: three characters alone may be a seat or a shelf."""
    return compact.str.contains(".", literal=True).to_numpy().astype(np.float64)


WORDS = Recognizer(
    category=category(
        "diagnosis", "Diagnosis or health condition", "诊断", Level.SEMI_PRIVATE, Role.SENSITIVE
    ),
    names=Names(
        words="diagnosis diagnoses disease illness condition symptom medical_?history medication drug prescription "
        "zhenduan bingming jibing zdmc bingshi hiv allergy",
        unless="编码|代码|code|icd",
        han="诊断|疾病|病名|病史|症状|病种|用药|处方|过敏史|手术|检验结果|既往史|主诉",
    ),
    speaks=ends_with(f"{_CHINESE}|{_LATIN}", 60),
    fits=value_is(CODE) | at_most(300),
    alone=0.8,
)
ICD = Recognizer(
    category=category(
        "icd10", "Diagnosis code (ICD-10)", "疾病编码（ICD-10）", Level.SEMI_PRIVATE, Role.SENSITIVE
    ),
    names=Names(words="icd icd_10 icd_?code diagnosis_?code jbbm zdbm", han="疾病编码|诊断编码|icd"),
    speaks=value_is(r"[A-TV-Z][0-9][0-9AB](?:\.[0-9A-Zx]{1,4}(?:\+|\*)?)?"),
    fits=value_is(r"[A-Za-z][0-9][0-9A-Za-z]\.?[0-9A-Za-z]{0,4}"),
    alone=0.62,
    plausible=_dotted,
)
