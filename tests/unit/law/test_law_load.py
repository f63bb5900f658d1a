from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonseal.errors import BadPack
from commonseal.law import load as loading
from commonseal.law import load_book
from commonseal.law.build import build_rule
from commonseal.law.load import _our_book
from commonseal.law.schema import check_shape
from commonseal.law.trial import Trial, try_conditions
from commonseal.law.yaml_file import YamlFile

LOW = {"low": {"unit": "share", "values": [{"from": "2025-01-01", "value": 0.5, "reference": []}]}}


def test_our_book_is_loaded_once_and_twice_the_same() -> None:
    book = load_book()
    assert load_book() is book
    _our_book.cache_clear()
    again = load_book()
    assert again is not book
    assert again.digest == book.digest
    assert len(book.digest) == 64
    assert load_book(["cn"]).digest != book.digest


def test_a_part_of_the_city_book_may_be_loaded() -> None:
    assert load_book(["city/agreement"]).packs == ("city/agreement",)


def test_others_packs_load_beside_ours(pack: Callable[..., Path]) -> None:
    book = load_book(["cn", pack({})])
    rule = book.rule("town.columns.rule-0")
    assert rule is not None
    assert rule.pack == "town"
    assert rule.effective.start == date(2025, 1, 1)


def test_every_fault_of_a_pack_is_listed_with_file_line_and_field(pack: Callable[..., Path]) -> None:
    folder = pack(
        {"effective": {"from": "2021/11/1"}, "kind": "wish"},
        {"when": "column.colour == 0"},
        {"then": {"message": {"en": "{column.__class__}", "zh": "{param.k}"}}},
        {"id": "town.columns.rule-1", "extra": 1},
    )
    with pytest.raises(BadPack) as fault:
        load_book([folder])
    lines = fault.value.message.en.splitlines()
    assert len(fault.value.message.zh.splitlines()) == len(lines)

    def place(name: str, field: str) -> str:
        written = (folder / name).read_text(encoding="utf-8").splitlines()
        return f"town/{name}:{next(n for n, line in enumerate(written, 1) if line.strip().startswith(field))}"

    for start in (
        f"{place('r0.yaml', 'from:')} effective.from: got '2021/11/1', expected YYYY-MM-DD",
        f"{place('r0.yaml', 'kind:')} kind: got 'wish', expected one of prohibition",
        f"{place('r1.yaml', 'when:')} when: got 'column.colour', expected one of name",
        f"{place('r2.yaml', 'message:')} then.message: placeholder {{column.__class__}}",
        f"{place('r2.yaml', 'message:')} then.message: placeholder {{param.k}}",
        f"{place('r3.yaml', 'extra:')} extra: no such field",
    ):
        assert any(line.startswith(start) for line in lines), (start, lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ...}, "missing: title"),
        ({"tests": []}, "expected at least 2"),
        ({"effective": {"from": "2025-02-30"}}, "expected a day"),
        ({"effective": {"to": "2024-01-01"}}, "before effective.from"),
        ({"rank": "model"}, "a model text has both"),
        ({"status": "model", "rank": "model"}, "how it stands to national law"),
        ({"parameters": {"low": {"unit": "x", "values": [{"from": "2025-06-01", "value": 1, "reference": []}]}}}, "no value on 2025-01-01"),
        ({"parameters": {"low": {"unit": "x", "values": [{"from": "2025-01-01", "value": "many", "reference": []}]}}}, "1/20"),
        ({"then": {"treatment": {"operator": "mask", "params": {}}}}, "params of mask"),
        ({"then": {"treatment": {"operator": "generalize", "params": {"to": "moon"}}}}, "params of generalize"),
        ({"then": {"treatment": {"operator": "hmac_sha256", "params": {"period": "day"}}}}, "period_column"),
        ({"then": {"measure": "rows"}}, "only a threshold"),
        ({"kind": "threshold"}, "a threshold: outcome forbidden"),
        ({"kind": "permission", "then": {"outcome": "forbidden"}}, "forbids nothing"),
        ({"when": "column.level"}, "no truth value"),
        ({"when": "column.agreed &&"}, "not a valid CEL"),
        ({"when": "column.name > param.low", "parameters": LOW}, "fails on facts"),
        ({"tests": [{"name": "x", "as_of": "2025-01-01", "given": {"colour": 1}, "expect": {"applies": True, "outcome": "allowed"}}] * 2}, "no such fact"),
    ],
)  # fmt: skip
def test_what_a_rule_must_not_say(
    rule_file: Callable[..., YamlFile], change: dict[str, Any], said: str
) -> None:
    file = rule_file(change)
    assert build_rule(file, "town", "town/r.yaml") is None if check_shape(file) else True
    assert any(said in fault.at("town/r.yaml").en for fault in file.faults)


def test_a_nullable_fact_must_be_guarded(pack: Callable[..., Path]) -> None:
    change: dict[str, Any] = {
        "subject": "agreement",
        "when": "agreement.valid_to < agreement.today",
        "then": {"message": {"en": "x", "zh": "x"}},
        "tests": [{"name": n, "as_of": "2025-06-01", "given": {}, "expect": {"applies": False, "outcome": "allowed"}} for n in "ab"],
    }  # fmt: skip
    with pytest.raises(BadPack, match="guard a nullable fact"):
        load_book([pack(change)])


@pytest.mark.parametrize("name", ["nowhere", "cn/../city", "./nowhere", "city/nothing"])
def test_a_pack_that_is_not_there(name: str) -> None:
    with pytest.raises(BadPack):
        load_book([name])


def test_the_names_of_our_packs_are_taken(pack: Callable[..., Path]) -> None:
    with pytest.raises(BadPack, match="taken by a pack of ours"):
        load_book([pack({}, name="city")])


def test_two_packs_of_one_name(pack: Callable[..., Path]) -> None:
    folder = pack({})
    with pytest.raises(BadPack, match="two packs"):
        load_book([folder, folder])


def test_a_pack_has_at_most_so_many_rules(pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_RULES", 2)
    with pytest.raises(BadPack, match="got 3 rules, expected 1 to 2"):
        load_book([pack({}, {}, {})])


def test_a_file_has_at_most_64_kb(pack: Callable[..., Path]) -> None:
    folder = pack({})
    (folder / "big.yaml").write_bytes(b"#" * 70_000)
    with pytest.raises(BadPack, match=r"town/big.yaml: got 65537 bytes, expected at most 65536"):
        load_book([folder])


def test_a_trial_that_takes_too_long_is_killed() -> None:
    start = time.monotonic()
    (fault,) = try_conditions([Trial("town/slow.yaml", "column", "true", {})], seconds=0.01)
    assert "took over 0.01 s" in fault.en
    assert "town/slow.yaml" in fault.zh
    assert time.monotonic() - start < 5


def test_a_trial_that_crashes_is_a_fault_and_harms_nobody() -> None:
    crashing = "1" + "+1" * 200_000
    (fault,) = try_conditions([Trial("town/bomb.yaml", "column", crashing, {})], seconds=30)
    assert "crashed" in fault.en
    assert "town/bomb.yaml" in fault.en


def test_a_trial_finds_what_a_condition_cannot_compare() -> None:
    sound = Trial("town/a.yaml", "column", "column.level >= 3", {})
    broken = Trial("town/b.yaml", "column", "column.name > 3", {})
    assert [fault.en.split()[0] for fault in try_conditions([sound, broken], seconds=30)] == ["town/b.yaml"]


def test_a_stranger_s_rule_may_not_look_like_ours(pack: Callable[..., Path]) -> None:
    folder = pack({"id": "cn.gds.99.fake"})
    with pytest.raises(
        BadPack, match=r"r0\.yaml id: got 'cn\.gds\.99\.fake', which reads like a rule of ours"
    ):
        load_book(["cn", folder])
    assert load_book([folder]).rule("cn.gds.99.fake") is not None  # by itself it may: a change that is tried
