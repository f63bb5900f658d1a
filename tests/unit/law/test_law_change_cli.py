from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import commonseal
from commonseal.cli.law import app
from commonseal.errors import BadInput, BadPack
from commonseal.law import decide, decision_json, load_book

RUN = CliRunner()
EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "two-laws-incident.json"
CEILING = Path(commonseal.__file__).parent / "lawbook" / "city" / "collection" / "proportion-ceiling.yaml"


def asked(*words: str) -> Any:
    done = RUN.invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """A change: a hundred devices for a thousand households instead of a hundred and fifty."""
    (tmp_path / "stricter").mkdir()
    text = CEILING.read_text(encoding="utf-8").replace("value: 150", "value: 100")
    (tmp_path / "stricter" / "ceiling.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "stricter"


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """Applications of 90, 120 and 300 devices, decided under the model text."""
    book = load_book(["city/collection"])
    path = tmp_path / "decisions.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for devices in (90, 120, 300):
            facts = {"devices": devices, "households": 1000}
            adopted = frozenset({"city/collection"})
            decision = decide(book, "device_application", facts, as_of=date(2026, 3, 2), adopted=adopted)
            lines.write(json.dumps(decision_json(decision, "en")) + "\n")
    return path


def test_diff_as_json_tells_rules_by_instrument() -> None:
    found = asked("diff", "2025-12-31", "2026-01-01")
    assert (found["from"], found["to"]) == ("2025-12-31", "2026-01-01")
    pairs = [pair for part in found["instruments"] for pair in part["replaces"]]
    fine = next(pair for pair in pairs if pair["rule"] == "cn.csl.61-1.graver-unit")
    assert fine["before"]["article"] == "CSL art. 59(1)"
    assert {(p["name"], p["before"], p["after"]) for p in fine["parameters"]} == {
        ("fine_min", 10000, 50000),
        ("fine_max", 100000, 500000),
    }


def test_diff_for_people() -> None:
    done = RUN.invoke(app, ["diff", "2025-12-31", "2026-01-01"])
    assert "CSL art. 59(1) → CSL art. 61(1)" in done.stdout
    assert "fine_min 10000 → 50000 CNY" in " ".join(done.stdout.split())
    assert "nothing changes" in RUN.invoke(app, ["diff", "2026-01-02", "2026-01-02"]).stdout
    assert isinstance(RUN.invoke(app, ["diff", "2026-01-02", "2026-01-01"]).exception, BadInput)
    assert RUN.invoke(app, ["diff", "2026-01-02", "soon"]).exit_code == 2


def test_diff_tells_numbers_of_others_packs(pack: Callable[..., Path]) -> None:
    values = [
        {"from": "2025-01-01", "value": 0.5, "reference": [{"title": "first"}]},
        {"from": "2026-01-01", "value": 0.8, "reference": [{"title": "second"}]},
    ]
    change = {
        "when": "column.confidence >= param.sure",
        "parameters": {"sure": {"unit": "share", "values": values}},
    }
    folder = str(pack(change))
    parts = asked("diff", "2025-06-01", "2026-06-01", "--pack", folder)["instruments"]
    changes = [change for part in parts for change in part["changes"]]
    assert changes[0]["parameters"] == [
        {"name": "sure", "unit": "share", "before": 0.5, "after": 0.8, "since": "2026-01-01", "reference": ["second"]}
    ]  # fmt: skip
    done = RUN.invoke(app, ["diff", "2025-06-01", "2026-06-01", "--pack", folder])
    assert "sure 0.5 → 0.8 share" in done.stdout


def test_simulate_lists_what_turns_and_why(stricter: Path, decisions: Path) -> None:
    found = asked("simulate", "--change", str(stricter), "--against", str(decisions))
    assert found["change"] == "stricter"
    assert found["replaced"] == ["city.collection.proportion-ceiling"]
    assert found["added"] == []
    assert (found["decisions"], found["turned"]) == (3, 1)
    assert found["by_rule"] == [{"rule": "city.collection.proportion-ceiling", "graver": 1, "milder": 0}]
    turn = found["turns"][0]
    assert (turn["where"], turn["after"], turn["rules"]) == (
        "decisions.jsonl:2", "forbidden", ["city.collection.proportion-ceiling"],
    )  # fmt: skip
    assert sum(flow["count"] for flow in found["flows"]) == 3
    assert found["passed_over"] == []


def test_simulate_for_people(stricter: Path, decisions: Path) -> None:
    done = RUN.invoke(app, ["simulate", "--change", str(stricter), "--against", str(decisions)])
    assert done.exit_code == 0
    assert "rules replaced 1, added 0; decisions 3, turned 1 (stricter 1, milder 0)" in done.stdout
    assert "decisions.jsonl:2" in done.stdout


@pytest.mark.parametrize("name", ["change.html", "change.svg"])
def test_the_picture_is_complete_in_itself(
    stricter: Path, decisions: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    done = RUN.invoke(
        app, ["simulate", "--change", str(stricter), "--against", str(decisions), "--picture", str(out)]
    )
    assert done.exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert "▲ 1 stricter" in text
    if name.endswith("html"):
        assert "▲ 1 项从严" in text
        assert text.count("<main") == 2
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in text


def test_a_picture_of_another_kind_is_refused_before_any_work(stricter: Path, tmp_path: Path) -> None:
    words = ["simulate", "--change", str(stricter), "--against", str(tmp_path / "none"), "--picture", "a.png"]
    done = RUN.invoke(app, words)
    assert isinstance(done.exception, BadInput)
    assert "ends in .svg or .html" in done.exception.message.en


def test_a_picture_that_cannot_be_written_leaves_nothing(
    stricter: Path, decisions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "none" / "a.svg"
    done = RUN.invoke(
        app, ["simulate", "--change", str(stricter), "--against", str(decisions), "--picture", str(out)]
    )
    assert isinstance(done.exception, BadInput)
    assert not out.parent.exists()


def test_bad_input_of_simulate(stricter: Path, decisions: Path, tmp_path: Path) -> None:
    nothing = str(tmp_path / "none")
    no_change = RUN.invoke(app, ["simulate", "--change", nothing, "--against", str(decisions)])
    assert isinstance(no_change.exception, BadPack)
    no_decisions = RUN.invoke(app, ["simulate", "--change", str(stricter), "--against", nothing])
    assert isinstance(no_decisions.exception, OSError)
    assert RUN.invoke(app, ["simulate", "--change", str(stricter)]).exit_code == 2


def test_coverage_as_json_and_for_people() -> None:
    found = asked("coverage")
    assert found["faults"] == []
    assert found["covered"] + len(found["uncovered"]) == found["articles"]
    assert all(article["reason"] for article in found["uncovered"])
    assert {section["section"] for section in found["sections"]} >= {"IV.A.1", "IV.C.2"}
    assert all({"subject", "fact", "title"} == unread.keys() for unread in found["unread"])
    shown = RUN.invoke(app, ["coverage"]).stdout
    assert f"{found['articles']} articles considered" in shown
    assert "CN-GDS-23" in shown


def test_compare_as_json_and_for_people() -> None:
    found = asked("compare", "cn", "eu", str(EXAMPLE), "--as-of", "2026-03-02")
    assert [decision["jurisdiction"] for decision in found["decisions"]] == ["cn", "eu"]
    assert found["subject"] == "incident"
    assert found["agrees"] is True
    due = [decision["obligations"][0]["due_at"] for decision in found["decisions"]]
    assert due[0] == "2026-03-03T02:15:00+08:00"
    shown = RUN.invoke(app, ["compare", "cn", "eu", str(EXAMPLE), "--as-of", "2026-03-02"]).stdout
    assert "2026-03-03T02:15:00+08:00" in shown
    assert "GDPR art. 33(1)" in shown


def test_compare_draws_missing_facts_together(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"subject": "incident", "facts": {"personal": true}}')
    shown = RUN.invoke(app, ["compare", "cn", "eu", str(case), "--as-of", "2026-03-02"]).stdout
    assert shown.count("rules cannot be told") == 2


def test_compare_adopts_packs(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"subject": "device_application", "facts": {"devices": 300, "households": 1000}}')
    words = ["compare", "cn", "eu", str(case), "--as-of", "2026-03-02"]
    plain, adopted = asked(*words), asked(*words, "--adopt", "city/collection")
    rule = "city.collection.proportion-ceiling"
    named = [
        rule in {found["rule"] for found in answer["decisions"][0]["findings"]} for answer in (plain, adopted)
    ]
    assert named == [False, True]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"subject": "incident"}', '{"facts": {}}', '{"subject": 1, "facts": {}}']
)
def test_a_file_of_facts_of_another_shape(tmp_path: Path, content: str) -> None:
    case = tmp_path / "case.json"
    case.write_text(content)
    done = RUN.invoke(app, ["compare", "cn", "eu", str(case), "--as-of", "2026-03-02"])
    assert isinstance(done.exception, BadInput)
    assert "case.json" in done.exception.message.en


def test_compare_needs_two_laws() -> None:
    done = RUN.invoke(app, ["compare", "cn", str(EXAMPLE), "--as-of", "2026-03-02"])
    assert isinstance(done.exception, BadInput)
    assert "two or more" in done.exception.message.en
    assert RUN.invoke(app, ["compare", str(EXAMPLE)]).exit_code == 2


@pytest.mark.parametrize("command", ["diff", "simulate", "coverage", "compare"])
def test_help_is_there(command: str) -> None:
    assert RUN.invoke(app, [command, "--help"]).exit_code == 0
