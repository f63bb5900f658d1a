"""Read column names: Chinese, pinyin and English, in any case style."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.classify._internal.recognizer import Recognizer

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DIGITS = re.compile(r"(?<=[A-Za-z])(?=[0-9])")
_GAPS = re.compile(r"[\W_]+")
_LONGEST_NAME = 200


def fold_name(name: str) -> str:
    """Return the name as lower-case words joined by `_`.

    >>> [fold_name(n) for n in ("BirthDate", "marital-status", "BILL_AMT1", "身份证号 ")]
    ['birth_date', 'marital_status', 'bill_amt_1', '身份证号']
    """
    plain = unicodedata.normalize("NFKC", name[:_LONGEST_NAME])
    words = _DIGITS.sub("_", _CAMEL.sub("_", plain))
    return _GAPS.sub("_", words).strip("_").lower()


def names_speak(names: Sequence[str], recognizers: Sequence[Recognizer]) -> NDArray[np.bool_]:
    """Return the (recognizers, names) matrix: which name speaks for which category."""
    folded = pl.Series([fold_name(name) for name in names], dtype=pl.String)
    rows = np.zeros((len(recognizers), len(names)), bool)
    for row, recognizer in enumerate(recognizers):
        wanted, unless = recognizer.names.pattern, recognizer.names.unless
        if wanted:
            rows[row] = folded.str.contains(wanted).to_numpy()
        if unless:
            rows[row] &= ~folded.str.contains(unless).to_numpy()
    return rows
