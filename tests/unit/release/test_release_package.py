"""What a released package holds, and that nothing in it can be changed unseen."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import rfc8785
from release_case import DAY, DIRECT, QUASI, Case, make_case, people

import commonseal
from commonseal.anonymize import read_hierarchies
from commonseal.desensitize.pseudonym import key_text
from commonseal.errors import BadInput, CommonsealError, ProofFailed
from commonseal.law import load_book, replay
from commonseal.log import create_log
from commonseal.release import Result, load_agreement, release, verify_package
from commonseal.seal.keyfile import derive, load_key


@pytest.fixture(scope="session")
def manifest(released: Case) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((released.folder / "package" / "manifest.json").read_bytes())
    return document


def test_a_package_holds_three_files_and_nothing_is_left_beside_it(released: Case) -> None:
    assert sorted(f.name for f in (released.folder / "package").iterdir()) == [
        "data.parquet",
        "manifest.json",
        "receipt.json",
    ]
    assert not [f.name for f in released.folder.iterdir() if "partial" in f.name or "spill" in f.name]


def test_the_manifest_is_canonical_json(released: Case, manifest: dict[str, Any]) -> None:
    assert rfc8785.dumps(manifest) == (released.folder / "package" / "manifest.json").read_bytes()


def test_the_manifest_says_what_left(released: Case, manifest: dict[str, Any]) -> None:
    data = (released.folder / "package" / "data.parquet").read_bytes()
    left = released.left()
    assert manifest["data"] == {
        "file": "data.parquet",
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": left.height,
        "schema": {name: str(dtype) for name, dtype in left.schema.items()},
    }
    assert manifest["as_of"] == DAY.isoformat()
    source = load_agreement(released.agreement).source
    assert manifest["agreement"] == {
        "id": "WL-2026-001",
        "sha256": hashlib.sha256(rfc8785.dumps(dict(source))).hexdigest(),
        "terms": dict(source),
    }


def test_the_manifest_says_what_was_done(released: Case, manifest: dict[str, Any]) -> None:
    made = {column["name"]: column for column in manifest["columns"]}
    assert list(made) == [column["name"] for column in released.terms["columns"]]
    assert (made["resident_id"]["category"], made["resident_id"]["level"]) == ("resident_id", 4)
    assert made["resident_id"]["treatment"] == {"operator": "hmac_sha256", "params": {}}
    assert made["phone"]["treatment"] == {"operator": "mask", "params": {"keep_from": 3, "keep_to": 7}}
    assert made["age"]["use"] == "quasi"
    assert made["age"]["treatment"] is None
    done = manifest["anonymization"]
    assert set(done["levels"]) == set(QUASI)
    assert done["suppressed_rows"] == released.frame.height - released.left().height > 0
    assert done["optimal"] is True
    assert done["asked"]["k"] == 5


def test_the_manifest_holds_the_verdict(released: Case, manifest: dict[str, Any]) -> None:
    sizes = released.left().group_by(QUASI).len()["len"]
    verdict = manifest["verdict"]
    assert verdict["passed"] is True
    assert verdict["after"]["smallest_class"] == sizes.min() >= 5
    assert verdict["after"]["classes"] == len(sizes)
    assert verdict["after"]["highest_risk"] == pytest.approx(1 / int(sizes.min()))
    assert verdict["before"]["sample_uniques"] > 0
    for check in verdict["checks"]:
        assert check["passed"] is True
        assert check["rule"]
        assert check["instrument"]
        assert check["article"]
    assert {"smallest_class", "smallest_l", "highest_risk"} <= {c["measure"] for c in verdict["checks"]}


def test_every_decision_is_cited_and_can_be_taken_again(manifest: dict[str, Any]) -> None:
    book = load_book(["cn", "city"])
    assert manifest["rules"]["digest"] == book.digest
    assert len(manifest["decisions"]) == 1 + 8 + 1  # agreement, columns, release
    for stored in manifest["decisions"]:
        again = replay(stored, book)
        assert str(again.outcome) == stored["outcome"]
        assert [f.citation.rule for f in again.findings] == [f["rule"] for f in stored["findings"]]
        for finding in stored["findings"]:
            assert all(finding[name] for name in ("rule", "instrument", "instrument_zh", "article"))
            assert all(finding[name] for name in ("message", "message_zh", "status"))
            assert finding["rule"] in manifest["rules"]["applied"]


def test_the_manifest_says_what_it_was_made_with(manifest: dict[str, Any]) -> None:
    made_with = manifest["made_with"]
    assert made_with["engine"] == f"polars {pl.__version__}"
    assert made_with["commonseal"] == commonseal.__version__
    assert {"polars", "numpy", "python"} <= set(made_with)


def test_the_receipt_is_the_logs_own(released: Case) -> None:
    package = released.folder / "package"
    receipt = json.loads((package / "receipt.json").read_bytes())
    payload = (package / "manifest.json").read_bytes()
    entry = base64.b64decode(receipt["entry"])
    assert hmac.new(bytes.fromhex(receipt["nonce"]), payload, hashlib.sha256).digest() == entry
    bundle = (released.folder / "log" / "tile" / "entries" / "000.p" / "1").read_bytes()
    assert bundle == len(entry).to_bytes(2, "big") + entry  # the log holds the HMAC and nothing else
    sealed = verify_package(package, log_key=released.log_key)
    assert (sealed.index, sealed.manifest["agreement"]["id"]) == (0, "WL-2026-001")


def test_quasi_identifiers_hold_labels_of_their_hierarchies_only(
    released: Case, manifest: dict[str, Any]
) -> None:
    hierarchies = read_hierarchies(released.folder / "hierarchies", QUASI)
    left = released.left()
    for column in QUASI:
        level = manifest["anonymization"]["levels"][column]
        labels = set(hierarchies[column].labels[level])
        assert set(left[column].cast(pl.String).unique().to_list()) <= labels
    assert any(manifest["anonymization"]["levels"].values())  # or this would say nothing


def test_rows_of_classes_that_are_too_small_are_gone(released: Case) -> None:
    assert released.left().height < released.frame.height
    kept = released.left()
    assert kept.group_by(QUASI).agg(pl.len()).filter(pl.col("len") < 5).is_empty()
    assert kept.group_by(QUASI).agg(pl.col("icd10").n_unique()).filter(pl.col("icd10") < 2).is_empty()


@pytest.mark.parametrize("column", ["resident_id", "name"])
def test_direct_identifiers_are_keyed_hashes(released: Case, column: str) -> None:
    key = derive(load_key(released.folder / "agreement.key"), "pseudonym", context="WL-2026-001")
    text = key_text(key, "hmac_sha256").encode()
    expected = {
        hmac.new(text, value.encode(), hashlib.sha256).digest() for value in released.frame[column].to_list()
    }
    got = released.left()[column]
    assert got.dtype == pl.Binary
    assert set(got.bin.size().unique().to_list()) == {32}
    assert set(got.to_list()) <= expected


def test_phones_show_their_middle_digits_only(released: Case) -> None:
    middles = {phone[3:7] for phone in released.frame["phone"].drop_nulls()}
    for masked in released.left()["phone"].drop_nulls():
        assert masked == f"***{masked[3:7]}****"
        assert masked[3:7] in middles


def test_nulls_stay_null_and_nothing_else_becomes_null(released: Case) -> None:
    suppressed = released.frame.height - released.left().height
    for column in released.left().columns:
        before, after = released.frame[column].null_count(), released.left()[column].null_count()
        assert before - suppressed <= after <= before
    assert released.left()["email"].null_count() > 0


def test_what_was_not_agreed_does_not_leave(released: Case) -> None:
    assert "address" in released.frame.columns
    assert released.left().columns == [column["name"] for column in released.terms["columns"]]


# --- nothing can be changed unseen


Change = Callable[[Path], None]


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def reseal(package: Path) -> None:
    """Change the manifest as one who knows the form: still canonical JSON, its own hashes right."""
    document = json.loads((package / "manifest.json").read_bytes())
    document["agreement"]["terms"]["recipient"]["name"] = "Somebody Else"
    (package / "manifest.json").write_bytes(rfc8785.dumps(document))


def change_receipt(package: Path, **parts: str) -> None:
    record = json.loads((package / "receipt.json").read_bytes())
    (package / "receipt.json").write_bytes(json.dumps({**record, **parts}).encode())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: flip(p / "data.parquet", 100), "data.parquet"),
        (lambda p: flip(p / "data.parquet", -1), "data.parquet"),
        (lambda p: (p / "data.parquet").write_bytes(b""), "data.parquet"),
        (lambda p: flip(p / "manifest.json", 30), "manifest.json"),
        (reseal, "manifest.json"),
        (
            lambda p: (p / "manifest.json").write_bytes((p / "manifest.json").read_bytes() + b"\n"),
            "canonical",
        ),
        (lambda p: (p / "manifest.json").write_bytes(b"[]"), "manifest.json"),
        (lambda p: change_receipt(p, nonce="00" * 32), "receipt"),
        (lambda p: change_receipt(p, nonce="00"), "not a receipt"),
        (lambda p: change_receipt(p, entry="AAAA"), "receipt"),
        (lambda p: change_receipt(p, proof="c2sp.org/tlog-proof@v1\nindex 0\n"), "not a receipt"),
        (lambda p: (p / "receipt.json").write_text("{}"), "not a receipt"),
        (lambda p: (p / "receipt.json").write_text("[1]"), "not a receipt"),
        (lambda p: (p / "receipt.json").write_bytes(b"\xff"), "not a receipt"),
    ],
)
def test_each_change_is_found(released: Case, tmp_path: Path, change: Change, says: str) -> None:
    shutil.copytree(released.folder / "package", package := tmp_path / "package")
    change(package)
    with pytest.raises(ProofFailed) as raised:
        verify_package(package, log_key=released.log_key)
    assert says in raised.value.message.en
    assert raised.value.message.zh


@pytest.mark.parametrize("part", ["data.parquet", "manifest.json", "receipt.json"])
def test_a_part_that_is_missing_is_named(released: Case, tmp_path: Path, part: str) -> None:
    shutil.copytree(released.folder / "package", package := tmp_path / "package")
    (package / part).unlink()
    with pytest.raises(BadInput, match=part):
        verify_package(package, log_key=released.log_key)


def test_the_key_of_another_log_does_not_verify(released: Case, tmp_path: Path) -> None:
    same_name = create_log(tmp_path / "other", origin="city.example/log")
    other_name = create_log(tmp_path / "third", origin="town.example/log")
    for key in (same_name, other_name):
        with pytest.raises(ProofFailed):
            verify_package(released.folder / "package", log_key=key)


def test_a_key_that_is_none_is_bad_input(released: Case) -> None:
    with pytest.raises(CommonsealError):
        verify_package(released.folder / "package", log_key="not a key")


def test_the_receipt_of_another_package_does_not_verify(released: Case, tmp_path: Path) -> None:
    other = make_case(tmp_path / "case")
    other.release()
    shutil.copytree(released.folder / "package", package := tmp_path / "package")
    shutil.copy(other.folder / "package" / "receipt.json", package / "receipt.json")
    with pytest.raises(ProofFailed):
        verify_package(package, log_key=released.log_key)


# --- the ways in and out


def test_the_package_can_be_called_in_a_notebook(case: Case) -> None:
    result = commonseal.release(case.frame, str(case.agreement), as_of=DAY)
    assert isinstance(result, Result)
    assert result.package == case.folder.resolve() / "package-WL-2026-001-2026-09-14"
    assert commonseal.release.release is release
    verify_package(result.package, log_key=case.log_key)


@pytest.mark.parametrize("kind", ["csv", "parquet", "pandas", "pyarrow", "lazy"])
def test_every_kind_of_table_gives_the_same_cells(released: Case, tmp_path: Path, kind: str) -> None:
    case = make_case(tmp_path / "case")
    shutil.copy(released.folder / "agreement.key", case.folder / "agreement.key")
    (case.folder / "agreement.key").chmod(0o600)
    path = tmp_path / "people.parquet"
    case.frame.write_parquet(path)
    tables: dict[str, object] = {
        "csv": case.table,
        "parquet": path,
        "pandas": case.frame.to_pandas(),
        "pyarrow": case.frame.to_arrow(),
        "lazy": case.frame.lazy(),
    }
    assert case.release(table=tables[kind]).outcome == "released"
    left = case.left().with_columns(pl.col(pl.Int32, pl.Int64).cast(pl.String))
    assert left.equals(released.left().with_columns(pl.col(pl.Int32, pl.Int64).cast(pl.String)))


def test_fewer_columns_may_be_asked_for(case: Case) -> None:
    assert case.release(columns=["sex", "phone", "sex"]).outcome == "released"
    assert case.left().columns == ["sex", "phone"]


def test_no_quasi_identifier_no_classes(case: Case) -> None:
    assert case.release(columns=["resident_id", "phone"]).outcome == "released"
    assert case.left().height == case.frame.height
    document = json.loads((case.folder / "package" / "manifest.json").read_bytes())
    assert document["anonymization"] is None


def test_direct_identifiers_are_named_in_the_case() -> None:
    assert set(DIRECT) < set(people().columns)
