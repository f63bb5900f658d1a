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


# DEL and the C1 controls; the marks, embeddings, overrides and isolates of bidirectional text
_STEERING = frozenset([*range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


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
        file.data = _Reader(content.decode("utf-8"), file).document()
    except _Refused as refused:
        file.faults.append(Fault(refused.line, "", refused.what))
    except UnicodeDecodeError:
        file.faults.append(Fault(0, "", Text(en="not UTF-8 text", zh="不是 UTF-8 文本")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        file.faults.append(Fault(line, "", Text(en="not valid YAML", zh="不是合法的 YAML")))
    return file


class _Refused(Exception):
    """What could blow up when it is unfolded, or is more than one document."""

    def __init__(self, event: yaml.Event, what: Text) -> None:
        self.line, self.what = _line(event), what


class _Reader:
    """Build plain data from the parser's events, in one pass that stops at the first thing refused."""

    def __init__(self, text: str, file: YamlFile) -> None:
        self.events, self.file, self.depth = yaml.parse(text, Loader=_Loader), file, 0

    def document(self) -> Data:
        """Return the only document; None where there is none."""
        data: Data = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    what = Text(en="more than one document in a file", zh="一个文件只能有一个文档")
                    raise _Refused(event, what)
            elif isinstance(event, yaml.NodeEvent):
                data = self._node(event, ())
        return data

    def _node(self, event: yaml.Event, path: Path) -> Data:
        _check(event)
        self.file.lines[path] = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            what = Text(en=f"nested deeper than {MAX_DEPTH}", zh=f"嵌套超过 {MAX_DEPTH} 层")
            raise _Refused(event, what)
        data = self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)
        self.depth -= 1
        return data

    def _list(self, path: Path) -> Data:
        items: list[Data] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> Data:
        found: dict[str, Data] = {}
        for key in self.events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            _check(key)
            if not isinstance(key, yaml.ScalarEvent):
                raise _Refused(key, Text(en="a field's name is a text", zh="字段名应为文字"))
            name = key.value
            at = (*path, name)
            twice = name in found
            found[name] = self._node(next(self.events), at)
            self.file.lines[at] = _line(key)
            if twice:
                self.file.fault(at, Text(en="stands twice", zh="重复出现"))
        return found


def _check(event: yaml.Event) -> None:
    """Refuse what could unfold into gigabytes or name a type."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        what = Text(en="anchors and aliases are refused; write it out", zh="不接受锚点和别名；请写全")
        raise _Refused(event, what)
    if getattr(event, "tag", None) is not None:
        raise _Refused(event, Text(en="tags are refused; write plain values", zh="不接受标签；请写普通值"))


def _plain_text(event: yaml.ScalarEvent) -> None:
    """Refuse characters that steer a terminal or turn the direction of writing: a text must be what it seems."""
    if any((ord(c) < 32 and c not in "\t\n") or ord(c) in _STEERING for c in event.value):
        what = Text(
            en="control and direction characters are refused; write plain text",
            zh="不接受控制字符和书写方向字符；请写普通文字",
        )
        raise _Refused(event, what)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 0


def _scalar(event: yaml.ScalarEvent) -> Data:
    text: str = event.value
    if not text.isprintable():
        _plain_text(event)
    if not event.implicit[0] or (text[:1].isalpha() and text.lower() not in _WORDS):
        return text
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    make: Callable[[str], Data] | None = _SCALARS.get(tag)
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


_RESOLVER = yaml.resolver.Resolver()
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})  # letters that are no text
_SCALARS: Mapping[str, Callable[[str], Data]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": _truth,
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:timestamp": _day,
}
