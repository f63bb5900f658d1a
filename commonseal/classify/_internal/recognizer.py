"""Say what a recognizer is, and give the words to write one in.

A recognizer speaks of one category. Its expressions read three forms of every value:

    value     NFKC, trimmed, cut at `values.LONGEST` characters
    compact   value without inner spaces and hyphens, upper-case: numbers that people group
    folded    value in lower case without punctuation and spaces: words of a vocabulary
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.model import Category, Level, Role, Text

# One answer a value: 1 passes, 0 fails, NaN where the check does not apply to that value.
Check = Callable[[pl.Series], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Names:
    """Column names that speak for a category.

    Attributes: words: regex fragments, blank-separated, each a run of whole words of the
    lower-cased name joined by `_` (English, pinyin). only: the same, but the whole name.
    han: a regex found anywhere in the name (Chinese). unless: a regex that takes all that back.
    """

    words: str = ""
    only: str = ""
    han: str = ""
    unless: str = ""

    @property
    def pattern(self) -> str:
        """Return one regex over a name that `names.fold_names` has folded."""
        parts = []
        if self.words:
            parts.append(rf"(?:^|_)(?:{'|'.join(self.words.split())})(?:_|$)")
        if self.only:
            parts.append(rf"^(?:{'|'.join(self.only.split())})$")
        if self.han:
            parts.append(self.han)
        return "|".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Recognizer:
    """What values and names of one category look like.

    Attributes:
        category: what it recognizes.
        names: column names that speak for it.
        speaks: true for values that tell the category by their own form.
        fits: true for further values that agree with it, but count only under a matching name.
        alone: certainty in [0, 1] of a column whose values all speak, before any checksum.
        checked: the same when every checksum passes too.
        refine: drops values that speak but cannot be (30 February); reads `compact`.
        checksum: reads `compact` of the values that speak.
        chance: share of random values that pass the checksum.
        plausible: weaker than a checksum (a known district): a miss lowers the certainty.
        text: Rust regex of the same thing inside free text, or None.
    """

    category: Category
    names: Names = field(default_factory=Names)
    speaks: pl.Expr | None = None
    fits: pl.Expr | None = None
    alone: float = 0.0
    checked: float = 0.0
    refine: Check | None = None
    checksum: Check | None = None
    chance: float = 0.1
    plausible: Check | None = None
    text: str | None = None


def category(id_: str, en: str, zh: str, level: Level, role: Role) -> Category:
    """Return a category; the one place that knows the order of its fields."""
    return Category(id_, Text(en=en, zh=zh), level, role)


def value_is(pattern: str) -> pl.Expr:
    """True where the whole `value` matches."""
    return pl.col("value").str.contains(f"^(?:{pattern})$")


def compact_is(pattern: str) -> pl.Expr:
    """True where the whole `compact` value matches."""
    return pl.col("compact").str.contains(f"^(?:{pattern})$")


def folded_is(pattern: str) -> pl.Expr:
    """True where the whole `folded` value matches."""
    return pl.col("folded").str.contains(f"^(?:{pattern})$")


def one_of(words: str) -> pl.Expr:
    """True where the `folded` value is one of the blank-separated words."""
    return pl.col("folded").is_in(sorted(set(words.split())))


def label() -> pl.Expr:
    """True for a short label of words: what a column of names of things holds."""
    return value_is(r"\p{L}[\p{L}\p{N} .,&/()'’+·、\-_]*") & at_most(40)


def ends_with(endings: str, longest: int) -> pl.Expr:
    """True for a phrase of at most `longest` characters, no sentence, that ends so.

    Long repetitions of Unicode classes would cost more than all other patterns together; an anchor
    and a length cost nothing.
    """
    ends = pl.col("value").str.contains(f"(?:{endings})$")
    return ends & ~pl.col("value").str.contains(r"[。；;!?！？:：@]") & at_most(longest)


def at_most(longest: int) -> pl.Expr:
    """True for values of at most so many characters."""
    return pl.col("value").str.len_chars() <= longest


# A small code number, as questionnaires and registers use instead of the word.
CODE = r"-?[0-9]{1,2}(?:\.0+)?"
# Any plain number, with thousands separators, a currency sign and a percent sign allowed.
NUMBER = r"[$¥￥€]?[-+]?[0-9][0-9,]*(?:\.[0-9]+)?%?"
# In text: a left and a right edge. No digit may stand next to the number; a letter may, and is
# taken along, for Rust's regex has no look-around and a number glued to a word must not get away.
LEFT = r"(?-u:\b{start-half}|[A-Za-z_])"
RIGHT = r"(?-u:\b{end-half}|[A-Za-z_])"


def in_text(pattern: str) -> str:
    """Return the pattern between the edges that keep it out of longer numbers."""
    return f"{LEFT}(?:{pattern}){RIGHT}"
