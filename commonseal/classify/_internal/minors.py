"""See whether a value tells of a person under fourteen (PIPL art. 28 and 31)."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from commonseal.classify.resident_id import birth_digits

_AGE = 14
_NUMBERED = ("resident_id", "hmt_residence_permit", "foreign_permanent_residence", "social_security_no")


def are_minors(
    values: pl.DataFrame, chosen: NDArray[np.bool_], category: str, as_of: date
) -> NDArray[np.bool_]:
    """Return the mask of the chosen values that tell of a person not yet fourteen on `as_of`.

    On the fourteenth birthday a person still counts as under fourteen. A birth date without its day
    or month is taken as the latest it can be.
    """
    answers = np.zeros(values.height, bool)
    if not chosen.any() or category not in ("age", "birth_date", *_NUMBERED):
        return answers
    values = values.filter(pl.Series(chosen))
    if category == "age":
        young = values["value"].str.extract(r"^[\[(]?([0-9]{1,3})").cast(pl.Int64, strict=False) < _AGE
    else:
        numbered = category in _NUMBERED
        birth = _numbered_birth(values["compact"]) if numbered else _written_birth(values)
        young = birth >= (as_of.year - _AGE) * 10_000 + as_of.month * 100 + as_of.day
    answers[chosen] = young.fill_null(False).to_numpy()
    return answers


def _numbered_birth(compact: pl.Series) -> pl.Series:
    holds = compact.str.len_bytes().is_in([15, 18]) & compact.str.contains(r"^[0-9]{15}")
    return birth_digits(compact).set(~holds, None).cast(pl.Int64, strict=False)


def _written_birth(values: pl.DataFrame) -> pl.Series:
    """Read YYYYMMDD out of a written day; where the year stands last, the day is not told apart."""
    value = pl.col("value")
    solid = value.str.extract(r"^((?:18|19|20)[0-9]{6})$").cast(pl.Int64, strict=False)
    parts = value.str.extract_groups(r"^([0-9]{4})[-/.年]?([0-9]{1,2})?[-/.月]?([0-9]{1,2})?")
    year, month, day = (parts.struct.field(str(i)).cast(pl.Int64, strict=False) for i in (1, 2, 3))
    first = year * 10_000 + month.fill_null(12) * 100 + day.fill_null(31)
    last = value.str.extract("((?:18|19|20)[0-9]{2})$").cast(pl.Int64, strict=False) * 10_000 + 1231
    return values.select(pl.coalesce(solid, first, last)).to_series()
