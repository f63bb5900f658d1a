"""Recognize MAC addresses (EUI-48), in colons, hyphens or Cisco's dots."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, value_is
from commonseal.model import Level, Role

CATEGORY = category("mac", "MAC address", "MAC地址", Level.SEMI_PRIVATE, Role.DIRECT)
_ADDRESS = "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="mac mac_?addr mac_?address bssid bluetooth", han="mac|物理地址|网卡地址"),
    speaks=value_is(rf"{_ADDRESS}|(?:[0-9A-Fa-f]{{4}}\.){{2}}[0-9A-Fa-f]{{4}}"),
    fits=compact_is("[0-9A-F]{12}"),
    alone=0.98,
    text=_ADDRESS,
)
