"""The log in its folder: growth, proofs, one writer, altered files, keys, full disks, kills."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from commonseal.errors import BadInput, CommonsealError, KeyFault, LogBusy, LogFault, ProofFailed
from commonseal.log import Receipt, create_log, merkle, open_log, read_log, verify_receipt
from commonseal.log.disk import Disk

ORIGIN = "city.example/log"


@pytest.fixture
def log_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    create_log(folder, origin=ORIGIN)
    return folder


def entries(count: int, start: int = 0) -> list[bytes]:
    return [b"entry %d" % number for number in range(start, start + count)]


def fill(folder: Path, *counts: int) -> list[bytes]:
    for count in counts:
        with open_log(folder) as log:
            log.append(entries(count, log.size), at=1)
    return entries(sum(counts))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in (folder / "tile").rglob("*") if path.is_file()}


def test_a_receipt_is_checked_offline_with_the_key_alone(log_folder: Path) -> None:
    vkey = (log_folder / "log.pub").read_text()
    with open_log(log_folder) as log:
        first, second = log.append([b"", b"\x00" * 65_535], at=1)
        assert (log.size, log.append([], at=1)) == (2, ())
    again = Receipt.parse(second.to_text())
    assert again == second
    verify_receipt(again, b"\x00" * 65_535, vkey=vkey)
    verify_receipt(first, b"", vkey=vkey)
    with pytest.raises(ProofFailed, match="root does not match"):
        verify_receipt(first, b"\x00", vkey=vkey)
    with pytest.raises(ProofFailed, match="root does not match"):
        verify_receipt(Receipt(0, second.proof, second.checkpoint), b"\x00" * 65_535, vkey=vkey)
    other = create_log(log_folder.with_name("other"), origin=ORIGIN)
    with pytest.raises(ProofFailed, match="no signature by"):
        verify_receipt(first, b"", vkey=other)
    with pytest.raises(ProofFailed, match="no blank line"):
        verify_receipt(Receipt(0, (), "nothing"), b"", vkey=vkey)


def test_the_extra_line_of_a_receipt_is_kept(log_folder: Path) -> None:
    with open_log(log_folder) as log:
        (plain,) = log.append([b"a"], at=1)
    receipt = Receipt(plain.index, plain.proof, plain.checkpoint, b"age-v1.2.1")
    assert Receipt.parse(receipt.to_text()) == receipt


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 1", "index 01"),
        ("index 1", "idx 1"),
        ("index 1\n", "index 1\nAAAA\n"),
        ("index 1\n", "extra !\nindex 1\n"),
        ("index 1\n", "index 1\n" + ("A" * 43 + "=\n") * 63),
        ("\n\n", "\n"),
    ],
)
def test_a_malformed_receipt_is_refused(old: str, new: str, log_folder: Path) -> None:
    with open_log(log_folder) as log:
        _, receipt = log.append([b"a", b"b"], at=1)
    with pytest.raises(BadInput, match=r"receipt|note|checkpoint"):
        Receipt.parse(receipt.to_text().replace(old, new))


def test_an_entry_too_long_is_refused_and_nothing_is_written(log_folder: Path) -> None:
    with open_log(log_folder) as log:
        with pytest.raises(BadInput, match="entry 1: got 65536 bytes"):
            log.append([b"fine", b"x" * 65_536], at=1)
        assert log.size == 0
    assert not (log_folder / "tile").exists()


@pytest.mark.parametrize("counts", [(255, 1), (256,), (255, 2), (1, 254, 1, 256), (300, 300)])
def test_tiles_are_as_the_specification_lays_them_out(counts: tuple[int, ...], log_folder: Path) -> None:
    logged = fill(log_folder, *counts)
    size = len(logged)
    leaves = [merkle.leaf_hash(entry) for entry in logged]
    whole, width = divmod(size, 256)
    for index in range(whole):
        tile = (log_folder / f"tile/0/00{index}").read_bytes()
        assert tile == b"".join(leaves[256 * index : 256 * index + 256])
        assert f"tile/0/00{index}.p/255" not in files(log_folder)  # no longer needed
    if width:
        assert (log_folder / f"tile/0/00{whole}.p/{width}").read_bytes() == b"".join(leaves[256 * whole :])
    above = [merkle.root_of(leaves[256 * index : 256 * index + 256]) for index in range(whole)]
    if whole:
        assert (log_folder / f"tile/1/000.p/{whole}").read_bytes() == b"".join(above)
    reader = read_log(log_folder)
    assert reader.verify() == size
    assert reader.checkpoint().root == merkle.root_of(leaves)
    assert [reader.entry(index) for index in (0, size - 1)] == [logged[0], logged[-1]]


@pytest.mark.slow
def test_the_tree_grows_over_65536(log_folder: Path) -> None:
    many = entries(65_535)
    with open_log(log_folder) as log:
        log.append(many, at=1)
        before = log.size, log.root
        (one,) = log.append([b"the 65,536th"], at=1)
        (two,) = log.append([b"and one"], at=1)
        after = log.size, log.root
    assert {"tile/1/000", "tile/2/000.p/1", "tile/0/256.p/1", "tile/entries/255"} <= files(log_folder)
    assert not any(path.startswith("tile/1/000.p/") for path in files(log_folder))
    reader = read_log(log_folder)
    assert reader.verify() == 65_537
    leaves = [merkle.leaf_hash(entry) for entry in [*many, b"the 65,536th", b"and one"]]
    assert after[1] == merkle.root_of(leaves)
    proof = reader.consistency_proof(before[0], after[0])
    merkle.verify_consistency(before[0], after[0], proof, before[1], after[1])
    vkey = (log_folder / "log.pub").read_text()
    verify_receipt(one, b"the 65,536th", vkey=vkey)
    verify_receipt(two, b"and one", vkey=vkey)
    verify_receipt(reader.receipt(40_000), many[40_000], vkey=vkey)


def test_ten_thousand_entries_take_well_under_two_seconds(log_folder: Path) -> None:
    many = entries(10_000)
    with open_log(log_folder) as log:
        started = time.process_time()  # the processor's seconds: other processes must not fail this
        receipts = log.append(many, at=1)
        took = time.process_time() - started
    assert len(receipts) == 10_000
    assert took < 2


def test_two_writers_at_once_are_one_too_many(log_folder: Path) -> None:
    with open_log(log_folder):
        started = time.monotonic()
        with pytest.raises(LogBusy, match="another writer"), open_log(log_folder, wait=0.2):
            pass
        assert time.monotonic() - started < 2
    with open_log(log_folder, wait=0.2) as log:
        log.append([b"now"], at=1)


def test_writers_in_turn_lose_nothing(log_folder: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from commonseal.log import open_log
        for number in range(5):
            with open_log(Path(sys.argv[1]), wait=60) as log:
                log.append([f"{sys.argv[2]} {number}".encode()], at=1)
    """
    writers = [_python(code, str(log_folder), name) for name in ("a", "b")]
    assert [writer.communicate(timeout=60) and writer.returncode for writer in writers] == [0, 0]
    reader = read_log(log_folder)
    assert reader.verify() == 10
    assert {reader.entry(index) for index in range(10)} == {
        f"{n} {i}".encode() for n in "ab" for i in range(5)
    }


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
        "checkpoint",
    ],
)
@pytest.mark.parametrize("harm", ["cut", "flip", "longer", "gone"])
def test_an_altered_file_is_named_and_never_served(name: str, harm: str, log_folder: Path) -> None:
    logged = fill(log_folder, 300)
    path = log_folder / name
    data = path.read_bytes()
    middle = len(data) // 2
    match harm:
        case "cut":
            path.write_bytes(data[:-1])
        case "flip":
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case "longer":
            path.write_bytes(data + b"\x00")
        case "gone":
            path.unlink()
    with pytest.raises((LogFault, ProofFailed), match=name):
        read_log(log_folder).verify()
    reader = read_log(log_folder)
    for index in range(0, 300, 7):
        try:
            served = reader.entry(index)
        except (LogFault, ProofFailed):
            continue
        assert served == logged[index]
    if name.endswith(".p/44") or name == "checkpoint":  # what the writer builds on
        with (
            pytest.raises((LogFault, ProofFailed), match=rf"{name}|no log here"),
            open_log(log_folder) as log,
        ):
            log.append([b"on sand"], at=1)


