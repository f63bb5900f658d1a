"""Recognize permits for travel between the mainland and Hong Kong, Macao and Taiwan.

None has a public check digit, so the form alone gives a middling certainty and the name the rest.
"""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

HOME_RETURN = Recognizer(
    category=category(
        "home_return_permit",
        "Mainland travel permit (Hong Kong, Macao)",
        "港澳居民来往内地通行证",
        Level.HIGHLY_PRIVATE,
        Role.DIRECT,
    ),
    names=Names(words="home_return hrp huixiangzheng hxz", han="回乡证|来往内地通行证|港澳居民"),
    speaks=compact_is("[HM][0-9]{8}(?:[0-9]{2})?"),
    alone=0.7,
    text=in_text("[HM][0-9]{8}(?:[0-9]{2})?"),
)
EXIT_ENDORSEMENT = Recognizer(
    category=category(
        "exit_endorsement_permit",
        "Permit to Hong Kong and Macao",
        "往来港澳通行证",
        Level.HIGHLY_PRIVATE,
        Role.DIRECT,
    ),
    names=Names(words="eep gangaotongxingzheng gatxz", han="往来港澳|港澳通行证"),
    speaks=compact_is("C[0-9]{8}|C[A-HJ-NP-Z][0-9]{7}"),
    fits=compact_is("W[0-9]{8}"),
    alone=0.7,
    text=in_text("C[0-9]{8}|C[A-HJ-NP-Z][0-9]{7}"),
)
TAIWAN = Recognizer(
    category=category(
        "taiwan_permit", "Travel permit (Taiwan)", "台湾通行证", Level.HIGHLY_PRIVATE, Role.DIRECT
    ),
    names=Names(
        words="taiwan_permit mtp taibaozheng tbz tw_?permit",
        han="台胞证|台湾居民来往大陆|往来台湾|台湾通行证",
    ),
    speaks=compact_is(r"[0-9]{10}\([A-Z0-9]\)|[TL][0-9]{8}"),
    fits=compact_is("[0-9]{8}(?:[0-9]{2})?"),  # the current form is any eight digits
    alone=0.6,
)
