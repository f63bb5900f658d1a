"""Recognize administrative divisions: names, and codes of 6, 9 or 12 digits (GB/T 2260, NBS)."""

from __future__ import annotations

import polars as pl

from commonseal.classify._internal.recognizer import (
    CODE,
    Names,
    Recognizer,
    category,
    label,
    value_is,
)
from commonseal.classify.divisions import division_codes, division_names
from commonseal.model import Level, Role

CATEGORY = category("area", "Area or place", "行政区划或地点", Level.PERSONAL, Role.QUASI)
_CODE = pl.col("value").str.slice(0, 6).is_in(list(division_codes()))

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="area region province city county district division xzqh xzqhdm xzqdm diqu jiguan jg town "
        "native_place birth_?place hometown state street_?office community station stop car_?park parking_?lot site subdistrict township village",
        unless="_(?:id|no|code_no)$|编号",
        han="行政区|区划|地区|区县|县区|省份|城市|籍贯|出生地|所在省|所在市|街道|乡镇|所属区|辖区|社区|小区|村名|站点|站名|车站|停车场",
    ),
    speaks=(value_is("[1-8][0-9]{5}(?:[0-9]{3}|[0-9]{6})?") & _CODE)
    | pl.col("value").is_in(list(division_names()))
    | value_is(
        r"\p{Han}{2,8}(?:自治区|自治州|自治县|街道|地区|社区|小区|新村)|\p{Han}{2,3}(?:省|市).{1,8}(?:市|区|县|旗|州)"
    ),
    fits=value_is(f"{CODE}|[0-9]{{6,12}}") | label(),
    alone=0.85,
)
