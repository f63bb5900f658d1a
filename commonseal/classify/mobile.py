"""Recognize mobile numbers of China, and any number in international form."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

CATEGORY = category("mobile", "Mobile number", "手机号码", Level.SEMI_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="mobile mobile_?no mobile_?phone cell cell_?phone phone phone_?no phone_?number telephone tel "
        "msisdn contact_?number shouji shoujihao shoujihaoma sjh sjhm dianhua lxdh lianxidianhua",
        han="手机|移动电话|联系电话|电话|联系方式",
    ),
    # Segments change and numbers are ported: only the first two digits are looked at.
    speaks=compact_is(r"(?:(?:\+|00)?86)?1[3-9][0-9]{9}|\+[1-9][0-9]{7,14}|14[0-9]{11}"),
    # What masking left of one is still one, but only where the name says so.
    fits=compact_is(r"1[3-9][0-9][*•X]{4}[0-9]{4}|[0-9]{7,15}"),
    alone=0.93,
    text=in_text(r"(?:(?:\+|00)?86[ -]?)?[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}")
    + r"|\+[1-9][0-9]{0,2}[ -]?(?:[0-9][ -]?){6,12}[0-9]",
)
