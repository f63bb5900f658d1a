"""A data steward's first day at the command line, from an empty folder to a package that others check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml

pytestmark = pytest.mark.slow


def run(*words: object, code: int = 0, lang: str = "en") -> str:
    environ = {**os.environ, "COMMONSEAL_LANG": lang, "COLUMNS": "300", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "commonseal", *map(str, words)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code in (0, 3) else done.stderr


def test_from_a_raw_table_to_a_package_that_the_recipient_checks(tmp_path: Path) -> None:
    city, desk, package = tmp_path / "city", tmp_path / "desk", tmp_path / "package"
    run("city", "make", "--out", city, "--residents", 3000, "--seed", 5, "--format", "csv")
    table = city / "residents.csv"
    found = json.loads(run("classify", table, "--json"))
    assert {c["name"]: c["category"] for c in found["columns"]}["resident_id"] == "resident_id"

    drafted = json.loads(run("agreement", "draft", table, "--out", desk, "--as-of", "2026-09-14", "--json"))
    agreement = Path(drafted["agreement"])
    terms = yaml.safe_load(agreement.read_text(encoding="utf-8"))

    # she forgets that the agreement begins tomorrow, and reads why nothing left
    words = ["release", table, "--agreement", agreement, "--out", package, "--as-of"]
    told = run(*words, "2026-09-13", code=3)
    assert "nothing left" in told
    assert "refusal-001.json" in told
    assert not list(tmp_path.glob("package/*.parquet"))

    told = json.loads(run(*words, "2026-09-14", "--json"))
    assert told["outcome"] == "released"
    left = pl.read_parquet(package / "data.parquet")
    quasi = [column["name"] for column in terms["columns"] if column.get("use") == "quasi"]
    assert left.group_by(quasi).len()["len"].min() >= terms["anonymity"]["k"]

    # the recipient checks it without her; one who changed a byte is found
    key = desk / "log" / "log.pub"
    assert json.loads(run("verify", package, "--log-key", key, "--json"))["verified"] is True
    run("report", package, lang="zh")
    assert "发布报告" in (package / "report.html").read_text(encoding="utf-8")
    run("log", "verify", desk / "log")
    data = bytearray((package / "data.parquet").read_bytes())
    data[len(data) // 2] ^= 1
    (package / "data.parquet").write_bytes(data)
    assert "data.parquet" in run("verify", package, "--log-key", key, code=4)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_shows_a_release_a_refusal_and_a_tampered_package(tmp_path: Path, lang: str) -> None:
    told = run("demo", "--out", tmp_path / "demo", lang=lang)
    words = {
        "en": [
            "91.4% of the 3,790",
            " 0.0% of the 3,790",
            "✓ released",
            "✗ refused",
            "one bit changed",
            "agreement draft",
        ],
        "zh": [
            "3,790 名患者中有 91.4%",
            "3,790 名患者中有 0.0%",
            "✓ 已发布",
            "✗ 拒绝发布",
            "改动一位",
            "agreement draft",
        ],
    }
    for word in words[lang]:
        assert word in told
    assert (tmp_path / "demo" / "clinic-package" / "data.parquet").is_file()
    assert (tmp_path / "demo" / "metro-package" / "data.parquet").is_file()
    assert not (tmp_path / "demo" / "metro-refused" / "data.parquet").exists()
    run("demo", "--out", tmp_path / "demo", code=2)
