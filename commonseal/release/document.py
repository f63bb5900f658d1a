"""Read a document that people write, YAML against a JSON Schema, and name every fault in both languages.

Bounded in size and depth; aliases, tags and keys that stand twice are refused (law/yaml_file.py).
A fault reads `agreement.yaml:12 valid.from: got '2026/09/01', expected YYYY-MM-DD`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from commonseal.errors import BadInput
from commonseal.law.yaml_file import YamlFile, dotted, read_yaml
from commonseal.model import Text

Field = tuple[str | int, ...]

LARGEST_FILE = 8 * 1024 * 1024
_SHOWN = 60  # characters of a wrong value that a message shows
_TYPES = {
    "object": Text(en="a mapping", zh="映射"),
    "array": Text(en="a list", zh="列表"),
    "string": Text(en="a text", zh="文字"),
    "boolean": Text(en="true or false", zh="true 或 false"),
    "number": Text(en="a number", zh="数字"),
    "integer": Text(en="a whole number", zh="整数"),
    "null": Text(en="nothing", zh="空"),
}


def read_document(path: Path) -> tuple[YamlFile, list[Text]]:
    """Return a file's data with the line of each field, and what is wrong with it as YAML.

    Raises: OSError where it cannot be read; the caller has looked that it is a file.
    """
    if path.stat().st_size > LARGEST_FILE:
        return YamlFile(), [
            Text(
                en=f"{path}: larger than {LARGEST_FILE} bytes; this is a short document",
                zh=f"{path}：超过 {LARGEST_FILE} 字节；这应是简短文档",
            )
        ]
    file = read_yaml(path.read_bytes(), limit=LARGEST_FILE)
    return file, [fault.at(str(path)) for fault in file.faults]


def read_checked(
    path: Path,
    package: str,
    schema: str = "config.schema.json",
    *,
    why: Callable[[Field, Text], Text] = lambda field, what: what,
) -> tuple[dict[str, Any], YamlFile]:
    """Read a configuration whose top is a mapping and hold it against a schema that a package ships.

    Args: why: may say more about a fault of a field.
    Returns: the document, and the file that knows the line of each field.
    Raises: BadInput, every fault with its line and field.
    """
    if not path.is_file():
        raise BadInput(Text(en=f"{path}: no such configuration file", zh=f"{path}：没有这个配置文件"))
    file, faults = read_document(path)
    if faults:
        raise BadInput(joined(faults))
    text = resources.files(package).joinpath(schema).read_text(encoding="utf-8")
    shape = schema_faults(file.data, Draft202012Validator(json.loads(text)))
    if shape or not isinstance(file.data, dict):
        raise BadInput(joined([at_field(path, file, field, why(field, what)) for field, what in shape]))
    return dict(file.data), file


def beside(path: Path, table: str) -> str:
    """Return a table's address; a file is looked for in the folder of the document that names it."""
    return table if "://" in table else str((path.parent / table).resolve())


def at_field(path: Path, file: YamlFile, field: Field, what: Text) -> Text:
    """Say of which file, line and field a fault is."""
    place = f"{path}:{file.line(field)} {dotted(field)}"
    return Text(en=f"{place}: {what.en}", zh=f"{place}：{what.zh}")


def schema_faults(data: object, validator: Draft202012Validator) -> list[tuple[tuple[str | int, ...], Text]]:
    """Return every fault of shape with the path of its field, in the order of the document."""
    found = [fault for error in validator.iter_errors(data) for fault in _spoken(error)]
    return sorted(found, key=lambda fault: [str(step).rjust(9, "0") for step in fault[0]])


def joined(faults: Sequence[Text]) -> Text:
    """Return faults as one text, one a line."""
    return Text(en="\n".join(fault.en for fault in faults), zh="\n".join(fault.zh for fault in faults))


def _spoken(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    path: tuple[str | int, ...] = tuple(error.absolute_path)
    got: Any = error.instance
    limit: Any = error.validator_value
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    match error.validator:
        case "required":
            # jsonschema tells each missing field by itself, its name quoted at the start of the message
            missing = error.message.split("'")[1]
            yield (*path, missing), Text(en="is missing", zh="缺少此项")
        case "additionalProperties":
            known = ", ".join(schema.get("properties", ()))
            for name in got:
                if name not in schema.get("properties", ()):
                    yield (
                        (*path, name),
                        Text(
                            en=f"no such field, expected one of {known}",
                            zh=f"没有这个字段，应为 {known} 之一",
                        ),
                    )
        case "enum":
            choices = ", ".join(map(str, limit))
            yield path, _got(got, Text(en=f"one of {choices}", zh=f"{choices} 之一"))
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            yield (
                path,
                _got(
                    got,
                    Text(
                        en=" or ".join(_TYPES[kind].en for kind in kinds),
                        zh="或".join(_TYPES[kind].zh for kind in kinds),
                    ),
                ),
            )
        case "pattern":
            yield path, _got(got, Text(en="YYYY-MM-DD", zh="YYYY-MM-DD"))
        case _:
            yield path, _got(got, _bound(str(error.validator), limit))


def _bound(rule: str, limit: object) -> Text:
    """Say what a bound of JSON Schema asks for: of a number, of a text's characters, of a list's entries."""
    of = {
        "Length": (" characters", " 个字符"),
        "Items": (" entries", " 项"),
        "Properties": (" entries", " 项"),
    }
    unit_en, unit_zh = next((unit for end, unit in of.items() if rule.endswith(end)), ("", ""))
    if rule == "exclusiveMinimum":
        return Text(en=f"more than {limit}", zh=f"大于 {limit}")
    low = rule.startswith("min")
    return Text(
        en=f"at {'least' if low else 'most'} {limit}{unit_en}",
        zh=f"{'至少' if low else '至多'} {limit}{unit_zh}",
    )


def _got(got: object, expected: Text) -> Text:
    shown = shown_value(got)
    return Text(en=f"got {shown.en}, expected {expected.en}", zh=f"得到 {shown.zh}，应为 {expected.zh}")


def shown_value(data: object) -> Text:
    """Show what stands in the document, shortened; it holds terms, never cells.

    >>> shown_value([1, 2]).en
    'a list of 2'
    """
    if isinstance(data, dict):
        return Text(en=f"a mapping of {len(data)}", zh=f"{len(data)} 项的映射")
    if isinstance(data, list):
        return Text(en=f"a list of {len(data)}", zh=f"{len(data)} 项的列表")
    if data is None:
        return Text(en="nothing", zh="空")
    text = repr(data)
    if len(text) > _SHOWN:
        text = f"{text[: _SHOWN - 3]}..."
        return Text(en=f"{text} ({len(str(data))} characters)", zh=f"{text}（{len(str(data))} 个字符）")
    return Text(en=text, zh=text)
