"""What cannot be attacked or scored is refused, in both languages, without a cell."""

from __future__ import annotations

import sys
from typing import Any

import polars as pl
import pytest

from commonseal.errors import BadInput, BadTable, ColumnMissing
from commonseal.judge.attack import TRUTH, attack, half_known, with_truth

RELEASE = pl.DataFrame({"id": ["a", "b"], "age": ["30", "40"], "illness": ["flu-secret", "hiv-secret"]})
KNOWN = pl.DataFrame({"id": ["a", "b"], "age": ["30", "40"]})


def refused(kind: type[BadInput], match: str, **changes: Any) -> None:
    asked: dict[str, Any] = {"release": RELEASE, "auxiliary": KNOWN, "truth": "id", **changes}
    with pytest.raises(kind, match=match) as fault:
        attack(asked.pop("release"), asked.pop("auxiliary"), **asked)
    assert fault.value.message.zh
    assert "secret" not in fault.value.message.en + fault.value.message.zh


def test_truth_that_is_not_there() -> None:
    refused(BadInput, "auxiliary: no readable column 'who'", truth="who")
    refused(BadInput, "no original was given", release=RELEASE.drop("id"))
    hashed = RELEASE.with_columns(pl.col("id").cast(pl.Binary))
    refused(BadInput, "keyed hash", release=hashed)
    refused(ColumnMissing, "original: no column id", release=hashed, original=RELEASE.drop("id"))
    refused(
        BadInput, "column id: all cells are null", auxiliary=KNOWN.with_columns(id=pl.lit(None, pl.String))
    )


def test_columns_that_are_not_there_or_of_no_use() -> None:
    refused(BadInput, "no column in common", auxiliary=KNOWN.rename({"age": "years"}))
    refused(ColumnMissing, "release: no column zip", quasi=["zip"])
    refused(ColumnMissing, "auxiliary: no column illness", quasi=["illness"])
    refused(ColumnMissing, "release: no column pseudonym", person="pseudonym")
    refused(ColumnMissing, "release: no column income", sensitive=["income"])
    refused(
        ColumnMissing,
        "original: no column illness",
        release=RELEASE.drop("id"),
        original=KNOWN,
        sensitive=["illness"],
    )
    refused(BadInput, "age: is linked by and is", quasi=["age"], sensitive=["age"])
    refused(BadInput, "id: is linked by and is", quasi=["id", "age"])
    hashed = RELEASE.with_columns(pl.col("age", "illness").cast(pl.Binary))
    refused(BadInput, "column age: holds bytes", release=hashed, quasi=["age"])
    refused(
        BadInput,
        "sensitive column illness: holds bytes",
        release=hashed.with_columns(age=RELEASE["age"]),
        sensitive=["illness"],
    )


def test_tables_that_hold_nothing() -> None:
    refused(BadTable, "release: has no rows", release=RELEASE.clear())
    refused(BadTable, "auxiliary: has no rows", auxiliary=KNOWN.clear())
    hollow = KNOWN.with_columns(age=pl.lit(None, pl.String))
    refused(BadInput, "auxiliary: column age: all cells are null", auxiliary=hollow)
    refused(BadInput, "fits any label", auxiliary=KNOWN.with_columns(age=pl.lit("99")))


def test_numbers_out_of_bounds_all_at_once() -> None:
    with pytest.raises(BadInput) as fault:
        attack(RELEASE, KNOWN, truth="id", claim_at=0, ruled_out=-1, confidence=1.0)
    assert all(word in fault.value.message.en for word in ("claim_at", "ruled_out", "confidence"))


def test_half_known_of_nobody() -> None:
    raw = with_truth(RELEASE, "id")
    with pytest.raises(BadInput, match="none is left to know"):
        half_known(raw, ["age"], seed=1, known_rate=0.1)
    with pytest.raises(ColumnMissing, match="outsiders: no column age"):
        half_known(raw, ["age"], seed=1, outsiders=pl.DataFrame({"x": [1]}))
    with pytest.raises(ColumnMissing, match="original: no column who"):
        with_truth(RELEASE, "who")
    assert TRUTH in raw.columns


def test_splink_absent_or_too_few_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    refused(BadInput, "at least two that agree", method="probabilistic")
    monkeypatch.setitem(sys.modules, "splink", None)
    two = [table.with_columns(sex=pl.Series(["f", "m"])) for table in (RELEASE, KNOWN)]
    refused(BadInput, r"commonseal\[attack\]", release=two[0], auxiliary=two[1], method="probabilistic")
