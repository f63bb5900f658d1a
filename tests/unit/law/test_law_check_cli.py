from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commonseal.cli.law import app
from commonseal.errors import BadInput

RUN = CliRunner()
EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
REQUEST = str(EXAMPLES / "facts-share-request.json")
DAY = ("--as-of", "2026-03-03")


def checked(*args: str) -> dict[str, Any]:
    done = RUN.invoke(app, ["check", *args, "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_check_prints_the_contract_as_json() -> None:
    answer = checked(REQUEST, *DAY)
    assert answer["outcome"] == "conditional"
    assert {"rule", "instrument", "article", "message"} <= set(answer["findings"][0])
    (owed,) = answer["obligations"]
    assert (owed["rule"], owed["due_at"], owed["provisional"]) == (
        "cn.gds.21-1.answer-conditional",
        "2026-03-06",
        False,
    )
    assert answer["subject"] == "share_request"
    assert isinstance(answer["authorities"], list)
    assert isinstance(answer["sanctions"], list)


def test_the_regulation_is_in_force_from_the_first_of_august_2025() -> None:
    before = checked(REQUEST, "--as-of", "2025-07-31")
    after = checked(REQUEST, "--as-of", "2025-08-01")
    assert before["obligations"] == []
    assert [owed["rule"] for owed in after["obligations"]] == ["cn.gds.21-1.answer-conditional"]


def test_one_case_under_three_laws() -> None:
    devices = str(EXAMPLES / "facts-device-application.json")
    found = {
        law: {finding["rule"] for finding in checked(devices, *DAY, "--jurisdiction", law)["findings"]}
        for law in ("cn", "city", "eu")
    }
    assert all(rule.startswith("cn.") for rule in found["cn"])
    assert "city.collection.proportion-ceiling" in found["city"]
    assert found["eu"]
    assert all(rule.startswith("eu.") for rule in found["eu"])
    assert found["city"] == {
        finding["rule"] for finding in checked(devices, *DAY, "--adopt", "city")["findings"]
    }


def test_check_for_people_shows_what_must_be_done() -> None:
    done = RUN.invoke(app, ["check", REQUEST, *DAY])
    assert done.exit_code == 0
    assert "2026-03-06" in done.stdout
    assert "--all lists" in done.stdout
    whole = RUN.invoke(app, ["check", REQUEST, *DAY, "--all"])
    assert "cn.gds.21-1.answer-conditional" in whole.stdout


def test_check_lists_the_facts_that_are_missing(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"subject": "share_request", "facts": {}}', encoding="utf-8")
    done = RUN.invoke(app, ["check", str(facts), *DAY])
    assert "share_request.delivered_at" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "[",
        '{"facts": {}}',
        '{"subject": "moon", "facts": {}}',
        '{"subject": "incident", "facts": {"colour": 1}}',
    ],
)
def test_what_is_no_case_is_bad_input(tmp_path: Path, text: str) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(text, encoding="utf-8")
    assert isinstance(RUN.invoke(app, ["check", str(facts), *DAY]).exception, BadInput)


def test_a_day_and_a_known_law_must_be_named() -> None:
    assert RUN.invoke(app, ["check", REQUEST]).exit_code == 2
    assert RUN.invoke(app, ["check", REQUEST, *DAY, "--jurisdiction", "us"]).exit_code == 2


def test_a_stored_decision_is_explained(tmp_path: Path) -> None:
    stored = tmp_path / "decision.json"
    stored.write_text(json.dumps(checked(REQUEST, *DAY)), encoding="utf-8")
    told = json.loads(RUN.invoke(app, ["explain", str(stored), "--json"]).stdout)
    assert told["same"] is True
    assert told["because"]["cn.gds.21-1.answer-conditional"] == {
        "attribute": "conditional",
        "extension_granted": False,
        "received_at": "2026-02-14T10:30:00+08:00",
    }
    shown = RUN.invoke(app, ["explain", str(stored)])
    assert "attribute=conditional" in shown.stdout
    document = {**checked(REQUEST, *DAY), "outcome": "forbidden"}
    stored.write_text(json.dumps(document), encoding="utf-8")
    assert json.loads(RUN.invoke(app, ["explain", str(stored), "--json"]).stdout)["same"] is False
    stored.write_text(json.dumps([document, document]), encoding="utf-8")
    assert isinstance(RUN.invoke(app, ["explain", str(stored)]).exception, BadInput)


@pytest.mark.parametrize(
    ("rule", "block"),
    [
        ("cn.gds.21-1.answer-conditional", "deadline"),
        ("city.collection.storage-video", "retention"),
        ("cn.pipl.66-2.unit-fine", "sanction"),
    ],
)
def test_show_tells_the_block_of_each_kind(rule: str, block: str) -> None:
    assert block in json.loads(RUN.invoke(app, ["show", rule, "--json"]).stdout)
    assert block in RUN.invoke(app, ["show", rule]).stdout


def test_a_pack_that_is_not_there_cannot_be_adopted() -> None:
    done = RUN.invoke(app, ["check", REQUEST, *DAY, "--adopt", "ctiy/sharing"])
    assert isinstance(done.exception, BadInput)
    assert "--adopt ctiy/sharing: no such pack" in done.exception.message.en
    assert checked(REQUEST, *DAY, "--adopt", "city/sharing")["outcome"] != ""
