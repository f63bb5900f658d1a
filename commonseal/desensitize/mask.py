"""Hide characters: by their position in a value, or wherever a pattern finds something in free text.

A character is one Unicode code point, so Chinese is counted as read; each hidden one is replaced by one.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from commonseal.desensitize.canonical import as_text
from commonseal.desensitize.params import Params
from commonseal.errors import BadInput
from commonseal.model import Text

PARAMS = ("keep_from", "keep_to", "char")
HIDDEN = "***"

# A mobile number as people write it: +86, 0086 or 86 before it, blanks or dashes inside.
_MOBILE = r"^[(（]?(?:(?:[+＋]|00)?86)?[)）]?[\s-]*1[3-9][0-9][\s-]?[0-9]{4}[\s-]?[0-9]{4}$"
# Full-width and other digits and letters, not the full-width comma and colon of plain Chinese.
_OTHER_WIDTH = (
    r"[\x{FF0B}\x{FF0D}-\x{FF19}\x{FF20}-\x{FF5E}\x{1D400}-\x{1D7FF}\x{F900}-\x{FAFF}[\p{Nd}\p{No}--[0-9]]]"
)
_GLUED = r"[0-9A-Za-z]*\*\*\*[0-9A-Za-z]*"


def mask(column: str, dtype: pl.DataType, params: Params) -> pl.Expr:
    """Show characters [keep_from, keep_to) of each value and hide the others, one for one.

    Negative positions count from the end; an absent one is open. Blanks around a value go, and a mobile
    number loses its +86 and separators first, so the window lies where the rule means it. A value too
    short for the window (`least_length`) is hidden wholly.

    Raises: BadInput for a window that shows nothing, hides nothing, or runs from the end to the start.
    """
    start, stop = params.integer("keep_from") or 0, params.integer("keep_to")
    char = params.text("char", "*")
    if len(char) != 1:
        raise params.fault("char", "one character", "一个字符")
    least = least_length(params)

    def show(values: pl.Series) -> pl.Series:
        text = _plain_mobiles(values.str.strip_chars()).alias("text")
        length = text.str.len_chars().cast(pl.Int64).alias("length")
        return pl.DataFrame([text, length]).select(_window(start, stop, least, char)).to_series()

    # One step over a batch: as one expression the shared parts would be computed four times (measured)
    return as_text(column, dtype).map_batches(show, return_dtype=pl.String, is_elementwise=True)


def _window(start: int, stop: int | None, least: int, char: str) -> pl.Expr:
    """Return the window over columns `text` and `length`, all else hidden."""
    text, length = pl.col("text"), pl.col("length")
    first = pl.lit(start) if start >= 0 else length + start
    last = length if stop is None else (pl.lit(stop) if stop >= 0 else length + stop)
    shown = text.str.slice(first, last - first)
    window = shown if start == 0 else shown.str.pad_start(last, char)
    return pl.when(length >= least).then(window).otherwise(pl.lit("")).str.pad_end(length, char)


def _plain_mobiles(values: pl.Series) -> pl.Series:
    """Reduce mobile numbers with a prefix or separators to their 11 digits; leave all else alone.

    Only a value longer than 11 bytes can be one, so the others are not searched.
    """
    longer = (values.str.len_bytes() > 11).fill_null(value=False).arg_true()
    if not len(longer):
        return values
    found = longer.filter(values.gather(longer).str.contains(_MOBILE))
    if not len(found):
        return values
    return values.clone().scatter(found, values.gather(found).str.replace_all("[^0-9]", "").str.tail(11))


def least_length(params: Params) -> int:
    """Return the length from which on a value may show the window at all.

    A window of fixed width w needs 2w characters (never more shown than hidden) and, if it lies in the
    middle, half as many hidden behind it as before it; one that grows with the value needs one more
    character than it hides.
    """
    start, stop = params.integer("keep_from") or 0, params.integer("keep_to")
    if start == 0 and stop is None:
        raise params.fault(
            "keep_from", "a window that hides something (or use keep)", "会隐藏部分字符（否则用 keep）"
        )
    if stop == 0 or (stop is not None and (start < 0) == (stop < 0) and stop <= start):
        raise params.fault(
            "keep_to", "a place behind keep_from (or use null)", "位于 keep_from 之后（否则用 null）"
        )
    if start < 0 and stop is not None and stop > 0:
        raise params.fault(
            "keep_to", "negative or absent, as keep_from is negative", "负数或省略，因 keep_from 为负"
        )
    if start >= 0 and (stop is None or stop < 0):
        return start - (stop or 0) + 1
    near, far = (start, stop or 0) if start >= 0 else (-(stop or 0), -start)
    return max(2 * (far - near), far + (near + 1) // 2)


def mask_text(column: str, dtype: pl.DataType, patterns: Mapping[str, str]) -> pl.Expr:
    """Replace by *** whatever a pattern finds, with the ASCII letters and digits that touch it.

    Patterns may overlap (a mobile number looks like the head of some ID numbers): what a shorter find
    leaves of a longer one touches it, and so goes too. Two passes, since a pattern may take the blank
    that the next one needs. A text with digits or letters in another width (１３８) is searched, and
    comes back, in form NFKC.

    Raises: BadInput without patterns, or for one that does not compile or finds the empty text.
    """
    if not patterns:
        raise _bad_pattern(column, "-", "no patterns were given", "未提供任何模式")
    for category, pattern in patterns.items():
        if _finds_nothing(column, category, pattern):
            raise _bad_pattern(column, category, "the pattern finds the empty text", "该模式会匹配空文本")
    either = "|".join(f"(?:{pattern})" for pattern in patterns.values())
    _finds_nothing(column, ", ".join(patterns), either)
    written = as_text(column, dtype)
    other = pl.when(written.str.contains(_OTHER_WIDTH)).then(written.str.normalize("NFKC"))
    once = pl.coalesce(other, written).str.replace_all(either, HIDDEN)
    return once.str.replace_all(either, HIDDEN).str.replace_all(_GLUED, HIDDEN)


def _finds_nothing(column: str, category: str, pattern: str) -> bool:
    """Tell whether `pattern` matches the empty text; raise BadInput where it does not compile."""
    try:
        return bool(pl.Series([""]).str.contains(pattern).item())
    except pl.exceptions.ComputeError as fault:
        raise _bad_pattern(
            column, category, "not a pattern in Rust's syntax", "不是 Rust 语法的模式"
        ) from fault


def _bad_pattern(column: str, category: str, got_en: str, got_zh: str) -> BadInput:
    return BadInput(
        Text(
            en=f"column {column!r}, treatment mask_text, pattern of {category!r}: {got_en}; expected a "
            "regular expression for each category to hide. Correct the classifier's text patterns.",
            zh=f"列 {column!r}，处理方式 mask_text，{category!r} 的模式：{got_zh}；"
            "每个需隐藏的类别应有一个正则表达式。请改正分类器的文本模式。",
        )
    )
