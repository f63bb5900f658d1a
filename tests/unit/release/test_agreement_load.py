"""An agreement is read whole or not at all: every fault is named with its field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from release_case import TERMS, changed

from commonseal.errors import BadAgreement
from commonseal.release import load_agreement
from commonseal.release.agreement import parse_agreement
from commonseal.release.document import LARGEST_FILE


def faults_of(terms: object, folder: Path = Path("/nowhere")) -> list[str]:
    with pytest.raises(BadAgreement) as raised:
        parse_agreement(terms, folder=folder)
    english, chinese = raised.value.message.en.splitlines(), raised.value.message.zh.splitlines()
    assert len(english) == len(chinese)
    assert all("协议" in line or re.search(r"[\u4e00-\u9fff]", line) for line in chinese)
    assert "docs/agreement.md" in english[-1]
    assert "docs/agreement.md" in chinese[-1]
    return english[:-1]


def with_columns(*entries: dict[str, Any]) -> dict[str, Any]:
    return changed(TERMS, {"columns": list(entries)})


@pytest.mark.parametrize("field", [name for name in TERMS if name not in ("impact_assessment", "overseas")])
def test_a_field_that_is_missing_is_named(field: str) -> None:
    assert faults_of(changed(TERMS, {field: ...})) == [f"agreement: {field}: is missing"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "x" * 201),
        ("provider", 7),
        ("recipient.kind", "friend"),
        ("purpose", "x" * 4001),
        ("legal_basis.basis", 3),
        ("valid.from", "1 September 2026"),
        ("valid.to", "2026/09/01"),
        ("valid.to", "2026-02-30"),
        ("valid.to", None),
        ("sharing_mode", "open"),
        ("separate_consent", "yes"),
        ("overseas", "no"),
        ("columns", []),
        ("packs", []),
        ("packs", "city"),
        ("anonymity.k", 1),
        ("anonymity.k", 5.5),
        ("anonymity.l", 1),
        ("anonymity.t", 0),
        ("anonymity.t", 1.5),
        ("anonymity.suppression_rate_max", 1.1),
        ("anonymity.loss", "mine"),
        ("key", None),
        ("log", 3),
        ("pseudonym", {"period": "month", "date": "d"}),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field: str, value: object) -> None:
    assert any(field in line for line in faults_of(changed(TERMS, {field: value})))


def test_a_field_that_nobody_knows_is_named() -> None:
    assert "agreement: anonymity.kk: no such field" in faults_of(changed(TERMS, {"anonymity.kk": 5}))[0]
    assert "agreement: note: no such field" in faults_of({**TERMS, "note": "hello"})[0]


def test_several_faults_are_told_at_once() -> None:
    broken = changed(TERMS, {"recipient.kind": "friend", "anonymity.k": 0, "valid.from": "soon", "log": ...})
    told = "\n".join(faults_of(broken))
    for field in ("recipient.kind", "anonymity.k", "valid.from", "log: is missing"):
        assert field in told


def test_what_does_not_hold_together_is_told_at_once() -> None:
    broken = changed(
        TERMS,
        {
            "valid": {"from": "2027-01-01", "to": "2026-01-01"},
            "columns": [{"name": "a", "use": "quasi"}, {"name": "a"}, {"name": "p", "use": "person"}],
            "anonymity": {"k": 5, "l": 2},
            "pseudonym": {"period": "day", "date": "d"},
        },
    )
    told = "\n".join(faults_of(broken))
    for part in (
        "valid: from is after to",
        "columns[1].name: 'a' is named already, as columns[0]",
        "l and t need exactly one column with use: sensitive, got 0",
        "person: got '-', expected the one column with use: person (p)",
        "anonymity.hierarchies: required",
    ):
        assert part in told


@pytest.mark.parametrize("model", [{"l": 2}, {"t": 0.2}])
def test_l_and_t_need_one_sensitive_column(model: dict[str, Any]) -> None:
    none = changed(with_columns({"name": "a"}), {"anonymity": {"k": 5, **model}})
    two = with_columns({"name": "a", "use": "sensitive"}, {"name": "b", "use": "sensitive"})
    assert "got 0" in faults_of(none)[0]
    assert "got 2" in faults_of(changed(two, {"anonymity": {"k": 5, **model}}))[0]


def test_a_pseudonym_needs_a_person_column() -> None:
    broken = changed(TERMS, {"pseudonym": {"period": "week", "date": "visited"}})
    assert faults_of(broken) == ["agreement: pseudonym: needs a column with use: person"]


def test_a_quasi_identifier_has_no_treatment_of_its_own() -> None:
    broken = with_columns({"name": "age", "use": "quasi", "treatment": {"operator": "drop"}})
    assert any(
        "columns[0].treatment: 'age' is a quasi-identifier" in line
        for line in faults_of(changed(broken, {"anonymity.l": ...}))
    )


@pytest.mark.parametrize(
    ("treatment", "says"),
    [
        ({"operator": "shred"}, "expected one of keep, generalize"),
        ({"operator": "mask"}, "params of mask"),
        ({"operator": "mask", "params": {"keep_from": "a"}}, "params of mask"),
        ({"operator": "generalize", "params": {"to": "planet"}}, "params of generalize"),
        ({"operator": "generalize", "params": {"to": "interval", "width": 0}}, "a number > 0"),
        ({"operator": "hmac_sha256", "params": {"period": "day"}}, "period_column"),
        ({"operator": "drop", "params": {"x": 1}}, "expected nothing"),
    ],
)
def test_a_treatment_that_cannot_be_done_is_named(treatment: dict[str, Any], says: str) -> None:
    broken = changed(with_columns({"name": "age", "treatment": treatment}), {"anonymity.l": ...})
    assert [says in line and "columns[0].treatment" in line for line in faults_of(broken)] == [True]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"column": "a", "is": "one_of"}, "rows[0].value"),
        ({"column": "a", "is": "one_of", "value": []}, "rows[0].value"),
        ({"column": "a", "is": "none_of", "value": [None]}, "rows[0].value"),
        ({"column": "a", "is": "at_least"}, "rows[0].value"),
        ({"column": "a", "is": "at_most", "value": [1, 2]}, "rows[0].value"),
        ({"column": "a", "is": "at_most", "value": {"x": 1}}, "rows[0].value"),
        ({"column": "a", "is": "present", "value": 3}, "rows[0].value"),
        ({"column": "a", "is": "like", "value": "x%"}, "rows[0].is"),
        ({"is": "present"}, "rows[0].column: is missing"),
    ],
)
def test_a_row_rule_that_says_nothing_is_named(rule: dict[str, Any], expected: str) -> None:
    assert any(expected in line for line in faults_of({**TERMS, "rows": [rule]}))


@pytest.mark.parametrize("document", [None, [], "text", 7, {"a": 1}])
def test_what_is_no_agreement_at_all(document: object) -> None:
    assert faults_of(document)


def test_dates_may_be_dates_or_text(tmp_path: Path) -> None:
    as_text = parse_agreement(TERMS, folder=tmp_path)
    as_dates = changed(TERMS, {"valid": {"from": date(2026, 9, 1), "to": date(2027, 8, 31)}})
    assert parse_agreement(as_dates, folder=tmp_path) == as_text
    assert (as_text.valid_from, as_text.valid_to) == (date(2026, 9, 1), date(2027, 8, 31))


def test_relative_paths_start_at_the_agreements_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "agreements").mkdir()
    (tmp_path / "agreements" / "a.yaml").write_text(yaml.safe_dump(TERMS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    read = load_agreement(Path("agreements/a.yaml"))
    here = (tmp_path / "agreements").resolve()
    assert (read.key, read.log, read.log_key) == (here / "agreement.key", here / "log", here / "log.key")
    assert (read.hierarchies, read.folder) == (here / "hierarchies", here)
    assert (read.quasi, read.sensitive) == (("sex", "age", "district"), "icd10")


def test_absolute_paths_stay(tmp_path: Path) -> None:
    read = parse_agreement(changed(TERMS, {"key": str(tmp_path / "k")}), folder=Path("/elsewhere"))
    assert read.key == tmp_path / "k"


def load_fault(path: Path) -> str:
    with pytest.raises(BadAgreement) as raised:
        load_agreement(path)
    assert str(path) in raised.value.message.zh
    return raised.value.message.en


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such agreement file" in load_fault(tmp_path / "none.yaml")
    assert "no such agreement file" in load_fault(tmp_path)


def test_not_yaml_names_the_line(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text("id: x\ncolumns: [\n  - name", encoding="utf-8")
    assert f"{path}:3: not valid YAML" in load_fault(path)


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text(yaml.safe_dump(TERMS, sort_keys=False), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: department", "kind: friend"), encoding="utf-8")
    line = text.splitlines().index("  kind: department") + 1
    assert f"{path}:{line} recipient.kind: got 'friend', expected one of department" in load_fault(path)


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text(yaml.safe_dump(TERMS) + "id: another\n", encoding="utf-8")
    assert "id: stands twice" in load_fault(path)


def test_not_utf8(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_bytes("id: 协议\n".encode("gb18030"))
    assert "UTF-8" in load_fault(path)


def test_an_empty_file_is_no_agreement(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text("")
    assert "got nothing, expected a mapping" in load_fault(path)


def test_an_oversized_file_is_not_read(tmp_path: Path) -> None:
    with (path := tmp_path / "a.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert f"larger than {LARGEST_FILE} bytes" in load_fault(path)


def test_objects_are_not_made(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text("id: !!python/object/apply:os.getcwd []\n")
    assert "tags are refused" in load_fault(path)


@pytest.mark.parametrize("depth", [9, 30])
def test_a_bomb_of_aliases_does_not_go_off(tmp_path: Path, depth: int) -> None:
    """Nine aliases of nine aliases and so on: a few hundred bytes that would unfold to gigabytes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    (path := tmp_path / "a.yaml").write_text("\n".join(lines) + "\n")
    assert "anchors and aliases are refused" in load_fault(path)


def test_a_deep_nest_is_refused(tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text("a: " + "[" * 20_000 + "]" * 20_000)
    assert "nested deeper than" in load_fault(path)
