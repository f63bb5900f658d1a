"""A small rule in YAML, changed as a test needs it, and a folder of such rules."""

from __future__ import annotations

import copy
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from commonseal.law.yaml_file import YamlFile, read_yaml

# tests here share modules: under importlib mode a folder is on no path
for _name in ("law_values",):
    _spec = importlib.util.spec_from_file_location(_name, Path(__file__).with_name(f"{_name}.py"))
    if _name not in sys.modules and _spec is not None and _spec.loader is not None:
        sys.modules[_name] = _module = importlib.util.module_from_spec(_spec)
        _spec.loader.exec_module(_module)

RULE: dict[str, Any] = {
    "id": "town.columns.rule",
    "title": {"zh": "标题", "en": "title"},
    "kind": "duty",
    "subject": "column",
    "status": "verified",
    "citation": {"instrument": {"zh": "法", "en": "Law"}, "article": "Law art. 1", "source": "S-1"},
    "rank": "law",
    "effective": {"from": "2025-01-01", "to": None},
    "when": "column.level >= 3",
    "then": {"outcome": "conditional", "message": {"zh": "字段 {column.name}", "en": "column {column.name}"}},
    "tests": [
        {
            "name": "fires",
            "as_of": "2025-06-01",
            "given": {"name": "c", "level": 3},
            "expect": {"applies": True, "outcome": "conditional"},
        },
        {
            "name": "does not",
            "as_of": "2025-06-01",
            "given": {"name": "c", "level": 2},
            "expect": {"applies": False, "outcome": "allowed"},
        },
    ],
}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with changes laid over it; a change to `...` takes the field away."""
    result = copy.deepcopy(base)
    for name, value in changes.items():
        if value is ...:
            result.pop(name, None)
        elif (
            isinstance(value, dict)
            and isinstance(result.get(name), dict)
            and name not in ("params", "parameters")
        ):
            result[name] = merged(result[name], value)
        else:
            result[name] = copy.deepcopy(value)
    return result


def rule_text(change: dict[str, Any], number: int = 0) -> str:
    rule = merged({**RULE, "id": f"town.columns.rule-{number}"}, change)
    return yaml.dump(rule, Dumper=_Plain, allow_unicode=True, sort_keys=False)


class _Plain(yaml.SafeDumper):
    """A dumper that writes everything out, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def rule_file() -> Callable[..., YamlFile]:
    """Return the small rule with changes, as read from a file."""
    return lambda change: read_yaml(rule_text(change).encode())


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Write a pack of rules, each the small rule with changes; return its folder."""

    def write(*changes: dict[str, Any], name: str = "town") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for number, change in enumerate(changes):
            (folder / f"r{number}.yaml").write_text(rule_text(change, number), encoding="utf-8")
        return folder

    return write
