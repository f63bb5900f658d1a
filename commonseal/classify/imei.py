"""Recognize mobile equipment identities: IMEI (3GPP TS 23.003), IMEISV and MEID."""

from __future__ import annotations

from commonseal.classify._internal.checksums import luhn
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is
from commonseal.classify.resident_id import FIFTEEN
from commonseal.model import Level, Role

CATEGORY = category("imei", "IMEI", "移动设备识别码", Level.SEMI_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="imei imeisv meid", han="设备识别码|设备串号"),
    # The first two digits name the body that gave the type code: 35, 86, 99 ...; 00 is for tests.
    speaks=compact_is("(?:0[01]|1[0-9]|3[0-9]|4[4-9]|5[0-4]|86|9[189])[0-9]{13}")
    & ~compact_is(FIFTEEN),  # level 4 wins what may be both
    fits=compact_is("[0-9]{15,16}|[0-9A-F]{14,15}"),
    alone=0.2,
    checked=0.88,
    checksum=luhn,
    text=r"(?i:imei)[:： ]{0,3}\d{15}",
)
