"""Load lawbooks: read every rule of every pack, collect every fault, and raise once.

A pack is a folder; each folder inside it is a pack of its own (`city/anonymization`), and each
`*.yaml` file one rule. Packs by name are ours and lie in the wheel. Packs by path are others': the
same limits hold, and their conditions run first in a process of their own, which may be killed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType

from commonseal.errors import BadPack
from commonseal.law.build import build_rule, trial_of
from commonseal.law.facts import FACTS
from commonseal.law.rule import Book, Rule
from commonseal.law.schema import check_shape
from commonseal.law.trial import try_conditions
from commonseal.law.yaml_file import MAX_BYTES, YamlFile, read_yaml
from commonseal.model import Text

OUR_PACKS = ("cn", "city", "eu")
MAX_RULES = 2000
TRIAL_SECONDS = 20.0
_OURS = re.compile(rf"(?:{'|'.join(OUR_PACKS)})(?:/[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """One rule file: the pack it stands in, its name in messages, and its bytes."""

    pack: str
    name: str
    content: bytes
    foreign: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule file as read; `sound`: its shape holds, so it can be built."""

    source: Source
    file: YamlFile
    sound: bool


def load_book(packs: Sequence[str | Path] = OUR_PACKS, *, trial_seconds: float = TRIAL_SECONDS) -> Book:
    """Load packs by name (`cn`, `city`, `city/agreement`) or by path, and compile every condition.

    Args:
        packs: a text that names one of ours, or the path of a folder. A path that is written as a
            text must hold a separator or start with a dot, so that a name is never taken for a folder.
        trial_seconds: how long others' conditions may take, in all, before they are killed.

    Returns: the book; rules stand in the order of pack and id.
    Raises: BadPack: with every fault of every file, one a line, as `file:line field: got, expected`.
    """
    named = tuple(packs)
    ours = all(isinstance(pack, str) and _OURS.fullmatch(pack) for pack in named)
    return _our_book(named) if ours else _loaded(named, trial_seconds)


@lru_cache(maxsize=8)
def _our_book(packs: tuple[str | Path, ...]) -> Book:
    """Load packs of the wheel once a process: they do not change under it, and a book holds nothing that does."""
    return _loaded(packs, TRIAL_SECONDS)


def _loaded(packs: Sequence[str | Path], trial_seconds: float) -> Book:
    faults: list[Text] = []
    drafts = [_draft(source) for pack in _each_once(packs, faults) for source in _sources(pack, faults)]
    failed = _trial_faults(drafts, trial_seconds)
    rules = [
        rule
        for draft in drafts
        if draft.sound and (rule := _built(draft, compiles=not (draft.source.foreign and failed))) is not None
    ]
    faults += failed
    faults += [fault.at(draft.source.name) for draft in drafts for fault in draft.file.faults]
    faults += _twice(rules)
    faults += _posing(rules)
    if faults:
        raise BadPack(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))
    return _bound(rules, [draft.source for draft in drafts])


def _draft(source: Source) -> Draft:
    file = read_yaml(source.content)
    return Draft(source, file, not file.faults and check_shape(file))


def _built(draft: Draft, *, compiles: bool) -> Rule | None:
    return build_rule(draft.file, draft.source.pack, draft.source.name, compiles=compiles)


def _trial_faults(drafts: Sequence[Draft], seconds: float) -> list[Text]:
    trials = [trial_of(d.file, d.source.name) for d in drafts if d.source.foreign and d.sound]
    return try_conditions([trial for trial in trials if trial is not None], seconds=seconds)


def _each_once(packs: Sequence[str | Path], faults: list[Text]) -> Iterator[str | Path]:
    """Yield the packs; two folders of one name would be one pack in every citation."""
    seen: set[str] = set()
    for pack in packs:
        name = pack if isinstance(pack, str) and _OURS.fullmatch(pack) else Path(pack).resolve().name
        if name in seen:
            faults.append(
                Text(
                    en=f"pack {name!r}: two packs of this name; rename or leave out one",
                    zh=f"规则包 {name!r}：有两个同名规则包，请改名或去掉一个",
                )
            )
            continue
        seen.add(name)
        yield pack


