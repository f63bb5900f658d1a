"""Bad input through the command line: exit 2, what and where and what to do, nothing half-written."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from cli_words import Ran, Run, command, release_words
from release_case import DISTRICTS, Case, make_case, people

from commonseal.log import open_log
from commonseal.release import verify_package

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Bad:
    """What is broken, and the words that its message must hold in either language."""

    change: Callable[[Case], object]
    says: tuple[str, ...]
    table: str | None = None
    more: tuple[str, ...] = ()


def rewrite(case: Case, change: Callable[[str], str]) -> None:
    case.table.write_text(change(case.table.read_text(encoding="utf-8")), encoding="utf-8")


def hierarchy(case: Case, change: Callable[[list[str]], list[str]]) -> None:
    path = case.folder / "hierarchies" / "people_hierarchy_district.csv"
    lines = change(path.read_text(encoding="utf-8").splitlines())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def ragged(text: str) -> str:
    lines = text.splitlines()
    lines[5] += ",one more"
    return "\n".join(lines) + "\n"


BAD = {
    "empty file": Bad(lambda c: c.table.write_bytes(b""), ("people.csv",)),
    "header only": Bad(lambda c: rewrite(c, lambda t: t.splitlines()[0] + "\n"), ("people.csv",)),
    "ragged": Bad(lambda c: rewrite(c, ragged), ("people.csv", "6", "10", "9")),
    "wrong encoding": Bad(
        lambda c: c.table.write_bytes(c.table.read_bytes() + b"\xff\xfe\n"), ("people.csv",)
    ),
    "nothing there": Bad(lambda c: c.table.unlink(), ("people.csv",)),
    "a folder": Bad(lambda c: (c.folder / "x").mkdir(), ("x",), table="x"),
    "column missing": Bad(
        lambda c: rewrite(c, lambda t: t.replace("district", "quarter", 1)), ("'district'",)
    ),
    "duplicate column": Bad(
        lambda c: rewrite(c, lambda t: t.replace("email", "phone", 1)), ("people.csv", '"phone"')
    ),
    "hierarchy misses a value": Bad(lambda c: hierarchy(c, lambda lines: lines[1:]), ("district", "1")),
    "hierarchy names a value twice": Bad(
        lambda c: hierarchy(c, lambda lines: [*lines, lines[0]]), ("people_hierarchy_district.csv:4", "1")
    ),
    "hierarchy is ragged": Bad(
        lambda c: hierarchy(c, lambda lines: [lines[0] + ";*", *lines[1:]]),
        ("people_hierarchy_district.csv:2",),
    ),
    "hierarchy missing": Bad(
        lambda c: (c.folder / "hierarchies" / "people_hierarchy_age.csv").unlink(), ("hierarchies", "age")
    ),
    "hierarchy empty": Bad(
        lambda c: (c.folder / "hierarchies" / "people_hierarchy_age.csv").write_text(""), ("age.csv:1",)
    ),
    "no folder of hierarchies": Bad(lambda c: shutil.rmtree(c.folder / "hierarchies"), ("hierarchies",)),
    "agreement missing": Bad(lambda c: c.agreement.unlink(), ("agreement.yaml",)),
    "agreement broken": Bad(lambda c: c.agreement.write_text("id: [\n"), ("agreement.yaml:2",)),
    "agreement asks what nobody can give": Bad(lambda c: c.agree(anonymity__k=10_000), ("k=10000",)),
    "agreement declares no category": Bad(lambda c: c.use(name={"category": "shoe size"}), ("shoe size",)),
    "agreement names no operator": Bad(
        lambda c: c.use(name={"treatment": {"operator": "shred"}}), ("shred",)
    ),
    "pack missing": Bad(lambda c: c.agree(packs=["city", "town"]), ("town",)),
    "key missing": Bad(lambda c: (c.folder / "agreement.key").unlink(), ("agreement.key",)),
    "key readable by others": Bad(
        lambda c: (c.folder / "agreement.key").chmod(0o644), ("agreement.key", "0644", "0600")
    ),
    "key is no key": Bad(lambda c: (c.folder / "agreement.key").write_text("hello"), ("agreement.key",)),
    "log missing": Bad(lambda c: shutil.rmtree(c.folder / "log"), ("log",)),
    "log's key missing": Bad(lambda c: (c.folder / "log.key").unlink(), ("log.key",)),
    "log's checkpoint torn": Bad(
        lambda c: (c.folder / "log" / "checkpoint").write_text("city"), ("checkpoint",)
    ),
    "out is not empty": Bad(lambda c: occupied(c), ("package",)),
    "out is a file": Bad(lambda c: (c.folder / "package").write_text("mine"), ("package",)),
    "unknown engine": Bad(lambda c: c, ("--engine", "polars", "spark"), more=("--engine", "flink")),
    "query on a file": Bad(lambda c: c, ("people.csv",), more=("--query", "SELECT 1")),
    "reserved names": Bad(
        lambda c: (
            rewrite(c, lambda t: t.replace("district", "__rows__", 1)),
            c.use(__rows__="plain", district=None),
        ),
        ("__rows__",),
    ),
    "a value that does not fit": Bad(
        lambda c: (
            c.frame.write_parquet(c.folder / "people.parquet"),
            c.agree(rows=[{"column": "age", "is": "at_least", "value": "old"}]),
        ),
        ("rows", "age"),
        table="people.parquet",
    ),
}


def occupied(case: Case) -> None:
    (case.folder / "package").mkdir()
    (case.folder / "package" / "mine.txt").write_text("mine")


def standing(case: Case) -> dict[str, bytes]:
    """Return every file under the case, so that a run can be seen to have left none."""
    return {str(f.relative_to(case.folder)): f.read_bytes() for f in case.folder.rglob("*") if f.is_file()}


def no_cells(case: Case, *texts: str) -> None:
    """Assert that no cell of a direct identifier, nor a diagnosis, stands in any of the texts."""
    for column in ("resident_id", "phone", "email", "name", "address"):
        if column in case.frame.columns:
            told = [cell for cell in case.frame[column].drop_nulls() for text in texts if cell in text]
            assert not told, column


def check(bad: Bad, case: Case, ran: Ran, lang: str, before: dict[str, bytes]) -> None:
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert "Traceback" not in ran.err
    for words in bad.says:
        assert words in ran.err
    own = re.sub("|".join(DISTRICTS), "", ran.err)  # the labels of a hierarchy are public, in any language
    assert bool(CHINESE.search(own)) is (lang == "zh"), ran.err
    no_cells(case, ran.err)
    assert standing(case) == before


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_nothing_is_left(tmp_path: Path, run: Run, name: str) -> None:
    bad, case = BAD[name], make_case(tmp_path / "case")
    bad.change(case)
    before = standing(case)
    table = case.folder / bad.table if bad.table else None
    for lang in ("en", "zh"):
        check(bad, case, run(*release_words(case, *bad.more, table=table), lang=lang), lang, before)


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
def test_the_real_command_says_the_same(tmp_path: Path, spawn: Run, name: str) -> None:
    bad, case = BAD[name], make_case(tmp_path / "case")
    bad.change(case)
    before = standing(case)
    table = case.folder / bad.table if bad.table else None
    check(bad, case, spawn(*release_words(case, *bad.more, table=table), lang="zh"), "zh", before)


def test_an_empty_table_cannot_be_drafted_or_classified(case: Case, run: Run) -> None:
    case.table.write_bytes(b"")
    for words in (["classify", case.table], ["agreement", "draft", case.table, "--out", case.folder / "d"]):
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert "people.csv" in ran.err
    assert not (case.folder / "d").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["release"], "table"),
        (["release", "x.csv"], "--agreement"),
        (["release", "x.csv", "--agreement", "a", "--out", "o", "--as-of", "soon"], "--as-of"),
        (["verify", "x"], "--log-key"),
        (["verify", "x", "--log-key", "y"], "x/manifest.json"),
        (["report", "x"], "x"),
        (["nothing"], "nothing"),
        (["anonymize", "x.yaml", "--out", "o.txt"], "x.yaml"),
        (["demo", "--out", "/dev/null/x"], "/dev/null"),
        (["city", "make", "--out", "/dev/null/x", "--residents", "10"], "/dev/null"),
        (["key", "new", "/dev/null/x"], "/dev/null"),
    ],
)
def test_words_that_cannot_be_used(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*words)
    assert ran.code == 2
    assert says in ran.err
    assert not list(tmp_path.iterdir())


OURS = ["__order__", "__rows__", "__tuple__", "__class__", "__bucket__", "__all__", "*", "^a.*$"]


def test_our_own_names_are_refused_in_a_table(case: Case, run: Run) -> None:
    for name in OURS:
        people().with_columns(pl.lit(7).alias(name)).write_parquet(path := case.folder / "people.parquet")
        ran = run(*release_words(case, table=path))
        assert (ran.code, ran.out) == (2, "")
        assert f"'{name}'" in ran.err


def test_other_names_are_carried_by(tmp_path: Path, run: Run) -> None:
    names = ["row", "words", "rows", "count", "len", "literal", "k", "人 数", "a.b", "a b", "size", "d0"]
    number = pl.int_range(pl.len()) % 7
    case = make_case(tmp_path / "case", people().with_columns(number.alias(name) for name in names))
    case.use(**{name: {"category": "quantity"} for name in names})
    ran = run(*release_words(case))
    assert ran.code == 0, ran.err
    assert case.left().select(pl.col(names).cast(pl.Int64).max()).row(0) == (6,) * len(names)


def test_ten_thousand_columns(tmp_path: Path, run: Run) -> None:
    frame = people()
    wide = frame.with_columns(*(pl.lit(None, dtype=pl.String).alias(f"c{i}") for i in range(10_000)))
    case = make_case(tmp_path / "case", frame)
    wide.write_parquet(path := case.folder / "wide.parquet")
    started = time.perf_counter()
    assert run(*release_words(case, table=path)).code == 0
    assert time.perf_counter() - started < 20
    assert case.left().width == 8


@pytest.mark.slow
def test_ten_thousand_columns_are_classified(tmp_path: Path, run: Run) -> None:
    header = ",".join(f"c{i}" for i in range(10_000))
    rows = [",".join(str((i * row) % 97) for i in range(10_000)) for row in range(1, 21)]
    (path := tmp_path / "wide.csv").write_text("\n".join([header, *rows]) + "\n")
    ran = run("classify", path, "--json")
    assert ran.code == 0
    assert len(ran.json["columns"]) == 10_000


def test_a_cell_of_ten_megabytes(tmp_path: Path, run: Run) -> None:
    notes = ["short note"] * (people().height - 1)
    case = make_case(tmp_path / "case", people().with_columns(note=pl.Series(["z" * 10_000_000, *notes])))
    assert run("classify", case.table, "--json").code == 0
    ran = run(*release_words(case))
    assert ran.code == 0
    case.use(note={"category": "free_text"})
    ran = run(*release_words(case, out="noted"))
    assert ran.code in (0, 3)
    assert "zzzz" not in ran.out + ran.err


def test_a_parquet_file_that_was_cut_short(case: Case, run: Run) -> None:
    case.frame.write_parquet(path := case.folder / "people.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    before = standing(case)
    ran = run(*release_words(case, table=path))
    assert (ran.code, ran.out) == (2, "")
    assert "people.parquet" in ran.err
    assert standing(case) == before


def test_a_table_that_changes_under_the_release_is_not_released(
    case: Case, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone adds a person of an unseen age between the count and the copy."""
    from commonseal.release import pipeline

    found = pipeline._planned

    def meddled(*given: object) -> object:
        plan = found(*given)  # type: ignore[arg-type]
        with case.table.open("a", encoding="utf-8") as file:
            file.write("322626199304237894,王小明,13800138000,,男,199,砚湖区,,I10\n")
        return plan

    monkeypatch.setattr(pipeline, "_planned", meddled)
    ran = run(*release_words(case))
    assert ran.code in (2, 4)
    assert "Traceback" not in ran.err
    assert "199" not in ran.err.replace(str(case.folder), "")
    assert not (case.folder / "package").exists()


