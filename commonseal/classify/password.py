"""Recognize passwords: salted hashes by their form, anything else only by the column's name."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("password", "Password or its hash", "口令或其散列", Level.HIGHLY_PRIVATE, Role.SENSITIVE)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="password passwd pwd passcode pin secret token api_?key mima mm kouling",
        han="密码|口令|密钥|令牌",
    ),
    speaks=value_is(
        r"\$(?:2[abxy]|1|5|6|y|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$.{8,}"
        r"|\{(?:S?SHA|MD5|CRYPT)[0-9]*\}.+|pbkdf2_sha\d+\$.+|(?:scrypt|pbkdf2):[^ ]+"
    ),
    fits=value_is(r"[!-~]{4,512}"),
    alone=0.97,
)
