"""The tree of a condition says what the condition says: rendered back and run, every rule answers the same."""

from __future__ import annotations

import pytest

from commonseal.law import Book, load_book
from commonseal.law.book.phrases import Line, told_condition
from commonseal.law.cel_core import cel
from commonseal.law.condition import trial_facts
from commonseal.law.tree import (
    And,
    Bound,
    Call,
    Clause,
    Compare,
    FactOf,
    Items,
    Literally,
    Loop,
    Not,
    Or,
    ParamOf,
    Within,
    read_clause,
)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def rendered(clause: Clause, subject: str) -> str:
    """A clause as CEL, with every bracket that it may have."""
    say = lambda part: rendered(part, subject)  # noqa: E731
    match clause:
        case FactOf(name):
            return f"{subject}.{name}"
        case ParamOf(name):
            return f"param.{name}"
        case Bound(name):
            return name
        case Literally(value):
            if value is None or isinstance(value, bool):
                return {None: "null", True: "true", False: "false"}[value]
            return (
                '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
                if isinstance(value, str)
                else str(value)
            )
        case Items(items):
            return f"[{', '.join(map(say, items))}]"
        case Compare(sign, left, right):
            return f"({say(left)} {sign} {say(right)})"
        case Within(item, items):
            return f"({say(item)} in {say(items)})"
        case Call(name, of, given):
            return f"{say(of)}.{name}({', '.join(map(say, given))})"
        case Loop(name, items, variable, body):
            return f"{say(items)}.{name}({variable}, {say(body)})"
        case Not(part):
            return f"!({say(part)})"
        case And(parts):
            return f"({' && '.join(map(say, parts))})"
        case Or(parts):
            return f"({' || '.join(map(say, parts))})"
    raise AssertionError(clause)


def test_every_condition_of_the_lawbook_means_the_same_when_read_and_written_back(book: Book) -> None:
    for rule in book.rules:
        again = cel.compile(rendered(read_clause(rule.condition.source, rule.subject), rule.subject))
        params = rule.params_on(rule.effective.start)
        for facts in trial_facts(rule.subject, rule.condition.reads):
            context = {rule.subject: facts, "param": params}
            assert again.execute(context) == rule.condition.program.execute(context), rule.id


def words(line: Line) -> str:
    own = f"{line.of.en}: {line.said.en}" if line.of is not None else line.said.en
    return own + (f" ({'; '.join(map(words, line.lines))})" if line.lines else "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("dataset.encrypted", "it is encrypted: yes"),
        ("!dataset.encrypted", "it is encrypted: no"),
        ("dataset.encrypted == false", "it is encrypted: no"),
        ("dataset.contract == null", "reference of the contract with that other: not given"),
        ('dataset.grade in ["core", "important"]', "grade of the data: one of: core, important"),
        ('!(dataset.grade in ["core"])', "grade of the data: none of: core"),
        ('"name" in dataset.report_items', "what it states: includes name"),
        (
            '!(["name", "format"].all(item, item in dataset.report_items))',
            "what it states: does not include all of: name, format",
        ),
        (
            "!(dataset.encrypted && dataset.backed_up)",
            "at least one of these holds (it is encrypted: no; it is backed up: no)",
        ),
        (
            "dataset.encrypted && (dataset.backed_up && dataset.classified)",
            "all of these hold (it is encrypted: yes; it is backed up: yes; the data are classified and graded: yes)",
        ),
        ("!(dataset.persons > 0)", "persons whose information is held: at most 0"),
        ("0 < dataset.persons", "persons whose information is held: above 0"),
    ],
)
def test_a_condition_in_words(source: str, said: str) -> None:
    assert words(told_condition(source, "dataset", {})) == said


@pytest.mark.parametrize(
    "source", ["dataset.encrypted &&", "dataset.encrypted)", "(dataset.encrypted", "a.b.c"]
)
def test_what_is_no_condition_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        told_condition(source, "dataset", {})
