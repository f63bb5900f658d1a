"""Read one YAML file into plain data and remember each field's line. Bounded, and without aliases.

Anchors and aliases are refused (a few lines of them can unfold into gigabytes), so are tags, several
documents in one file, keys that stand twice, and nesting deeper than 24.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

from commonseal.model import Text

MAX_BYTES = 64 * 1024
MAX_DEPTH = 24

Path = tuple[str | int, ...]
Data = str | int | float | bool | None | list["Data"] | dict[str, "Data"]
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: its line (0: the whole file), the field, and what is wrong."""

    line: int
    field: str
    what: Text

    def at(self, file: str) -> Text:
        """Return the fault as `file:line field: what`."""
        place = f"{file}:{self.line}" if self.line else file
        place = f"{place} {self.field}" if self.field else place
        return Text(en=f"{place}: {self.what.en}", zh=f"{place}：{self.what.zh}")


@dataclass(slots=True)
class YamlFile:
    """The data of a file, the line of each field, and the faults met on the way."""

    data: Data = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of a field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, what: Text) -> None:
        """Add a fault at a field."""
        self.faults.append(Fault(self.line(path), dotted(path), what))


def dotted(path: Path) -> str:
    """Write a path as a person does.

    >>> dotted(("parameters", "k_min", "values", 0, "from"))
    'parameters.k_min.values[0].from'
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_yaml(content: bytes, *, limit: int = MAX_BYTES) -> YamlFile:
    """Parse a file's bytes; days become ISO text. Faults are collected, not raised."""
    file = YamlFile()
    if len(content) > limit:
        what = Text(
            en=f"got {len(content)} bytes, expected at most {limit}; one rule a file",
            zh=f"{len(content)} 字节，最多 {limit} 字节；一个文件只写一条规则",
        )
        file.faults.append(Fault(0, "", what))
        return file
    try:
        text = content.decode("utf-8")
        if _bounded(text, file):
            node = yaml.compose(text, Loader=_Loader)
            file.data = _plain(node, (), file) if node is not None else None
    except UnicodeDecodeError:
        file.faults.append(Fault(0, "", Text(en="not UTF-8 text", zh="不是 UTF-8 文本")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        file.faults.append(Fault(line, "", Text(en="not valid YAML", zh="不是合法的 YAML")))
    return file


def _bounded(text: str, file: YamlFile) -> bool:
    """Walk the events, which costs no memory, and refuse what could blow up when composed."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        what: Text | None = None
        if isinstance(event, yaml.events.DocumentStartEvent):
            documents += 1
            if documents > 1:
                what = Text(en="more than one document in a file", zh="一个文件只能有一个文档")
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "anchor", None):
            what = Text(en="anchors and aliases are refused; write it out", zh="不接受锚点和别名；请写全")
        elif getattr(event, "tag", None):
            what = Text(en="tags are refused; write plain values", zh="不接受标签；请写普通值")
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                what = Text(en=f"nested deeper than {MAX_DEPTH}", zh=f"嵌套超过 {MAX_DEPTH} 层")
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if what is not None:
            mark = event.start_mark
            file.faults.append(Fault(mark.line + 1 if mark is not None else 0, "", what))
            return False
    return True


def _plain(node: yaml.Node, path: Path, file: YamlFile) -> Data:
    file.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), file) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, file: YamlFile) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        data = _plain(value, (*path, name), file)
        file.lines[(*path, name)] = key.start_mark.line + 1
        if name in found:
            file.fault((*path, name), Text(en="stands twice", zh="重复出现"))
        found[name] = data
    return found


def _scalar(node: yaml.Node) -> Data:
    make: Callable[[str], Data] | None = _SCALARS.get(node.tag)
    text = str(node.value)
    if make is None:
        return text
    try:
        return make(text)
    except ValueError:
        return text


def _truth(text: str) -> bool:
    return text.lower() in ("true", "yes", "on")


def _whole(text: str) -> int | str:
    """Read decimal whole numbers only: YAML 1.1 would read 010 as eight and 1:30 as ninety."""
    plain = text.removeprefix("-")
    return int(text) if plain.isascii() and plain.isdigit() and (plain == "0" or plain[0] != "0") else text


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat() if len(text) == 10 else text


_SCALARS: Mapping[str, Callable[[str], Data]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": _truth,
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:timestamp": _day,
}
