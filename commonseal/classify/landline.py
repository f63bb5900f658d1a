"""Recognize fixed lines of China and numbers in the form of the North American plan."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import LEFT, RIGHT, Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("landline", "Landline number", "固定电话", Level.SEMI_PRIVATE, Role.DIRECT)
_AREA = "0(?:10|2[0-9]|[3-9][0-9]{2})"
_TAIL = r"[2-8][0-9]{6,7}(?:[-转][0-9]{1,6})?"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="landline fixed_?line tel telephone phone home_phone office_phone fax "
        "dianhua zuoji gudingdianhua gddh bgdh lxdh chuanzhen",
        han="固话|座机|固定电话|办公电话|住宅电话|电话|传真|联系方式",
    ),
    speaks=value_is(
        rf"(?:\+?86[- ]?)?(?:{_AREA}[- ]?|\({_AREA}\)[- ]?){_TAIL}"
        r"|\([2-9][0-9]{2}\) ?[2-9][0-9]{2}-[0-9]{4}|(?:1-)?[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}"
    ),
    fits=value_is("[2-8][0-9]{6,7}"),
    alone=0.8,
    text=rf"{LEFT}(?:{_AREA}[- ]?|\({_AREA}\)[- ]?){_TAIL}{RIGHT}",
)
