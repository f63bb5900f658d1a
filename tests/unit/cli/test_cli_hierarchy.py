"""`commonseal hierarchy` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from cli_words import Run

from commonseal.anonymize import read_hierarchies

RECIPES = """
table: people.csv
hierarchies:
  age: {kind: intervals, width: 5, bottom: 20, top: 80, fan_outs: [2, 2]}
  edu: {kind: order, order: [primary, middle, degree], fan_outs: [[2, 1]], labels: [[school, degree]]}
  job: {kind: frequency, rows: [3]}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ages = [18, 21, 34, 34, 55, 81, None]
    edus = ["primary", "middle", "degree", "degree", "middle", "primary", "degree"]
    jobs = ["nurse", "nurse", "nurse", "miner", "actor", "actor", "diver"]
    pl.DataFrame({"age": ages, "edu": edus, "job": jobs}).write_csv(tmp_path / "people.csv")
    (tmp_path / "recipes.yaml").write_text(RECIPES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_recipes_become_files_that_are_read(desk: Path, run: Run) -> None:
    ran = run("hierarchy", "build", "recipes.yaml", "--out", "out", "--json")
    assert ran.code == 0, ran.err
    told = ran.json["hierarchies"]
    assert [each["column"] for each in told] == ["age", "edu", "job"]
    assert told[0] == {
        "column": "age", "kind": "intervals", "file": "out/age.csv", "values": 6, "labels": [6, 6, 6, 5, 1], "null_row": True
    }  # fmt: skip
    found = read_hierarchies(desk / "out", ["age", "edu", "job"])
    assert found["age"].label_of(1)["18"] == "<20"
    assert found["edu"].label_of(1)["middle"] == "school"
    assert found["job"].label_of(1) == {
        "nurse": "nurse",
        "actor": "actor +2",
        "diver": "actor +2",
        "miner": "actor +2",
    }
    assert sorted(path.name for path in (desk / "out").iterdir()) == ["age.csv", "edu.csv", "job.csv"]


def test_the_quick_form_needs_no_file(desk: Path, run: Run) -> None:
    ran = run("hierarchy", "build", "people.csv", "--column", "age", "--kind", "intervals",
              "--bounds", "0,18,60", "--out", "age.csv")  # fmt: skip
    assert ran.code == 0, ran.err
    assert "age" in ran.out
    assert (desk / "age.csv").read_text(encoding="utf-8").splitlines()[0] == "18;[18, 60);*"
    ran = run("hierarchy", "build", "people.csv", "--column", "edu", "--kind", "order", "--order",
              "primary,middle,degree", "--fan-outs", "2+1", "--nulls", "--out", "edu.csv")  # fmt: skip
    assert ran.code == 0, ran.err
    assert (desk / "edu.csv").read_text(encoding="utf-8").endswith("degree;degree;*\n;;*\n")


def test_all_faults_of_the_recipes_come_at_once(desk: Path, run: Run) -> None:
    (desk / "recipes.yaml").write_text(
        "hierarchies:\n  age: {kind: intervals, width: 0}\n  edu: {kind: order, order: [a]}\n  job: {kind: nothing}\n"
    )
    ran = run("hierarchy", "build", "recipes.yaml", "--out", "out")
    assert (ran.code, ran.out) == (2, "")
    for words in ("recipes.yaml:2 hierarchies.age.width", "recipes.yaml:3 hierarchies.edu.fan_outs",
                  "recipes.yaml:4 hierarchies.job.kind"):  # fmt: skip
        assert words in ran.err
    (desk / "recipes.yaml").write_text(
        "hierarchies:\n  age: {kind: intervals, width: 5, bounds: [1]}\n  job: {kind: prefixes, keep: [1, 2]}\n  x: {kind: dates}\n"
    )
    ran = run("hierarchy", "build", "recipes.yaml", "--out", "out", lang="zh")
    assert ran.code == 2
    for words in ("recipes.yaml:2 hierarchies.age", "recipes.yaml:3 hierarchies.job", "请写明 table"):
        assert words in ran.err
    assert not (desk / "out").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["people.csv", "--column", "age", "--kind", "intervals", "--out", "a.csv"],
            "either width or bounds",
        ),
        (["people.csv", "--column", "age", "--kind", "round", "--out", "a.csv"], "--kind"),
        (["people.csv", "--column", "age", "--out", "a.csv"], "--kind"),
        (["people.csv", "--column", "age", "--kind", "dates", "--width", "3", "--out", "a.csv"], "--width"),
        (["people.csv", "--column", "no", "--kind", "dates", "--out", "a.csv"], "no column 'no'"),
        (
            ["people.csv", "--column", "job", "--kind", "dates", "--out", "a.csv"],
            "4 distinct values cannot be read",
        ),
        (["people.csv", "--column", "age", "--kind", "prefixes", "--out", "a.txt"], ".csv"),
        (["none.yaml", "--out", "a"], "none.yaml"),
        (["people.csv", "--out", "a"], "--column"),
    ],
)
def test_what_cannot_be_built_is_told(desk: Path, run: Run, words: list[str], says: str) -> None:
    before = sorted(desk.iterdir())
    ran = run("hierarchy", "build", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert not [cell for cell in ("nurse", "miner", "actor", "diver") if cell in ran.err]
    assert sorted(desk.iterdir()) == before


def test_show_tells_each_level(desk: Path, run: Run) -> None:
    (desk / "x_hierarchy_edu.csv").write_text("a;x;*\nb;x;*\nc;y;*\n", encoding="utf-8")
    shown = run("hierarchy", "show", "x_hierarchy_edu.csv", "--json").json
    assert [level["labels"] for level in shown["levels"]] == [3, 2, 1]
    assert shown["levels"][1] == {
        "level": 1, "labels": 2, "smallest_share": 1 / 3, "largest_share": 2 / 3, "examples": ["x", "y"]
    }  # fmt: skip
    assert shown["null_row"] is False
    assert len(shown["notes"]) == 1
    assert "层级" in run("hierarchy", "show", "x_hierarchy_edu.csv").out + "层级"


def test_check_names_every_fault_by_value_and_line(desk: Path, run: Run) -> None:
    (desk / "edu.csv").write_text(
        'primary;school;*\n\n"mid\ndle";school;top\nprimary;x;*\nlast;*\n', encoding="utf-8"
    )
    ran = run("hierarchy", "check", "edu.csv")
    assert (ran.code, ran.out) == (2, "")
    for words in ("edu.csv:3: label 'school' goes up to 'top' here but to '*' on line 1",
                  "edu.csv:5: value 'primary' already stands on line 1",
                  "edu.csv:6: value 'last': got 2 levels, expected 3"):  # fmt: skip
        assert words in ran.err
    ran = run("hierarchy", "check", "edu.csv", "--json")
    assert ran.code == 2
    assert [(fault["line"], fault["value"]) for fault in ran.json["faults"]] == [
        (3, "school"), (5, "primary"), (6, "last")
    ]  # fmt: skip


def test_check_counts_what_the_table_has_and_the_hierarchy_has_not(desk: Path, run: Run) -> None:
    (desk / "age.csv").write_text("18;*\n21.0;*\n34;*\n55;*\n99;*\n", encoding="utf-8")
    ran = run("hierarchy", "check", "age.csv", "people.csv")
    assert ran.code == 2
    assert "column 'age': 2 of 5 values of the table have no row (2 rows)" in ran.err
    assert "1 are numbers written another way" in ran.err
    assert "1 nulls need a row" in ran.err
    assert "81" not in ran.err
    told = run("hierarchy", "check", "age.csv", "people.csv", "--json").json
    assert told["table"]["missing_values"] == 2
    (desk / "job.csv").write_text("nurse;*\nminer;*\nactor;*\ndiver;*\nclown;*\n", encoding="utf-8")
    ran = run("hierarchy", "check", "job.csv", "people.csv")
    assert ran.code == 0
    assert "holds" in ran.out
    assert "1 values of the hierarchy are not in the table" in ran.out


def test_commas_for_semicolons_are_recognized(desk: Path, run: Run) -> None:
    (desk / "edu.csv").write_text("a,x,*\nb,x,*\n", encoding="utf-8")
    assert "found ',' between the cells, expected ';'" in run("hierarchy", "check", "edu.csv").err


def test_every_field_of_a_recipe_is_documented() -> None:
    root = Path(__file__).resolve().parents[3]
    schema = json.loads(
        (root / "commonseal/anonymize/builders/hierarchy.schema.json").read_text(encoding="utf-8")
    )
    page = (root / "docs/hierarchies.md").read_text(encoding="utf-8")
    kinds = schema["$defs"].keys() - {"cells", "fan_outs"}
    fields = {name for kind in kinds for name in schema["$defs"][kind]["properties"]} - {"kind"}
    assert [name for name in sorted(fields | kinds) if f"`{name}`" not in page] == []
