"""The same arguments give the same bytes, in any process; nothing is half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from commonseal.city import City, make_city
from commonseal.city import make as make_module
from commonseal.cli.city import app
from commonseal.errors import BadInput

SCRIPT = """
import sys
from pathlib import Path
from commonseal.city import make_city
for file in make_city(Path(sys.argv[1]), residents=3000, seed=5).files:
    print(file.name, file.sha256)
"""


def _hashes(city: City) -> dict[str, str]:
    return {file.name: file.sha256 for file in city.files}


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    here = _hashes(make_city(tmp_path / "here", residents=3000, seed=5))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "there")],
        env=os.environ | {"PYTHONHASHSEED": "4242", "POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(line.split() for line in done.stdout.splitlines()) == here


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    one = _hashes(make_city(tmp_path / "one", residents=500, seed=1))
    two = _hashes(make_city(tmp_path / "two", residents=500, seed=2))
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] == two[name]] == ["stations.parquet"]


@pytest.mark.slow
def test_more_than_one_block_gives_the_same_bytes_and_unique_ids(tmp_path: Path) -> None:
    one, two = (make_city(tmp_path / name, residents=300_000, seed=8) for name in ("one", "two"))
    assert _hashes(one) == _hashes(two)
    ids = pl.read_parquet(one.folder / "residents.parquet", columns=["resident_id", "phone", "birth_date"])
    assert ids["resident_id"].n_unique() == 300_000
    assert ids["phone"].drop_nulls().is_unique().all()
    # a day on which many are born would use up the 500 sequence numbers of its divisions
    assert ids["birth_date"].value_counts()["count"].max() < 80


@pytest.mark.parametrize("residents", [1, 2, 10])
@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_the_smallest_cities_are_whole(tmp_path: Path, residents: int, format: str) -> None:
    city = make_city(tmp_path / "c", residents=residents, seed=3, format=format)
    read = pl.read_parquet if format == "parquet" else pl.read_csv
    for file in city.files:
        assert read(city.folder / file.name).height == file.rows
    rows = {file.name: file.rows for file in city.files}
    assert rows[f"residents.{format}"] == residents
    assert len(city.files) == 13


def test_csv_and_parquet_hold_the_same_cells(tmp_path: Path) -> None:
    a = make_city(tmp_path / "a", residents=400, seed=3)
    b = make_city(tmp_path / "b", residents=400, seed=3, format="csv")
    parquet = pl.read_parquet(a.folder / "residents.parquet").cast(pl.String)
    assert parquet.equals(pl.read_csv(b.folder / "residents.csv", infer_schema=False))


def test_a_standing_city_is_checked_and_left_alone(tmp_path: Path) -> None:
    city = make_city(tmp_path / "c", residents=50, seed=3)
    stamp = (city.folder / "residents.parquet").stat().st_mtime_ns
    assert make_city(tmp_path / "c", residents=50, seed=3) == city
    assert (city.folder / "residents.parquet").stat().st_mtime_ns == stamp
    with pytest.raises(BadInput, match="not this city"):
        make_city(tmp_path / "c", residents=51, seed=3)
    with (city.folder / "voters.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BadInput, match="other bytes"):
        make_city(tmp_path / "c", residents=50, seed=3)


@pytest.mark.parametrize("summary", ["", "[]", "{}", '{"parameters": 1}', '{"parameters": {}, "files": [1]}'])
def test_a_folder_with_other_things_is_refused_untouched(tmp_path: Path, summary: str) -> None:
    (tmp_path / "city.json").write_text(summary)
    with pytest.raises(BadInput, match="not this city"):
        make_city(tmp_path, residents=5, seed=3)
    assert [path.name for path in tmp_path.iterdir()] == ["city.json"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("here")
    with pytest.raises(BadInput, match="not this city"):
        make_city(tmp_path / "c", residents=5, seed=3)


def test_a_fault_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(make_module.voters, "enrol", fail)
    with pytest.raises(OSError, match="disk full"):
        make_city(tmp_path / "c", residents=5, seed=3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"residents": 0},
        {"residents": 20_000_001},
        {"seed": -1},
        {"seed": 2**63},
        {"as_of": date(1999, 12, 31)},
        {"format": "xlsx"},
    ],
)
def test_arguments_out_of_bounds_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    arguments = {"residents": 5, "seed": 3} | wrong
    with pytest.raises(BadInput, match=next(iter(wrong))) as caught:
        make_city(tmp_path / "c", **arguments)
    assert "应为" in caught.value.message.zh
    assert list(tmp_path.iterdir()) == []


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"residents: 0.*seed: -1"):
        make_city(tmp_path / "c", residents=0, seed=-1)


def test_the_command_prints_json(tmp_path: Path) -> None:
    out = tmp_path / "c"
    done = CliRunner().invoke(
        app,
        ["make", "--residents", "20", "--seed", "4", "--out", str(out), "--as-of", "2025-03-03", "--json"],
    )
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["residents"] == 20
    assert answer["as_of"] == "2025-03-03"
    assert {file["name"] for file in answer["files"]} | {"city.json"} == {path.name for path in out.iterdir()}
    assert answer["rows"] == sum(file["rows"] for file in answer["files"])


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["make", "--residents", "20", "--out", str(tmp_path / "c")])
    assert done.exit_code == 0
    assert (tmp_path / "c" / "residents.parquet").exists()


def test_the_command_refuses_with_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    done = CliRunner().invoke(app, ["make", "--residents", "20", "--out", str(tmp_path)])
    assert isinstance(done.exception, BadInput)
    assert done.exception.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
