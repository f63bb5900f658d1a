"""Recognize religious belief (sensitive by PIPL art. 28)."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import CODE, Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("religion", "Religion", "宗教信仰", Level.SEMI_PRIVATE, Role.SENSITIVE)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="religion religious faith belief zongjiao zjxy xinyang", han="宗教|信仰"),
    speaks=one_of(
        "佛教 道教 伊斯兰教 基督教 天主教 东正教 犹太教 印度教 藏传佛教 无宗教信仰 无宗教 不信教 buddhism buddhist taoism "
        "taoist islam muslim christianity christian catholic catholicism protestant orthodox judaism jewish hinduism "
        "hindu sikh sikhism atheist agnostic noreligion irreligious"
    ),
    fits=folded_is(rf"{CODE}|无|有|none|other|其他|[a-z]{{3,20}}|\p{{Han}}{{2,8}}"),
    alone=0.9,
)
