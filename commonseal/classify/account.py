"""Recognize accounts: bank accounts (IBAN, or any number under that name) and accounts to log in with."""

from __future__ import annotations

from commonseal.classify._internal.checksums import mod_97
from commonseal.classify._internal.recognizer import (
    Names,
    Recognizer,
    at_most,
    category,
    compact_is,
    in_text,
    value_is,
)
from commonseal.model import Level, Role

CATEGORY = category("account", "Account", "账号", Level.HIGHLY_PRIVATE, Role.DIRECT)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="account account_?no account_?number acct iban login login_?name user_?name username "
        "zhanghao zhanghu zh yinhangzhanghao gjj gongjijin nick_?name nickname",
        han="账号|帐号|账户|帐户|用户名|登录名|公积金|昵称",
    ),
    speaks=compact_is("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"),
    fits=value_is(r"[\p{L}\p{N}][\p{L}\p{N}_.@+\- ]{2}[\p{L}\p{N}_.@+\- ]*") & at_most(64),
    alone=0.3,
    checked=0.98,
    checksum=mod_97,
    chance=1 / 97,
    text=in_text("[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"),
)
