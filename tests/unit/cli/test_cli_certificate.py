"""`commonseal certificate`, and `judge --certify`: the whole way, its JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cli_words import Ran, Run

DAY = "2026-11-24"


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    rows = 200
    people = pl.DataFrame(
        {
            "who": [f"secret-{n}" for n in range(rows)],
            "sex": ["f", "m"] * (rows // 2),
            "age": [n // 2 for n in range(rows)],
            "icd10": [f"J{n % 7}" for n in range(rows)],
        }
    )
    people.write_csv(tmp_path / "raw.csv")
    people.select("who", "sex", "age").write_csv(tmp_path / "voters.csv")
    people.select("sex", "age", "icd10").write_csv(tmp_path / "weak.csv")
    people.select("sex", (pl.col("age") // 50).alias("half"), "icd10").write_csv(tmp_path / "strong.csv")
    assert run("certificate", "key", tmp_path / "judge.key", "--name", "city.example/judge").code == 0
    return tmp_path


def certify(run: Run, folder: Path, table: str, *more: object, **options: Any) -> Ran:
    quasi = "sex,age" if table == "weak.csv" else "sex,half"
    words = ["judge", folder / table, "--quasi", quasi, "--sensitive", "icd10", "--direct", ""]
    certificate = ["--certify", folder / f"{table}.note", "--key", folder / "judge.key"]
    party = ["--answers", "Clinic data office, data steward"]
    dates = ["--valid-until", "2027-11-24", "--as-of", DAY]
    return run(*words, *certificate, *party, *dates, *more, **options)


def verify(run: Run, folder: Path, table: str, *more: object, **options: Any) -> Ran:
    words = ["certificate", "verify", folder / f"{table}.note", "--public-key", folder / "judge.key.pub"]
    return run(*words, *(more or ("--as-of", "2026-12-01")), **options)


def challenge(run: Run, folder: Path, table: str, *more: object, **options: Any) -> Ran:
    words = ["certificate", "challenge", folder / f"{table}.note", "--table", folder / table]
    attack = ["--auxiliary", folder / "voters.csv", "--truth", "who", "--original", folder / "raw.csv"]
    return run(*words, *attack, "--key", folder / "judge.key", "--as-of", "2026-12-01", *more, **options)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_way_of_a_certificate(folder: Path, run: Run, lang: str) -> None:
    attacked = run(
        "attack", folder / "weak.csv", "--auxiliary", folder / "voters.csv", "--truth", "who",
        "--original", folder / "raw.csv", "--quasi", "sex", "--json",
    )  # fmt: skip
    assert attacked.code == 0
    (folder / "attack.json").write_text(attacked.out, encoding="utf-8")
    made = certify(run, folder, "weak.csv", "--attack", folder / "attack.json", "--json", lang=lang)
    assert (made.code, made.err) == (0, "")
    before = (folder / "weak.csv.note").read_bytes()
    ran = verify(
        run, folder, "weak.csv", "--as-of", "2026-12-01", "--table", folder / "weak.csv", "--json", lang=lang
    )
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert list(told) == [
        "certificate", "state", "valid", "as_of", "issuer", "table_checked", "lapsed_on", "lapse",
        "ignored_lapses", "statement",
    ]  # fmt: skip
    assert (told["state"], told["valid"], told["issuer"], told["table_checked"]) == (
        "valid",
        True,
        "city.example/judge",
        True,
    )
    statement = told["statement"]
    assert statement["parameters"]["quasi"] == ["sex", "age"]
    assert statement["figures"]["sample_uniques"] == 200
    assert statement["figures"]["table"] == "weak.csv"
    assert statement["attacks"][0]["reidentified_rate"] == 0
    assert [law["article"] for law in statement["law"]][:2] == ["PIPL art. 4", "PIPL art. 73(4)"]
    assert b"secret" not in before

    done = challenge(run, folder, "weak.csv", "--json", lang=lang)
    assert (done.code, done.err) == (4, "")
    assert (done.json["outcome"], done.json["attack"]["reidentified_rate"]) == ("lapsed", 1.0)
    assert done.json["answers"] == {"organisation": "Clinic data office", "role": "data steward"}
    assert Path(done.json["lapse"]).name == "weak.csv.note.lapse-001"
    assert (folder / "weak.csv.note").read_bytes() == before
    assert b"secret" not in Path(done.json["lapse"]).read_bytes()
    after = verify(run, folder, "weak.csv", "--as-of", "2026-12-02", "--json", lang=lang)
    assert (after.code, after.json["state"], after.json["lapsed_on"]) == (4, "lapsed", "2026-12-01")
    assert after.json["lapse"]["answers"]["role"] == "data steward"
    again = challenge(run, folder, "weak.csv", "--json", lang=lang)
    assert Path(again.json["lapse"]).name == "weak.csv.note.lapse-002"
    assert not [path for path in folder.iterdir() if "partial" in path.name]


def test_a_certificate_that_stands(folder: Path, run: Run) -> None:
    assert certify(run, folder, "strong.csv").code == 0
    done = challenge(run, folder, "strong.csv", "--quasi", "sex", "--json")
    assert (done.code, done.json["outcome"], done.json["lapse"]) == (0, "stands", None)
    assert verify(run, folder, "strong.csv").code == 0
    assert "stands" in challenge(run, folder, "strong.csv", "--quasi", "sex").out


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["lapsed since 2026-12-01", "voters.csv", "answers: Clinic data office, data steward"]),
        ("zh", ["自 2026-12-01 起失效", "voters.csv", "责任方：Clinic data office，data steward"]),
    ],
)
def test_a_person_reads_who_answers(folder: Path, run: Run, lang: str, words: list[str]) -> None:
    certify(run, folder, "weak.csv")
    assert "Clinic data office" in challenge(run, folder, "weak.csv", lang=lang).out
    ran = verify(run, folder, "weak.csv", lang=lang)
    assert ran.code == 4
    assert [word for word in words if word not in ran.out] == []


def test_days_keys_tables_and_bytes(folder: Path, run: Run) -> None:
    certify(run, folder, "strong.csv")
    for day, code, state in (
        ("2026-11-23", 4, "not_yet"),
        ("2027-11-24", 0, "valid"),
        ("2027-11-25", 4, "expired"),
    ):
        ran = verify(run, folder, "strong.csv", "--as-of", day, "--json")
        assert (ran.code, ran.json["state"]) == (code, state)
    other = verify(run, folder, "strong.csv", "--as-of", DAY, "--table", folder / "weak.csv")
    assert (other.code, other.out) == (4, "")
    assert "another table" in other.err
    assert run("certificate", "key", folder / "other.key", "--name", "city.example/judge").code == 0
    words = ["certificate", "verify", folder / "strong.csv.note", "--as-of", DAY, "--public-key"]
    assert run(*words, folder / "other.key.pub").code == 4
    note = folder / "strong.csv.note"
    note.write_bytes(note.read_bytes().replace(b"data steward", b"data stewart"))
    assert verify(run, folder, "strong.csv").code == 4
    assert run(*words[:2], folder / "none.note", "--public-key", folder / "judge.key.pub").code == 2


def test_a_forged_lapse_changes_nothing(folder: Path, run: Run) -> None:
    certify(run, folder, "weak.csv")
    run("certificate", "key", folder / "other.key", "--name", "city.example/judge")
    mine = folder / "mine"
    mine.mkdir()
    (mine / "weak.csv").write_bytes((folder / "weak.csv").read_bytes())
    certified = [
        "judge", mine / "weak.csv", "--quasi", "sex,age", "--direct", "", "--certify", mine / "weak.csv.note",
        "--key", folder / "other.key", "--answers", "me, me", "--valid-until", "2027-11-24", "--as-of", DAY,
    ]  # fmt: skip
    assert run(*certified).code == 0
    refused = run(
        "certificate", "challenge", folder / "weak.csv.note", "--table", folder / "weak.csv", "--auxiliary",
        folder / "voters.csv", "--truth", "who", "--original", folder / "raw.csv", "--key", folder / "other.key",
        "--public-key", folder / "judge.key.pub",
    )  # fmt: skip
    assert (refused.code, "may not end" in refused.err) == (2, True)
    lapsed = run(
        "certificate", "challenge", mine / "weak.csv.note", "--table", mine / "weak.csv", "--auxiliary",
        folder / "voters.csv", "--truth", "who", "--original", folder / "raw.csv", "--key", folder / "other.key",
    )  # fmt: skip
    assert lapsed.code == 4
    (folder / "weak.csv.note.lapse-001").write_bytes((mine / "weak.csv.note.lapse-001").read_bytes())
    ran = verify(run, folder, "weak.csv", "--as-of", "2027-01-01", "--json")
    assert (ran.code, ran.json["state"]) == (0, "valid")
    assert [Path(name).name for name in ran.json["ignored_lapses"]] == ["weak.csv.note.lapse-001"]
    assert "does not count" in verify(run, folder, "weak.csv").out


def test_an_inspector_that_the_certificate_names_may_end_it(folder: Path, run: Run) -> None:
    run("certificate", "key", folder / "inspector.key", "--name", "inspector.example/attack")
    certify(run, folder, "weak.csv", "--may-lapse", folder / "inspector.key.pub")
    done = run(
        "certificate", "challenge", folder / "weak.csv.note", "--table", folder / "weak.csv", "--auxiliary",
        folder / "voters.csv", "--truth", "who", "--original", folder / "raw.csv", "--as-of", "2026-12-01",
        "--key", folder / "inspector.key", "--public-key", folder / "judge.key.pub",
    )  # fmt: skip
    assert done.code == 4
    assert verify(run, folder, "weak.csv", "--as-of", "2026-12-01", "--json").json["state"] == "lapsed"
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (folder / "weak.csv.note.lapse-001").rename(elsewhere / "kept")
    assert verify(run, folder, "weak.csv").code == 0  # whoever takes the record away hides it: see the limits
    assert verify(run, folder, "weak.csv", "--lapse", elsewhere / "kept", "--as-of", "2026-12-01").code == 4


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--answers", "nobody"], "ORGANISATION, ROLE"),
        (["--answers", "Office, ask 13800138000"], "reaches a person"),
        (["--valid-until", "2026-11-23"], "before the day of issue"),
        (["--attack", "none.json"], "none.json"),
        (["--law", "no.such.rule"], "no.such.rule"),
        (["--key", "none.key"], "none.key"),
        (["--may-lapse", "none.pub"], "none.pub"),
        (["--certify", "no/such/folder/x.note"], "no such folder"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_bad_certificate_is_named_and_not_written(
    folder: Path, run: Run, more: list[str], says: str, lang: str
) -> None:
    ran = certify(run, folder, "strong.csv", *more, lang=lang)
    assert (ran.code, ran.out) == (2, "")
    if lang == "en":
        assert says in ran.err
    assert not (folder / "strong.csv.note").exists()


def test_what_may_not_be_certified(folder: Path, run: Run) -> None:
    attacked = run(
        "attack", folder / "weak.csv", "--auxiliary", folder / "voters.csv", "--truth", "who",
        "--original", folder / "raw.csv", "--json",
    )  # fmt: skip
    (folder / "attack.json").write_text(attacked.out, encoding="utf-8")
    ran = certify(run, folder, "weak.csv", "--attack", folder / "attack.json")
    assert (ran.code, ran.out) == (4, "")
    assert "nothing is certified" in ran.err
    config = folder / "judge.yaml"
    config.write_text("models: [{k_anonymity: {k: 5}}]\n", encoding="utf-8")
    failing = certify(run, folder, "weak.csv", "--config", config)
    assert (failing.code, "does not hold" in failing.err) == (4, True)
    named = certify(run, folder, "weak.csv", "--direct", "icd10")
    assert (named.code, "direct identifier" in named.err) == (4, True)
    (folder / "bad.json").write_text("[1]", encoding="utf-8")
    assert certify(run, folder, "weak.csv", "--attack", folder / "bad.json").code == 2
    other = json.loads(attacked.out) | {"reidentified_rate": 0.0, "release_sha256": "0" * 64}
    (folder / "bad.json").write_text(json.dumps(other), encoding="utf-8")
    assert "another table" in certify(run, folder, "weak.csv", "--attack", folder / "bad.json").err
    assert not (folder / "weak.csv.note").exists()


def test_nothing_is_overwritten(folder: Path, run: Run) -> None:
    assert certify(run, folder, "strong.csv").code == 0
    again = certify(run, folder, "strong.csv")
    assert (again.code, "never overwritten" in again.err) == (2, True)
    key = run("certificate", "key", folder / "judge.key", "--name", "x")
    assert (key.code, "never overwritten" in key.err) == (2, True)
    assert (folder / "judge.key").stat().st_mode & 0o077 == 0


def test_options_of_a_certificate_need_one(folder: Path, run: Run) -> None:
    ran = run("judge", folder / "strong.csv", "--quasi", "sex", "--answers", "a, b")
    assert (ran.code, "--certify" in ran.err) == (2, True)
    bare = run("judge", folder / "strong.csv", "--quasi", "sex", "--certify", folder / "x.note")
    assert bare.code == 2
    assert all(name in bare.err for name in ("--key", "--answers", "--valid-until"))


def test_an_auxiliary_table_that_knows_nobody_challenges_nothing(folder: Path, run: Run) -> None:
    certify(run, folder, "weak.csv")
    pl.DataFrame({"who": ["x", "y"], "sex": ["f", "m"], "age": [1, 2]}).write_csv(folder / "voters.csv")
    ran = challenge(run, folder, "weak.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing is challenged" in ran.err
