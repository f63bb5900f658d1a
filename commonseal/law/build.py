"""Turn the data of one file into a `Rule`, and check what a schema cannot say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from commonseal.errors import BadInput
from commonseal.law.condition import dry_run, read_condition
from commonseal.law.consequence_of import check_then, consequence_of, text_of, treatment_of
from commonseal.law.facts import typed_facts
from commonseal.law.rule import Case, Dated, Number, Parameter, Period, Reference, Rule
from commonseal.law.scan import scan_condition
from commonseal.law.trial import Trial
from commonseal.law.yaml_file import Path, YamlFile
from commonseal.model import Citation, Outcome, Text

Record = Mapping[str, Any]  # what the schema has checked already

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# what a test may expect of a deadline, a competence, a sanction
EXPECTED = ("due_at", "provisional", "authority", "fine_min", "fine_max")


def build_rule(file: YamlFile, pack: str, name: str, *, compiles: bool = True) -> Rule | None:
    """Return the rule of a file whose shape holds, or None with its faults added to the file.

    With `compiles` off the condition is only scanned: every other fault is found, and nothing is returned.
    """
    record: Record = file.data if isinstance(file.data, dict) else {}
    before = len(file.faults)
    _each_day(record, (), file)
    if len(file.faults) > before:
        return None
    subject = record["subject"]
    parameters = {n: _parameter(n, r, file) for n, r in record.get("parameters", {}).items()}
    if compiles:
        condition, faults = read_condition(record["when"], subject, tuple(parameters))
    else:
        condition, faults = None, scan_condition(record["when"], subject, tuple(parameters))[1]
    if condition is not None:
        first = {n: parameter.values[0].value for n, parameter in parameters.items()}
        failed = dry_run(condition.program, subject, first, condition.reads)
        faults += [failed] if failed is not None else []
    for fault in faults:
        file.fault(("when",), Text(en=fault.en.removeprefix("when: "), zh=fault.zh.removeprefix("when：")))
    period = _period(record["effective"])
    _check_dates(period, parameters, file)
    _check_standing(record, file)
    check_then(record["kind"], subject, record["then"], parameters, file)
    cases = tuple(_case(case, index, subject, file) for index, case in enumerate(record["tests"]))
    if condition is None or len(file.faults) > before:
        return None
    return Rule(
        id=record["id"],
        pack=pack,
        file=name,
        title=text_of(record["title"]),
        kind=record["kind"],
        subject=subject,
        citation=_citation(record),
        source=record["citation"]["source"],
        rank=record["rank"],
        effective=period,
        parameters=parameters,
        condition=condition,
        then=consequence_of(record["kind"], record["then"], parameters),
        stands=record.get("stands"),
        matter=record.get("matter"),
        cases=cases,
    )


def trial_of(file: YamlFile, name: str) -> Trial | None:
    """Return what is needed to try a condition apart, or None where the condition has faults itself."""
    record: Record = file.data if isinstance(file.data, dict) else {}
    values = {n: _number(r["values"][0]["value"]) for n, r in record.get("parameters", {}).items()}
    _, faults = scan_condition(record["when"], record["subject"], tuple(values))
    return None if faults else Trial(name, record["subject"], record["when"], values)


def _each_day(data: object, path: Path, file: YamlFile) -> None:
    """Find days that look right and are none, such as 2025-02-30."""
    if isinstance(data, dict):
        for name, value in data.items():
            _each_day(value, (*path, name), file)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _each_day(value, (*path, index), file)
    elif isinstance(data, str) and "given" not in path and _DAY.fullmatch(data):
        try:
            date.fromisoformat(data)
        except ValueError:
            file.fault(path, Text(en=f"got {data!r}, expected a day", zh=f"得到 {data!r}，应为日期"))


def _citation(record: Record) -> Citation:
    cited = record["citation"]
    return Citation(record["id"], text_of(cited["instrument"]), cited["article"], record["status"])


def _period(record: Record) -> Period:
    end = record["to"]
    return Period(date.fromisoformat(record["from"]), date.fromisoformat(end) if end else None)


def _parameter(name: str, record: Record, file: YamlFile) -> Parameter:
    values = tuple(
        Dated(
            date.fromisoformat(value["from"]),
            _number(value["value"]),
            tuple(Reference(r["title"], r.get("href")) for r in value["reference"]),
        )
        for value in record["values"]
    )
    starts = [value.start for value in values]
    if starts != sorted(set(starts)):
        what = Text(en="expected days that rise, each once", zh="日期应依次递增，不得重复")
        file.fault(("parameters", name, "values"), what)
    return Parameter(name, record["unit"], values)


def _number(value: float | str) -> Number:
    return float(Fraction(value)) if isinstance(value, str) and "/" in value else value


def _check_dates(period: Period, parameters: Mapping[str, Parameter], file: YamlFile) -> None:
    if period.end is not None and period.end < period.start:
        file.fault(("effective", "to"), Text(en="lies before effective.from", zh="早于 effective.from"))
    for name, parameter in parameters.items():
        if parameter.on(period.start) is None:
            what = Text(
                en=f"no value on {period.start}, the rule's first day",
                zh=f"在规则生效首日 {period.start} 没有取值",
            )
            file.fault(("parameters", name, "values"), what)


def _check_standing(record: Record, file: YamlFile) -> None:
    model = record["status"] == "model"
    if model != (record["rank"] == "model"):
        what = Text(
            en=f"got rank {record['rank']!r} with status {record['status']!r}; a model text has both",
            zh=f"rank 为 {record['rank']!r} 而 status 为 {record['status']!r}；示范文本两者均应为 model",
        )
        file.fault(("rank",), what)
    if model != ("stands" in record):
        what = Text(
            en="a model rule says how it stands to national law (adds, fills, conflicts); no other does",
            zh="示范规则须写明与国家法的关系（adds、fills、conflicts）；其他规则不写",
        )
        file.fault(("stands",), what)


def _case(record: Record, index: int, subject: str, file: YamlFile) -> Case:
    as_of = date.fromisoformat(record["as_of"])
    try:
        typed_facts(subject, record["given"], as_of=as_of)
    except BadInput as fault:
        for en, zh in zip(fault.message.en.splitlines(), fault.message.zh.splitlines(), strict=True):
            file.fault(("tests", index, "given"), Text(en=en, zh=zh))
    expect = record["expect"]
    return Case(
        name=record["name"],
        as_of=as_of,
        given=record["given"],
        applies=expect["applies"],
        outcome=Outcome(expect["outcome"]),
        treatment=treatment_of(expect["treatment"]) if "treatment" in expect else None,
        limit=float(expect["limit"]) if "limit" in expect else None,
        expect={name: expect[name] for name in EXPECTED if name in expect},
    )
