"""`commonseal attack` as a person runs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest
from cli_words import Run

RELEASE = {
    "id": ["a", "b", "c", "d", "e"],
    "age": ["[20, 40)", "[20, 40)", "[40, 60)", "[40, 60)", "[60, 80)"],
    "zip": ["100**", "100**", "100**", "200**", "200**"],
    "illness": ["flu-secret", "flu-secret", "flu-secret", "hiv-secret", "flu-secret"],
}
KNOWN = {
    "id": ["a", "b", "c", "e", None, None],
    "age": ["25", "39", "41", "60", "42", "65"],
    "zip": ["10001", "10002", "10099", "20001", "30001", "20002"],
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a release, a known table and the original."""
    pl.DataFrame(RELEASE).write_csv(tmp_path / "release.csv")
    pl.DataFrame(KNOWN).write_parquet(tmp_path / "known.parquet")
    raw = pl.DataFrame(RELEASE).with_columns(
        age=pl.Series(["25", "39", "41", "44", "60"]),
        zip=pl.Series(["10001", "10002", "10099", "20009", "20001"]),
    )
    raw.write_csv(tmp_path / "raw.csv")
    return tmp_path


def test_the_json_of_an_attack(run: Run, desk: Path) -> None:
    done = run(
        "attack", desk / "release.csv", "--auxiliary", desk / "known.parquet", "--truth", "id",
        "--quasi", "age,zip", "--sensitive", "illness", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["release"], told["auxiliary"]) == ("release.csv", "known.parquet")
    assert told["release_sha256"] == hashlib.sha256((desk / "release.csv").read_bytes()).hexdigest()
    assert (told["people"], told["claims"], told["right_claims"], told["precision"]) == (4, 1, 1, 1.0)
    assert told["reidentified_rate"] == 0.25
    assert told["reidentified_rate_interval"] == pytest.approx([0.0456, 0.6994], abs=1e-4)
    assert told["interval"] == {"method": "wilson", "confidence": 0.95}
    assert told["homogeneity"][0]["people_learned"] == 3
    assert [each["ruled_out"] for each in told["background"]] == [1, 2]
    assert told["membership"]["advantage"] == 0.5
    assert "secret" not in done.out


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "25.0% of 4 people were named again (4.6 to 69.9); 1 of 1 claims were right"),
        ("zh", "4 人中有 25.0% 被重新指认（4.6 至 69.9）；1 个断言中 1 个正确"),
    ],
)
def test_a_person_reads_a_table_and_one_sentence(spawn: Run, desk: Path, lang: str, sentence: str) -> None:
    done = spawn(
        "attack", desk / "release.csv", "--auxiliary", desk / "known.parquet", "--truth", "id", lang=lang
    )
    assert done.code == 0, done.err
    assert sentence in done.out


def test_a_file_says_the_same(run: Run, desk: Path) -> None:
    (desk / "attack.yaml").write_text(
        "release: release.csv\nauxiliary: known.parquet\ntruth: id\nquasi: [age, zip=zip]\nsensitive: [illness]\n"
    )
    done = run("attack", desk / "attack.yaml", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["claims"] == 1
    told = run("attack", desk / "attack.yaml", "--seed", 3)
    assert told.code == 2
    assert "--seed" in told.err


def test_a_file_with_faults_names_all_of_them(run: Run, desk: Path) -> None:
    (desk / "attack.yaml").write_text("releases: x\nmethod: magic\nclaim_at: 0\n")
    told = run("attack", desk / "attack.yaml")
    assert told.code == 2
    for word in ("releases", "release: is missing", "attack.yaml:2 method", "claim_at: got 0"):
        assert word in told.err


def test_without_an_auxiliary_table_half_is_known(run: Run, desk: Path) -> None:
    words = ["attack", desk / "release.csv", "--original", desk / "raw.csv", "--quasi", "age,zip", "--json"]
    done = run(*words, "--truth", "id")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["people"], told["outsiders"], told["outsiders_are"]) == (2, 2, "drawn")
    whole = json.loads(run(*words, "--known-rate", 1, "--sensitive", "illness").out)
    assert (whole["people"], whole["settled_by"]) == (5, "original")
    pl.DataFrame({"age": ["99"], "zip": ["99999"]}).write_csv(desk / "outside.csv")
    held = json.loads(run(*words, "--known-rate", 1, "--outsiders", desk / "outside.csv").out)
    assert (held["outsiders"], held["outsiders_are"], held["claims"]) == (1, "held_out", 3)
    assert held["right_claims"] == 3


