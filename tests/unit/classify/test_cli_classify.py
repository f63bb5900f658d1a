"""The command: JSON as documented, a table for people, bad input refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import typer
from classify_samples import BY_VALUE, column
from typer.testing import CliRunner

from commonseal.cli.classify import classify_command

app = typer.Typer()
app.command("classify")(classify_command)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    frame = pl.DataFrame({"证件": column(BY_VALUE["resident_id"][0], 300), "n": range(300)})
    frame.write_csv(tmp_path / "people.csv")
    return tmp_path / "people.csv"


def test_json_is_as_documented(table: Path) -> None:
    result = CliRunner().invoke(app, [str(table), "--json", "--full"])
    assert result.exit_code == 0, result.output
    columns = json.loads(result.stdout)["columns"]
    assert [c["name"] for c in columns] == ["证件", "n"]
    assert list(columns[0]) == ["name", "category", "level", "confidence", "evidence"]
    assert (columns[0]["category"], columns[0]["level"]) == ("resident_id", 4)
    assert columns[0]["evidence"] == {
        "rows": 300,
        "null_rate": 0.0,
        "match_rate": 1.0,
        "checksum_rate": 1.0,
        "name_match": True,
        "others": [],
    }


def test_a_sample_is_as_large_as_asked(table: Path) -> None:
    result = CliRunner().invoke(app, [str(table), "--json", "--sample", "30"])
    assert json.loads(result.stdout)["columns"][0]["evidence"]["rows"] == 30


def test_the_human_table_shows_titles_and_never_a_value(table: Path) -> None:
    result = CliRunner().invoke(app, [str(table)])
    assert result.exit_code == 0
    values = pl.read_csv(table, infer_schema=False)["证件"].to_list()
    assert not [v for v in values if v in result.output]


@pytest.mark.parametrize("arguments", [["--sample", "0"], ["--sample", "x"]])
def test_a_bad_sample_is_bad_input(table: Path, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, [str(table), *arguments]).exit_code == 2


def test_the_chosen_language_reaches_the_table(table: Path) -> None:
    code = (
        "import sys; sys.argv = ['x', '--lang', 'zh'];"
        "import typer; from commonseal.cli.classify import classify_command as c;"
        f"app = typer.Typer(); app.command()(c); app(args=[{str(table)!r}])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "公民身份号码" in shown
    assert "置信度" in shown
