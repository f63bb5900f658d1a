"""Choose the language a person reads: `--lang`, then COMMONSEAL_LANG, then the locale."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from commonseal.model import Lang, Text


def choose_lang(argv: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """Return the language asked for, else the locale's, else English.

    >>> choose_lang(["classify", "--lang", "zh"], {})
    'zh'
    >>> choose_lang([], {"LANG": "zh_CN.UTF-8"})
    'zh'
    """
    asked = ""
    for position, word in enumerate(argv):
        if word == "--lang" and position + 1 < len(argv):
            asked = argv[position + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    for choice in (asked, environ.get("COMMONSEAL_LANG", ""), locale):
        if choice:
            return "zh" if choice.lower().startswith("zh") else "en"
    return "en"


LANG: Lang = choose_lang(sys.argv[1:], os.environ)


def say(en: str, zh: str) -> str:
    """Return the sentence in the chosen language."""
    return zh if LANG == "zh" else en


def read(text: Text) -> str:
    """Return a bilingual text in the chosen language."""
    return text.in_(LANG)
