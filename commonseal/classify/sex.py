"""Recognize sex: words by themselves, the codes of GB/T 2261.1 (0, 1, 2, 9) under the name."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("sex", "Sex", "性别", Level.PERSONAL, Role.QUASI)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="sex gender xingbie xb male female is_male is_female", han="性别"),
    speaks=one_of("男 女 男性 女性 male female m f man woman 未说明的性别 未知的性别 先生 女士"),
    fits=folded_is("[0129]|true|false|other|unknown|diverse|u|x|n|nonbinary"),
    alone=0.9,
)
