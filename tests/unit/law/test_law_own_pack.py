"""A city's own pack, given by path, works with every command of `law`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commonseal.cli.law import app

RUN = CliRunner()
OURS = {
    "status": "model",
    "rank": "model",
    "stands": "adds",
    "subject": "share_request",
    "when": "share_request.personal",
    "then": {"outcome": "forbidden", "message": {"zh": "不得共享", "en": "may not be shared"}},
    "tests": [
        {"name": "fires", "as_of": "2026-03-02", "given": {"personal": True}, "expect": {"applies": True, "outcome": "forbidden"}},
        {"name": "does not", "as_of": "2026-03-02", "given": {"personal": False}, "expect": {"applies": False, "outcome": "allowed"}},
    ],
}  # fmt: skip
RULE = "town.columns.rule-0"


@pytest.fixture
def ours(pack: Callable[..., Path]) -> Path:
    return pack(OURS)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"subject": "share_request", "facts": {"personal": True}}), encoding="utf-8")
    return path


def told(*command: str | Path) -> Any:
    done = RUN.invoke(app, [*map(str, command), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_it_is_listed_shown_and_compared_over_time(ours: Path) -> None:
    assert RULE in {entry["rule"] for entry in told("list", "--pack", ours)}
    assert told("show", RULE, "--pack", ours)["pack"] == "town"
    begins = [
        entry["rule"]
        for group in told("diff", "2024-12-31", "2025-01-01", "--pack", ours)["instruments"]
        for entry in group["begins"]
    ]
    assert RULE in begins


def test_it_decides_where_it_is_adopted_and_nowhere_else(ours: Path, facts: Path) -> None:
    command = ("check", facts, "--as-of", "2026-03-02", "--pack", ours)
    assert RULE not in {finding["rule"] for finding in told(*command)["findings"]}
    adopted = told(*command, "--adopt", "town")
    assert adopted["outcome"] == "forbidden"
    assert RULE in {finding["rule"] for finding in adopted["findings"] if finding["outcome"] == "forbidden"}


@pytest.mark.slow
def test_a_decision_by_it_is_explained_and_tried_again_under_a_change(
    ours: Path, facts: Path, tmp_path: Path, pack: Callable[..., Path]
) -> None:
    stored = tmp_path / "decision.json"
    stored.write_text(
        json.dumps(told("check", facts, "--as-of", "2026-03-02", "--pack", ours, "--adopt", "town")),
        encoding="utf-8",
    )
    assert told("explain", stored, "--pack", ours)["same"] is True
    milder = pack({**OURS, "then": {**OURS["then"], "outcome": "conditional"}, "tests": [  # type: ignore[dict-item]
        {**OURS["tests"][0], "expect": {"applies": True, "outcome": "conditional"}}, OURS["tests"][1],  # type: ignore[index]
    ]}, name="change")  # fmt: skip
    tried = told("simulate", "--change", milder, "--against", stored, "--pack", ours)
    assert tried["replaced"] == [RULE]
    assert tried["decisions"] == 1


def test_coverage_and_comparison_take_it(ours: Path, facts: Path) -> None:
    told("coverage", "--pack", ours)
    assert len(told("compare", "cn", "eu", facts, "--as-of", "2026-03-02", "--pack", ours)["decisions"]) == 2


@pytest.mark.slow
def test_it_has_its_page_and_its_policy(ours: Path, tmp_path: Path) -> None:
    told("book", "--out", tmp_path / "site", "--as-of", "2026-03-02", "--pack", ours)
    page = (tmp_path / "site" / "en" / "rule" / f"{RULE}.html").read_text(encoding="utf-8")
    assert "may not be shared" in page
    told("export", "--out", tmp_path / "rules.ttl", "--as-of", "2026-03-02", "--pack", ours)
    assert f"https://commonseal.invalid/rule/{RULE}" in (tmp_path / "rules.ttl").read_text(encoding="utf-8")


def test_the_name_of_one_of_our_packs_is_refused(pack: Callable[..., Path], tmp_path: Path) -> None:
    taken = pack(OURS, name="city")
    for command in (
        ["list"],
        ["book", "--out", str(tmp_path / "site")],
        ["export", "--out", str(tmp_path / "r.ttl")],
    ):
        done = RUN.invoke(app, [*command, "--pack", str(taken)])
        assert done.exit_code != 0
    assert not (tmp_path / "site").exists()
    assert not (tmp_path / "r.ttl").exists()