def test_a_folder_brought_back_from_an_old_copy_is_not_appended_to(log_folder: Path, tmp_path: Path) -> None:
    fill(log_folder, 3)
    old = {path: path.read_bytes() for path in log_folder.rglob("*") if path.is_file()}
    fill(log_folder, 4)
    for path in (log_folder / "tile").rglob("*"):
        if path.is_file():
            path.unlink()
    for path, data in old.items():
        path.write_bytes(data)
    with pytest.raises(LogFault, match="older than the 7 entries that its key signed"), open_log(log_folder):
        pass


def test_a_key_that_has_signed_makes_no_second_log(log_folder: Path) -> None:
    fill(log_folder, 3)
    log_folder.rename(log_folder.with_name("moved"))
    with pytest.raises(KeyFault, match="has signed a log of 3 entries"):
        create_log(log_folder, origin=ORIGIN)
    with pytest.raises(KeyFault, match="expected other"):
        create_log(log_folder, origin="other.example/log")


def test_a_key_that_others_can_read_is_refused(log_folder: Path) -> None:
    key = log_folder.with_name("log.key")
    assert key.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o660):
        key.chmod(mode)
        with pytest.raises(KeyFault, match="expected 0600"), open_log(log_folder):
            pass
    key.unlink()
    with pytest.raises(KeyFault, match="expected the signing key"), open_log(log_folder):
        pass


