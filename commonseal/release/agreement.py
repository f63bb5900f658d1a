"""Read a sharing agreement: YAML, checked against its schema, every fault named at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import jsonschema

from commonseal.anonymize import Asked
from commonseal.desensitize import OPERATORS
from commonseal.errors import BadAgreement
from commonseal.law.treat import treatment_fault
from commonseal.law.yaml_file import dotted
from commonseal.model import Text, Treatment
from commonseal.release.document import joined, read_document, schema_faults

Field = tuple[str | int, ...]
Where = Callable[[Field], str]  # how a message calls a field
Use = Literal["plain", "quasi", "sensitive", "person"]


def _in_memory(field: Field) -> str:
    return f"agreement: {dotted(field) or '(top)'}"


@dataclass(frozen=True, slots=True)
class AgreedColumn:
    """One column that may leave, and what it is used as."""

    name: str
    use: Use = "plain"
    category: str | None = None
    treatment: Treatment | None = None


@dataclass(frozen=True, slots=True)
class RowRule:
    """One condition on the rows that may leave; all of them must hold."""

    column: str
    test: str  # one_of, none_of, at_least, at_most, present
    value: Any = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """A pseudonym that changes with each period of a date column."""

    period: Literal["day", "week"]
    date: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two parties agreed on. Paths are absolute; `source` is the document as read."""

    id: str
    provider: str
    recipient: str
    recipient_kind: str
    purpose: str
    legal_basis: str | None
    basis_reference: str | None
    valid_from: date
    valid_to: date
    sharing_mode: str
    columns: tuple[AgreedColumn, ...]
    rows: tuple[RowRule, ...]
    person: str | None
    rotation: Rotation | None
    packs: tuple[str, ...]
    asked: Asked
    hierarchies: Path | None
    key: Path
    log: Path
    log_key: Path
    source: Mapping[str, Any]
    folder: Path

    @property
    def quasi(self) -> tuple[str, ...]:
        """The quasi-identifiers, in the agreement's order."""
        return tuple(column.name for column in self.columns if column.use == "quasi")

    @property
    def sensitive(self) -> str | None:
        """The one sensitive column that l and t speak of."""
        return next((column.name for column in self.columns if column.use == "sensitive"), None)


def load_agreement(path: Path) -> Agreement:
    """Read an agreement. Raises: BadAgreement, with every fault, naming the line and the field."""
    if not path.is_file():
        raise BadAgreement(Text(en=f"{path}: no such agreement file", zh=f"{path}：没有这个协议文件"))
    file, faults = read_document(path)
    if faults:
        raise _bad(faults)
    return parse_agreement(
        file.data,
        folder=path.parent.resolve(),
        where=lambda field: f"{path}:{file.line(field)} {dotted(field)}",
    )


def parse_agreement(document: object, *, folder: Path, where: Where = _in_memory) -> Agreement:
    """Check a document and turn it into an Agreement; relative paths start at `folder`.

    Args: where: says how messages call a field. Raises: BadAgreement, with every fault.
    """
    plain = _dates_as_text(document)
    shape = schema_faults(plain, _validator())
    if shape or not isinstance(plain, dict):
        raise _bad([_at(where(field), what) for field, what in shape])
    agreement, found = _build(plain, folder)
    if agreement is None:
        raise _bad([_at(where(field), what) for field, what in found])
    return agreement


def _build(plain: dict[str, Any], folder: Path) -> tuple[Agreement | None, list[tuple[Field, Text]]]:
    columns = tuple(_column(entry) for entry in plain["columns"])
    valid: dict[str, date] = {}
    faults = [
        *_column_faults(columns, plain),
        *_row_faults(plain.get("rows", [])),
        *_date_faults(plain["valid"], valid),
    ]
    if faults:
        return None, faults
    person = plain.get("person")
    log = folder / plain["log"]
    anonymity = plain["anonymity"]
    hierarchies = anonymity.get("hierarchies")
    rotation = plain.get("pseudonym")
    return Agreement(
        id=plain["id"],
        provider=plain["provider"],
        recipient=plain["recipient"]["name"],
        recipient_kind=plain["recipient"]["kind"],
        purpose=plain["purpose"].strip(),
        legal_basis=plain["legal_basis"]["basis"],
        basis_reference=plain["legal_basis"].get("reference"),
        valid_from=valid["from"],
        valid_to=valid["to"],
        sharing_mode=plain["sharing_mode"],
        columns=columns,
        rows=tuple(RowRule(rule["column"], rule["is"], rule.get("value")) for rule in plain.get("rows", [])),
        person=person,
        rotation=Rotation(rotation["period"], rotation["date"]) if rotation else None,
        packs=tuple(plain["packs"]),
        asked=Asked(
            k=anonymity["k"],
            l=anonymity.get("l"),
            t=anonymity.get("t"),
            suppression_rate_max=anonymity.get("suppression_rate_max", 0.0),
            loss=anonymity.get("loss", "loss_gm"),
        ),
        hierarchies=folder / hierarchies if hierarchies else None,
        key=folder / plain["key"],
        log=log,
        log_key=folder / plain["log_key"] if plain.get("log_key") else log.with_name(log.name + ".key"),
        source=plain,
        folder=folder,
    ), []


