"""Hold the documentation to the program: fields, options, links, modules, and the code that it shows."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml

from commonseal import errors
from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.anonymize.loss import LOSSES
from commonseal.city import make_city
from commonseal.cli import app
from commonseal.log import open_log
from commonseal.release import load_agreement, release
from commonseal.release.draft import draft_agreement
from commonseal.source import open_table

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DAY = date(2026, 9, 14)
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
OURS = {  # pages of this chapter; every module, link and block in them is checked
    page for page in PAGES if page.parent == ROOT or page.parent.name in ("adr", "reference")
} | {
    DOCS / f"{name}.md"
    for name in (
        *("index", "way", "agreement", "package", "anonymize", "hierarchies", "utility", "threats"),
        "dependencies",
    )
}
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
RUNS = re.compile(r"^<!-- runs -->\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the pages describe it: people.csv, agreement/, package/."""
    folder = tmp_path_factory.mktemp("desk")
    made = make_city(folder / "city", residents=2_000, seed=7, as_of=DAY, format="csv")
    shutil.copy(made.folder / "clinic_visits.csv", folder / "people.csv")
    draft = draft_agreement(open_table(folder / "people.csv"), folder / "agreement", as_of=DAY)
    terms = yaml.safe_load(draft.path.read_text(encoding="utf-8"))
    # so small a city has four hospitals, each a long and telling sequence of rows
    terms["columns"] = [column for column in terms["columns"] if column["name"] != "hospital_id"]
    draft.path.write_text(yaml.safe_dump(terms, allow_unicode=True), encoding="utf-8")
    with open_log(folder / "agreement" / "log", key_path=folder / "agreement" / "log.key") as log:
        log.append([bytes([number]) for number in range(5)], at=0)  # so that the proof has hashes
    result = release(
        folder / "people.csv", folder / "agreement" / "agreement.yaml", out=folder / "package", as_of=DAY
    )
    assert result.outcome == "released", [finding.message.en for finding in result.findings]
    return folder


def _prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def _fields(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        here = f"{path}{name}"
        yield here
        yield from _fields(part, f"{here}.")
        yield from _fields(part.get("items", {}), f"{here}[].")


def _names(schema: object) -> Iterator[str]:
    """Yield every choice that a schema offers."""
    if isinstance(schema, dict):
        yield from (choice for choice in schema.get("enum", []) if isinstance(choice, str))
        for part in schema.values():
            yield from _names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _names(part)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    inner: Mapping[str, click.Command] = getattr(command, "commands", {})
    if not inner:
        yield name, command
    for word, each in inner.items():
        yield from _commands(each, f"{name} {word}")


def test_every_field_and_choice_of_an_agreement_is_documented() -> None:
    schema = json.loads((ROOT / "commonseal/release/agreement.schema.json").read_text(encoding="utf-8"))
    page = (DOCS / "agreement.md").read_text(encoding="utf-8")
    groups = {
        "recipient",
        "legal_basis",
        "valid",
        "columns",
        "columns[].treatment",
        "rows",
        "pseudonym",
        "anonymity",
    }
    fields = set(_fields(schema))
    assert groups <= fields
    assert [field for field in sorted(fields - groups) if f"`{field}`" not in page] == []
    assert [choice for choice in _names(schema) if f"`{choice}`" not in page] == []


def test_the_example_names_every_field_of_an_agreement() -> None:
    schema = json.loads((ROOT / "commonseal/release/agreement.schema.json").read_text(encoding="utf-8"))
    example = yaml.safe_load((DOCS / "agreement.example.yaml").read_text(encoding="utf-8"))
    assert set(schema["properties"]) - set(example) == set()
    assert set(schema["properties"]["anonymity"]["properties"]) - set(example["anonymity"]) == set()


def test_the_example_agreement_releases_a_table(desk: Path) -> None:
    shutil.copy(DOCS / "agreement.example.yaml", desk / "agreement")
    agreement = load_agreement(desk / "agreement" / "agreement.example.yaml")
    people = open_table(desk / "people.csv").frame.collect()
    for column in agreement.quasi:  # so small a city has one district, which a draft does not name
        path = desk / "agreement" / "hierarchies" / f"people_hierarchy_{column}.csv"
        write_hierarchy(build_hierarchy(column, people[column].unique().to_list()), path)
    result = release(desk / "people.csv", agreement, out=desk / "example", as_of=DAY)
    assert result.outcome == "released", [finding.message.en for finding in result.findings]
    assert result.verdict is not None
    assert result.verdict.after.smallest_class >= 5


def test_every_field_of_a_manifest_and_a_refusal_is_documented(desk: Path) -> None:
    page = (DOCS / "package.md").read_text(encoding="utf-8")
    manifest = json.loads((desk / "package" / "manifest.json").read_bytes())
    told = set(re.findall(r"[`.]([a-z_0-9]+)(?:\[\])?`", page)) | set(
        re.findall(r"[`{ .]([a-z_0-9]+)[,}\[`.]", page)
    )
    parts = [
        manifest[name] for name in ("agreement", "data", "anonymization", "verdict", "rules", "made_with")
    ]
    parts += [
        manifest,
        manifest["columns"][0],
        manifest["verdict"]["before"],
        manifest["verdict"]["checks"][0],
    ]
    parts += [manifest["decisions"][0], manifest["decisions"][0]["findings"][0]]
    parts += [
        manifest["decisions"][0]["considered"][0],
        json.loads((desk / "package/receipt.json").read_bytes()),
    ]
    assert sorted({name for part in parts for name in part} - told) == []
    late = date(2030, 1, 1)
    refused = release(
        desk / "people.csv", desk / "agreement/agreement.yaml", out=desk / "refused", as_of=late
    )
    assert refused.refusal is not None
    record = json.loads(refused.refusal.read_bytes())
    assert sorted(set(record["refusal"]) - told) == []


def test_every_configuration_field_and_loss_is_documented() -> None:
    page = (DOCS / "anonymize.md").read_text(encoding="utf-8")
    schema = json.loads((ROOT / "commonseal/anonymize/config.schema.json").read_text(encoding="utf-8"))
    models = schema["properties"]["models"]["items"]["properties"]
    fields = [*schema["properties"], *models]
    assert [name for name in fields if f"{name}:" not in page and f"| `{name}` |" not in page] == []
    assert [name for name in LOSSES if f"| `{name}` |" not in page] == []


def test_every_command_and_option_is_documented() -> None:
    page = (DOCS / "reference/cli.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", page, flags=re.MULTILINE)
    told = {part.partition("\n")[0]: part for part in parts[1:]}
    commands = dict(_commands(typer.main.get_command(app), "commonseal"))
    assert set(told) == set(commands)
    for name, command in commands.items():
        options = {word for each in command.params for word in each.opts if word.startswith("--")} - {
            "--help"
        }
        named = set(re.findall(r"`(--[a-z-]+)`", re.sub(r"(?m)^(?!\|).*$", "", told[name])))
        assert named == options, name


def test_the_error_tree_is_the_one_in_the_code() -> None:
    page = (DOCS / "reference/errors.md").read_text(encoding="utf-8")
    tree = [line for line in (errors.__doc__ or "").splitlines() if re.match(r"CommonsealError|[├└│]", line)]
    assert len(tree) == 11
    assert [line for line in tree if line not in page] == []
    assert [line for line in tree[1:] if f"| `{_name(line)}` |" not in page] == []


def _name(line: str) -> str:
    return re.findall(r"[A-Z][A-Za-z]+", line)[0]


def test_every_dependency_is_documented() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["spark"],
        *(each for group in project["dependency-groups"].values() for each in group),
    ]
    names = [re.split(r"[\[<>=~ ]", each)[0] for each in wanted if isinstance(each, str)]
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    assert [name for name in names if f"| {name} |" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        leads_to = (page.parent / name).resolve() if name else page
        assert leads_to.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(leads_to), f"{page.name}: {target}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(page), flags=re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("page", sorted(OURS), ids=lambda page: str(page.relative_to(ROOT)))
def test_modules_and_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:commonseal|tests|benchmarks|docs)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), f"{page.name}: {path}"
    for module, name in re.findall(r"`(commonseal(?:\.[a-z_]+)+)\.?([A-Za-z_]*)", text):
        assert _exists(module, name), f"{page.name}: {module} {name}"


