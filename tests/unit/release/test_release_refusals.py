"""The law's no: nothing leaves, the articles are named, and the refusal is sealed and can be replayed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import rfc8785
from release_case import DAY, Case, make_case, people

from commonseal.law import Book, load_book, replay
from commonseal.log import Receipt, verify_receipt
from commonseal.model import Outcome
from commonseal.release import Result, verify_package


@dataclass(frozen=True)
class No:
    """One way to be refused: what is changed, the rule that says so, and the run's options."""

    rule: str
    change: Callable[[Case], Case]
    as_of: date = DAY
    columns: tuple[str, ...] | None = None
    frame: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame
    replayable: bool = True  # by the law alone: what the agreement itself asks for is compared before it


def homogeneous(frame: pl.DataFrame) -> pl.DataFrame:
    """Let the sex tell the diagnosis."""
    return frame.with_columns(
        icd10=pl.when(pl.col("sex") == "男").then(pl.lit("I10")).otherwise(pl.lit("J45.9"))
    )


def twice(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame])


def with_children(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(age=pl.int_range(pl.len()) % 60 + 8)


def with_mystery(frame: pl.DataFrame) -> pl.DataFrame:
    """Add a column that nobody can say the meaning of."""
    drawn = random.Random(1)
    words = ["".join(drawn.choices("abcdefghijkXYZ019#", k=9)) for _ in range(frame.height)]
    return frame.with_columns(mystery=pl.Series(words))


def with_column(name: str, values: list[object]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def add(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.Series(name, (values * frame.height)[: frame.height]))

    return add


NOES = {
    "expired": No("cn.ndsr.12.ended", lambda c: c, as_of=date(2027, 9, 1)),
    "not yet valid": No("cn.ndsr.12.not-yet", lambda c: c, as_of=date(2026, 8, 31)),
    "no purpose": No("cn.pipl.6.purpose", lambda c: c.agree(purpose="  ")),
    "no basis": No("cn.pipl.13.legal-basis", lambda c: c.agree(legal_basis__basis=None)),
    "duty without a statute": No("cn.pipl.34.statutory-duty", lambda c: c.agree(legal_basis__reference=None)),
    "no assessment": No("cn.pipl.55.impact-assessment", lambda c: c.agree(impact_assessment=...)),
    "sensitive without consent": No(
        "cn.pipl.29.sensitive-consent", lambda c: c.agree(legal_basis__basis="pipl13_1")
    ),
    "column not agreed": No("cn.pipl.6.minimum-columns", lambda c: c, columns=("sex", "address")),
    "overseas": No("cn.pipl.38.export-basis", lambda c: c.agree(overseas=True)),
    "state organ abroad": No(
        "cn.pipl.36.state-organ-export", lambda c: c.agree(overseas=True, export_basis="standard_contract")
    ),
    "public recipient": No(
        "city.agreement.public-recipient-is-public-mode",
        lambda c: c.agree(recipient={"name": "everybody", "kind": "public"}),
    ),
    "packs not adopted": No(
        "city.agreement.one-desensitization-standard", lambda c: c.agree(packs=["city/agreement"])
    ),
    "minors without rules": No(
        "cn.pipl.31.dedicated-rules", lambda c: c.write_hierarchies("age"), frame=with_children
    ),
    "people repeat": No("city.anonymization.person-column-named", lambda c: c, frame=twice),
    "direct as quasi": No(
        "city.desensitization.direct-not-quasi",
        lambda c: c.write_hierarchies("resident_id").use(resident_id="quasi"),
    ),
    "direct as sensitive": No(
        "city.desensitization.direct-not-quasi", lambda c: c.use(icd10=None, phone="sensitive")
    ),
    "sensitive as plain": No(
        "city.desensitization.sensitive-named",
        lambda c: c.agree(anonymity__l=...).use(icd10="plain"),
    ),
    "password as quasi": No(
        "city.desensitization.secrets-and-biometrics-dropped",
        lambda c: c.use(secret={"use": "quasi", "category": "password"}),
        frame=with_column("secret", ["aaaa", "bbbb"]),
        replayable=False,
    ),
    "unknown category": No(
        "city.desensitization.unknown-category",
        lambda c: c.use(mystery="plain"),
        frame=with_mystery,
    ),
    "k below the law's": No(
        "city.anonymization.k-controlled", lambda c: c.agree(anonymity__k=3), replayable=False
    ),
    "k below the law's in public": No(
        "city.anonymization.k-public",
        lambda c: c.agree(sharing_mode="public", separate_consent=True),
        replayable=False,
    ),
    "more suppression than the law's": No(
        "city.anonymization.suppression-rate",
        lambda c: c.agree(anonymity__suppression_rate_max=0.5),
        replayable=False,
    ),
    "treatment weaker than the law's": No(
        "city.desensitization.highly-private-irreversible",
        lambda c: c.use(name={"treatment": {"operator": "mask", "params": {"keep_from": 0, "keep_to": 1}}}),
        replayable=False,
    ),
    "mask that shows more": No(
        "city.desensitization.mobile-middle-digits",
        lambda c: c.use(phone={"treatment": {"operator": "mask", "params": {"keep_from": 0, "keep_to": 7}}}),
        replayable=False,
    ),
    "homogeneous classes": No(
        "city.anonymization.no-homogeneous-class", lambda c: c.agree(anonymity__l=...), frame=homogeneous
    ),
}


@pytest.fixture(scope="module", params=NOES)
def refused(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[No, Case, Result]:
    no = NOES[request.param]
    case = make_case(tmp_path_factory.mktemp("refused") / "case", no.frame(people()))
    no.change(case)
    return no, case, case.release(as_of=no.as_of, columns=no.columns)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def standing_in_the_way(result: Result) -> set[str]:
    return {
        f.citation.rule for f in result.findings if f.outcome in (Outcome.FORBIDDEN, Outcome.UNDETERMINED)
    }


def test_it_is_refused_by_the_rule_and_nothing_leaves(refused: tuple[No, Case, Result]) -> None:
    no, case, result = refused
    assert result.outcome == "refused"
    assert no.rule in standing_in_the_way(result)
    assert (result.package, result.made) == (None, None)
    assert not list(case.folder.rglob("*.parquet"))
    assert [f.name for f in (case.folder / "package").iterdir()] == ["refusal-001.json"]
    assert not [f.name for f in case.folder.iterdir() if "partial" in f.name]


def test_the_finding_is_cited_in_both_languages_with_a_remedy(refused: tuple[No, Case, Result]) -> None:
    no, _, result = refused
    finding = next(f for f in result.findings if f.citation.rule == no.rule)
    for text in (finding.message, finding.citation.instrument):
        assert text.en
        assert text.zh
        assert text.en != text.zh
    assert finding.citation.article
    assert finding.remedy is not None
    assert finding.remedy.en
    assert finding.remedy.zh


def test_the_refusal_is_sealed_and_replays(refused: tuple[No, Case, Result], book: Book) -> None:
    no, case, result = refused
    assert result.refusal is not None
    kept = json.loads(result.refusal.read_bytes())
    payload, receipt = rfc8785.dumps(kept["refusal"]), kept["receipt"]
    entry = base64.b64decode(receipt["entry"])
    assert hmac.new(bytes.fromhex(receipt["nonce"]), payload, hashlib.sha256).digest() == entry
    verify_receipt(Receipt.parse(receipt["proof"]), entry, vkey=case.log_key)
    outcomes = set()
    for stored in kept["refusal"]["decisions"]:
        if not stored["facts"]:
            continue
        again = replay(stored, book)
        outcomes.add(str(again.outcome))
        stored_rules = {f["rule"] for f in stored["findings"]}
        assert {f.citation.rule for f in again.findings} <= stored_rules
    if no.replayable:
        assert outcomes & {"forbidden", "undetermined"}


def test_the_same_folder_takes_the_release_once_it_is_lawful(case: Case) -> None:
    assert case.release(as_of=date(2026, 8, 31)).outcome == "refused"
    second = case.release(as_of=date(2027, 9, 1))
    assert second.refusal is not None
    assert second.refusal.name == "refusal-002.json"
    first = (case.folder / "package" / "refusal-001.json").read_bytes()
    result = case.release()
    assert result.outcome == "released"
    assert sorted(f.name for f in (case.folder / "package").iterdir()) == [
        "data.parquet",
        "manifest.json",
        "receipt.json",
        "refusal-001.json",
        "refusal-002.json",
    ]
    assert (case.folder / "package" / "refusal-001.json").read_bytes() == first
    assert verify_package(case.folder / "package", log_key=case.log_key).index == 2


def test_an_unknown_column_passes_once_its_category_is_declared(tmp_path: Path) -> None:
    frame = with_mystery(people())
    case = make_case(tmp_path / "case", frame).use(mystery="plain")
    assert case.release().outcome == "refused"
    case.use(mystery={"category": "code"})
    assert case.release().outcome == "released"
    assert case.left()["mystery"].to_list()[0] in frame["mystery"].to_list()


@pytest.mark.parametrize("category", ["password", "face_image", "biometric_template"])
def test_secrets_and_biometrics_are_left_out_whatever_else_may_go(tmp_path: Path, category: str) -> None:
    frame = people().with_columns(secret=pl.format("secret-{}", pl.int_range(pl.len())))
    case = make_case(tmp_path / "case", frame).use(secret={"category": category})
    assert case.release().outcome == "released"
    assert "secret" not in case.left().columns
    assert b"secret-" not in (case.folder / "package" / "data.parquet").read_bytes()


def test_public_mode_drops_what_takes_no_part_in_anonymization(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", people(6000))
    case.agree(
        sharing_mode="public",
        separate_consent=True,
        anonymity__k=20,
        anonymity__l=3,
        anonymity__t=0.2,
    )
    result = case.release()
    assert result.outcome == "released", [f.message.en for f in result.findings]
    assert case.left().columns == ["sex", "age", "district", "icd10"]
    assert case.left().group_by("sex", "age", "district").len()["len"].min() >= 20


def test_a_treatment_as_strong_as_the_laws_is_taken(case: Case) -> None:
    case.use(
        name={"treatment": {"operator": "hmac_sm3", "params": {}}},
        phone={"treatment": {"operator": "null", "params": {}}},
        email={"treatment": {"operator": "drop", "params": {}}},
    )
    assert case.release().outcome == "released"
    left = case.left()
    assert left["phone"].null_count() == left.height
    assert "email" not in left.columns
    assert left["name"].bin.size().unique().to_list() == [32]


def test_l_and_t_speak_of_the_values_that_leave(tmp_path: Path) -> None:
    """Distinct values that a treatment makes the same are one value to whoever reads the copy."""
    frame = people().with_columns(cost=pl.int_range(pl.len()) % 400 + 100)
    case = make_case(tmp_path / "case", frame).use(
        icd10=None,
        cost={
            "use": "sensitive",
            "category": "income",
            "treatment": {"operator": "generalize", "params": {"to": "interval", "width": 5000}},
        },
    )
    result = case.release()
    assert result.outcome == "refused"
    assert "city.anonymization.no-homogeneous-class" in standing_in_the_way(result)