def _column_faults(columns: Sequence[AgreedColumn], plain: Mapping[str, Any]) -> Iterator[tuple[Field, Text]]:
    """Tell what of the columns does not go with the rest of the agreement."""
    names = [column.name for column in columns]
    for number, column in enumerate(columns):
        if (first := names.index(column.name)) < number:
            yield (
                ("columns", number, "name"),
                Text(
                    en=f"'{column.name}' is named already, as columns[{first}]",
                    zh=f"“{column.name}”已在 columns[{first}] 列出",
                ),
            )
        if column.use == "quasi" and column.treatment is not None:
            yield (
                ("columns", number, "treatment"),
                Text(
                    en=f"'{column.name}' is a quasi-identifier, which anonymization treats; leave this out",
                    zh=f"“{column.name}”是准标识符，由匿名化处理；请删去此项",
                ),
            )
        if column.treatment is not None and (wrong := _treatment_fault(column.treatment)):
            yield ("columns", number, "treatment"), wrong
    uses = {use: [column.name for column in columns if column.use == use] for use in ("sensitive", "person")}
    anonymity, person = plain["anonymity"], plain.get("person")
    if (anonymity.get("l") or anonymity.get("t")) and len(uses["sensitive"]) != 1:
        yield (
            ("anonymity",),
            Text(
                en=f"l and t need exactly one column with use: sensitive, got {len(uses['sensitive'])}",
                zh=f"l 和 t 要求恰有一个 use: sensitive 的字段，现有 {len(uses['sensitive'])} 个",
            ),
        )
    if len(uses["person"]) > 1 or (uses["person"] and person != uses["person"][0]):
        got, wanted = person or "-", ", ".join(uses["person"])
        yield (
            ("person",),
            Text(
                en=f"got '{got}', expected the one column with use: person ({wanted})",
                zh=f"得到“{got}”，应为唯一 use: person 的字段（{wanted}）",
            ),
        )
    if "pseudonym" in plain and not uses["person"]:
        yield (
            ("pseudonym",),
            Text(en="needs a column with use: person", zh="需要有 use: person 的字段"),
        )
    if any(column.use == "quasi" for column in columns) and not anonymity.get("hierarchies"):
        yield (
            ("anonymity", "hierarchies"),
            Text(en="required where a column has use: quasi", zh="有 use: quasi 的字段时必填"),
        )


def _treatment_fault(asked: Treatment) -> Text | None:
    known = [operator.name for operator in OPERATORS]
    if asked.operator in known:
        return treatment_fault(asked)
    listed = ", ".join(known)
    return Text(
        en=f"got operator '{asked.operator}', expected one of {listed}",
        zh=f"operator 为“{asked.operator}”，应为 {listed} 之一",
    )


def _date_faults(given: Mapping[str, str], valid: dict[str, date]) -> Iterator[tuple[Field, Text]]:
    """Put the two days into `valid`; tell what is wrong with them."""
    for end in ("from", "to"):
        try:
            valid[end] = date.fromisoformat(given[end])
        except ValueError:
            yield (
                ("valid", end),
                Text(
                    en=f"got '{given[end]}', expected a real day, YYYY-MM-DD",
                    zh=f"得到“{given[end]}”，应为真实日期 YYYY-MM-DD",
                ),
            )
    if len(valid) == 2 and valid["from"] > valid["to"]:
        yield ("valid",), Text(en="from is after to", zh="from 晚于 to")


def _row_faults(rules: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Field, Text]]:
    """Tell which row rules have a value that their test cannot use."""
    for number, rule in enumerate(rules):
        value, test = rule.get("value"), rule["is"]
        values = value if isinstance(value, list) else [value]
        plain = bool(values) and all(isinstance(v, str | int | float | bool) for v in values)
        if test == "present":
            fits, expected = "value" not in rule, Text(en="no value", zh="不带取值")
        elif test in ("one_of", "none_of"):
            fits, expected = plain, Text(en="a list of values", zh="一个取值列表")
        else:
            fits, expected = plain and not isinstance(value, list), Text(en="one value", zh="一个取值")
        if not fits:
            yield (
                ("rows", number, "value"),
                Text(en=f"'{test}' expects {expected.en}", zh=f"“{test}”应{expected.zh}"),
            )


def _column(entry: Mapping[str, Any]) -> AgreedColumn:
    asked = entry.get("treatment")
    treatment = Treatment(asked["operator"], asked.get("params", {})) if asked else None
    return AgreedColumn(entry["name"], entry.get("use", "plain"), entry.get("category"), treatment)


def _dates_as_text(node: object) -> object:
    """Turn what YAML reads as dates back into text, so that the schema and canonical JSON hold."""
    if isinstance(node, dict):
        return {str(key): _dates_as_text(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_dates_as_text(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


@cache
def _validator() -> jsonschema.Draft202012Validator:
    text = resources.files("commonseal.release").joinpath("agreement.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _at(place: str, what: Text) -> Text:
    return Text(en=f"{place}: {what.en}", zh=f"{place}：{what.zh}")


def _bad(faults: Sequence[Text]) -> BadAgreement:
    told = joined(faults)
    return BadAgreement(
        Text(
            en=f"{told.en}\nsee docs/agreement.md for every field with an example",
            zh=f"{told.zh}\n各字段及示例见 docs/agreement.md",
        )
    )
