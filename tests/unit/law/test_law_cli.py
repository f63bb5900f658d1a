from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commonseal.cli.law import app
from commonseal.errors import BadInput, BadPack
from commonseal.law import load_book

RUN = CliRunner()


def test_list_as_json_names_every_rule() -> None:
    done = RUN.invoke(app, ["list", "--json"])
    assert done.exit_code == 0
    listed = json.loads(done.stdout)
    assert [entry["rule"] for entry in listed] == [rule.id for rule in load_book().rules]


def test_list_as_of_a_day_leaves_out_what_was_not_in_force() -> None:
    listed = json.loads(RUN.invoke(app, ["list", "--json", "--as-of", "2024-06-01"]).stdout)
    assert listed
    assert {"cn.pipl.6.purpose"} <= {entry["rule"] for entry in listed}
    assert all(entry["from"] <= "2024-06-01" <= (entry["to"] or "9999") for entry in listed)
    assert not any(entry["pack"] == "cn/gds" for entry in listed)
    assert RUN.invoke(app, ["list", "--as-of", "yesterday"]).exit_code == 2


def test_show_tells_a_rule_whole() -> None:
    done = RUN.invoke(app, ["show", "city.anonymization.k-public"])
    assert done.exit_code == 0
    assert "20 persons" in done.stdout
    shown = json.loads(RUN.invoke(app, ["show", "city.anonymization.k-public", "--json"]).stdout)
    assert shown["parameters"]["k_min"]["values"][0]["value"] == 20


def test_conditions_with_brackets_are_shown_whole() -> None:
    assert '["department", "authorised_body"]' in RUN.invoke(app, ["show", "cn.gds.25-1.no-onward"]).stdout


def test_a_rule_that_is_not_there() -> None:
    done = RUN.invoke(app, ["show", "cn.nothing"])
    assert isinstance(done.exception, BadInput)


def test_others_packs_are_listed_too(pack: Callable[..., Path]) -> None:
    folder = pack({})
    done = RUN.invoke(app, ["show", "town.columns.rule-0", "--json", "--pack", str(folder)])
    assert json.loads(done.stdout)["pack"] == "town"
    (folder / "r0.yaml").write_text("id: [", encoding="utf-8")
    assert isinstance(RUN.invoke(app, ["list", "--pack", str(folder)]).exception, BadPack)


@pytest.mark.parametrize("command", ["list", "show"])
def test_help_is_there(command: str) -> None:
    assert RUN.invoke(app, [command, "--help"]).exit_code == 0
