"""Recognize QQ numbers and WeChat ids: both have forms that many things have, so the name decides."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

QQ = Recognizer(
    category=category("qq_id", "QQ number", "QQ号", Level.SEMI_PRIVATE, Role.DIRECT),
    names=Names(words="qq qq_?no qq_?number qqhao qqh", han="qq"),
    fits=value_is("[1-9][0-9]{4,11}"),
    text=r"(?i:qq)(?:号|号码)?[:： ]{0,3}[1-9]\d{4,11}",
)
WECHAT = Recognizer(
    category=category("wechat_id", "WeChat id", "微信号", Level.SEMI_PRIVATE, Role.DIRECT),
    names=Names(words="wechat weixin wx wx_?id weixinhao wxh openid unionid", han="微信"),
    speaks=value_is("wxid_[a-z0-9]{10,20}"),
    fits=value_is("[A-Za-z][A-Za-z0-9_-]{5,19}|o[A-Za-z0-9_-]{27}"),
    alone=0.97,
    text=r"wxid_[a-z0-9]{10,20}|微信号?[:： ]{0,3}[A-Za-z][A-Za-z0-9_-]{5,19}",
)
