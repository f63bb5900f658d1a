"""Read recipes for hierarchies: from a file, or from the options of the quick form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema

from commonseal.anonymize.builders import Recipe, read_recipe
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.release.document import beside, joined, read_checked, schema_faults

_LISTS = ("bounds", "keep", "rows", "shares", "levels", "order", "apart", "range")


@dataclass(frozen=True, slots=True)
class Recipes:
    """What a file asks for: a table's address, where one is named, and one recipe a column."""

    table: str | None
    recipes: tuple[Recipe, ...]


def load_recipes(path: Path) -> Recipes:
    """Read and check a file of recipes; paths in it start at its own folder. Raises: BadInput, all faults."""
    document, file = read_checked(path, "commonseal.anonymize.builders", "hierarchy.schema.json")
    recipes, faults = _read(
        document, lambda column: f"{path}:{file.line(('hierarchies', column))} hierarchies.{column}"
    )
    table = document.get("table")
    lost = [recipe.column for recipe in recipes if recipe.needs_table and table is None]
    if lost:
        faults.append(
            Text(
                en=f"{path}: {', '.join(lost)}: name a table, or state the values (values, range)",
                zh=f"{path}：{'、'.join(lost)}：请写明 table，或写明取值（values、range）",
            )
        )
    if faults:
        raise BadInput(joined(faults))
    return Recipes(None if table is None else beside(path, table), tuple(recipes))


def recipe_of_options(column: str, options: Mapping[str, str | float | None]) -> Recipe:
    """Return the recipe that options write: lists with commas. Raises: BadInput, all faults."""
    words: dict[str, Any] = {}
    for name, value in options.items():
        if value is not None:
            words[name] = _listed(name, value) if name in (*_LISTS, "fan_outs") else value
    document = {"hierarchies": {column: words}}
    shape = schema_faults(document, _validator())
    if shape:
        raise BadInput(joined([_at(_option(at[2:]), what) for at, what in shape]))
    recipes, faults = _read(document, lambda column: f"--column {column}")
    if faults:
        raise BadInput(joined(faults))
    return recipes[0]


def _read(document: Mapping[str, Any], where: Callable[[str], str]) -> tuple[list[Recipe], list[Text]]:
    recipes, faults = [], []
    for column, words in document["hierarchies"].items():
        try:
            recipes.append(read_recipe(str(column), words))
        except BadInput as fault:
            faults.append(_at(where(column), fault.message))
    return recipes, faults


def _listed(name: str, value: str | float) -> list[Any]:
    """Split an option's list; what looks like a number is one, but for categories.

    >>> _listed("bounds", "0,17.5"), _listed("order", "1,2"), _listed("fan_outs", "2,3+4")
    ([0, 17.5], ['1', '2'], [2, [3, 4]])
    """
    parts = [part.strip() for part in str(value).split(",")]
    if name in ("order", "apart", "levels"):
        return parts
    return [list(map(_number, part.split("+"))) if "+" in part else _number(part) for part in parts]


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _option(at: tuple[str | int, ...]) -> str:
    name = str(at[0]).replace("_", "-") if at else "kind"
    return f"--{name}"


def _at(where: str, what: Text) -> Text:
    return Text(en=f"{where}: {what.en}", zh=f"{where}：{what.zh}")


def _validator() -> jsonschema.Draft202012Validator:
    schema = resources.files("commonseal.anonymize.builders").joinpath("hierarchy.schema.json")
    return jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
