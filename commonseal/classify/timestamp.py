"""Recognize points in time: days, times of day, both, and counts of seconds under such a name."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.classify.birth_date import NAMES as BIRTH_NAMES
from commonseal.classify.birth_date import SOLID
from commonseal.model import Level, Role

CATEGORY = category("timestamp", "Point in time", "时间", Level.PERSONAL, Role.QUASI)
BIRTH = BIRTH_NAMES.pattern
_MONTH = "(?:0?[1-9]|1[0-2])"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK = r"[0-2]?[0-9][:时][0-5][0-9](?:[:分][0-5][0-9](?:[.,][0-9]+)?秒?)?(?: ?[AaPp][Mm])?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[A-Z]{3,4}|[+-][0-9]{2}:?[0-9]{2}))?"
_DATE = (
    rf"(?:18|19|20|21)[0-9]{{2}}[-/.年]{_MONTH}[-/.月]{_DAY}日?|{_DAY}[-/. ][A-Za-z]{{3,9}}[-/. ,]+(?:19|20)[0-9]{{2}}"
    rf"|{_MONTH}[-/]{_DAY}[-/](?:19|20)[0-9]{{2}}|{_DAY}[-/.]{_MONTH}[-/.](?:19|20)[0-9]{{2}}"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="time date datetime timestamp ts created_?at updated_?at at day month year epoch moment "
        "registered issued expires expiry shijian riqi sj rq cjsj gxsj djrq fssj [a-z]+_?time [a-z]+_?date",
        unless=BIRTH,
        han="时间|日期|年月|时刻|年份|月份",
    ),
    speaks=value_is(rf"(?:{_DATE})(?:[T ]+{_CLOCK}{_ZONE})?|{_CLOCK}|{SOLID}"),
    fits=value_is(
        r"(?:19|20)[0-9]{2}(?:[-/.年]?(?:0?[1-9]|1[0-2])月?)?|(?:19|20)[0-9]{12}|[012]?[0-9]{9}(?:[0-9]{3})?"
        r"|[0-3]?[0-9]"
    ),
    alone=0.8,
)
