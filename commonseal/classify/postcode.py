"""Recognize postcodes; six digits are many things, so the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("postcode", "Postcode", "邮政编码", Level.PERSONAL, Role.QUASI)
_CHINA = "(?:0[1-7]|1[0-356]|2[0-7]|3[0-6]|4[0-7]|5[1-7]|6[1-7]|7[0-5]|8[013-6])[0-9]{4}"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="post_?code postal_?code postal zip zip_?code zipcode youbian youzhengbianma yb yzbm",
        han="邮编|邮政编码",
    ),
    # Numbers lose leading zeros on the way through spreadsheets.
    fits=value_is(
        rf"{_CHINA}|[0-9]{{4,5}}(?:-[0-9]{{4}})?|[A-Za-z]{{1,2}}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{{2}}"
    ),
)
