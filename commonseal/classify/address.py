"""Recognize postal addresses, Chinese and English."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, at_most, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("address", "Address", "地址", Level.SEMI_PRIVATE, Role.DIRECT)
_CHINESE = (
    r".*(?:省|自治区|市|区|县|旗|州|镇|乡|街道).{1,40}?(?:路|街|大道|巷|弄|胡同|村|组|社区|小区|苑|里|号|幢|栋|座|室).*"
    r"|.*(?:路|街|大道|巷|弄|胡同|道)\s*[0-9０-９一二三四五六七八九十百甲乙]+\s*(?:号|弄|巷).*"
)
_ENGLISH = (
    r"(?i:(?:.*\b)?[0-9]+[A-Z]?,? (?:[\w.'-]+ ){1,5}(?:street|st|road|rd|avenue|ave|lane|ln|boulevard|blvd"
    r"|drive|dr|court|ct|square|sq|place|pl|way|terrace|highway|hwy|parkway|close)\b.*"
    r"|p\.?o\.? box [0-9]+.*)"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="address addr street home_?address residence dizhi dz jtzz jtdz zhuzhi zhuzhai hjdz huji hukou txdz",
        han="地址|住址|住所|户籍|户口|居住地|通讯处",
    ),
    speaks=value_is(f"(?:{_CHINESE}|{_ENGLISH})"),
    fits=value_is(r".*[\p{Han}A-Za-z].+") & at_most(200),
    alone=0.85,
    text=(
        r"(?:\p{Han}{2,12}(?:省|自治区|市|区|县|旗|州|镇|乡|街道)){0,4}\p{Han}{1,12}?(?:路|街|大道|巷|弄|胡同|村|小区)"
        r"[0-9０-９一二三四五六七八九十甲乙]+(?:号|弄|栋|幢|座|室|组)(?:[0-9A-Za-z一二三四五六七八九十-]+"
        r"(?:号楼|号|弄|栋|幢|座|楼|层|单元|室))*"
    ),
)
