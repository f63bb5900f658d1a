"""Recognize web addresses; one may lead to a person's own page (GB/T 42460-2023, annex A)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("url", "Web address", "网址", Level.SEMI_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="url uri link website homepage web_?site wangzhi lianjie", han="网址|链接|主页"),
    speaks=value_is(r"(?i:https?|ftp)://[^\s]+|www\.[\w-]+\.[^\s]+"),
    fits=value_is(r"(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s]*)?"),
    alone=0.97,
    text=r"(?i:https?|ftp)://[^\s\p{Han}，。；）]+",
)
