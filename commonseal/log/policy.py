"""Read which witnesses count, and how many of them must have cosigned.

Source: c2sp.org/tlog-policy. A policy file, where two of three witnesses are enough:

    witness W1 witness.example/w1+…  https://witness.example/w1
    witness W2 …
    witness W3 …
    group enough 2 W1 W2 W3
    quorum enough
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonseal.errors import BadInput, CommonsealError, ProofFailed
from commonseal.log.cosignature import verify_cosignatures
from commonseal.model import Lang, Text
from commonseal.seal.note import COSIGNATURE, Note, VerifierKey

_MAX_BYTES = 1_000_000
_LANGS: tuple[Lang, Lang] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of the named members, each a witness or a group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """The witnesses by name, the groups, and the name of the quorum; None asks for no witness."""

    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str | None
    urls: Mapping[str, str]  # by witness name, where the file gives one
    logs: tuple[VerifierKey, ...] = ()  # that the file accepts; none: any

    @classmethod
    def of(cls, count: int, vkeys: Sequence[str]) -> WitnessPolicy:
        """Ask for `count` of these witnesses. Raises: BadInput, KeyFault."""
        lines = [f"witness {number} {vkey}" for number, vkey in enumerate(vkeys, start=1)]
        names = " ".join(str(number) for number in range(1, len(vkeys) + 1))
        return parse_policy("\n".join([*lines, f"group enough {count} {names}", "quorum enough"]))

    def check(self, note: Note, log: VerifierKey) -> None:
        """Verify that the policy accepts the log, and that cosignatures are enough. Raises: ProofFailed."""
        if self.logs and log.public not in {key.public for key in self.logs}:
            en = f"checkpoint: the policy does not list the log {log.name}"
            raise ProofFailed(Text(en=en, zh=f"检查点：策略未列出日志 {log.name}"))
        times = verify_cosignatures(note, self.witnesses.values())
        signed = {name for name, key in self.witnesses.items() if key in times}
        if self.quorum is not None and not self._reached(self.quorum, signed):
            got = ", ".join(sorted(signed)) or "nobody"
            en = f"checkpoint: got cosignatures of {got}, not enough for quorum {self.quorum}"
            raise ProofFailed(Text(en=en, zh=f"检查点：见证方 {got} 的签名不足以达到 {self.quorum}"))

    def _reached(self, name: str, signed: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in signed
        return sum(self._reached(member, signed) for member in group.members) >= group.threshold


def load_policy(path: Path) -> WitnessPolicy:
    """Read a policy file of at most 1 MB. Raises: BadInput naming file and line."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as fault:
        raise BadInput(Text(en=f"{path}: {fault.strerror}", zh=f"{path}：无法读取")) from fault
    if len(raw) > _MAX_BYTES:
        raise BadInput(
            Text(en=f"{path}: larger than {_MAX_BYTES} bytes", zh=f"{path}：超过 {_MAX_BYTES} 字节")
        )
    # names are opaque octets to the specification: what is not UTF-8 passes through unchanged
    return parse_policy(raw.decode("utf-8", "surrogateescape"), source=str(path))


def parse_policy(text: str, *, source: str = "policy") -> WitnessPolicy:
    """Read a policy. Raises: BadInput naming source and line."""
    reading = _Reading()
    number = 0
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            reading.take(line)
        except CommonsealError as fault:
            en, zh = (f"{source}:{number}: {fault.message.in_(lang)}" for lang in _LANGS)
            raise BadInput(Text(en=en, zh=zh)) from fault
    if not reading.quorum:
        raise BadInput(Text(en=f"{source}:{number}: no quorum line", zh=f"{source}：缺少 quorum 行"))
    quorum = reading.quorum[0]
    return WitnessPolicy(
        reading.witnesses,
        reading.groups,
        None if quorum == "none" else quorum,
        reading.urls,
        tuple(reading.logs),
    )


class _Reading:
    """What has been read so far; a line may only name what stands above it."""

    def __init__(self) -> None:
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.urls: dict[str, str] = {}
        self.logs: list[VerifierKey] = []
        self.quorum: list[str] = []
        self._members: set[str] = set()

    def take(self, line: str) -> None:
        """Read one line. Raises: BadInput, KeyFault."""
        if any((char < " " and char != "\t") or char == "\x7f" for char in line):
            raise _wrong("has a control character", "含控制字符")
        words = line.replace("\t", " ").split(" ")
        match [word for word in words if word]:
            case []:
                return
            case [first, *_] if first.startswith("#"):
                return
            case ["log", vkey, *url] if len(url) <= 1:
                self._new_key(key := VerifierKey.parse(vkey), self.logs)
                self.logs.append(key)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(name, vkey, url)
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members)
            case ["quorum", name]:
                if self.quorum:
                    raise _wrong("a second quorum line", "quorum 行重复")
                self._known(name, also="none")
                self.quorum.append(name)
            case _:
                raise _wrong("expected a line of c2sp.org/tlog-policy", "不是 c2sp.org/tlog-policy 的行")

    def _witness(self, name: str, vkey: str, url: Sequence[str]) -> None:
        key = VerifierKey.parse(vkey, kind=COSIGNATURE)
        self._new_key(key, self.witnesses.values())
        self.witnesses[self._new_name(name)] = key
        if url:
            self.urls[name] = url[0]

    def _group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        for member in members:
            self._known(member)
            if member in self._members:
                raise _wrong(f"{member} is a member of a group already", f"{member} 已属于某组")
            self._members.add(member)
        words = {"all": len(members), "any": 1}
        if threshold not in words and not (threshold.isascii() and threshold.isdecimal()):
            raise _wrong(f"got {threshold}, expected all, any or a number", f"门槛 {threshold} 有误")
        count = words[threshold] if threshold in words else int(threshold)
        if not 1 <= count <= len(members):
            raise _wrong(f"got {count}, expected 1 to {len(members)}", f"门槛应为 1 至 {len(members)}")
        self.groups[self._new_name(name)] = Group(count, tuple(members))

    def _known(self, name: str, *, also: str = "") -> None:
        if name not in self.witnesses and name not in self.groups and name != also:
            raise _wrong(f"{name} is not defined above", f"{name} 未在前文定义")

    def _new_name(self, name: str) -> str:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise _wrong(f"the name {name} is taken", f"名称 {name} 已占用")
        return name

    @staticmethod
    def _new_key(key: VerifierKey, others: Collection[VerifierKey]) -> None:
        if any(key.public == other.public for other in others):
            raise _wrong(f"the key of {key.name} is listed already", f"{key.name} 的密钥重复")


def _wrong(en: str, zh: str) -> BadInput:
    return BadInput(Text(en=en, zh=zh))
