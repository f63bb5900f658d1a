"""Check a rule's shape against `lawbook/schema.json`, and say each fault as a person would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError

from commonseal.law.yaml_file import Data, Path, YamlFile
from commonseal.model import Text

_TYPES = {
    "object": Text(en="a mapping", zh="映射"),
    "array": Text(en="a list", zh="列表"),
    "string": Text(en="a text", zh="文字"),
    "boolean": Text(en="true or false", zh="true 或 false"),
    "number": Text(en="a number", zh="数字"),
}


@lru_cache(maxsize=1)
def rule_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a rule, as shipped."""
    text = files("commonseal").joinpath("lawbook", "schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(rule_schema())


@lru_cache(maxsize=1)
def _quick() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(dict(rule_schema()))


def check_shape(file: YamlFile) -> bool:
    """Add every fault of shape to the file; return whether there was none."""
    if _quick().is_valid(file.data):  # a thousand rules in 10 ms; the other takes a second, and tells why
        return True
    before = len(file.faults)
    for error in _validator().iter_errors(file.data):
        for path, what in _spoken(error):
            file.fault(path, what)
    return len(file.faults) == before


def _spoken(error: ValidationError) -> list[tuple[Path, Text]]:
    path: Path = tuple(error.absolute_path)
    got: Any = error.instance
    limit: Any = error.validator_value
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    match error.validator:
        case "required":
            missing = ", ".join(name for name in limit if name not in got)
            return [(path, Text(en=f"missing: {missing}", zh=f"缺少：{missing}"))]
        case "additionalProperties":
            known = tuple(schema.get("properties", ()))
            listed = ", ".join(known)
            what = Text(en=f"no such field, expected one of {listed}", zh=f"没有这个字段，应为 {listed} 之一")
            return [((*path, name), what) for name in got if name not in known]
        case "enum":
            return [(path, _not_among(_shown(got), limit))]
        case "minItems" | "maxItems" | "maxProperties":
            sign, zh = ("at least", "至少") if error.validator == "minItems" else ("at most", "至多")
            return [
                (
                    path,
                    Text(
                        en=f"got {len(got)} entries, expected {sign} {limit}",
                        zh=f"共 {len(got)} 项，应{zh} {limit} 项",
                    ),
                )
            ]
        case "maxLength":
            what = Text(
                en=f"got {len(got)} characters, expected at most {limit}",
                zh=f"{len(got)} 个字符，至多 {limit} 个",
            )
            return [(path, what)]
    wanted = _expected(schema, str(limit))
    return [
        (
            path,
            Text(en=f"got {_shown(got)}, expected {wanted.en}", zh=f"得到 {_shown(got)}，应为 {wanted.zh}"),
        )
    ]


def _not_among(got: str, choices: Sequence[object]) -> Text:
    names = ", ".join(str(name) for name in choices)
    return Text(en=f"got {got}, expected one of {names}", zh=f"得到 {got}，应为 {names} 之一")


def _expected(schema: Mapping[str, Any], kind: str) -> Text:
    hint = schema.get("x-expected")
    return Text(en=hint["en"], zh=hint["zh"]) if hint else _TYPES.get(kind, Text(en=kind, zh=kind))


def _shown(data: Data) -> str:
    """Show what stands in the file, shortened; a rule pack holds no cell of any table."""
    if isinstance(data, dict):
        return "a mapping"
    if isinstance(data, list):
        return "a list"
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}..."
