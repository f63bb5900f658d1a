"""Treat a column three ways that must agree: in a frame, in the streaming engine, in a worker's frame."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from commonseal.desensitize import bad_count, treat
from commonseal.model import Treatment

KEY = bytes(range(32))


@pytest.fixture
def treated() -> Callable[..., list[Any]]:
    """Return what a treatment makes of one column's values, after checking that all engines agree."""

    def run(
        values: Sequence[Any],
        operator: str,
        *,
        dtype: Any = None,
        key: bytes | None = KEY,
        patterns: Mapping[str, str] | None = None,
        beside: Mapping[str, Sequence[Any]] | None = None,
        **params: Any,
    ) -> list[Any]:
        table = pl.DataFrame({"值": pl.Series(values, dtype=dtype), **(beside or {})})
        spec = ("值", table.schema["值"], Treatment(operator, params))
        options = {"key": key, "patterns": patterns or {}}
        made = treat(*spec, **options)
        assert made is not None
        eager = table.select(made)
        assert eager.columns == ["值"]
        assert eager.equals(table.lazy().select(made).collect(engine="streaming"))
        there, with_options = pickle.loads(pickle.dumps((spec, options)))  # noqa: S301 - made here
        batch = pl.DataFrame(table.to_arrow())  # as mapInArrow hands it over
        assert eager.equals(batch.with_columns(treat(*there, **with_options)).select("值"))
        return eager["值"].to_list()

    return run


@pytest.fixture
def bad() -> Callable[..., int]:
    """Return how many values a treatment could not read."""

    def run(values: Sequence[Any], operator: str, *, dtype: Any = None, **params: Any) -> int:
        beside = params.pop("beside", {})
        table = pl.DataFrame({"值": pl.Series(values, dtype=dtype), **beside})
        return table.select(bad_count("值", table.schema["值"], Treatment(operator, params))).item()

    return run
