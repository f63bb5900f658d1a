"""What every test may lean on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; where it is absent, skip by a visible mark.

    COMMONSEAL_SHARED names another place. With COMMONSEAL_REQUIRE_SHARED=1 (CI) absence is an error.
    """
    folder = Path(os.environ.get("COMMONSEAL_SHARED", ROOT.parent / "shared"))
    if folder.is_dir():
        return folder
    if os.environ.get("COMMONSEAL_REQUIRE_SHARED"):
        pytest.fail(f"the reference data is required here but absent: {folder}")
    pytest.skip("reference data absent (set COMMONSEAL_SHARED)")
