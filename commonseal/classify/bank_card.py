"""Recognize payment cards (ISO/IEC 7812): an issuer number that exists, 16 to 19 digits, Luhn."""

from __future__ import annotations

from commonseal.classify._internal.checksums import luhn
from commonseal.classify._internal.recognizer import Names, Recognizer, category, compact_is, in_text
from commonseal.model import Level, Role

CATEGORY = category("bank_card", "Bank card number", "银行卡号", Level.HIGHLY_PRIVATE, Role.DIRECT)
# UnionPay 62 and 81, the older domestic 60, 68, 69, 9x; Visa, Mastercard, JCB, American Express.
_UNIONPAY = "(?:62|81)[0-9]{14,17}"
_OTHERS = "4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|35[2-8][0-9]{13}|3[47][0-9]{13}|6[0589][0-9]{14,17}"
CARD = f"{_UNIONPAY}|{_OTHERS}"

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="bank_?card card_?no card_?num card_?number credit_?card debit_?card pan bankcard "
        "yinhangka yinhangkahao yhk yhkh",
        han="银行卡|卡号|信用卡|借记卡",
    ),
    speaks=compact_is(CARD),
    fits=compact_is("[1-9][0-9]{15,18}"),
    alone=0.3,
    checked=0.95,
    checksum=luhn,
    text=in_text(r"(?:62|4\d|5[1-5]|35|6[0589]|81)\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?"),
)
