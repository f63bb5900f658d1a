"""Which rows may leave, and who is counted as one person."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from release_case import DAY, Case, make_case, people

from commonseal.errors import BadAgreement, BadTable, ColumnMissing
from commonseal.release.agreement import RowRule
from commonseal.release.kernel import row_filter

FRAME = pl.DataFrame(
    {
        "n": [1, 2, 3, None, 10],
        "x": [0.5, 1.5, None, 2.5, 10.0],
        "s": ["a", "b", None, "a", "c"],
        "as_text": ["1", "2", None, "9", "10"],
        "day": [date(2026, 1, day) for day in (1, 2, 3, 4)] + [None],
        "at": [datetime(2026, 1, day, 12) for day in (1, 2, 3, 4)] + [None],
        "yes": [True, False, None, True, False],
    }
)


@pytest.mark.parametrize(
    ("rules", "rows"),
    [
        ([("n", "one_of", [1, 3, 77])], [0, 2]),
        ([("n", "one_of", 3)], [2]),
        ([("n", "none_of", [1])], [1, 2, 4]),  # a null is not known to be another value
        ([("n", "at_least", 3)], [2, 4]),
        ([("n", "at_most", 2)], [0, 1]),
        ([("n", "present", None)], [0, 1, 2, 4]),
        ([("x", "at_least", 1.5)], [1, 3, 4]),
        ([("x", "at_most", 2)], [0, 1]),
        ([("s", "one_of", ["a", "c"])], [0, 3, 4]),
        ([("s", "none_of", ["a"])], [1, 4]),
        ([("as_text", "at_least", 2)], [1, 3, 4]),  # a number against text compares as a number
        ([("as_text", "at_most", 9)], [0, 1, 3]),
        ([("as_text", "one_of", [10, 2])], [1, 4]),
        ([("as_text", "at_least", "2")], [1, 3]),  # a text against text compares as text
        ([("day", "at_least", "2026-01-03")], [2, 3]),
        ([("day", "one_of", ["2026-01-01"])], [0]),
        ([("at", "at_most", "2026-01-02")], [0, 1]),  # a day against a time is the whole day
        ([("at", "at_least", "2026-01-02T12:00:00")], [1, 2, 3]),
        ([("yes", "one_of", [True])], [0, 3]),
        ([("n", "at_least", 2), ("n", "at_most", 3)], [1, 2]),
        ([("n", "present", None), ("s", "present", None)], [0, 1, 4]),
    ],
)
def test_all_rules_must_hold(rules: list[tuple[str, str, Any]], rows: list[int]) -> None:
    where = row_filter([RowRule(*rule) for rule in rules], FRAME.schema)
    assert FRAME.with_row_index("i").filter(where)["i"].to_list() == rows


def test_no_rule_keeps_all() -> None:
    assert row_filter([], FRAME.schema) is None


@pytest.mark.parametrize(
    ("column", "test", "value"),
    [("n", "at_least", "many"), ("day", "one_of", ["someday"]), ("x", "at_most", "y")],
)
def test_a_value_that_does_not_fit_its_column_is_named(column: str, test: str, value: object) -> None:
    with pytest.raises(BadAgreement, match=f"column '{column}'") as raised:
        row_filter([RowRule(column, test, value)], FRAME.schema)
    assert "列" in raised.value.message.zh


def test_rows_that_may_not_go_do_not_go(case: Case) -> None:
    case.agree(rows=[{"column": "age", "is": "at_least", "value": 40}, {"column": "email", "is": "present"}])
    assert case.release(table=case.table, columns=["age", "email"]).outcome == "released"
    expected = case.frame.filter((pl.col("age") >= 40) & pl.col("email").is_not_null()).height
    document = json.loads((case.folder / "package" / "manifest.json").read_bytes())
    assert document["verdict"]["before"]["rows"] == expected
    assert case.left()["email"].null_count() == 0
    assert case.left().height + document["anonymization"]["suppressed_rows"] == expected


def test_a_row_rule_on_a_column_that_is_not_there(case: Case) -> None:
    with pytest.raises(ColumnMissing, match="'shoe'"):
        case.agree(rows=[{"column": "shoe", "is": "present"}]).release()


@pytest.mark.parametrize("columns", [None, ["phone"]])
def test_rules_that_leave_nobody(case: Case, columns: list[str] | None) -> None:
    with pytest.raises(BadTable, match="no row"):
        case.agree(rows=[{"column": "age", "is": "at_least", "value": 500}]).release(columns=columns)
    assert not (case.folder / "package").exists()


# --- persons


def visits(frame: pl.DataFrame, each: int) -> pl.DataFrame:
    """Give everybody several rows, on days of their own."""
    days = [
        frame.with_columns(visited=pl.lit(date(2026, 8, 1) + timedelta(days=visit)), cost=pl.lit(50 + visit))
        for visit in range(each)
    ]
    return pl.concat(days)


def loner() -> pl.DataFrame:
    """Twenty people in each of four classes, three rows each; in a fifth class one person with six rows."""
    rows = [
        {
            "resident_id": people()["resident_id"][who],
            "sex": sex,
            "age": age,
            "icd10": ("I10", "J45.9")[who % 2],
        }
        for who, (sex, age) in enumerate([(s, a) for s in "男女" for a in (30, 50) for _ in range(20)])
        for _ in range(3)
    ]
    alone = {"resident_id": people()["resident_id"][200], "sex": "女", "age": 90, "icd10": "I10"}
    other = [{**alone, "icd10": disease} for disease in ("I10", "J45.9") for _ in range(3)]
    return pl.DataFrame([*rows, *other])


@pytest.fixture
def crowd(tmp_path: Path) -> Case:
    case = make_case(tmp_path / "case", loner(), quasi=("sex", "age"))
    (case.folder / "hierarchies" / "people_hierarchy_age.csv").write_text("30;*\n50;*\n90;*\n")
    (case.folder / "hierarchies" / "people_hierarchy_sex.csv").write_text("男;*\n女;*\n")
    columns = [
        {"name": "resident_id", "use": "person"},
        {"name": "sex", "use": "quasi"},
        {"name": "age", "use": "quasi"},
        {"name": "icd10", "use": "sensitive"},
    ]
    return case.agree(person="resident_id", columns=columns)


def test_six_rows_of_one_person_are_one_person(crowd: Case) -> None:
    result = crowd.release()
    assert result.outcome == "released", [f.message.en for f in result.findings]
    assert result.made is not None
    assert result.made.plan is not None
    assert result.made.plan.levels == (0, 0)  # as they are: only the loner's six rows are gone
    assert result.made.plan.suppressed_rows == 6
    assert 90 not in crowd.left()["age"].cast(pl.Int64).to_list()
    persons = crowd.left().group_by("sex", "age").agg(pl.col("resident_id").n_unique())
    assert persons["resident_id"].to_list() == [20] * 4


def test_risk_and_l_are_of_persons(crowd: Case) -> None:
    verdict = crowd.release().verdict
    assert verdict is not None
    assert (verdict.before.persons, verdict.after.persons) == (81, 80)
    assert (verdict.before.rows, verdict.after.rows) == (246, 240)
    assert (verdict.before.smallest_class, verdict.after.smallest_class) == (1, 20)
    assert verdict.after.highest_risk == 1 / 20
    assert verdict.after.class_sizes == ((20, 4),)


def test_without_the_person_column_the_law_does_not_let_rows_pass_for_persons(crowd: Case) -> None:
    crowd.use(resident_id="plain").agree(person=None)
    result = crowd.release()
    assert result.outcome == "refused"
    assert result.findings[0].citation.rule == "city.anonymization.person-column-named"


def test_the_person_column_need_not_leave(crowd: Case) -> None:
    result = crowd.release(columns=["sex", "age", "icd10"])
    assert result.outcome == "released"
    assert crowd.left().columns == ["sex", "age", "icd10"]
    assert result.verdict is not None
    assert result.verdict.after.persons == 80


@pytest.mark.parametrize(("period", "each"), [("day", 1), ("week", 4)])
def test_a_pseudonym_changes_with_its_period(tmp_path: Path, period: str, each: int) -> None:
    monday = date(2026, 8, 3)
    base = people().select("resident_id", "sex", "icd10")
    frame = pl.concat(
        [base.with_columns(visited=pl.lit(monday + timedelta(days=day))) for day in (0, 1, 2, 3, 7, 8, 9, 10)]
    )
    case = make_case(tmp_path / "case", frame, quasi=("sex", "visited"))
    columns = [
        {"name": "resident_id", "use": "person"},
        {"name": "sex", "use": "quasi"},
        {"name": "icd10", "use": "sensitive"},
    ]
    case.agree(person="resident_id", columns=columns, pseudonym={"period": period, "date": "visited"})
    result = case.release()
    assert result.outcome == "released", [f.message.en for f in result.findings]
    counts = Counter(case.left()["resident_id"].to_list())
    assert set(counts.values()) == {each}
    assert len(counts) == base.height * 8 // each


def test_a_lasting_pseudonym_that_traces_people_is_refused(tmp_path: Path) -> None:
    frame = visits(people(), 4).with_columns(
        visited=pl.date(2026, 1, 1) + pl.duration(days=pl.int_range(pl.len()) * 37 % 240)
    )
    case = make_case(tmp_path / "case", frame, quasi=("sex", "age", "district", "visited"))
    case.agree(person="resident_id").use(
        resident_id="person", visited="quasi", name=None, phone=None, email=None
    )
    result = case.release()
    assert result.outcome == "refused"
    assert result.verdict is not None
    assert result.verdict.trace_unicity is not None
    assert result.verdict.trace_unicity > 0.05
    assert "city.anonymization.trace-unicity" in {
        f.citation.rule for f in result.findings if f.outcome == "forbidden"
    }


def test_a_hashed_name_cannot_undo_the_rotation_of_a_pseudonym(tmp_path: Path) -> None:
    frame = visits(people(), 4).with_columns(
        visited=pl.date(2026, 1, 1) + pl.duration(days=pl.int_range(pl.len()) * 37 % 240)
    )
    case = make_case(tmp_path / "case", frame, quasi=("sex", "age", "district", "visited"))
    case.agree(person="resident_id", pseudonym={"period": "day", "date": "visited"})
    case.use(resident_id="person", visited="quasi", name=None, phone=None, email=None)
    assert case.release("without").outcome == "released"
    case.use(name="plain")
    result = case.release("with")
    assert result.outcome == "refused"
    assert "city.anonymization.trace-unicity" in {
        f.citation.rule for f in result.findings if f.outcome == "forbidden"
    }


def test_empty_cells_do_not_make_people_repeat(tmp_path: Path) -> None:
    """Most have no e-mail address: that is not one person on many rows."""
    frame = people().with_columns(
        email=pl.when(pl.int_range(pl.len()) % 5 == 0).then(
            pl.format("a{}@b.example", pl.int_range(pl.len()))
        )
    )
    case = make_case(tmp_path / "case", frame).use(resident_id=None, name=None, phone=None)
    assert case.release(as_of=DAY).outcome == "released"
