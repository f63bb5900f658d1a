"""docs/judge.md names every field, choice, model, parameter and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from commonseal.cli.judge_config import Asked, ask, load_config
from commonseal.cli.judge_show import judgement_json
from commonseal.judge import Terms, judge_table
from commonseal.judge.models import MODELS, KAnonymity

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "commonseal/judge/config.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs/judge.md").read_text(encoding="utf-8")


def names(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (choice for choice in schema.get("enum", []) if isinstance(choice, str))
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names(part)


def keys(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield key
            yield from keys(value)
    elif isinstance(document, list):
        for each in document:
            yield from keys(each)


def test_every_field_of_the_file_is_told(page: str) -> None:
    assert [name for name in names(SCHEMA) if f"`{name}`" not in page and f"{name}:" not in page] == []


def test_the_schema_asks_for_the_parameters_that_the_models_have() -> None:
    models = SCHEMA["properties"]["models"]["items"]["properties"]
    assert set(models) == set(MODELS)
    for name, part in models.items():
        assert set(part["properties"]) == set(MODELS[name].__match_args__), name


def test_the_file_that_is_shown_can_be_read(page: str, tmp_path: Path) -> None:
    shown = page.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "judge.yaml"
    path.write_text(shown, encoding="utf-8")
    document = load_config(path)
    assert set(yaml.safe_load(shown)) == set(SCHEMA["properties"])
    assert ask(document).terms.context == 0.27


def test_every_key_of_the_json_is_told(page: str) -> None:
    table = pl.DataFrame({"q": ["a", "a", "b"], "s": ["x", "y", "x"]})
    found = judge_table(
        table, ["q"], sensitive=["s"], population=9, models=[KAnonymity(1)], terms=Terms(copula_seed=1)
    )
    told: dict[str, Any] = judgement_json(found, Asked("t.csv", ("q",)), classified=False)
    assert [key for key in dict.fromkeys(keys(told)) if f"`{key}`" not in page] == []