def _bound(rules: Sequence[Rule], sources: Sequence[Source]) -> Book:
    ordered = tuple(sorted(rules, key=lambda rule: (rule.pack, rule.id)))
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda source: source.name):
        digest.update(hashlib.sha256(source.name.encode()).digest())
        digest.update(hashlib.sha256(source.content).digest())
    return Book(
        packs=tuple(sorted({rule.pack for rule in ordered})),
        rules=ordered,
        digest=digest.hexdigest(),
        by_subject=MappingProxyType(
            {subject: tuple(r for r in ordered if r.subject == subject) for subject in FACTS}
        ),
    )


def _sources(pack: str | Path, faults: list[Text]) -> Iterator[Source]:
    """Read the files of one pack, bounded in number and size."""
    if isinstance(pack, str) and _OURS.fullmatch(pack):
        with as_file(files("commonseal").joinpath("lawbook")) as lawbook:
            yield from _read_folder(lawbook / str(pack), str(pack), lawbook, faults, foreign=False)
        return
    folder = Path(pack)
    looks_like_path = isinstance(pack, Path) or "/" in pack or "\\" in pack or pack.startswith(".")
    if not looks_like_path or not folder.is_dir():
        faults.append(
            Text(
                en=f"pack {str(pack)!r}: got no folder, expected {', '.join(OUR_PACKS)} or the path of a folder",
                zh=f"规则包 {str(pack)!r}：不是文件夹，应为 {'、'.join(OUR_PACKS)} 或文件夹路径",
            )
        )
        return
    name = folder.resolve().name
    if name in OUR_PACKS:
        faults.append(
            Text(
                en=f"pack {str(pack)!r}: the name {name!r} is taken by a pack of ours; rename the folder",
                zh=f"规则包 {str(pack)!r}：名称 {name!r} 已被内置规则包占用，请给文件夹改名",
            )
        )
        return
    yield from _read_folder(folder, name, folder.parent, faults, foreign=True)


def _read_folder(
    folder: Path, pack: str, root: Path, faults: list[Text], *, foreign: bool
) -> Iterator[Source]:
    names = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    if not names or len(names) > MAX_RULES:
        faults.append(
            Text(
                en=f"pack {pack!r}: got {len(names)} rules, expected 1 to {MAX_RULES}",
                zh=f"规则包 {pack!r}：共 {len(names)} 条规则，应为 1 至 {MAX_RULES} 条",
            )
        )
        return
    home = folder.resolve()
    for path in names:
        if foreign and not path.resolve().is_relative_to(home):
            what = Text(
                en="is a link that leads out of the pack; copy the file",
                zh="是指向规则包之外的链接；请复制文件",
            )
            name = path.relative_to(root).as_posix()
            faults.append(Text(en=f"{name}: {what.en}", zh=f"{name}：{what.zh}"))
            continue
        inside = path.relative_to(folder).parent.as_posix()
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        yield Source(
            pack=pack if inside == "." else f"{pack}/{inside}",
            name=path.relative_to(root).as_posix(),
            content=content,
            foreign=foreign,
        )


def _posing(rules: Sequence[Rule]) -> Iterator[Text]:
    """Refuse others' rules whose id looks like ours, beside ours: an id must say whose word it is.

    A pack by itself may have them: it replaces rules of ours where a change is tried (`law simulate`).
    """
    ours = {rule.id for rule in rules if rule.pack.split("/")[0] in OUR_PACKS}
    for rule in rules:
        if ours and rule.id not in ours and rule.id.split(".")[0] in OUR_PACKS:
            yield Text(
                en=f"{rule.file} id: got {rule.id!r}, which reads like a rule of ours; begin it with the pack's own name",
                zh=f"{rule.file} id：{rule.id!r} 看似本系统自带的规则；请以规则包自己的名称开头",
            )


def _twice(rules: Sequence[Rule]) -> Iterator[Text]:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if other is not rule:
            yield Text(
                en=f"{rule.file} id: got {rule.id!r}, which {other.file} has already; expected another",
                zh=f"{rule.file} id：{rule.id!r} 已被 {other.file} 使用，应另取",
            )
