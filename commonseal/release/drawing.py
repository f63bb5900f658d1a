"""Draw inline SVG that reads at 360 px and at 1440 px: bars are placed in per cent, words in pixels.

Everything is escaped by `Markup.format`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from commonseal.release.report_words import Words

_TEXT = Markup('<text x="{x:.2f}%" y="{y}" dx="{dx}" class="{css}" text-anchor="{anchor}">{text}</text>')
_BAR = Markup('<rect x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}" class="{css}"/>')
_LINE = Markup('<line x1="{x1:.2f}%" y1="{y1}" x2="{x2:.2f}%" y2="{y2}" class="{css}"/>')
_DOT = Markup('<circle cx="{x:.2f}%" cy="{y}" r="5.5" class="{css}"/>')


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the table behind it."""

    title: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def draw_picture(
    name: str,
    words: Words,
    drawn: Sequence[Markup],
    height: int,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    **parts: str,
) -> Picture:
    """Frame what was drawn: title and description are the words `NAME` and `NAME_desc`, filled by `parts`."""
    key = f"{words.lang}-{name}"
    frame = Markup(
        '<svg class="picture" width="100%" height="{height}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>{drawn}</svg>'
    )
    svg = frame.format(
        height=height,
        key=key,
        title=words(name, **parts),
        desc=words(f"{name}_desc", **parts),
        drawn=Markup("").join(drawn),
    )
    return Picture(words(name, **parts), svg, head, tuple(rows))


def shorten(name: str, units: int = 40) -> str:
    """Return a name of at most `units` Latin letters' width; its end goes first.

    >>> shorten("a" * 50, 10), shorten("性别年龄职业", 8)
    ('aaaaaaaaa…', '性别年…')
    """
    if text_width(name) <= units:
        return name
    kept = ""
    for letter in name:
        if text_width(kept + letter) >= units:
            break
        kept += letter
    return kept + "…"


def draw_text(x: float, y: int, text: str, css: str, *, dx: int = 0, anchor: str = "start") -> Markup:
    """Draw a text at `x` per cent, shifted by `dx` pixels."""
    return _TEXT.format(x=x, y=y, dx=dx, css=css, anchor=anchor, text=text)


def draw_bar(x: float, y: int, width: float, height: int, css: str) -> Markup:
    """Draw a bar from `x`, `width` per cent wide."""
    return _BAR.format(x=x, y=y, width=width, height=height, css=css)


def draw_line(x1: float, y1: int, x2: float, y2: int, css: str) -> Markup:
    """Draw a line between two places in per cent."""
    return _LINE.format(x1=x1, y1=y1, x2=x2, y2=y2, css=css)


def text_width(text: str) -> int:
    """Return the width of a text in Latin letters: a Chinese character counts as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def draw_dot(x: float, y: int, css: str) -> Markup:
    """Draw a dot at `x` per cent."""
    return _DOT.format(x=x, y=y, css=css)
