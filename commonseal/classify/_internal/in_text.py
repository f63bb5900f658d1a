"""Find identifiers inside longer texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.classify._internal.recognizer import Recognizer
from commonseal.model import Level

_SHORTEST = 8
# Nothing is found in a text that has none of these: five digits, an at sign, a word that announces.
_HINT = (
    r"\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d|[@＠]|://|号|室|[:：]{1,2}|wxid_|\d\.\d|微信|"
    r"先生|女士|同志|小姐|大爷|阿姨|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
)
_PLAIN_NUMBER = r"^[-+]?[0-9.,]+(?:[eE][-+]?[0-9]+)?$"


def search_text(
    values: pl.Series, candidates: NDArray[np.bool_], recognizers: Sequence[Recognizer]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield (recognizer, mask of the values that hold such a thing), in the recognizers' order.

    What one recognizer found is taken out of the text before the next one looks.
    """
    texts = (values.str.len_chars() >= _SHORTEST) & values.str.contains(_HINT)
    texts &= ~values.str.contains(_PLAIN_NUMBER)
    at = np.flatnonzero(texts.to_numpy() & candidates)
    rest = values.gather(at)
    for row, recognizer in enumerate(recognizers):
        if recognizer.text is None or recognizer.category.level < Level.SEMI_PRIVATE or not len(at):
            continue
        hits = rest.str.contains(recognizer.text)
        if not hits.any():
            continue
        found = np.zeros(len(values), bool)
        found[at[hits.to_numpy()]] = True
        yield row, found
        rest = rest.str.replace_all(recognizer.text, " ")
