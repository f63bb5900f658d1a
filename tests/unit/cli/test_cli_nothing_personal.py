"""Nothing personal in what is said, sealed or logged: not a cell of a direct identifier, nor a diagnosis."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path

import polars as pl
import pytest
from cli_words import Run, release_words
from release_case import Case

COLUMNS = ("resident_id", "name", "phone", "email", "address", "icd10")


def cells(case: Case) -> set[str]:
    return {cell for column in COLUMNS for cell in case.frame[column].drop_nulls()}


def assert_clean(case: Case, what: str, content: bytes | str) -> None:
    text = content if isinstance(content, str) else content.decode("utf-8", errors="replace")
    found = [cell for cell in cells(case) if cell in text]
    assert not found, f"{what} holds {len(found)} cells"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("as_json", [True, False])
def test_a_release_says_nothing_personal(
    case: Case, run: Run, caplog: pytest.LogCaptureFixture, lang: str, as_json: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    ran = run(*release_words(case, *(["--json"] if as_json else [])), lang=lang)
    assert ran.code == 0
    assert ran.out
    page = run("report", case.folder / "package", lang=lang)
    assert page.code == 0
    for what, text in (
        ("stdout", ran.out),
        ("stderr", ran.err),
        ("logging", caplog.text),
        ("report", page.out),
    ):
        assert_clean(case, what, text)
    files = [
        *(case.folder / "package").iterdir(),
        *(f for f in (case.folder / "log").rglob("*") if f.is_file()),
    ]
    names = {file.name for file in files}
    assert {"manifest.json", "receipt.json", "report.html", "checkpoint"} <= names
    for file in files:
        if file.name != "data.parquet":
            assert_clean(case, file.name, file.read_bytes())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_refusal_says_nothing_personal(case: Case, run: Run, lang: str) -> None:
    case.agree(impact_assessment=..., anonymity__k=3, overseas=True)
    ran = run(*release_words(case), lang=lang)
    assert ran.code == 3
    assert_clean(case, "stdout", ran.out)
    assert_clean(case, "stderr", ran.err)
    for file in (case.folder / "package").iterdir():
        assert_clean(case, file.name, file.read_bytes())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "refused",
                "nothing left",
                "Personal Information Protection Law",
                "to pass:",
                "refusal-001.json",
            ],
        ),
        ("zh", ["拒绝发布", "没有任何数据流出", "个人信息保护法", "可行的最小改动：", "refusal-001.json"]),
    ],
)
def test_a_person_reads_the_articles_and_the_way_out(
    case: Case, run: Run, lang: str, words: list[str]
) -> None:
    case.agree(impact_assessment=...)
    ran = run(*release_words(case), lang=lang)
    assert ran.code == 3
    told = ran.out.replace("\n", "")
    for word in words:
        assert word in told
    assert "cn.pipl.55.impact-assessment" in told


def test_the_copy_itself_holds_no_direct_identifier(case: Case, run: Run) -> None:
    assert run(*release_words(case)).code == 0
    left = pl.read_parquet(case.folder / "package" / "data.parquet")
    assert left.columns == [column["name"] for column in case.terms["columns"]]
    written = (case.folder / "package" / "data.parquet").read_bytes()
    whole = {
        cell
        for column in ("resident_id", "name", "phone", "email")
        for cell in case.frame[column].drop_nulls()
    }
    assert not [cell for cell in whole if cell.encode() in written]
    text = left.select(pl.col(pl.String)).unpivot()["value"].drop_nulls().to_list()
    assert not whole & set(text)


def test_the_log_holds_a_commitment_and_nothing_of_the_payload(case: Case, run: Run) -> None:
    assert run(*release_words(case)).code == 0
    receipt = json.loads((case.folder / "package" / "receipt.json").read_bytes())
    (bundle,) = [f for f in (case.folder / "log" / "tile" / "entries").rglob("*") if f.is_file()]
    assert bundle.read_bytes() == b"\x00\x20" + base64.b64decode(receipt["entry"])
    logged = b"".join(f.read_bytes() for f in Path(case.folder / "log").rglob("*") if f.is_file())
    assert b"WL-2026-001" not in logged
    assert bytes.fromhex(receipt["nonce"]) not in logged
