"""Recognize e-mail addresses."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, at_most, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("email", "E-mail address", "电子邮箱", Level.SEMI_PRIVATE, Role.DIRECT)
_ADDRESS = r"[^\s@,;:()<>]+@(?:[A-Za-z0-9\-\p{Han}]+\.)+[A-Za-z\p{Han}]+"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="email e_mail mail mailbox youxiang dianziyoujian yx", han="邮箱|电子邮件|邮件地址"),
    speaks=value_is(_ADDRESS) & at_most(254),
    alone=0.97,
    text=r"[A-Za-z0-9._%+\-]+[@＠](?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}",
)
