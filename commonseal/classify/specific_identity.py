"""Recognize specific identities (GB/T 45574-2025, annex A): disability, criminal record, orientation."""

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

_ANY = value_is(CODE) | label()

DISABILITY = Recognizer(
    category=category("disability", "Disability", "残疾情况", Level.SEMI_PRIVATE, Role.SENSITIVE),
    names=Names(words="disability disabled handicap canji cjlb", han="残疾|伤残"),
    speaks=one_of("视力残疾 听力残疾 言语残疾 肢体残疾 智力残疾 精神残疾 多重残疾"),
    fits=_ANY,
    alone=0.95,
)
CRIMINAL_RECORD = Recognizer(
    category=category(
        "criminal_record", "Criminal record", "违法犯罪记录", Level.SEMI_PRIVATE, Role.SENSITIVE
    ),
    names=Names(
        words="criminal criminal_?record conviction offen[cs]e crime fanzui qianke",
        han="犯罪|前科|违法记录|刑罚",
    ),
    speaks=one_of("有期徒刑 拘役 管制 缓刑 无期徒刑 行政拘留"),
    fits=_ANY,
    alone=0.9,
)
ORIENTATION = Recognizer(
    category=category(
        "sexual_orientation", "Sexual orientation", "性取向", Level.SEMI_PRIVATE, Role.SENSITIVE
    ),
    names=Names(words="sexual_?orientation orientation xingquxiang", han="性取向|性倾向"),
    speaks=one_of("heterosexual homosexual bisexual gay lesbian 异性恋 同性恋 双性恋"),
    fits=_ANY,
    alone=0.9,
)