def test_the_secret_key_is_nowhere_in_the_served_folder(log_folder: Path) -> None:
    fill(log_folder, 3)
    secret = log_folder.with_name("log.key").read_text().strip().rpartition("+")[2].encode()
    assert not any(secret in path.read_bytes() for path in log_folder.rglob("*") if path.is_file())


def test_init_refuses_a_log_that_is_there_and_a_name_no_key_can_bear(log_folder: Path) -> None:
    with pytest.raises(BadInput, match="holds a log already"):
        create_log(log_folder, origin=ORIGIN)
    with pytest.raises(KeyFault, match="name"):
        create_log(log_folder.with_name("x"), origin="has space")
    assert not log_folder.with_name("x.key").exists()


def test_reading_where_there_is_no_log_says_so(tmp_path: Path) -> None:
    with pytest.raises(LogFault, match="no public key"):
        read_log(tmp_path)
    with pytest.raises(LogFault, match="no log here"), open_log(tmp_path):
        pass


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.entry(3),
        lambda r: r.entry(-1),
        lambda r: r.inclusion_proof(0, 4),
        lambda r: r.inclusion_proof(2, 2),
        lambda r: r.consistency_proof(3, 2),
        lambda r: r.root_at(9),
    ],
)
def test_asking_beyond_the_end_is_bad_input(ask: object, log_folder: Path) -> None:
    fill(log_folder, 3)
    with pytest.raises(BadInput, match="expected 0 to"):
        ask(read_log(log_folder))  # type: ignore[operator]


