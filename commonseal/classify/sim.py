"""Recognize what a SIM card carries: the subscriber identity (IMSI) and the card number (ICCID)."""

from __future__ import annotations

from commonseal.classify._internal.checksums import luhn
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.classify.resident_id import FIFTEEN
from commonseal.model import Level, Role

IMSI = Recognizer(
    category=category("imsi", "IMSI", "国际移动用户识别码", Level.SEMI_PRIVATE, Role.DIRECT),
    names=Names(words="imsi", han="用户识别码"),
    # Old identity numbers of Hainan begin with 4600 too: what has a birth date in it is level 4.
    speaks=compact_is("460(?:0[0-9]|1[0-9]|20)[0-9]{10}") & ~compact_is(FIFTEEN),
    fits=compact_is("[2-7][0-9]{13,14}"),
    alone=0.85,
)
ICCID = Recognizer(
    category=category("iccid", "ICCID", "SIM卡号", Level.SEMI_PRIVATE, Role.DIRECT),
    names=Names(words="iccid sim sim_?no", han="sim卡|集成电路卡"),
    speaks=compact_is("8986[0-9]{14,15}[0-9A-F]"),
    fits=compact_is("89[0-9]{16,18}"),
    alone=0.85,
    checked=0.97,
    checksum=luhn,
    text=in_text("8986[0-9]{15,16}"),
)
