"""The command line run as a person runs it, and the cases of a release."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commonseal.cli import main, show

_HERE = Path(__file__).parent
for _path in (_HERE.parent / "release" / "release_case.py", _HERE / "cli_words.py"):
    if _path.stem not in sys.modules:
        _spec = importlib.util.spec_from_file_location(_path.stem, _path)
        assert _spec is not None
        assert _spec.loader is not None
        sys.modules[_path.stem] = module = importlib.util.module_from_spec(_spec)
        _spec.loader.exec_module(module)

from cli_words import Ran, Run, command  # noqa: E402 - the lines above find it
from release_case import Case, make_case  # noqa: E402


@pytest.fixture(scope="session")
def spawn() -> Run:
    """Run the real command in a process of its own."""

    def ran(*words: object, lang: str = "en", **options: Any) -> Ran:
        done = subprocess.run(
            **command(*words, lang=lang), capture_output=True, text=True, timeout=120, check=False, **options
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return ran


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run the command in this very process: the same `main`, without the second that a process takes."""
    before = signal.getsignal(signal.SIGTERM)

    def ran(*words: object, lang: str = "en") -> Ran:
        for name in ("words", "show", "release", "demo", "law"):
            monkeypatch.setattr(f"commonseal.cli.{name}.LANG", lang)
        monkeypatch.setattr(sys, "argv", ["commonseal", *map(str, words)])
        monkeypatch.setattr(show.ERR, "width", 4000)
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        return Ran(code, *capfd.readouterr())

    yield ran
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A case of one's own."""
    return make_case(tmp_path / "case")
