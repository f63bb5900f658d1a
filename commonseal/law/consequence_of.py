"""Turn the `then` of a rule into a `Consequence`, and check what a schema cannot say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commonseal.law.consequence import (
    GAINS,
    INFORMING,
    KEEPING_UNITS,
    MEASURING,
    TURNOVER,
    UNITS,
    Authority,
    Consequence,
    Deadline,
    Measure,
    Penalty,
)
from commonseal.law.counting import MAX_AMOUNT
from commonseal.law.fact import NUMBERS, Kind
from commonseal.law.message import place_fault, places
from commonseal.law.rule import Number, Parameter
from commonseal.law.subjects import FACTS
from commonseal.law.treat import treatment_fault
from commonseal.law.yaml_file import Path, YamlFile
from commonseal.model import Outcome, Text, Treatment

Record = Mapping[str, Any]  # what the schema has checked already

BLOCKS = {
    "deadline": "deadline",
    "retention": "retention",
    "competence": "authority",
    "sanction": "sanction",
    "definition": "defines",
}
_LONGEST = {"day": 40_000, "month": 1_200, "year": 100}  # a century
_AMOUNTS = ("fine_min", "fine_max", "turnover_rate", "times_gain_min", "times_gain_max")


def text_of(record: Record) -> Text:
    """Return a text in both languages."""
    return Text(en=record["en"], zh=record["zh"])


def treatment_of(record: Record) -> Treatment:
    """Return a treatment."""
    return Treatment(record["operator"], dict(record["params"]))


def consequence_of(kind: str, then: Record, parameters: Mapping[str, Parameter]) -> Consequence:
    """Return the consequence of a `then` that `check_then` has found sound."""
    optional: Callable[[str], Text | None] = lambda name: text_of(then[name]) if name in then else None  # noqa: E731
    return Consequence(
        outcome=Outcome(then["outcome"]),
        message=text_of(then["message"]),
        remedy=optional("remedy"),
        treatment=treatment_of(then["treatment"]) if "treatment" in then else None,
        unless_treated=then.get("unless") == "treated",
        measured=_measure(then.get("retention", then), parameters) if kind in MEASURING else None,
        deadline=_deadline(then["deadline"], parameters) if "deadline" in then else None,
        authority=_authority(then["authority"]) if "authority" in then else None,
        sanction=_penalty(then["sanction"]) if "sanction" in then else None,
        defines=optional("defines"),
    )


def _measure(block: Record, parameters: Mapping[str, Parameter]) -> Measure:
    limit = block["at_least"] if "at_least" in block else block["at_most"]
    keeping = "what" in block
    return Measure(
        fact=block["measure"],
        limit=limit,
        at_least="at_least" in block,
        unit=_unit(parameters[limit], KEEPING_UNITS) if keeping else None,
        what=text_of(block["what"]) if keeping else None,
    )


def _deadline(block: Record, parameters: Mapping[str, Parameter]) -> Deadline:
    unit = _unit(parameters[block["within"]], UNITS)
    if unit is None:
        raise AssertionError("check_then lets no other unit through")
    return Deadline(
        what=text_of(block["what"]),
        by=block["by"],
        start=block["from"],
        within=block["within"],
        unit=unit,
        before=block.get("direction") == "before",
        extension=block.get("extension"),
        extended=block.get("extended"),
        paused=block.get("paused"),
    )


def _authority(block: Record) -> Authority:
    return Authority(block["who"], block["tier"], text_of(block["for"]))


def _penalty(block: Record) -> Penalty:
    return Penalty(**{**block, "measures": tuple(block.get("measures", ()))})


def _unit(parameter: Parameter | None, units: Sequence[Any]) -> Any:
    return parameter.unit if parameter is not None and parameter.unit in units else None


def check_then(
    kind: str, subject: str, then: Record, parameters: Mapping[str, Parameter], file: YamlFile
) -> None:
    """Add a fault for whatever of the consequence does not fit its kind, subject and parameters."""
    for name in ("message", "remedy"):
        for place in places(text_of(then[name])) if name in then else ():
            fault = place_fault(place, subject, parameters)
            if fault is not None:
                file.fault(("then", name), fault)
    _check_treatment(kind, subject, then, file)
    if kind in INFORMING and then["outcome"] == "forbidden":
        what = Text(en=f"a {kind} forbids nothing", zh=f"{kind} 不得禁止")
        file.fault(("then", "outcome"), what)
    for of, block in BLOCKS.items():
        if (block in then) != (kind == of):
            have = "needs it" if kind == of else f"has none; only a {of} has it"
            zh = "必须写明" if kind == of else f"不写；只用于 {of}"
            file.fault(("then", block), Text(en=f"a {kind} {have}", zh=f"{kind} {zh}"))
    _Check(subject, parameters, file).all(kind, then)


def _check_treatment(kind: str, subject: str, then: Record, file: YamlFile) -> None:
    if "treatment" in then:
        fault = treatment_fault(treatment_of(then["treatment"]))
        if fault is not None:
            file.fault(("then", "treatment", "params"), fault)
        if subject != "column" or kind != "duty" or then["outcome"] == "forbidden":
            what = Text(en="only a duty on a column may treat it", zh="只有针对字段的义务可规定处理方式")
            file.fault(("then", "treatment"), what)
    if "unless" in then and subject != "column":
        file.fault(("then", "unless"), Text(en="only on a column", zh="只用于字段"))


class _Check:
    """Check the names in a block: facts of the subject by kind, parameters by unit."""

    def __init__(self, subject: str, parameters: Mapping[str, Parameter], file: YamlFile) -> None:
        self.subject, self.parameters, self.file = subject, parameters, file

    def all(self, kind: str, then: Record) -> None:
        """Check the block of the kind, where it is there, and refuse a limit on other kinds."""
        if kind == "threshold":
            self._threshold(then)
        else:
            for name in ("measure", "at_least", "at_most"):
                if name in then:
                    self.file.fault(("then", name), Text(en="only a threshold has it", zh="只用于阈值"))
        if kind == "retention" and "retention" in then:
            self._limit(then["retention"], ("then", "retention"), (Kind.COUNT,), KEEPING_UNITS)
            self._not_too_long(then["retention"])
        if kind == "deadline" and "deadline" in then:
            self._deadline(then["deadline"], ("then", "deadline"))
        if kind == "sanction" and "sanction" in then:
            self._sanction(then["sanction"], ("then", "sanction"))

    def _threshold(self, then: Record) -> None:
        shape = then["outcome"] == "forbidden" or (
            self.subject != "release" and then["outcome"] == "conditional"
        )
        if not shape or "measure" not in then or len({"at_least", "at_most"} & then.keys()) != 1:
            what = Text(
                en="a threshold: outcome forbidden (or conditional, but not on a release), measure, "
                "and at_least or at_most",
                zh="阈值：outcome 为 forbidden（除 release 外亦可为 conditional），写明 measure，以及 at_least 或 at_most 之一",
            )
            self.file.fault(("then",), what)
            return
        self._limit(then, ("then",), NUMBERS, None)

    def _limit(self, block: Record, at: Path, kinds: Sequence[Kind], units: Sequence[str] | None) -> None:
        self._fact((*at, "measure"), block["measure"], kinds)
        for name in ("at_least", "at_most"):
            if name in block:
                self._parameter((*at, name), block[name], units)

    def _deadline(self, block: Record, at: Path) -> None:
        self._fact((*at, "from"), block["from"], (Kind.DATE, Kind.MOMENT))
        self._parameter((*at, "within"), block["within"], UNITS, whole=True)
        within = self.parameters.get(block["within"])
        if "extension" in block:
            same = (within.unit,) if within is not None else UNITS
            self._parameter((*at, "extension"), block["extension"], same, whole=True)
        if ("extension" in block) != ("extended" in block):
            what = Text(en="extension and extended come together", zh="extension 与 extended 须同时写明")
            self.file.fault(at, what)
        if "extended" in block:
            self._fact((*at, "extended"), block["extended"], (Kind.FLAG,))
        if "paused" in block:
            self._fact((*at, "paused"), block["paused"], (Kind.COUNT,))

    def _not_too_long(self, block: Record) -> None:
        name = block["at_least"] if "at_least" in block else block["at_most"]
        parameter = self.parameters.get(name)
        most = _LONGEST.get(parameter.unit) if parameter is not None else None
        if parameter is None or most is None:
            return
        if not all(isinstance(value.value, int) and value.value <= most for value in parameter.values):
            what = Text(
                en=f"expected a whole number of {parameter.unit}s, at most {most}",
                zh=f"应为整数，单位 {parameter.unit}，至多 {most}",
            )
            self.file.fault(("parameters", name, "values"), what)

    def _sanction(self, block: Record, at: Path) -> None:
        for name in _AMOUNTS:
            if name in block:
                self._parameter((*at, name), block[name], None)
        if "turnover" in block or "turnover_rate" in block:
            self._fact((*at, "turnover"), block.get("turnover", TURNOVER), (Kind.AMOUNT,))
        if {"times_of", "times_gain_min", "times_gain_max"} & block.keys():
            self._fact((*at, "times_of"), block.get("times_of", GAINS), (Kind.AMOUNT,))

    def _fact(self, at: Path, name: str, kinds: Sequence[Kind]) -> None:
        declared = FACTS[self.subject].get(name)
        if declared is None or declared.kind not in kinds:
            wanted = " | ".join(kinds)
            what = Text(
                en=f"got {name!r}, expected a fact of {self.subject} of type {wanted}",
                zh=f"得到 {name!r}，应为 {self.subject} 的事实，类型 {wanted}",
            )
            self.file.fault(at, what)

    def _parameter(self, at: Path, name: str, units: Sequence[str] | None, *, whole: bool = False) -> None:
        parameter = self.parameters.get(name)
        fits = parameter is not None and all(_fits(value.value, whole) for value in parameter.values)
        if parameter is None or not fits:
            wanted = (f"a whole number, 0 to {MAX_AMOUNT}", f"0 至 {MAX_AMOUNT} 的整数")
            if not whole:
                wanted = ("a number, 0 or more", "不小于 0 的数值")
            what = Text(
                en=f"got {name!r}, expected the name of a parameter that is {wanted[0]}",
                zh=f"得到 {name!r}，应为参数名，取值为{wanted[1]}",
            )
            self.file.fault(at, what)
        elif units is not None and parameter.unit not in units:
            what = Text(
                en=f"got unit {parameter.unit!r}, expected one of {', '.join(units)}",
                zh=f"单位为 {parameter.unit!r}，应为 {'、'.join(units)} 之一",
            )
            self.file.fault(("parameters", name, "unit"), what)


def _fits(value: Number, whole: bool) -> bool:
    if isinstance(value, str) or value < 0:
        return False
    return not whole or (isinstance(value, int) and value <= MAX_AMOUNT)
