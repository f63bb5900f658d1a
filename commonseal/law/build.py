"""Turn the data of one file into a `Rule`, and check what a schema cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from commonseal.errors import BadInput
from commonseal.law.condition import dry_run, read_condition
from commonseal.law.facts import FACTS, Kind, typed_facts
from commonseal.law.message import place_fault, places
from commonseal.law.rule import Case, Consequence, Dated, Number, Parameter, Period, Reference, Rule
from commonseal.law.scan import scan_condition
from commonseal.law.treat import treatment_fault
from commonseal.law.trial import Trial
from commonseal.law.yaml_file import Path, YamlFile
from commonseal.model import Citation, Outcome, Text, Treatment

Record = Mapping[str, Any]  # what the schema has checked already


def build_rule(file: YamlFile, pack: str, name: str) -> Rule | None:
    """Return the rule of a file whose shape holds, or None with its faults added to the file."""
    record: Record = file.data if isinstance(file.data, dict) else {}
    before = len(file.faults)
    _each_day(record, (), file)
    if len(file.faults) > before:
        return None
    subject = record["subject"]
    parameters = {n: _parameter(n, r, file) for n, r in record.get("parameters", {}).items()}
    condition, faults = read_condition(record["when"], subject, tuple(parameters))
    if condition is not None:
        first = {n: parameter.values[0].value for n, parameter in parameters.items()}
        failed = dry_run(condition.program, subject, first)
        faults += [failed] if failed is not None else []
    for fault in faults:
        file.fault(("when",), Text(en=fault.en.removeprefix("when: "), zh=fault.zh.removeprefix("when：")))
    period = _period(record["effective"])
    _check_dates(period, parameters, file)
    _check_standing(record, file)
    _check_then(record, parameters, file)
    cases = tuple(_case(case, index, subject, file) for index, case in enumerate(record["tests"]))
    if condition is None or len(file.faults) > before:
        return None
    return Rule(
        id=record["id"],
        pack=pack,
        file=name,
        title=_text(record["title"]),
        kind=record["kind"],
        subject=subject,
        citation=_citation(record),
        source=record["citation"]["source"],
        rank=record["rank"],
        effective=period,
        parameters=parameters,
        condition=condition,
        then=_consequence(record["then"]),
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
    elif path and path[-1] in ("from", "to", "as_of") and isinstance(data, str) and "given" not in path:
        try:
            date.fromisoformat(data)
        except ValueError:
            # `to` is also what `generalize` aims at, where it is no day
            if path[-2:] != ("params", "to"):
                file.fault(path, Text(en=f"got {data!r}, expected a day", zh=f"得到 {data!r}，应为日期"))


def _text(record: Record) -> Text:
    return Text(en=record["en"], zh=record["zh"])


def _citation(record: Record) -> Citation:
    cited = record["citation"]
    return Citation(record["id"], _text(cited["instrument"]), cited["article"], record["status"])


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


def _check_then(record: Record, parameters: Mapping[str, Parameter], file: YamlFile) -> None:
    then, subject, kind = record["then"], record["subject"], record["kind"]
    for name in ("message", "remedy"):
        for place in places(_text(then[name])) if name in then else ():
            fault = place_fault(place, subject, parameters)
            if fault is not None:
                file.fault(("then", name), fault)
    if "treatment" in then:
        fault = treatment_fault(_treatment(then["treatment"]))
        if fault is not None:
            file.fault(("then", "treatment", "params"), fault)
        if subject != "column" or kind != "duty" or then["outcome"] == "forbidden":
            what = Text(en="only a duty on a column may treat it", zh="只有针对字段的义务可规定处理方式")
            file.fault(("then", "treatment"), what)
    if "unless" in then and subject != "column":
        file.fault(("then", "unless"), Text(en="only on a column", zh="只用于字段"))
    if kind == "permission" and then["outcome"] == "forbidden":
        file.fault(("then", "outcome"), Text(en="a permission forbids nothing", zh="许可不得禁止"))
    _check_limit(then, subject, kind, parameters, file)


def _check_limit(
    then: Record, subject: str, kind: str, parameters: Mapping[str, Parameter], file: YamlFile
) -> None:
    limits = [name for name in ("at_least", "at_most") if name in then]
    if kind != "threshold":
        for name in (*limits, *(("measure",) if "measure" in then else ())):
            file.fault(("then", name), Text(en="only a threshold has it", zh="只用于阈值"))
        return
    if subject != "release" or "measure" not in then or len(limits) != 1 or then["outcome"] != "forbidden":
        what = Text(
            en="a threshold: subject release, outcome forbidden, measure, and at_least or at_most",
            zh="阈值：subject 为 release，outcome 为 forbidden，写明 measure，以及 at_least 或 at_most 之一",
        )
        file.fault(("then",), what)
        return
    measure = FACTS["release"].get(then["measure"])
    if measure is None or measure.kind not in (Kind.COUNT, Kind.RATE):
        what = Text(en="expected a count or rate of release", zh="应为 release 的计数或比率")
        file.fault(("then", "measure"), what)
    limit = parameters.get(then[limits[0]])
    if limit is None or any(isinstance(value.value, str) for value in limit.values):
        file.fault(("then", limits[0]), Text(en="expected a parameter's name", zh="应为参数名"))


def _treatment(record: Record) -> Treatment:
    return Treatment(record["operator"], dict(record["params"]))


def _consequence(then: Record) -> Consequence:
    optional: Callable[[str], Text | None] = lambda name: _text(then[name]) if name in then else None  # noqa: E731
    return Consequence(
        outcome=Outcome(then["outcome"]),
        message=_text(then["message"]),
        remedy=optional("remedy"),
        treatment=_treatment(then["treatment"]) if "treatment" in then else None,
        unless_treated=then.get("unless") == "treated",
        measure=then.get("measure"),
        limit=then.get("at_least", then.get("at_most")),
        at_least="at_least" in then,
    )


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
        treatment=_treatment(expect["treatment"]) if "treatment" in expect else None,
        limit=float(expect["limit"]) if "limit" in expect else None,
    )