class FullDisk(Disk):
    """A disk that takes `room` more bytes, then says that it is full."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: bytes) -> int:
        if self.room <= 0:
            raise OSError(28, "No space left on device")
        taken = super().write(descriptor, data[: self.room])
        self.room -= taken
        return taken


@pytest.mark.parametrize("room", [0, 1, 100, 2_000, 5_000, 9_000, 16_000])
def test_a_full_disk_leaves_the_log_readable_and_takes_up_where_it_was(room: int, log_folder: Path) -> None:
    logged = fill(log_folder, 250)
    disk = FullDisk(room)
    with open_log(log_folder, disk=disk) as log:
        with pytest.raises(LogFault, match="No space left"):
            log.append(entries(300, 250), at=1)
        assert read_log(log_folder).verify() in (250, 550)
        assert not list(log_folder.rglob(".*.tmp"))
        disk.room = 10**9
        before = log.size
        receipts = log.append([b"after"], at=1)
    reader = read_log(log_folder)
    assert reader.verify() == before + 1 == receipts[0].index + 1
    assert reader.entry(0) == logged[0]


def test_a_limit_of_the_system_on_file_sizes_leaves_the_log_readable(log_folder: Path) -> None:
    fill(log_folder, 10)
    code = """
        import resource, signal, sys
        from pathlib import Path
        from commonseal.errors import LogFault
        from commonseal.log import open_log
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open_log(Path(sys.argv[1])) as log:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            try:
                log.append([b"x" * 5000], at=1)
            except LogFault as fault:
                print(fault)
                sys.exit(2)
    """
    writer = _python(code, str(log_folder))
    out, _ = writer.communicate(timeout=60)
    assert writer.returncode == 2
    assert "File too large" in out
    assert read_log(log_folder).verify() == 10
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


@pytest.mark.slow
@pytest.mark.parametrize("round_", range(4))
def test_kill_9_loses_nothing_acknowledged(round_: int, log_folder: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from commonseal.log import open_log
        with open_log(Path(sys.argv[1])) as log:
            while True:
                at = log.size
                receipts = log.append([b"entry %d" % n for n in range(at, at + 1 + at % 40)], at=1)
                print(receipts[-1].index, flush=True)
    """
    writer = _python(code, str(log_folder))
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(3 + 5 * round_)]
    time.sleep(0.003 * round_)
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().splitlines()]
    writer.communicate()
    read_log(log_folder).verify()
    with open_log(log_folder, wait=1) as log:
        assert log.size > acknowledged[-1]
        log.append([b"entry %d" % log.size], at=1)
    reader = read_log(log_folder)
    size = reader.verify()
    assert [reader.entry(index) for index in range(size)] == entries(size)


def test_a_reader_sees_each_new_checkpoint(log_folder: Path) -> None:
    reader = read_log(log_folder)
    assert (reader.verify(), reader.checkpoint().root) == (0, merkle.EMPTY_ROOT)
    with pytest.raises(BadInput, match="log is empty"):
        reader.entry(0)
    fill(log_folder, 200)
    assert reader.entry(199) == b"entry 199"
    fill(log_folder, 100)
    assert reader.checkpoint().size == 300


def test_a_reader_whose_partial_tile_went_takes_the_full_one(log_folder: Path) -> None:
    fill(log_folder, 200)
    stale = (log_folder / "checkpoint").read_bytes()
    fill(log_folder, 100)
    (log_folder / "checkpoint").write_bytes(stale)  # what a reader that is a moment late holds
    reader = read_log(log_folder)
    assert (reader.entry(199), reader.verify()) == (b"entry 199", 200)


def test_a_log_that_was_closed_is_not_appended_to(log_folder: Path) -> None:
    with open_log(log_folder) as log:
        pass
    with pytest.raises(LogFault, match="no longer locked"):
        log.append([b"late"], at=1)


def test_a_file_left_by_a_killed_writer_is_replaced_with_its_own_mode(tmp_path: Path) -> None:
    (left := tmp_path / ".log.key.tmp").write_bytes(b"half")
    left.chmod(0o644)
    create_log(tmp_path / "log", origin=ORIGIN)
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600


def test_every_fault_speaks_both_languages(log_folder: Path) -> None:
    with pytest.raises(CommonsealError) as fault:
        create_log(log_folder, origin=ORIGIN)
    assert fault.value.message.zh.endswith("已有日志")


def _python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
