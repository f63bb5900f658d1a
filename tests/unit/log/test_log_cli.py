"""The command line of the log, run as a person would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commonseal.cli.log import app
from commonseal.errors import BadInput, CommonsealError, KeyFault, ProofFailed

RUN = CliRunner()


def run(*words: object, stdin: bytes = b"") -> str:
    result = RUN.invoke(app, [str(word) for word in words], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = json.loads(run("init", tmp_path / "log", "--origin", "city.example/log", "--json"))
    assert made["log_key"].startswith("city.example/log+")
    return tmp_path / "log"


def test_append_prove_and_verify(folder: Path, tmp_path: Path) -> None:
    (entry := tmp_path / "entry").write_bytes(b"a release")
    receipts = tmp_path / "receipts"
    answer = json.loads(run("append", folder, entry, "--receipts", receipts, "--json"))
    assert (answer["indexes"], answer["size"]) == ([0], 1)
    assert json.loads(run("append", folder, "--json", stdin=b"one\n\nthree"))["indexes"] == [1, 2, 3]
    key, receipt = folder / "log.pub", receipts / "0.tlog-proof"
    assert json.loads(run("verify", receipt, "--entry", entry, "--log-key", key, "--json"))["holds"] is True
    fresh = tmp_path / "fresh.tlog-proof"
    fresh.write_text(run("prove", folder, "--index", 0))
    run("verify", fresh, "--entry", entry, "--log-key", key.read_text().strip())
    assert json.loads(run("verify", folder, "--json"))["size"] == 4
    grown = json.loads(run("prove", folder, "--old", 1, "--json"))
    assert (grown["old"], grown["new"], len(grown["proof"])) == (1, 4, 2)
    assert run("checkpoint", folder).encode() == (folder / "checkpoint").read_bytes()
    assert json.loads(run("checkpoint", folder, "--json"))["size"] == 4
    assert "4" in run("verify", folder)


def test_what_does_not_hold_exits_4_and_what_cannot_be_used_exits_2(folder: Path, tmp_path: Path) -> None:
    (entry := tmp_path / "entry").write_bytes(b"a release")
    run("append", folder, entry, "--receipts", tmp_path)
    receipt, other = tmp_path / "0.tlog-proof", tmp_path / "other"
    other.write_bytes(b"another release")
    cases: list[tuple[type[CommonsealError], int, list[object]]] = [
        (ProofFailed, 4, ["verify", receipt, "--entry", other, "--log-key", folder / "log.pub"]),
        (BadInput, 2, ["verify", receipt]),
        (BadInput, 2, ["verify", entry, "--entry", entry, "--log-key", folder / "log.pub"]),
        (KeyFault, 2, ["verify", receipt, "--entry", entry, "--log-key", "nowhere"]),
        (BadInput, 2, ["prove", folder]),
        (BadInput, 2, ["prove", folder, "--index", 1]),
        (BadInput, 2, ["append", folder, tmp_path / "absent"]),
        (BadInput, 2, ["init", folder, "--origin", "city.example/log"]),
    ]
    for kind, code, words in cases:
        with pytest.raises(kind) as fault:
            run(*words)
        assert fault.value.exit_code == code
        assert fault.value.message.zh
    with pytest.raises(BadInput):
        run("append", folder, stdin=b"x" * 65_536)
    assert json.loads(run("verify", folder, "--json"))["size"] == 1


@pytest.mark.slow
def test_a_witness_is_served_and_asked_by_the_command_line(folder: Path, tmp_path: Path) -> None:
    made = json.loads(run("witness", "init", tmp_path / "w1", "--name", "witness.example/w1", "--json"))
    assert (tmp_path / "w1.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyFault, match="already"):
        run("witness", "init", tmp_path / "w1", "--name", "witness.example/w1")
    code = "from commonseal.cli.log import app; app()"
    words = [
        "witness",
        "serve",
        str(tmp_path / "w1"),
        "--log",
        str(folder / "log.pub"),
        "--listen",
        "127.0.0.1:0",
    ]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True, env=environ
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        policy = tmp_path / "policy"
        policy.write_text(f"witness W1 {made['witness_key']} {url}\nquorum W1\n")
        answer = json.loads(run("append", folder, "--witness-policy", policy, "--json", stdin=b"a\n"))
        server.send_signal(signal.SIGINT)
    assert answer["without_cosignature"] == []
    run("verify", folder, "--witness-policy", policy)
    lonely = json.loads(run("append", folder, "--witness-policy", policy, "--json", stdin=b"b\n"))
    assert lonely["without_cosignature"] == ["witness.example/w1"]
    with pytest.raises(ProofFailed, match="not enough for quorum"):
        run("verify", folder, "--witness-policy", policy)