@pytest.mark.slow
def test_a_package_tells_its_columns(run: Run, tmp_path: Path) -> None:
    made = run("demo", "--out", tmp_path / "demo")
    assert made.code == 0, made.err
    package, raw = tmp_path / "demo" / "clinic-package", tmp_path / "demo" / "city" / "clinic_visits.parquet"
    done = run("attack", package, "--original", raw, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["counts"], told["settled_by"], told["claims"]) == ("persons", "original", 0)
    assert told["people"] == 3_842
    assert [each["sensitive"] for each in told["homogeneity"]] == ["icd10"]
    missing = run(
        "attack",
        package,
        "--auxiliary",
        tmp_path / "demo" / "city" / "voters.parquet",
        "--truth",
        "person_id",
    )
    assert missing.code == 2
    assert "no readable column 'person_id'" in missing.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--auxiliary", "known.parquet"], "--truth is missing"),
        (["--auxiliary", "known.parquet", "--truth", "who"], "no readable column 'who'"),
        ([], "nothing to attack with"),
        (["--original", "raw.csv"], "--quasi is missing"),
        (["--original", "raw.csv", "--quasi", "age", "--person", "who"], "original: no column who"),
        (["--auxiliary", "known.parquet", "--truth", "id", "--quasi", "size"], "release: no column size"),
        (["--auxiliary", "known.parquet", "--truth", "id", "--method", "magic"], "--method"),
        (["--auxiliary", "known.parquet", "--truth", "id", "--claim-at", "2"], "claim_at"),
        (["--auxiliary", "known.parquet", "--truth", "id", "--outsiders", "raw.csv"], "--outsiders"),
        (["--auxiliary", "known.parquet", "--truth", "id", "--hierarchies", "nowhere"], "no hierarchy file"),
        (["--auxiliary", "absent.csv", "--truth", "id"], "absent.csv"),
        (["--auxiliary", "empty.csv", "--truth", "id"], "empty.csv"),
    ],
)
def test_bad_input_is_told_and_nothing_is_printed(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: str
) -> None:
    (desk / "empty.csv").write_text("id,age,zip\n")
    monkeypatch.chdir(desk)
    told = run("attack", "release.csv", *words, "--json")
    assert told.code == 2
    assert expected in told.err
    assert told.out == ""
    assert "secret" not in told.err


def test_the_city_attacked_by_the_voters_list(run: Run, tmp_path: Path) -> None:
    run("city", "make", "--out", tmp_path / "city", "--residents", 3000, "--seed", 5)
    city = tmp_path / "city"
    voters = pl.read_parquet(city / "voters.parquet").join(
        pl.read_parquet(city / "voters_key.parquet"), on="entry_id"
    )
    voters.write_parquet(tmp_path / "voters.parquet")
    done = run(
        "attack", city / "residents.parquet", "--auxiliary", tmp_path / "voters.parquet", "--truth", "person_id",
        "--quasi", "sex,birth_date,district", "--sensitive", "income_band", "--json",
    )  # fmt: skip
    told = json.loads(done.out)
    assert told["reidentified_rate"] > 0.9
    assert told["people"] + told["outsiders"] == voters.height


def test_the_page_names_every_field_of_the_file_and_of_the_json(run: Run, desk: Path) -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs" / "attack.md").read_text(encoding="utf-8")
    schema = json.loads((root / "commonseal/judge/attack/config.schema.json").read_text(encoding="utf-8"))
    assert [name for name in schema["properties"] if f"{name}: " not in page] == []
    told = json.loads(
        run(
            "attack", desk / "release.csv", "--auxiliary", desk / "known.parquet", "--truth", "id", "--json"
        ).out
    )
    assert [name for name in told if not name.endswith("_interval") and f"`{name}" not in page] == []
