"""Recognize IP addresses, version 4 and 6, by a parser."""

from __future__ import annotations

from ipaddress import ip_address

import numpy as np
import polars as pl

from commonseal.classify._internal.checksums import Answers
from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("ip_address", "IP address", "IP地址", Level.SEMI_PRIVATE, Role.DIRECT)
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_V4 = rf"(?:{_BYTE}\.){{3}}{_BYTE}"
_V6_LOOSE = r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*"


def parsed(compact: pl.Series) -> Answers:
    """Answer whether the parser takes each value; version 4 was settled by the form."""
    return np.array([":" not in text or _parses(text) for text in compact], dtype=np.float64)


def _parses(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="ip ip_?addr ip_?address ipv_?[46] client_ip", han="ip"),
    speaks=value_is(f"{_V4}|{_V6_LOOSE}"),
    alone=0.96,
    refine=parsed,
    text=rf"(?-u:\b{{start-half}}){_V4}(?-u:\b{{end-half}})"
    r"|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}",
)
