"""`commonseal privacy`: its JSON, its refusal, its bad configurations, in both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from cli_words import Run

DAY = "2026-11-24"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pl.DataFrame(
        {
            "person": [f"secret-{n // 2}" for n in range(400)],
            "sex": ["f", "m"] * 200,
            "age": [n % 90 for n in range(400)],
        }
    ).write_csv(tmp_path / "people.csv")
    return tmp_path


def config(folder: Path, **changes: object) -> Path:
    document: dict[str, Any] = {
        "table": "people.csv",
        "dataset": "people",
        "recipient": "institute",
        "ledger": "budget.jsonl",
        "person": "person",
        "max_rows_per_person": 2,
        "by": {"sex": ["f", "m"]},
        "statistics": [
            {"count": {"epsilon": 0.1}},
            {"sum": {"column": "age", "bounds": [0, 100], "epsilon": 0.1}},
            {"mean": {"column": "age", "bounds": [0, 100], "epsilon": 0.1}},
            {"quantile": {"column": "age", "bounds": [0, 100], "at": [0.5], "epsilon": 0.1}},
            {"histogram": {"column": "age", "edges": [0, 18, 65, 100], "epsilon": 0.1}},
        ],
        **changes,
    }
    path = folder / "question.yaml"
    kept = {key: value for key, value in document.items() if value is not ...}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return path


def grant(run: Run, folder: Path, epsilon: object = 1, **options: str) -> Any:
    words = [
        "--dataset",
        "people",
        "--recipient",
        "institute",
        "--epsilon",
        epsilon,
        "--as-of",
        DAY,
        "--json",
    ]
    return run("privacy", "grant", folder / "budget.jsonl", *words, **options)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_answer(folder: Path, run: Run, lang: str) -> None:
    granted = grant(run, folder)
    assert (granted.code, granted.err) == (0, "")
    assert granted.json == {
        "dataset": "people",
        "recipient": "institute",
        "granted": 1.0,
        "spent": 0.0,
        "left": 1.0,
    }
    ran = run("privacy", "query", config(folder), "--as-of", DAY, "--json", lang=lang)
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert list(told) == ["outcome", "dataset", "recipient", "entry", "privacy", "budget", "statistics"]
    assert (told["outcome"], told["entry"]) == ("answered", 1)
    assert told["budget"] == {"granted": 1.0, "spent": 0.5, "left": 0.5}
    assert (told["privacy"]["unit"], told["privacy"]["epsilon"]) == ("person", 0.5)
    assert "person" in told["privacy"]["neighbours"]
    names = [each["statistic"] for each in told["statistics"]]
    assert names == ["count", "sum", "mean", "quantile", "histogram"]
    for each in told["statistics"]:
        assert set(each) == {"statistic", "column", "of", "epsilon", "noise", "values"}
        assert set(each["noise"][0]) == {"part", "mechanism", "epsilon", "sensitivity", "scale"}
        assert {value["group"]["sex"] for value in each["values"]} == {"f", "m"}
        accuracy = "rank_accuracy_95" if each["statistic"] == "quantile" else "accuracy_95"
        assert all(value[accuracy] > 0 for value in each["values"])
    assert [value["bin"] for value in told["statistics"][4]["values"]][:3] == [
        "[0, 18[",
        "[18, 65[",
        "[65, 100]",
    ]
    ledger = run("privacy", "ledger", folder / "budget.jsonl", "--answers", "--json", lang=lang).json
    assert list(ledger) == ["ledger", "head", "accounts", "datasets", "answers"]
    assert ledger["accounts"][0]["questions"] == 1
    assert ledger["datasets"] == [{"dataset": "people", "spent": 0.5}]
    assert ledger["answers"] == [{"entry": 1, "on": DAY, "answer": told}]


@pytest.mark.parametrize(("lang", "word"), [("en", "refused"), ("zh", "拒绝回答")])
def test_a_refusal_says_what_is_left(folder: Path, run: Run, lang: str, word: str) -> None:
    grant(run, folder, "0.3")
    ran = run("privacy", "query", config(folder), "--json", lang=lang)
    assert (ran.code, ran.err) == (3, "")
    assert ran.json == {
        "outcome": "refused",
        "dataset": "people",
        "recipient": "institute",
        "asked": 0.5,
        "budget": {"granted": 0.3, "spent": 0.0, "left": 0.3},
    }
    for_people = run("privacy", "query", config(folder), lang=lang)
    assert for_people.code == 3
    assert word in for_people.out
    assert "0.3" in for_people.out
    assert "secret" not in (folder / "budget.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["count persons", "off by at most, 95%", "granted 1, spent 0.5, left 0.5"]),
        ("zh", ["误差至多（95%）", "授予 1，已用 0.5，剩余 0.5", "纯差分隐私"]),
    ],
)
def test_a_person_reads_it(folder: Path, run: Run, lang: str, words: list[str]) -> None:
    grant(run, folder)
    ran = run("privacy", "query", config(folder), lang=lang)
    assert ran.code == 0
    assert [word for word in words if word not in ran.out] == []
    assert "secret" not in ran.out
    listed = run("privacy", "ledger", folder / "budget.jsonl", lang=lang)
    assert (listed.code, "institute" in listed.out) == (0, True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"by": "sex"}, "never read from the data"),
        ({"by": {"sex": None}}, "never read from the data"),
        ({"by": {"sex": []}}, "never read from the data"),
        ({"by": {"sex": ["f", "f"]}}, "by.sex"),
        ({"by": {"shoe": ["f"]}}, "shoe"),
        ({"person": "shoe"}, "shoe"),
        ({"max_rows_per_person": ...}, "max_rows_per_person"),
        ({"max_rows_per_person": 0}, "max_rows_per_person"),
        ({"person": ...}, "max_rows_per_person"),
        ({"statistics": []}, "statistics"),
        ({"statistics": [{"count": {}}]}, "statistics[0].count.epsilon"),
        ({"statistics": [{"count": {"epsilon": 0}}]}, "statistics[0].count.epsilon"),
        ({"statistics": [{"count": {"epsilon": 0.00012345678901}}]}, "decimal places"),
        ({"statistics": [{"sum": {"column": "age", "epsilon": 1}}]}, "statistics[0].sum.bounds"),
        ({"statistics": [{"sum": {"column": "age", "bounds": [9, 1], "epsilon": 1}}]}, "bounds"),
        ({"statistics": [{"mode": {"epsilon": 1}}]}, "statistics[0].mode"),
        ({"statistics": [{"histogram": {"column": "age", "epsilon": 1}}]}, "edges or categories"),
        ({"statistics": [{"quantile": {"column": "age", "bounds": [0, 1], "at": [2], "epsilon": 1}}]}, "at[0]"),
        ({"table": "none.csv"}, "none.csv"),
        ({"ledger": "none.jsonl"}, "none.jsonl"),
        ({"budget": 3}, "budget"),
    ],
)  # fmt: skip
def test_a_bad_question_is_named_and_costs_nothing(
    folder: Path, run: Run, changes: dict[str, object], says: str
) -> None:
    grant(run, folder)
    before = (folder / "budget.jsonl").read_bytes()
    english = run("privacy", "query", config(folder, **changes))
    assert (english.code, english.out) == (2, "")
    assert says in english.err.replace("\n", "")
    chinese = run("privacy", "query", config(folder, **changes), lang="zh")
    assert (chinese.code, chinese.out) == (2, "")
    assert (folder / "budget.jsonl").read_bytes() == before


@pytest.mark.parametrize("epsilon", ["0", "-1", "x", "nan"])
def test_a_bad_grant_leaves_nothing(folder: Path, run: Run, epsilon: str) -> None:
    ran = grant(run, folder, epsilon)
    assert (ran.code, ran.out) == (2, "")
    assert "epsilon" in ran.err
    assert not list(folder.glob("budget*"))
    nowhere = run(
        "privacy", "grant", folder / "no" / "b", "--dataset", "d", "--recipient", "r", "--epsilon", "1"
    )
    assert (nowhere.code, "no such folder" in nowhere.err) == (2, True)


def test_a_changed_ledger_stops_the_command(folder: Path, run: Run) -> None:
    grant(run, folder)
    grant(run, folder, 2)
    path = folder / "budget.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"epsilon":"1"', b'"epsilon":"9"'))
    for words in (["query", config(folder)], ["ledger", path]):
        ran = run("privacy", *words)
        assert (ran.code, ran.out) == (4, "")
        assert "budget.jsonl:2" in ran.err


def test_start_up_does_not_load_the_extra() -> None:
    code = "import sys, commonseal.cli; print('opendp' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_every_field_of_a_question_is_documented() -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs" / "privacy.md").read_text(encoding="utf-8")
    schema = json.loads((root / "commonseal/privacy/query.schema.json").read_text(encoding="utf-8"))
    statistics = schema["properties"]["statistics"]["items"]["properties"]
    inner = {name for each in statistics.values() for name in each.get("properties", {})}
    assert [name for name in schema["properties"] if f"\n{name}:" not in page] == []
    assert [name for name in {*statistics, *inner} if f"`{name}`" not in page] == []
