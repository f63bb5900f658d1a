"""`commonseal judge`: options, file, JSON, bad input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from commonseal.cli import main, show
from commonseal.judge.models import MODELS

Judge = Callable[..., tuple[int, str, str]]

PEOPLE = pl.DataFrame(
    {
        "name": [f"王{chr(0x4E00 + n)}" for n in range(40)],
        "phone": [f"1380013{n:04d}" for n in range(40)],
        "sex": ["f", "m"] * 20,
        "age": [f"{20 + 10 * (n // 10)}s" for n in range(40)],
        "ill": [("flu", "gout", "acne")[n % 3] for n in range(39)] + ["rare"],
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    PEOPLE.write_csv(tmp_path / "people.csv")
    PEOPLE.drop("name", "phone").write_csv(tmp_path / "released.csv")
    return tmp_path


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Judge:
    def ran(*words: object, lang: str = "en") -> tuple[int, str, str]:
        for name in ("words", "show"):
            monkeypatch.setattr(f"commonseal.cli.{name}.LANG", lang)
        monkeypatch.setattr(sys, "argv", ["commonseal", "judge", *map(str, words)])
        monkeypatch.setattr(show.ERR, "width", 4000)
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        return code, *capfd.readouterr()

    return ran


def config(folder: Path, **document: Any) -> Path:
    path = folder / "judge.yaml"
    path.write_text(json.dumps({"table": "released.csv", "quasi": ["sex", "age"], **document}))
    return path


def test_the_documented_json(folder: Path, judge: Judge) -> None:
    code, out, err = judge(
        *(folder / "released.csv", "--quasi", "sex,age", "--sensitive", "ill", "--population", 4000, "--json")
    )
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["rows"], told["classes"], told["sample_uniques"]) == (40, 8, 0)
    assert (told["highest_risk"], told["average_risk"], told["smallest_class"]) == (0.2, 0.2, 5)
    assert told["class_sizes"] == [[5, 8]]
    assert told["prosecutor"]["at_risk"] == 40
    assert told["journalist"]["basis"] == told["marketer"]["basis"] == "estimate"
    assert set(told["population_uniqueness"]) >= {"zayatz", "snb", "pitman", "dankar", "dankar_choice"}
    assert told["identifiability"]["status"] == "needs_review"
    assert told["identifiability"]["level"] == 2
    assert {told["wp216"][name]["answer"] for name in ("singling_out", "linkability", "inference")} == {"no"}
    assert len(told["wp216"]["table_6"]) == 7
    assert told["sensitive"][0]["column"] == "ill"
    assert (told["models"], told["holds"]) == ([], True)


def test_direct_identifiers_are_looked_for(folder: Path, judge: Judge) -> None:
    _, out, _ = judge(folder / "people.csv", "--quasi", "sex,age", "--json")
    found = json.loads(out)["identifiability"]
    assert (found["level"], found["direct_by"]) == (1, "classify")
    assert "phone" in found["direct"]
    _, out, _ = judge(folder / "people.csv", "--quasi", "sex,age", "--direct", "", "--json")
    assert json.loads(out)["identifiability"]["level"] == 2


def test_a_model_that_does_not_hold_is_exit_4(folder: Path, judge: Judge) -> None:
    models = [{"k_anonymity": {"k": 5}}, {"distinct_l_diversity": {"column": "ill", "l": 3}}]
    assert judge("--config", config(folder, models=models))[0] == 0
    code, out, _ = judge("--config", config(folder, models=[{"k_anonymity": {"k": 6}}]), "--json")
    assert code == 4
    (held,) = json.loads(out)["models"]
    assert (held["passed"], held["worst"], held["classes_failing"]) == (False, 5, 8)


def test_every_model_can_be_asked_in_a_file(folder: Path, judge: Judge) -> None:
    hierarchy = folder / "ill.csv"
    hierarchy.write_text("flu;a;*\nacne;a;*\ngout;b;*\nrare;b;*\n")
    parameters: dict[str, dict[str, Any]] = {
        "k_anonymity": {"k": 5},
        "k_map": {"k": 5},
        "delta_presence": {"min": 0, "max": 1},
        "distinct_l_diversity": {"column": "ill", "l": 2},
        "entropy_l_diversity": {"column": "ill", "l": 2},
        "recursive_cl_diversity": {"column": "ill", "c": 4, "l": 2},
        "delta_disclosure": {"column": "ill", "delta": 9, "present_only": True},
        "basic_beta_likeness": {"column": "ill", "beta": 9},
        "enhanced_beta_likeness": {"column": "ill", "beta": 9},
        "average_risk": {"risk": 0.2},
        "sample_uniqueness": {"rate": 0},
        "population_uniqueness": {"rate": 0},
    }
    models = [{name: given} for name, given in parameters.items()]
    models += [
        {"t_closeness": {"column": "ill", "t": 1}},
        {
            "t_closeness": {
                "column": "ill",
                "t": 1,
                "distance": "ordered",
                "order": ["acne", "flu", "gout", "rare"],
            }
        },
        {"t_closeness": {"column": "ill", "t": 1, "distance": "hierarchical", "hierarchy": "ill.csv"}},
    ]
    path = config(
        folder, models=models, population_table="released.csv", reference="released.csv", population=40
    )
    code, out, err = judge("--config", path, "--json")
    assert err == ""
    told = json.loads(out)["models"]
    assert {held["model"] for held in told} == set(MODELS)
    failed = [held["model"] for held in told if not held["passed"]]
    assert (failed, code) == (["enhanced_beta_likeness"], 4)


def test_options_stand_above_the_file(folder: Path, judge: Judge) -> None:
    _, out, _ = judge(
        "--config", config(folder, population=100), "--population", 500, "--quasi", "sex", "--json"
    )
    told = json.loads(out)
    assert (told["classes"], told["population_uniqueness"]["population"]) == (2, 500)


def test_terms_from_a_file(folder: Path, judge: Judge) -> None:
    path = config(
        folder,
        sharing="controlled",
        context={"deliberate": 0.1, "inadvertent": 0.2, "breach": 0.05},
        gbt42460={"tau": {"controlled": 0.25}, "threshold": 0.03, "tau_strict": False},
        risk_threshold=0.5,
        wp216={"confidence": 0.5},
    )
    told = json.loads(judge("--config", path, "--json")[1])
    level = told["identifiability"]
    assert (level["tau"], level["threshold"], level["context"], level["level"]) == (0.25, 0.03, 0.2, 2)
    assert level["risk"] == pytest.approx(0.2 * 0.2)
    assert (told["risk_threshold"], told["wp216"]["confidence"]) == (0.5, 0.5)


def test_a_person_column_that_stays_links(folder: Path, judge: Judge) -> None:
    _, out, _ = judge(folder / "people.csv", "--quasi", "sex,age", "--person", "phone", "--json")
    told = json.loads(out)
    assert told["persons"] == 40
    assert told["wp216"]["linkability"]["share"] == 1.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_for_people(folder: Path, judge: Judge, lang: str) -> None:
    code, out, _ = judge(
        *("--config", config(folder, sensitive=["ill"], population=4000, models=[{"k_anonymity": {"k": 2}}])),
        *("--copula", "--seed", 3),
        lang=lang,
    )
    assert code == 0
    for word in ("k_anonymity", "Pitman", "Copula", {"en": "prosecutor", "zh": "检察官"}[lang]):
        assert word in out
    assert not [cell for cell in ("gout", "acne", "rare") if cell in out]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--quasi", "sex,nope", "--sensitive", "no"], ("people.csv", "nope", "no", "age")),
        ([], ("quasi",)),
        (["--quasi", "sex", "--sensitive", "sex"], ("sensitive", "sex")),
        (["--quasi", "sex,sex"], ("quasi",)),
        (["--quasi", "sex", "--person", "sex"], ("person",)),
        (["--quasi", "sex", "--population", "3"], ("3", "40")),
        (["--quasi", "sex", "--context", "2"], ("context", "2")),
        (["--quasi", "sex", "--context", "0.5"], ("context", "0.5")),
        (["--quasi", "sex", "--population-table", "absent.csv"], ("absent.csv",)),
        (["--quasi", "sex", "--config", "absent.yaml"], ("absent.yaml",)),
        (["--quasi", "sex", "--direct", "nope"], ("nope",)),
    ],
)
def test_bad_input(folder: Path, judge: Judge, words: list[str], says: tuple[str, ...], lang: str) -> None:
    code, out, err = judge(folder / "people.csv", *words, lang=lang)
    assert (code, out) == (2, "")
    assert [word for word in says if word not in err] == []
    assert any("\u4e00" <= character <= "\u9fff" for character in err) is (lang == "zh")


def test_all_faults_of_a_file_at_once(folder: Path, judge: Judge) -> None:
    path = folder / "bad.yaml"
    path.write_text("quasi: sex\ncontext: 2\nnope: 1\nmodels:\n  - k_anonymity: {k: 0}\n")
    code, _, err = judge("--config", path)
    assert code == 2
    for told in (
        "bad.yaml:1 quasi",
        "bad.yaml:2 context",
        "bad.yaml:3 nope",
        "bad.yaml:5 models[0].k_anonymity.k",
    ):
        assert told in err
    path.write_text(
        "quasi: [sex]\nmodels:\n  - delta_presence: {min: 0.3, max: 0.1}\n  - population_uniqueness: {rate: 0}\n"
    )
    _, _, err = judge("--config", path)
    for told in ("bad.yaml: table", "models[0]: delta_presence: min", "models[1].population_uniqueness"):
        assert told in err
