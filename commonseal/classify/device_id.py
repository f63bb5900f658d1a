"""Recognize device ids (IDFA, OAID, Android id, serial numbers): the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("device_id", "Device id", "设备标识", Level.SEMI_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="device device_?id device_?no idfa idfv oaid aaid gaid android_?id udid serial_?no "
        "shebeiid shebeihao sbid cookie cookie_?id",
        han="设备标识|设备编号|设备号|设备id|序列号",
    ),
    fits=value_is(r"[A-Za-z0-9][A-Za-z0-9:_\-]{3,127}"),
)
