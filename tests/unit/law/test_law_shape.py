"""The quick validator passes exactly the rules that jsonschema passes."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from commonseal.law.schema import rule_schema
from commonseal.law.yaml_file import read_yaml

LAWBOOK = Path(__file__).resolve().parents[3] / "commonseal" / "lawbook"
# one file of each kind of rule and subject is enough to touch every corner of the schema
FILES = {(d["kind"], d["subject"]): d for f in sorted(LAWBOOK.rglob("*.yaml"))
         if isinstance(d := read_yaml(f.read_bytes()).data, dict) and "kind" in d}  # fmt: skip
VALIDATOR = Draft202012Validator(rule_schema())
FAST = jsonschema_rs.validator_for(dict(rule_schema())).is_valid
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        1.5,
        "",
        "x",
        "2026-02-30",
        "2026-03-01",
        "1/20",
        "A B",
        "https://x",
        [],
        {},
        ["x"],
        {"x": 1},
        {"en": "e", "zh": "z"},
        "x" * 1001,
    ]
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, value in (
        data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    ):
        found += places(value, (*path, key))
    return found


@pytest.mark.parametrize("data", FILES.values(), ids=["-".join(key) for key in FILES])
def test_a_rule_of_the_lawbook_has_its_shape(data: dict[str, Any]) -> None:
    assert FAST(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_rule_is_judged_as_jsonschema_does(draw: st.DataObject) -> None:
    data: Any = copy.deepcopy(draw.draw(st.sampled_from(list(FILES.values()))))
    *way, last = draw.draw(st.sampled_from(places(data)))
    part = data
    for step in way:
        part = part[step]
    match draw.draw(st.sampled_from(["change", "drop", "add", "double"])):
        case "change":
            part[last] = draw.draw(ODD)
        case "drop":
            del part[last]
        case "add" if isinstance(part, dict):
            part[draw.draw(st.sampled_from(["matter", "measure", "colour", "K-1"]))] = draw.draw(ODD)
        case _ if isinstance(part, list):
            part += part * 60
    assert FAST(data) == VALIDATOR.is_valid(data)
