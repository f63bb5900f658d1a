"""Recognize political status (GB/T 4762)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import CODE, Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("political_status", "Political status", "政治面貌", Level.SEMI_PRIVATE, Role.SENSITIVE)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="political_?status political party zzmm zhengzhimianmao", han="政治面貌|党派"),
    speaks=one_of(
        "中共党员 中国共产党党员 中共预备党员 预备党员 党员 共青团员 团员 群众 民革党员 民盟盟员 民建会员 民进会员 "
        "农工党党员 致公党党员 九三学社社员 台盟盟员 无党派人士 无党派民主人士"
    ),
    fits=folded_is(rf"{CODE}|[a-z]{{3,20}}|\p{{Han}}{{2,12}}"),
    alone=0.92,
)
