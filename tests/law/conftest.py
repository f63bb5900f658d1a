"""The lawbook, and what a rule alone says of a case (`case_check`)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from commonseal.law import Book, load_book

# tests here share modules: under importlib mode a folder is on no path
for _name in ("case_check", "mutants"):
    _spec = importlib.util.spec_from_file_location(_name, Path(__file__).with_name(f"{_name}.py"))
    if _name not in sys.modules and _spec is not None and _spec.loader is not None:
        sys.modules[_name] = _module = importlib.util.module_from_spec(_spec)
        _spec.loader.exec_module(_module)


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()
