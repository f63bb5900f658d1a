"""Free text: what is inside is found, listed, and can be masked with the patterns handed out."""

from __future__ import annotations

import re

import polars as pl
import pytest
from classify_samples import BY_VALUE, column

from commonseal.classify import CATEGORIES, classify, text_patterns
from commonseal.model import Level, Role

INSIDE = {
    "resident_id": "证件 {} 已核",
    "mobile": "请回电{}谢谢,下午在",
    "email": "写信到 {} 即可",
    "bank_card": "退款至卡{}当日到",
    "plate": "目击{}停在路口东侧",
    "passport": "持护照{}入境一次",
    "ip_address": "登录自 {} 共两次",
    "mac": "网卡 {} 在线两天",
    "landline": "办公室{}请转分机",
    "vin": "车架 {} 已登记",
    "address": "家住{}门口有树",
    "hk_id": "登记{}一次无误",
    "coordinates": "在{}附近徘徊许久",
    "url": "详见 {} 这一页",
    "iccid": "卡芯 {} 已停",
    "hmt_residence_permit": "证 {} 有效期内",
    "taiwan_id": "证 {} 有效期内",
}


@pytest.mark.parametrize("category", INSIDE)
def test_what_is_inside_free_text_is_listed_and_the_column_is_free_text(category: str) -> None:
    made = column(BY_VALUE[category][0], 40)
    texts = ["今天天气不错,没有什么要记录的。"] * 60 + [INSIDE[category].format(v) for v in made]
    found = classify(pl.DataFrame({"备注": texts}))[0]
    assert (found.category.id, found.category.role) == ("free_text", Role.TEXT)
    assert category in found.evidence.others


@pytest.mark.parametrize("category", INSIDE)
def test_the_patterns_leave_nothing_of_it(category: str) -> None:
    made = column(BY_VALUE[category][0], 40)
    texts = pl.Series([INSIDE[category].format(v) for v in made])
    for pattern in text_patterns().values():
        texts = texts.str.replace_all(pattern, "")
    assert not [1 for value, text in zip(made, texts, strict=True) if value in text]
    assert not texts.str.contains(r"[0-9A-Z]{5}").any()


def test_a_number_glued_to_a_word_does_not_get_away() -> None:
    texts = pl.Series(
        ["tel15400001234x", "手机15400001234号", "电话１５４００００１２３４", "wx:15400001234"]
    )
    assert texts.str.contains(text_patterns()["mobile"]).all()


def test_no_mobile_is_seen_inside_a_longer_number() -> None:
    assert not pl.Series(["单号 9915400001234567 已发"]).str.contains(text_patterns()["mobile"]).any()


def test_patterns_have_no_look_around_and_speak_only_of_levels_three_and_four() -> None:
    assert {"resident_id", "mobile", "email", "bank_card", "plate", "passport", "ip_address"} <= set(
        text_patterns()
    )
    for category, pattern in text_patterns().items():
        assert not re.search(r"\(\?(?:=|!|<=|<!)", pattern)
        assert CATEGORIES[category].level >= Level.SEMI_PRIVATE
        assert not pl.Series([""]).str.contains(pattern).any()


def test_all_patterns_compile_as_one() -> None:
    either = "|".join(f"(?:{p})" for p in text_patterns().values())
    assert pl.Series(["致电15400001234"]).str.contains(either).all()


def test_ordinary_text_has_no_findings() -> None:
    texts = [
        "会议于上午举行,讨论了第三季度的预算和人员安排。",
        "The committee met twice, and agreed on nothing at all.",
    ]
    found = classify(pl.DataFrame({"c": [f"{t}{i}" for i in range(30) for t in texts]}))[0]
    assert (found.category.id, found.evidence.others) == ("free_text", ())


def test_a_lone_address_of_mail_in_a_column_of_labels_makes_it_free_text() -> None:
    found = classify(pl.DataFrame({"状态": ["red", "green"] * 100 + ["u1@post.example"]}))[0]
    assert (found.category.id, found.evidence.others) == ("free_text", ("email",))


def test_one_number_in_a_column_of_labels_makes_it_free_text() -> None:
    values = ["已完成", "处理中"] * 100 + ["联系人电话 15400001234"]
    found = classify(pl.DataFrame({"状态": values}))[0]
    assert (found.category.id, found.evidence.others) == ("free_text", ("mobile",))
