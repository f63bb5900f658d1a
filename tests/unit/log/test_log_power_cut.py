"""A power cut at every call that a run of appends makes to the disk, in every way that it may fall.

`Recorder` notes each call of the real disk. `after_power_cut` works out what may be left after the
first n calls: names changed in a folder not synced since may have changed or not, bytes not synced may
be lost, torn at any byte, or zeros. From each such state the log must be whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commonseal.errors import CommonsealError, LogFault, ProofFailed
from commonseal.log import Receipt, create_log, merkle, open_log, read_log, verify_receipt
from commonseal.log.checkpoint import Checkpoint, parse_checkpoint
from commonseal.log.disk import Disk
from commonseal.log.witness import open_witness
from commonseal.seal.note import COSIGNATURE, ED25519, SignerKey, base64_text, parse_note, sign_note

ORIGIN = "city.example/log"
SEED = bytes(range(32))
Op = tuple[Any, ...]


class Killed(BaseException):
    """The process is gone: not an error that anybody could handle."""


class Recorder(Disk):
    """The real disk, each call noted in `ops`; the process dies before call number `dies_at`."""

    def __init__(self, ops: list[Op], dies_at: int | None = None) -> None:
        self.ops = ops
        self.dies_at = dies_at
        self.paths: dict[int, Path] = {}

    def note(self, *op: Any) -> None:
        if self.dies_at is not None and len(self.ops) >= self.dies_at:
            raise Killed
        self.ops.append(op)

    def create(self, path: Path, mode: int) -> int:
        self.note("create", path)
        descriptor = super().create(path, mode)
        self.paths[descriptor] = path
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        self.note("write", self.paths[descriptor], data)
        return super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        self.note("sync", self.paths[descriptor])  # noted only: nobody cuts the power of the test machine

    def rename(self, old: Path, new: Path) -> None:
        self.note("rename", old, new)
        super().rename(old, new)

    def make_folder(self, folder: Path) -> None:
        if folder.exists():
            raise FileExistsError(folder)
        self.note("make_folder", folder)
        super().make_folder(folder)

    def remove(self, path: Path) -> None:
        if not path.exists():
            raise FileNotFoundError(path)
        self.note("remove", path)
        super().remove(path)

    def remove_folder(self, folder: Path) -> None:
        self.note("remove", folder)
        super().remove_folder(folder)

    def sync_folder(self, folder: Path) -> None:
        self.note("sync_folder", folder)


class Unsynced(Disk):
    """The real disk, but quick."""

    def sync(self, descriptor: int) -> None: ...

    def sync_folder(self, folder: Path) -> None: ...


@dataclass
class File:
    """What was written, and what of it is stored."""

    data: bytes = b""
    stored: bytes = b""
    dirty: bool = False


FOLDER = File()
Names = dict[Path, File]


@dataclass
class Machine:
    """Names and bytes as running processes see them, as the disk stores them, and what lies between."""

    seen: Names = field(default_factory=dict)
    stored: Names = field(default_factory=dict)
    waiting: dict[Path, list[dict[Path, File | None]]] = field(default_factory=dict)
    published: list[Checkpoint] = field(default_factory=list)
    acknowledged: list[tuple[bytes, Receipt]] = field(default_factory=list)

    def change(self, folder: Path, names: dict[Path, File | None]) -> None:
        apply(self.seen, names)
        self.waiting.setdefault(folder, []).append(names)

    def run(self, op: Op) -> None:
        match op:
            case ("create", path):
                self.change(path.parent, {path: File(dirty=True)})
            case ("write", path, data):
                self.seen[path].data += data
            case ("sync", path):
                file = self.seen[path]
                file.stored, file.dirty = file.data, False
            case ("rename", old, new):
                self.change(new.parent, {new: self.seen[old], old: None})
                if new.name == "checkpoint":
                    self.published.append(parse_checkpoint(parse_note(self.seen[new].data).text))
            case ("make_folder", path):
                self.change(path.parent, {path: FOLDER})
            case ("remove", path):
                self.change(path.parent, {path: None})
            case ("sync_folder", path):
                for names in self.waiting.pop(path, []):
                    apply(self.stored, names)
            case ("acknowledged", pairs):
                self.acknowledged += pairs

    def after_power_cut(
        self, choose: Callable[[], bool], tear: Callable[[File], bytes]
    ) -> dict[Path, bytes | None]:
        names = dict(self.stored)
        for changes in self.waiting.values():
            for change in changes:
                if choose():
                    apply(names, change)
        left: dict[Path, bytes | None] = {}
        for path in sorted(names):
            if path.parent in left or path.parent == TOP:
                file = names[path]
                left[path] = None if file is FOLDER else tear(file) if file.dirty else file.stored
        return left


TOP = Path("/top")  # stands for the folder that was there before


def apply(names: Names, change: dict[Path, File | None]) -> None:
    for path, file in change.items():
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def run_log(top: Path, ops: list[Op], dies_at: int | None, batches: list[list[bytes]]) -> None:
    """Create the log where there is none, then append the batches; note what was acknowledged."""
    disk = Recorder(ops, dies_at)
    if not (top / "log/checkpoint").exists():
        create_log(top / "log", origin=ORIGIN, seed=SEED, disk=disk)
    with open_log(top / "log", disk=disk) as log:
        for batch in batches:
            receipts = log.append(batch, at=1)
            ops.append(("acknowledged", list(zip(batch, receipts, strict=True))))


def moved(ops: list[Op], top: Path) -> list[Op]:
    return [
        tuple(TOP / part.relative_to(top) if isinstance(part, Path) else part for part in op) for op in ops
    ]


def ways(random_: random.Random) -> Iterator[tuple[Callable[[], bool], Callable[[File], bytes]]]:
    def torn(file: File) -> bytes:
        return file.data[: random_.randrange(len(file.data) + 1)]

    yield lambda: False, lambda file: file.stored
    yield lambda: True, lambda file: file.stored
    yield lambda: True, torn
    yield lambda: True, lambda file: bytes(len(file.data))
    yield lambda: random_.random() < 0.5, torn
    yield lambda: random_.random() < 0.5, lambda file: file.data


def cut_everywhere(ops: list[Op], first: int, where: Path) -> int:
    """Cut the power after each number of calls from `first` on; check every state left once."""
    random_ = random.Random(518)
    machine = Machine()
    for op in ops[:first]:
        machine.run(op)
    checked: set[int] = set()
    for count in range(first, len(ops) + 1):
        for choose, tear in ways(random_):
            left = machine.after_power_cut(choose, tear)
            state = hash((tuple(left.items()), len(machine.acknowledged), len(machine.published)))
            if state not in checked:
                checked.add(state)
                check(left, machine, where / f"{count}-{len(checked)}")
        if count < len(ops):
            machine.run(ops[count])
    return len(checked)


def check(left: dict[Path, bytes | None], machine: Machine, top: Path) -> None:
    lay_out(left, top)
    folder = top / "log"
    if not (folder / "checkpoint").exists():
        assert machine.acknowledged == []
        create_again(folder)
    vkey = (folder / "log.pub").read_text()
    read_log(folder, vkey=vkey).verify()  # before anybody recovers: what is served is whole
    with open_log(folder, disk=Unsynced()) as log:
        before = log.size
        assert before >= len(machine.acknowledged)
        fresh = [b"after the cut", b"and one more"]
        made = log.append(fresh, at=2)
    reader = read_log(folder, vkey=vkey)
    assert reader.verify() == before + 2
    pairs = [*machine.acknowledged, *zip(fresh, made, strict=True)]
    for entry, receipt in pairs[:: len(pairs) // 12 + 1]:
        assert reader.entry(receipt.index) == entry
        verify_receipt(receipt, entry, vkey=vkey)
        verify_receipt(reader.receipt(receipt.index), entry, vkey=vkey)
    for checkpoint in machine.published:  # anybody may have seen it, synced or not
        assert reader.root_at(checkpoint.size) == checkpoint.root


def lay_out(left: dict[Path, bytes | None], top: Path) -> None:
    top.mkdir()
    for path, data in left.items():
        target = top / path.relative_to(TOP)
        if data is None:
            target.mkdir()
        else:
            target.write_bytes(data)
            target.chmod(0o600)


def create_again(folder: Path) -> None:
    with pytest.raises(LogFault, match="no log here"), open_log(folder, disk=Unsynced()):
        pass
    create_log(folder, origin=ORIGIN, seed=SEED, disk=Unsynced())


def test_a_power_cut_at_any_call_loses_nothing_acknowledged(tmp_path: Path) -> None:
    (live := tmp_path / "live").mkdir()
    ops: list[Op] = []
    run_log(live, ops, None, [[b"one"], [b"two", b"three"]])
    states = cut_everywhere(moved(ops, live), 0, tmp_path)
    assert len(ops) > 60
    assert states > 50


@pytest.mark.parametrize("forgotten", ["sync", "sync_folder"])
def test_this_test_would_find_a_forgotten_sync(forgotten: str, tmp_path: Path) -> None:
    (live := tmp_path / "live").mkdir()
    ops: list[Op] = []
    run_log(live, ops, None, [[b"one"], [b"two", b"three"]])
    careless = [op for op in moved(ops, live) if op[0] != forgotten]
    with pytest.raises((AssertionError, CommonsealError, OSError)):
        cut_everywhere(careless, 0, tmp_path)


def test_this_test_would_find_a_checkpoint_seen_before_the_key_remembers_it(tmp_path: Path) -> None:
    (live := tmp_path / "live").mkdir()
    ops: list[Op] = []
    run_log(live, ops, None, [[b"one"], [b"two", b"three"]])
    forgetful = [op for op in moved(ops, live) if "log.key.signed" not in str(op[1:])]
    with pytest.raises((AssertionError, ProofFailed)):
        cut_everywhere(forgetful, 0, tmp_path)


@pytest.mark.slow
def test_a_power_cut_while_tiles_fill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    (live := tmp_path / "live").mkdir()
    ops: list[Op] = []
    many = [b"%d" % number for number in range(520)]
    run_log(live, ops, None, [many[:254], many[254:258], many[258:]])
    assert any(op[0] == "remove" for op in ops)  # partial tiles whose full tile is there
    assert cut_everywhere(moved(ops, live), 0, tmp_path) > 150


@pytest.mark.slow
def test_a_killed_writer_and_then_a_power_cut_lose_nothing(tmp_path: Path) -> None:
    probe: list[Op] = []
    (tmp_path / "probe").mkdir()
    run_log(tmp_path / "probe", probe, None, [[b"one"], [b"two"]])
    states = 0
    for dies_at in range(0, len(probe), 3):
        (live := tmp_path / f"live{dies_at}").mkdir()
        ops: list[Op] = []
        with pytest.raises(Killed):
            run_log(live, ops, dies_at, [[b"one"], [b"two"]])
        killed = len(ops)
        run_log(live, ops, None, [[b"not two"], [b"three"]])
        (where := tmp_path / f"cut{dies_at}").mkdir()
        states += cut_everywhere(moved(ops, live), killed, where)
    assert states > 500


def test_a_witness_never_forgets_what_it_answered(tmp_path: Path) -> None:
    signer = SignerKey("witness.example/w1", COSIGNATURE, bytes([1]) * 32)
    log = SignerKey(ORIGIN, ED25519, SEED)
    leaves = [merkle.leaf_hash(b"%d" % number) for number in range(9)]
    rows = merkle.pyramid(leaves)

    def ask(old: int, new: int) -> bytes:
        proof = merkle.consistency_proof(lambda height, index: rows[height][index], old, new)
        note = sign_note(Checkpoint(ORIGIN, new, merkle.root_of(leaves[:new])).text(), [log])
        return "\n".join([f"old {old}", *map(base64_text, proof), "", ""]).encode() + note.encode()

    (live := tmp_path / "live").mkdir()
    ops: list[Op] = []
    answered: dict[int, int] = {}
    with open_witness(live, signer, [log.verifier], disk=Recorder(ops)) as witness:
        for old, new in ((0, 2), (2, 5), (5, 9)):
            assert witness.add_checkpoint(ask(old, new), at=1).status == 200
            answered[len(ops)] = new
    random_ = random.Random(1)
    machine, size = Machine(), 0
    for count, op in enumerate([*moved(ops, live), ("end",)]):
        size = answered.get(count, size)
        for way, (choose, tear) in enumerate(ways(random_)):
            top = tmp_path / f"{count}-{way}"
            lay_out(machine.after_power_cut(choose, tear), top)
            with open_witness(top, signer, [log.verifier], disk=Unsynced()) as again:
                told = again.add_checkpoint(ask(1, 9), at=1)
                assert told.status == 409
                assert int(told.body) >= size
        machine.run(op)
    assert size == 9
