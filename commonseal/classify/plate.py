"""Recognize vehicle plates (GA 36-2018): ordinary, new-energy, trailer, learner, police, embassy ..."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is
from commonseal.model import Level, Role

CATEGORY = category("plate", "Vehicle plate", "机动车号牌", Level.SEMI_PRIVATE, Role.DIRECT)
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_SERIAL = "[A-HJ-NP-Z0-9]"
_PLATE = (
    rf"{_PROVINCE}[A-HJ-NP-ZO][·•. -]?(?:[DABCEFGHJK]{_SERIAL}[0-9]{{4}}|[0-9]{{5}}[DABCEFGHJK]"
    rf"|{_SERIAL}{{5}}|{_SERIAL}{{4}}[挂学警港澳领])|使[0-9]{{6}}|[0-9]{{6}}使"
    rf"|{_PROVINCE}[A-Z]?{_SERIAL}{{3,5}}应急|WJ{_PROVINCE}?[0-9]{{4}}{_SERIAL}"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="plate plate_?no plate_?number licen[cs]e_plate chepai chepaihao cph hphm haopai car_?no vehicle_?no",
        han="车牌|号牌|车号",
    ),
    speaks=compact_is(_PLATE),
    fits=compact_is("[A-Z0-9]{4,9}"),
    alone=0.97,
    text=_PLATE,
)