# --- the log


def test_a_truncated_tile_stops_the_release(case: Case, run: Run) -> None:
    assert run(*release_words(case, out="first")).code == 0
    tile = next((case.folder / "log" / "tile" / "0").rglob("1"))
    tile.write_bytes(tile.read_bytes()[:10])
    before = standing(case)
    ran = run(*release_words(case, out="second"))
    assert ran.code in (2, 4)
    assert "tile" in ran.err
    assert standing(case) == before


@pytest.mark.slow
def test_two_writers_on_one_log_take_turns(case: Case, spawn: Run) -> None:
    answers: list[Ran] = []
    runs = [
        threading.Thread(target=lambda out=out: answers.append(spawn(*release_words(case, out=out))))
        for out in ("one", "two")
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert [ran.code for ran in answers] == [0, 0], answers
    indexes = {verify_package(case.folder / out, log_key=case.log_key).index for out in ("one", "two")}
    assert indexes == {0, 1}


@pytest.mark.slow
def test_a_log_that_is_held_for_long_refuses_clearly(case: Case, spawn: Run) -> None:
    with open_log(case.folder / "log"):
        ran = spawn(*release_words(case))
    assert ran.code == 2
    assert "log" in ran.err
    assert not (case.folder / "package").exists()
    assert spawn(*release_words(case)).code == 0


# --- the disk and the power


def beside(case: Case) -> list[str]:
    return [f.name for f in case.folder.iterdir() if f.name.startswith(".")]


@pytest.mark.slow
def test_a_file_that_may_not_grow(tmp_path: Path, spawn: Run) -> None:
    """The limit on file sizes stands in for a full disk: the write fails half-way."""
    case = make_case(tmp_path / "case", people(20_000))
    before = standing(case)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    ran = spawn(*release_words(case), preexec_fn=limited)
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    no_cells(case, ran.err)
    assert standing(case) == before


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(tmp_path: Path, spawn: Run) -> None:
    case = make_case(tmp_path / "case", people(20_000))
    (disk := tmp_path / "disk").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        words = release_words(case)
        words[words.index(case.folder / "package")] = disk / "package"
        ran = spawn(*words)
        assert ran.code == 2, ran.err
        assert "Traceback" not in ran.err
        assert "package" in ran.err
        no_cells(case, ran.err)
        assert not list(disk.iterdir())
        assert not (case.folder / "log" / "tile").exists()  # nothing left, so nothing is in the log
    finally:
        subprocess.run(["umount", disk], check=True)


def started(case: Case, out: str) -> subprocess.Popen[str]:
    """Start a release and return once it is under way."""
    process = subprocess.Popen(
        **command(*release_words(case, out=out)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list(case.folder.glob(f".{out}.partial-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return process


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, spawn: Run, number: signal.Signals) -> None:
    case = make_case(tmp_path / "case", people(60_000))
    before = standing(case)
    process = started(case, "package")
    time.sleep(0.2)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert standing(case) == before
    assert beside(case) == []
    assert spawn(*release_words(case)).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.3, 0.8])
def test_a_killed_run_does_no_harm(tmp_path: Path, spawn: Run, after: float) -> None:
    case = make_case(tmp_path / "case", people(60_000))
    process = started(case, "package")
    time.sleep(after)
    process.kill()
    process.communicate(timeout=60)
    if (case.folder / "package").exists():  # it had finished
        verify_package(case.folder / "package", log_key=case.log_key)
        return
    for folder in case.folder.glob(".package.partial-*"):
        assert folder.stat().st_mode & 0o077 == 0  # what a dead run leaves is its owner's alone
    assert spawn(*release_words(case)).code == 0
    verify_package(case.folder / "package", log_key=case.log_key)


def test_stale_partial_folders_are_harmless(case: Case, run: Run) -> None:
    for name in (".package.partial-dead", ".package.partial-beef"):
        (case.folder / name / "spool").mkdir(parents=True)
    assert run(*release_words(case)).code == 0
    assert json.loads((case.folder / "package" / "manifest.json").read_bytes())["data"]["rows"] > 0
