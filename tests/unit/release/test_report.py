"""The report: complete in itself, in both languages, escaped, and silent about what was changed."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from commonseal.errors import BadInput, ProofFailed
from commonseal.log import open_log
from commonseal.release import release
from commonseal.release.draft import draft_agreement
from commonseal.release.report import write_report
from commonseal.seal.canonical import canonical_json, commitment
from commonseal.source import from_frame

DAY = date(2026, 11, 23)
VOID = {"meta", "input", "br", "hr", "img", "link", "path", "circle", "rect", "line"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """What a browser would see: tags with attributes, text by language, and whether tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.main = ""
        self.text: dict[str, str] = {"en": "", "zh": "", "": ""}
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "main":
            self.main = str(dict(attrs)["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "main":
            self.main = ""

    def handle_data(self, data: str) -> None:
        self.text[self.main] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _people() -> pl.DataFrame:
    """400 persons: 300 in large classes, 100 in small ones; no randomness."""
    rows = range(400)
    return pl.DataFrame(
        {
            "sex": ["男" if row % 2 else "女" for row in rows],
            "age": [20 + row % 40 for row in rows],
            "mobile": [f"138{row:08d}" for row in rows],
            "salary": [3000 + 37 * (row % 90) for row in rows],
        }
    )


def _drafted(folder: Path, **changes: object) -> Path:
    table = from_frame(_people())
    path = draft_agreement(table, folder, as_of=DAY).path
    terms = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms.update(provider="卫健委", recipient={"name": "疾控中心", "kind": "department"}, purpose="统计")
    terms.update(changes)
    path.write_text(yaml.safe_dump(terms, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A real release: its package, and the agreement's folder."""
    folder = tmp_path_factory.mktemp("released")
    agreement = _drafted(folder / "agreement")
    result = release(_people(), agreement, out=folder / "package", as_of=DAY)
    assert result.outcome == "released", result.findings
    return folder / "package", agreement.parent


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A real refusal: the agreement ended the day before."""
    folder = tmp_path_factory.mktemp("refused")
    ended = {"from": DAY - timedelta(days=400), "to": DAY - timedelta(days=1)}
    agreement = _drafted(folder / "agreement", valid=ended)
    result = release(_people(), agreement, out=folder / "record", as_of=DAY)
    assert result.outcome == "refused"
    return folder / "record", agreement.parent


Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def resealed(package: tuple[Path, Path], tmp_path: Path) -> Callable[[Change], Path]:
    """Return the package with its manifest changed and sealed anew: a manifest somebody made up."""

    def make(change: Change) -> Path:
        source, agreement = package
        folder = tmp_path / "made-up"
        folder.mkdir()
        document = json.loads((source / "manifest.json").read_bytes())
        change(document)
        payload, nonce = canonical_json(document), bytes(32)
        entry = commitment(nonce, payload)
        with open_log(agreement / "log", key_path=agreement / "log.key") as log:
            receipt = log.append([entry], at=1_790_000_000)[0]
        record = {"nonce": nonce.hex(), "entry": base64.b64encode(entry).decode(), "proof": receipt.to_text()}
        (folder / "manifest.json").write_bytes(payload)
        (folder / "receipt.json").write_bytes(canonical_json(record))
        return folder

    return make


def _page(folder: Path, out: Path, lang: Any = "en") -> tuple[Page, str]:
    html = write_report(folder, out / "report.html", lang).read_text(encoding="utf-8")
    return Page(html), html


def test_a_released_package_is_told_in_both_languages(package: tuple[Path, Path], tmp_path: Path) -> None:
    page, _ = _page(package[0], tmp_path)
    manifest = json.loads((package[0] / "manifest.json").read_bytes())
    for lang, words in {
        "en": ["Released", "What was found, what was done, and why", "The verdict", "model text", "kept"],
        "zh": ["已发布", "识别结果、处理方式与依据", "评判结论", "示范文本", "符合"],
    }.items():
        text = page.text[lang]
        for said in (*words, manifest["agreement"]["id"], "2026-11-23", "卫健委", "疾控中心", "统计"):
            assert said in text
        for column in manifest["columns"]:
            assert column["name"] in text
        for finding in (f for d in manifest["decisions"] for f in d["findings"]):
            assert finding["message" if lang == "en" else "message_zh"] in text
            assert finding["rule"] in text
        assert manifest["data"]["sha256"] in text
        assert manifest["agreement"]["sha256"] in text
        assert manifest["rules"]["digest"] in text
        assert f"{manifest['data']['rows']:,}" in text
    assert page.text["zh"].count("Smart City") == 0  # the instruments of thresholds are told in Chinese too


def test_the_chosen_language_stands_first(package: tuple[Path, Path], tmp_path: Path) -> None:
    for lang, other in (("zh", "en"), ("en", "zh")):
        page, _ = _page(package[0], tmp_path, lang)
        assert [attrs["id"] for attrs in page.of("main")] == [lang, other]
        checked = [attrs["id"] for attrs in page.of("input") if "checked" in attrs]
        assert checked == [f"show-{lang}"]
        assert page.of("html")[0]["lang"] == ("zh-Hans" if lang == "zh" else "en")


def test_the_page_loads_nothing(
    package: tuple[Path, Path], refused: tuple[Path, Path], tmp_path: Path
) -> None:
    for folder in (package[0], refused[0]):
        page, html = _page(folder, tmp_path)
        policy = [m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
        names = {tag for tag, _ in page.tags}
        assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        assert "url(" not in html
        assert "@import" not in html
        assert "://" not in html  # a signature is base 64: it may hold slashes, never a colon
        for _, attrs in page.tags:
            assert not [name for name in attrs if name.startswith("on") or name in ("src", "action")]
            assert str(attrs.get("href") or "#").startswith("#")


def test_every_inner_link_leads_somewhere_and_no_id_is_used_twice(
    package: tuple[Path, Path], tmp_path: Path
) -> None:
    page, _ = _page(package[0], tmp_path)
    ids = [str(attrs["id"]) for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    for attrs in page.of("a"):
        assert str(attrs["href"])[1:] in ids
    for attrs in page.of("svg"):
        for label in str(attrs.get("aria-labelledby") or "").split():
            assert label in ids


def test_pictures_tell_what_the_tables_behind_them_tell(package: tuple[Path, Path], tmp_path: Path) -> None:
    page, _ = _page(package[0], tmp_path)
    manifest = json.loads((package[0] / "manifest.json").read_bytes())
    pictures = [attrs for attrs in page.of("svg") if attrs.get("class") == "picture"]
    assert len(pictures) == 6  # three in each language
    alone = manifest["verdict"]["before"]["sample_uniques"]
    assert f"Alone in their class: {alone:,} before" in page.text["en"]
    assert f"处理前 {alone:,} 人" in page.text["zh"]
    assert "at least 5 asked" in page.text["en"]


def test_heights_are_shown_where_the_manifest_has_them(
    resealed: Callable[[Change], Path], tmp_path: Path
) -> None:
    def change(document: dict[str, Any]) -> None:
        plan = document["anonymization"]
        plan["heights"] = dict.fromkeys(plan["levels"], 9)

    page, _ = _page(resealed(change), tmp_path)
    assert "of 9" in page.text["en"]
    assert "共 9 级" in page.text["zh"]
    assert "The data file was not there" in page.text["en"]


def test_what_the_manifest_says_is_escaped(resealed: Callable[[Change], Path], tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        terms = document["agreement"]["terms"]
        document["agreement"]["id"] = document["table"] = document["as_of"] = EVIL
        terms["purpose"] = terms["provider"] = terms["sharing_mode"] = EVIL
        terms["recipient"] = {"name": EVIL, "kind": EVIL}
        terms["legal_basis"] = {"basis": EVIL, "reference": EVIL}
        document["made_with"] = {"engine": EVIL, EVIL: EVIL}
        document["anonymization"]["quasi"] = [EVIL]
        document["anonymization"]["levels"] = {EVIL: 2}
        for column in document["columns"]:
            column["name"] = column["category"] = column["use"] = EVIL
            column["treatment"] = {"operator": EVIL, "params": {EVIL: EVIL}}
        for decision in document["decisions"]:
            for finding in decision["findings"]:
                finding.update(dict.fromkeys(["rule", "instrument", "article", "message", "status"], EVIL))
        for check in document["verdict"]["checks"]:
            check.update(rule=EVIL, instrument=EVIL, article=EVIL, status=EVIL)

    page, html = _page(resealed(change), tmp_path)
    assert EVIL not in html
    assert "<script" not in html
    assert not page.of("img")
    assert not page.of("script")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert page.text["en"].count("<script>alert(1)</script>") > 10  # shown as the text that it is


def test_a_refusal_says_which_article_stands_in_the_way(refused: tuple[Path, Path], tmp_path: Path) -> None:
    page, _ = _page(refused[0], tmp_path)
    english, chinese = page.text["en"], page.text["zh"]
    for said in ("Refused", "Network Data Security Regulation, NDSR art. 12(1)", "cn.ndsr.12.ended"):
        assert said in english
    assert "Smallest change that would pass: Renew the agreement." in english
    assert "last day in force" in english  # what was decided on
    assert "网络数据安全管理条例，第12条(1)" in chinese
    assert "可行的最小改动：" in chinese
    assert "2026-11-22" in chinese


def test_the_newest_refusal_is_told(refused: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    newest = (refused[0] / "refusal-001.json").read_bytes()
    for number in (2, 9):
        (folder / f"refusal-{number:03}.json").write_text("{}", encoding="utf-8")
    (folder / "refusal-010.json").write_bytes(newest)
    page, _ = _page(folder, tmp_path)
    assert "many/refusal-010.json" in page.text["en"]


@pytest.mark.slow
def test_the_commands_on_the_page_check_a_package_and_a_refusal(
    package: tuple[Path, Path], refused: tuple[Path, Path], tmp_path: Path
) -> None:
    for folder, agreement in (package, refused):
        _, html = _page(folder, tmp_path)
        commands = [shlex.split(unescape(found)) for found in re.findall(r"<pre><code>(.+?)</code>", html)]
        work = tmp_path / folder.name
        work.mkdir()
        (work / folder.name).symlink_to(folder)
        (work / "log.pub").write_bytes((agreement / "log" / "log.pub").read_bytes())
        ran = 0
        for command in commands[: 1 if folder is package[0] else 2]:
            program = {"python": [sys.executable], "commonseal": [sys.executable, "-c", _MAIN]}[command[0]]
            done = subprocess.run(
                [*program, *command[1:]], cwd=work, capture_output=True, env=os.environ, check=False
            )
            assert done.returncode == 0, done.stderr.decode()
            ran += 1
        assert ran >= 1


_MAIN = "from commonseal.cli import main; main()"


def test_a_changed_manifest_is_not_reported(package: tuple[Path, Path], tmp_path: Path) -> None:
    folder = _copy(package[0], tmp_path / "changed")
    payload = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(payload.replace(b"2026-11-23", b"2026-11-24"))
    with pytest.raises(ProofFailed, match="one of the two was changed"):
        write_report(folder, tmp_path / "report.html", "en")
    (folder / "manifest.json").write_bytes(payload + b"\n")
    with pytest.raises(ProofFailed, match="canonical"):
        write_report(folder, tmp_path / "report.html", "en")
    assert not (tmp_path / "report.html").exists()


def test_changed_data_are_not_reported(package: tuple[Path, Path], tmp_path: Path) -> None:
    folder = _copy(package[0], tmp_path / "changed")
    (folder / "data.parquet").write_bytes(b"PAR1")
    with pytest.raises(ProofFailed, match="hash that was sealed"):
        write_report(folder, tmp_path / "report.html", "en")


def test_a_changed_receipt_is_not_reported(package: tuple[Path, Path], tmp_path: Path) -> None:
    folder = _copy(package[0], tmp_path / "changed")
    receipt: Mapping[str, Any] = json.loads((folder / "receipt.json").read_bytes())
    for changed in (
        b"[]",
        b"not json",
        json.dumps({**receipt, "nonce": "00" * 31}).encode(),
        json.dumps({**receipt, "entry": base64.b64encode(bytes(32)).decode()}).encode(),
    ):
        (folder / "receipt.json").write_bytes(changed)
        with pytest.raises(ProofFailed):
            write_report(folder, tmp_path / "report.html", "en")


@pytest.mark.parametrize("part", ["manifest.json", "receipt.json"])
def test_a_missing_part_is_named(package: tuple[Path, Path], tmp_path: Path, part: str) -> None:
    folder = _copy(package[0], tmp_path / "lacking")
    (folder / part).unlink()
    with pytest.raises(BadInput, match=re.escape(part) + ": missing"):
        write_report(folder, tmp_path / "report.html", "en")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        write_report(tmp_path / "nowhere", tmp_path / "report.html", "en")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("verdict"),
        lambda document: document.update(decisions=3),
        lambda document: document["data"].update(rows="many"),
        lambda document: document["verdict"]["after"].update(class_sizes=[["a", "b"]]),
    ],
)
def test_a_field_that_is_not_as_documented_is_a_clear_error(
    resealed: Callable[[Change], Path], tmp_path: Path, change: Change
) -> None:
    with pytest.raises(BadInput, match=r"docs/package\.md"):
        write_report(resealed(change), tmp_path / "report.html", "en")
    assert not list(tmp_path.glob(".report.html*"))


def test_another_format_is_a_clear_error(resealed: Callable[[Change], Path], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="commonseal-package-v1"):
        write_report(resealed(lambda d: d.update(format="other-v9")), tmp_path / "report.html", "en")


def test_the_page_is_written_whole_or_not_at_all(package: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Nothing was half-written"):
        write_report(package[0], tmp_path / "nowhere" / "report.html", "en")
    with pytest.raises(BadInput, match="Nothing was half-written"):
        write_report(package[0], tmp_path, "en")
    out = tmp_path / "report.html"
    out.write_text("old", encoding="utf-8")
    write_report(package[0], out, "en")
    first = out.read_bytes()
    write_report(package[0], out, "en")
    assert out.read_bytes() == first  # the same package is the same page: no clock in it
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def _copy(source: Path, folder: Path) -> Path:
    folder.mkdir()
    for file in source.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder
