from __future__ import annotations

import pytest

from commonseal.law.condition import read_condition
from commonseal.law.scan import MAX_SOURCE, scan_condition, tokens

GOOD = [
    'column.level >= 4 && column.use == "plain"',
    'column.use in ["plain", "person"] || !column.agreed',
    "column.confidence < param.low",
    'column.name.startsWith("x") && column.name.size() > 0',
]
BAD = {
    "column.colour == 1": "colour",
    'column["level"] == 1': "'['",
    "agreement.purpose == column.name": "agreement",
    "has(column.level)": "has",
    "column.confidence < 0.6": "0.6",
    "column.level + column.level > 0": "'+'",
    'column.use == "plian"': "plian",
    'column.use in ["plain", "pirson"]': "pirson",
    "param.high > 0": "high",
    'column.name.matches("(a+)+$")': "matches",
    "column.name.evil": "evil",
    "column == column": "column",
    "true ? true : false": "'?'",
    "column.agreed // remark": "'/'",
    'timestamp("2020-01-01T00:00:00Z") == null': "timestamp",
    "column.agreed && unbound": "unbound",
}


@pytest.mark.parametrize("source", GOOD)
def test_a_sound_condition_compiles(source: str) -> None:
    condition, faults = read_condition(source, "column", ("low",))
    assert not faults
    assert condition is not None


@pytest.mark.parametrize(("source", "named"), BAD.items(), ids=list(BAD))
def test_what_is_outside_the_language_is_named(source: str, named: str) -> None:
    _, faults = scan_condition(source, "column", ("low",))
    assert any(named in fault.en and named in fault.zh for fault in faults)


def test_days_are_parameters_too() -> None:
    _, faults = scan_condition('agreement.valid_to > "2026-01-01"', "agreement", ())
    assert len(faults) == 1
    assert not scan_condition("agreement.valid_to > param.end", "agreement", ("end",))[1]


def test_the_facts_and_parameters_it_reads_are_found() -> None:
    scan, _ = scan_condition(
        'column.name == "column.level" || column.confidence < param.low', "column", ("low",)
    )
    assert scan.reads == {"name", "confidence"}
    assert scan.params == {"low"}


def test_loops_nest_two_deep_at_most() -> None:
    one = "agreement.columns_agreed.exists(a, {})"
    two = one.format("agreement.adopted_packs.all(b, {})")
    assert scan_condition(two.format("a == b"), "agreement", ())[0].nesting == 2
    three = two.format("agreement.columns_agreed.exists(c, c == a)")
    assert [f.en for f in scan_condition(three, "agreement", ())[1]] == [
        "when: comprehensions nest 3 deep, expected at most 2"
    ]


def test_side_by_side_loops_do_not_nest() -> None:
    loop = "agreement.columns_agreed.exists(a, a == agreement.id)"
    assert scan_condition(" || ".join([loop] * 3), "agreement", ())[0].nesting == 1


@pytest.mark.parametrize(
    "source", ["1" + "+1" * 20_000, "(" * 40 + "true" + ")" * 40, "true" + "&&true" * 700]
)
def test_what_could_crash_the_core_never_reaches_it(source: str) -> None:
    condition, faults = read_condition(source, "column", ())
    assert condition is None
    assert faults
    assert len(source) > MAX_SOURCE or "deep" in faults[0].en


def test_tokens_joined_by_spaces_mean_the_same() -> None:
    for source in GOOD:
        again = " ".join(token.text for token in tokens(source))
        assert [t.text for t in tokens(again)] == [t.text for t in tokens(source)]
        assert read_condition(again, "column", ("low",))[0] is not None
