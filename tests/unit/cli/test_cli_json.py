"""The documented JSON of the commands, and nothing else on standard output."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import yaml
from cli_words import Run, release_words
from release_case import DAY, Case

RISK = {
    "rows",
    "persons",
    "classes",
    "smallest_class",
    "sample_uniques",
    "highest_risk",
    "average_risk",
    "homogeneous_classes",
    "smallest_l",
    "highest_t",
    "class_sizes",
}
FINDING = {"rule", "instrument", "article", "message"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_release(case: Case, run: Run, lang: str) -> None:
    ran = run(*release_words(case, "--json"), lang=lang)
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert told["outcome"] == "released"
    assert told["package"] == str(case.folder / "package")
    assert told["decision"]["findings"]
    assert all(set(finding) >= FINDING for finding in told["decision"]["findings"])
    assert set(told["verdict"]["before"]) == set(told["verdict"]["after"]) == RISK
    assert told["verdict"]["passed"] is True
    instruments = {finding["instrument"] for finding in told["decision"]["findings"]}
    assert ("智慧城市数据脱敏指南（示范文本）" in instruments) is (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_refusal(case: Case, run: Run, lang: str) -> None:
    case.agree(impact_assessment=...)
    ran = run(*release_words(case, "--json"), lang=lang)
    assert (ran.code, ran.err) == (3, "")
    told = ran.json
    assert (told["outcome"], told["package"], told["verdict"]) == ("refused", None, None)
    first = told["decision"]["findings"][0]
    assert first["rule"] == "cn.pipl.55.impact-assessment"
    assert first["instrument"] == {"en": "Personal Information Protection Law", "zh": "个人信息保护法"}[lang]
    assert first["outcome"] == "forbidden"
    assert first["article"]
    assert first["message"]
    assert first["remedy"]
    assert Path(told["refusal"]).is_file()


def test_a_fault_goes_to_standard_error_alone(case: Case, run: Run) -> None:
    ran = run(*release_words(case, "--json", table=case.folder / "none.csv"))
    assert (ran.code, ran.out) == (2, "")
    assert "none.csv" in ran.err


def test_classify(case: Case, run: Run) -> None:
    ran = run("classify", case.table, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert set(ran.json) == {"columns"}
    for column in ran.json["columns"]:
        assert list(column) == ["name", "category", "level", "confidence", "evidence"]
        assert isinstance(column["category"], str)
        assert column["level"] in (1, 2, 3, 4)
        assert 0 <= column["confidence"] <= 1
    assert [column["name"] for column in ran.json["columns"]] == case.frame.columns
    assert {c["name"]: c["category"] for c in ran.json["columns"]}["resident_id"] == "resident_id"


def config(case: Case, **changes: object) -> Path:
    document = {
        "table": "people.csv",
        "quasi": ["sex", "age", "district"],
        "hierarchies": "hierarchies",
        "models": [{"k_anonymity": {"k": 5}}, {"distinct_l_diversity": {"column": "icd10", "l": 2}}],
        "suppression_rate_max": 0.05,
        **changes,
    }
    path = case.folder / "anonymize.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_anonymize(case: Case, run: Run, suffix: str) -> None:
    out = case.folder / f"out.{suffix}"
    ran = run("anonymize", config(case), "--out", out, "--json")
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert list(told) == [
        "levels",
        "score",
        "suppressed_rows",
        "classes",
        "nodes_total",
        "nodes_checked",
        "optimal",
        "seconds",
        "transformation",
        "bound",
        "tied",
        "lost",
        "ends",
        "held",
    ]
    assert [held["model"] for held in told["held"]] == ["k_anonymity", "distinct_l_diversity"]
    assert all(held["passed"] for held in told["held"])
    assert told["bound"] == told["score"]
    assert set(told["levels"]) == {"sex", "age", "district"}
    assert set(told["seconds"]) == {"count", "search", "apply", "judge"}
    assert 0 <= told["nodes_checked"] <= told["nodes_total"]
    left = pl.read_csv(out) if suffix == "csv" else pl.read_parquet(out)
    sizes = left.group_by("sex", "age", "district").len()["len"]
    assert left.height == case.frame.height - told["suppressed_rows"]
    assert (len(sizes), sizes.min() >= 5) == (told["classes"], True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quasi": ["sex", "sex"]}, "quasi"),
        ({"quasi": []}, "quasi"),
        ({"quasi": ["shoe"]}, "shoe"),
        ({"models": []}, "models"),
        ({"models": [{"k_anonymity": {"k": 0}}]}, "models[0].k_anonymity.k"),
        ({"models": [{"k_anonymity": {"k": 2}}, {"k_anonymity": {"k": 3}}]}, "models"),
        ({"models": [{"delta": {}}]}, "models[0].delta"),
        ({"models": [{"distinct_l_diversity": {"column": "sex", "l": 2}}]}, "models"),
        ({"table": "none.csv"}, "none.csv"),
        ({"hierarchies": "nowhere"}, "nowhere"),
        ({"models": [{"k_anonymity": {"k": 100_000}}]}, "k=100000"),
        ({"weights": {"shoe": 2}}, "weights.shoe"),
        ({"levels": {"sex": {"least": 3, "most": 1}}}, "levels.sex"),
        ({"levels": {"sex": {"least": 9}}}, "levels"),
        ({"within": {"district": 1}}, "within"),
        ({"priorities": ["shoe"]}, "priorities"),
        ({"transformation": "magic"}, "transformation"),
        ({"transformation": "mondrian", "checks_max": 5}, "checks_max"),
        ({"transformation": "microaggregation"}, "microaggregation"),
        ({"numeric": ["age"]}, "numeric"),
        ({"models": [{"k_map": {"k": 2, "population": "none.csv"}}]}, "none.csv"),
        (
            {"models": [{"delta_presence": {"min": 0.5, "max": 0.1, "population": "none.csv"}}]},
            "models[0]",
        ),
        ({"models": [{"t_closeness": {"column": "icd10", "t": 0.2, "distance": "ordered"}}]}, "orders"),
        ({"models": [{"t_closeness": {"column": "icd10", "t": 0.2, "distance": "hierarchical"}}]}, "icd10"),
        ({"ends": {"age": {"low": "x"}}}, "age"),
        ({"person": "shoe"}, "shoe"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_bad_configuration_is_named(
    case: Case,
    run: Run,
    changes: dict[str, object],
    says: str,
    lang: str,
) -> None:
    ran = run("anonymize", config(case, **changes), "--out", case.folder / "out.csv", lang=lang)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert not [f.name for f in case.folder.iterdir() if f.name.startswith((".out", "out"))]


def test_verify_and_draft_and_law(case: Case, run: Run) -> None:
    assert run(*release_words(case)).code == 0
    key = case.folder / "log" / "log.pub"
    verified = run("verify", case.folder / "package", "--log-key", key, "--json")
    assert verified.code == 0
    assert verified.json["verified"] is True
    assert (verified.json["index"], verified.json["agreement"]) == (0, "WL-2026-001")
    drafted = run("agreement", "draft", case.table, "--out", case.folder / "draft", "--as-of", DAY, "--json")
    assert drafted.code == 0
    assert {c["name"]: c["use"] for c in drafted.json["columns"]}["sex"] == "quasi"
    again = run(
        "release", case.table, "--agreement", drafted.json["agreement"],
        "--out", case.folder / "drafted", "--as-of", DAY, "--json",
    )  # fmt: skip
    assert (again.code, json.loads(again.out)["outcome"]) == (0, "released")
