"""See what only the whole table shows: coordinates in two columns, and tracks of people.

A track needs three columns: who, where, when. The columns keep their own categories; those of place
and time carry `trajectory` in `Evidence.others`, for GB/T 45574-2025 6.6 asks that place together
with time be protected as a track.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commonseal.classify._internal.measure import Measures
from commonseal.classify._internal.names import fold_name
from commonseal.classify._internal.recognizer import Recognizer
from commonseal.classify.plain import TRAJECTORY
from commonseal.model import Column, Role

_PAIR = 0.6
_POSITIONS = ("coordinates", "longitude", "latitude")
_PLACES = (
    "address",
    "area",
    "organisation",
    "employer",
    "code",
    "record_id",
    "device_id",
    "unknown",
    "free_text",
)
# Names of places where somebody was seen; a home address beside an entry date is no track.
_SEEN_AT = re.compile(
    r"(?:^|_)(?:place|location|position|station|stop|checkpoint|park|parking|camera|gate|toll|cell|lac|site|spot|origin"
    r"|destination|from|to|pickup|dropoff|kakou|zhandian|didian|weizhi)(?:_|$)"
    r"|卡口|基站|站点|站名|地点|位置|摄像|进站|出站|上车|下车|门禁|闸机|停车场|起点|终点|出发地|目的地|途经|到达"
)
_NUMBER_OF_PERSON = re.compile(
    r"(?:^|_)(?:person|people|user|member|customer|passenger|rider|driver|patient|student|employee|resident|card"
    r"|uid|pid|vehicle|car|account|subscriber|renyuan)(?:_|$)|人|户|会员|乘客|卡|车|学号|工号"
)


def neighbours(measures: Measures, recognizers: Sequence[Recognizer]) -> NDArray[np.bool_]:
    """Return (recognizers, columns): a longitude and a latitude side by side speak for each other."""
    ids = [r.category.id for r in recognizers]
    backed = np.zeros(measures.speak.shape, bool)
    share = measures.speak / np.maximum(measures.total, 1)
    east, north = ids.index("longitude"), ids.index("latitude")
    is_east, is_north = share[east] >= _PAIR, share[north] >= _PAIR
    backed[east] = is_east & _beside(is_north)
    backed[north] = is_north & _beside(is_east)
    return backed


def mark_tracks(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns, those of place and time marked where the table holds tracks of people."""
    when = {i for i, c in enumerate(columns) if c.category.id == "timestamp"}
    where = {i for i, c in enumerate(columns) if _is_place(c)}
    who = {i for i, c in enumerate(columns) if _is_person(c) and i not in where}
    if not (who and where and when):
        return tuple(columns)
    return tuple(_mark(c) if i in where | when else c for i, c in enumerate(columns))


def _is_person(column: Column) -> bool:
    """Tell whether the column says who: a number of some record does so only under a fitting name."""
    if column.category.id == "record_id":
        return bool(_NUMBER_OF_PERSON.search(fold_name(column.name)))
    return column.category.role is Role.DIRECT and column.category.id not in ("address", "url")


def _is_place(column: Column) -> bool:
    if column.category.id in _POSITIONS:
        return True
    return column.category.id in _PLACES and bool(_SEEN_AT.search(fold_name(column.name)))


def _mark(column: Column) -> Column:
    others = (*column.evidence.others, TRAJECTORY.id)
    return replace(column, evidence=replace(column.evidence, others=others))


def _beside(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(marks, 1)
    near: NDArray[np.bool_] = padded[:-2] | padded[2:]
    return near