def _exists(module: str, name: str) -> bool:
    """Tell whether a dotted path is a module, or a name in one."""
    import importlib

    with contextlib.suppress(ImportError):
        found = importlib.import_module(module)
        return not name or hasattr(found, name)
    outer, _, last = module.rpartition(".")
    return hasattr(importlib.import_module(outer), last)


def test_the_two_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    levels = [re.findall(r"^(#+) ", BLOCK.sub("", text), flags=re.MULTILINE) for text in (english, chinese)]
    assert levels[0] == levels[1]
    commands = [
        re.findall(r"^(?:commonseal|make|source) .*$", text, flags=re.MULTILINE)
        for text in (english, chinese)
    ]
    assert commands[0] == commands[1]
    inline = [set(re.findall(r"`((?:make|commonseal) [^`]+)`", text)) for text in (english, chinese)]
    assert inline[0] == inline[1]


def test_make_targets_are_documented() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    told = set(
        re.findall(
            r"^\| `make ([a-z-]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    )
    assert told == targets - {"help"}


@pytest.mark.parametrize(
    ("page", "code"),
    [(page.name, code) for page in sorted(OURS) for code in RUNS.findall(page.read_text(encoding="utf-8"))],
)
def test_the_code_that_is_shown_runs(
    page: str, code: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    shutil.rmtree(desk / "copy", ignore_errors=True)
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        exec(compile(code, page, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own pages
    assert heard.getvalue().strip()


def test_the_shown_check_of_a_proof_notices_a_change(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = next(
        code for code in RUNS.findall((DOCS / "package.md").read_text(encoding="utf-8")) if "last" in code
    )
    other = desk / "other"
    shutil.copytree(desk / "package", other / "package", dirs_exist_ok=True)
    shutil.copytree(desk / "agreement", other / "agreement", dirs_exist_ok=True)
    path = other / "package" / "receipt.json"
    receipt = json.loads(path.read_bytes())
    path.write_text(json.dumps({**receipt, "entry": "AAAA" + receipt["entry"][4:]}), encoding="utf-8")
    monkeypatch.chdir(other)
    with pytest.raises(AssertionError, match="not in the log"):
        exec(compile(code, "package.md", "exec"), {"__name__": "__main__"})  # noqa: S102


def test_the_site_shows_every_page() -> None:
    shown = set(re.findall(r"([\w/-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert shown == {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
