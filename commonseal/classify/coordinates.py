"""Recognize positions: both coordinates in one cell, or longitude and latitude in columns of their own."""

from __future__ import annotations

import polars as pl

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

_NUMBER = r"-?[0-9]{1,3}\.[0-9]{3,}"
_PLACE = rf"{_NUMBER}°?[NSEWnsew]?\s*[,;，\s]\s*{_NUMBER}°?[NSEWnsew]?"
# Four digits after the point are some ten metres: nobody writes a plain measure so.
_PRECISE = pl.col("value").str.contains(r"^-?[0-9]{1,3}\.[0-9]{4,}$")
_NUMERIC = value_is(r"-?[0-9]{1,3}(?:\.[0-9]+)?")
_DEGREES = pl.col("value").cast(pl.Float64, strict=False)

BOTH = Recognizer(
    category=category("coordinates", "Coordinates", "地理坐标", Level.SEMI_PRIVATE, Role.SENSITIVE),
    names=Names(
        words="coordinates? coords? location position lnglat latlng lonlat gps geom geometry point "
        "zuobiao weizhi jwd jingweidu",
        han="坐标|经纬度|位置|定位",
    ),
    speaks=value_is(rf"[(\[]?{_PLACE}[)\]]?|(?i:POINT)\s*\({_NUMBER}\s+{_NUMBER}\)"),
    alone=0.9,
    text=rf"{_NUMBER}\s*[,，]\s*{_NUMBER}",
)
# Alone a number in range is a number; `surroundings` adds what the column beside it says.
LONGITUDE = Recognizer(
    category=category("longitude", "Longitude", "经度", Level.SEMI_PRIVATE, Role.SENSITIVE),
    names=Names(words="longitude lon lng long jingdu jd x_?coord", han="经度"),
    speaks=_PRECISE & _DEGREES.is_between(73.4, 135.1),  # within China
    fits=_NUMERIC & _DEGREES.is_between(-180, 180),
    alone=0.4,
)
LATITUDE = Recognizer(
    category=category("latitude", "Latitude", "纬度", Level.SEMI_PRIVATE, Role.SENSITIVE),
    names=Names(words="latitude lat weidu wd y_?coord", han="纬度"),
    speaks=_PRECISE & _DEGREES.is_between(3.8, 53.6),
    fits=_NUMERIC & _DEGREES.is_between(-90, 90),
    alone=0.4,
)
