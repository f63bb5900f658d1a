"""Cases of a release, and one released package that many tests read."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("release_case", Path(__file__).with_name("release_case.py"))
assert _spec is not None
assert _spec.loader is not None
if "release_case" not in sys.modules:
    sys.modules["release_case"] = module = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(module)

from release_case import Case, make_case  # noqa: E402 - the lines above find it


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A case of one's own, to change and break."""
    return make_case(tmp_path / "case")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A case that was released once, for reading only."""
    made = make_case(tmp_path_factory.mktemp("released") / "case")
    assert made.release().outcome == "released"
    return made
