"""Read a sharing agreement: YAML, checked against its schema, every fault named at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import jsonschema
import yaml

from commonseal.anonymize import Asked
from commonseal.errors import BadAgreement
from commonseal.model import Text, Treatment

LARGEST_FILE = 8 * 1024 * 1024
Use = Literal["plain", "quasi", "sensitive", "person"]


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
    """Read an agreement. Raises: BadAgreement, with every fault, naming the field."""
    if not path.is_file():
        raise BadAgreement(Text(en=f"{path}: no such agreement file", zh=f"{path}：没有这个协议文件"))
    if path.stat().st_size > LARGEST_FILE:
        raise BadAgreement(
            Text(
                en=f"{path}: larger than {LARGEST_FILE} bytes; an agreement is a short document",
                zh=f"{path}：超过 {LARGEST_FILE} 字节；协议应是简短文档",
            )
        )
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise BadAgreement(
            Text(
                en=f"{path}{line}: not readable as YAML in UTF-8; see docs/agreement.md for an example",
                zh=f"{path}{line}：不是有效的 UTF-8 YAML；示例见 docs/agreement.md",
            )
        ) from fault
    return parse_agreement(document, folder=path.parent.resolve(), where=str(path))


def parse_agreement(document: object, *, folder: Path, where: str = "agreement") -> Agreement:
    """Check a document and turn it into an Agreement; relative paths start at `folder`."""
    plain = _dates_as_text(document)
    faults = [
        f"{where}: {'.'.join(str(step) for step in error.absolute_path) or '(top)'}: {error.message}"
        for error in sorted(
            _validator().iter_errors(plain), key=lambda error: list(map(str, error.absolute_path))
        )
    ]
    if faults or not isinstance(plain, dict):
        raise _bad(faults or [f"{where}: expected a mapping"])
    agreement, faults = _build(plain, folder, where)
    if agreement is None or faults:
        raise _bad(faults)
    return agreement


def _build(plain: dict[str, Any], folder: Path, where: str) -> tuple[Agreement | None, list[str]]:
    faults: list[str] = []
    columns = tuple(_column(entry) for entry in plain["columns"])
    names = [column.name for column in columns]
    faults += [
        f"{where}: columns: '{n}' is named {names.count(n)} times"
        for n in dict.fromkeys(names)
        if names.count(n) > 1
    ]
    sensitive = [column.name for column in columns if column.use == "sensitive"]
    anonymity = plain["anonymity"]
    if (anonymity.get("l") or anonymity.get("t")) and len(sensitive) != 1:
        faults.append(
            f"{where}: anonymity: l and t need exactly one column with use: sensitive, got {len(sensitive)}"
        )
    people = [column.name for column in columns if column.use == "person"]
    person = plain.get("person")
    if people and person != people[0]:
        faults.append(f"{where}: person: got {person!r}, expected the column with use: person, '{people[0]}'")
    if "pseudonym" in plain and not people:
        faults.append(f"{where}: pseudonym: needs a column with use: person")
    if any(column.use == "quasi" for column in columns) and not anonymity.get("hierarchies"):
        faults.append(f"{where}: anonymity.hierarchies: required where a column has use: quasi")
    valid: dict[str, date] = {}
    for end in ("from", "to"):
        try:
            valid[end] = date.fromisoformat(plain["valid"][end])
        except ValueError:
            faults.append(
                f"{where}: valid.{end}: got {plain['valid'][end]!r}, expected a real day, YYYY-MM-DD"
            )
    if len(valid) == 2 and valid["from"] > valid["to"]:
        faults.append(f"{where}: valid: from is after to")
    if faults:
        return None, faults
    log = folder / plain["log"]
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


def _bad(faults: list[str]) -> BadAgreement:
    listed = "\n".join(faults)
    return BadAgreement(
        Text(
            en=f"{listed}\nsee docs/agreement.md for every field with an example",
            zh=f"{listed}\n各字段及示例见 docs/agreement.md",
        )
    )
