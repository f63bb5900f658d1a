"""Witnesses: what they refuse, what they remember, and a log and its witnesses over real HTTP."""

from __future__ import annotations

import hashlib
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commonseal.errors import LogBusy, LogFault, ProofFailed
from commonseal.log import (
    WitnessAddress,
    WitnessPolicy,
    create_log,
    merkle,
    open_log,
    read_log,
    verify_receipt,
)
from commonseal.log.checkpoint import Checkpoint
from commonseal.log.cosignature import verify_cosignatures
from commonseal.log.disk import Disk
from commonseal.log.witness import Witness, open_witness
from commonseal.log.witness_server import MAX_BODY, WitnessServer
from commonseal.seal.note import (
    COSIGNATURE,
    ED25519,
    Note,
    SignerKey,
    VerifierKey,
    base64_text,
    parse_note,
    parse_signatures,
    sign_note,
)

LOG = SignerKey("city.example/log", ED25519, bytes(32))
STRANGER = SignerKey("city.example/log", ED25519, bytes([9]) * 32)
W1 = SignerKey("witness.example/w1", COSIGNATURE, bytes([1]) * 32)
W2 = SignerKey("witness.example/w2", COSIGNATURE, bytes([2]) * 32)
NOON = 1_790_000_000


def leaves(count: int, word: bytes = b"entry") -> list[bytes]:
    return [merkle.leaf_hash(b"%s %d" % (word, number)) for number in range(count)]


def head(count: int, word: bytes = b"entry", signer: SignerKey = LOG, root: bytes | None = None) -> Note:
    checkpoint = Checkpoint(
        "city.example/log", count, merkle.root_of(leaves(count, word)) if root is None else root
    )
    return sign_note(checkpoint.text(), [signer])


def proof(old: int, new: int, word: bytes = b"entry") -> tuple[bytes, ...]:
    rows = merkle.pyramid(leaves(new, word))
    return merkle.consistency_proof(lambda height, index: rows[height][index], old, new)


def ask(old: int, hashes: tuple[bytes, ...], note: Note) -> bytes:
    return "\n".join([f"old {old}", *map(base64_text, hashes), "", ""]).encode() + note.encode()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with open_witness(tmp_path, W1, [LOG.verifier]) as opened:
        yield opened


def test_a_log_that_grows_is_cosigned(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 7), (7, 7), (7, 300)):
        note = head(new)
        answer = witness.add_checkpoint(ask(old, proof(old, new), note), at=NOON + new)
        assert answer.status == 200
        lines = Note(note.text, parse_signatures(answer.body.decode()))
        assert verify_cosignatures(lines, [W1.verifier]) == {W1.verifier: NOON + new}


def test_an_empty_log_is_cosigned_and_a_false_empty_root_is_not(witness: Witness) -> None:
    assert witness.add_checkpoint(ask(0, (), head(0)), at=NOON).status == 200
    assert witness.add_checkpoint(ask(0, (), head(0, root=bytes(32))), at=NOON).status == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 5\n\nnot a note", 400),
        (ask(5, proof(5, 9), head(9)).replace(b"old 5", b"old 05"), 400),
        (ask(5, proof(5, 9), head(9)).replace(b"old 5", b"new 5"), 400),
        (ask(5, (b"short",), head(9)), 400),
        (ask(5, (bytes(32),) * 64, head(9)), 400),
        (ask(9, (), head(5)), 400),
        (ask(5, proof(5, 9), head(9, signer=STRANGER)), 403),
        (ask(5, proof(5, 9), Note(head(9).text, head(8).signatures)), 403),
        (ask(0, (), sign_note(Checkpoint("o.example", 1, bytes(32)).text(), [LOG])), 404),
        (ask(4, proof(4, 9), head(9)), 409),
        (ask(0, (), head(9)), 409),
        (ask(5, proof(4, 9), head(9)), 422),
        (ask(5, (), head(9)), 422),
        (ask(5, proof(5, 9, b"fork"), head(9, b"fork")), 422),  # another history
        (ask(5, (), head(5, b"fork")), 422),  # another tree of the same size
        (ask(5, proof(5, 9), head(5)), 422),  # a proof where none is needed
        (ask(3, proof(3, 4), head(4)), 409),  # rolled back
    ],
)
def test_each_refusal_has_the_status_of_the_specification(body: bytes, status: int, witness: Witness) -> None:
    assert witness.add_checkpoint(ask(0, (), head(5)), at=NOON).status == 200
    answer = witness.add_checkpoint(body, at=NOON)
    assert answer.status == status
    if status == 409:
        assert (answer.body, answer.content_type) == (b"5\n", "text/x.tlog.size")
    assert "—" not in answer.body.decode()
    assert (
        witness.add_checkpoint(ask(5, proof(5, 6), head(6)), at=NOON).status == 200
    )  # nothing was taken over


def test_a_proof_from_nothing_is_refused(witness: Witness) -> None:
    assert witness.add_checkpoint(ask(0, (bytes(32),), head(5)), at=NOON).status == 422


def test_a_witness_remembers_over_a_restart_and_refuses_fork_and_rollback(tmp_path: Path) -> None:
    with open_witness(tmp_path, W1, [LOG.verifier]) as first:
        assert first.add_checkpoint(ask(0, (), head(5)), at=NOON).status == 200
    with open_witness(tmp_path, W1, [LOG.verifier]) as again:
        assert again.add_checkpoint(ask(0, (), head(4)), at=NOON).status == 409
        assert again.add_checkpoint(ask(5, (), head(5, b"fork")), at=NOON).status == 422
        origin_hash = hashlib.sha256(b"city.example/log").hexdigest()
        served = parse_note(again.latest(origin_hash).body)
        assert [signature.name for signature in served.signatures] == [LOG.name, W1.name]
        assert again.latest("0" * 64).status == 404


def test_a_witness_whose_memory_was_altered_does_not_start(tmp_path: Path) -> None:
    with open_witness(tmp_path, W1, [LOG.verifier]) as first:
        first.add_checkpoint(ask(0, (), head(5)), at=NOON)
    (path,) = tmp_path.glob("*/checkpoint")
    whole = path.read_bytes()
    older = head(4).encode()  # signed by the log, but never by us
    for bad in (whole[:-10], whole.replace(b"\n5\n", b"\n4\n"), older):
        path.write_bytes(bad)
        with (
            pytest.raises(LogFault, match="does not know what it cosigned"),
            open_witness(tmp_path, W1, [LOG.verifier]),
        ):
            pass


def test_two_witness_processes_over_one_memory_are_one_too_many(tmp_path: Path) -> None:
    with open_witness(tmp_path, W1, []), pytest.raises(LogBusy), open_witness(tmp_path, W1, [], wait=0.1):
        pass


def test_a_witness_answers_only_after_its_memory_is_stored(tmp_path: Path) -> None:
    calls: list[str] = []

    class Watched(Disk):
        def sync(self, descriptor: int) -> None:
            calls.append("sync")
            super().sync(descriptor)

        def rename(self, old: Path, new: Path) -> None:
            calls.append("rename")
            super().rename(old, new)

        def sync_folder(self, folder: Path) -> None:
            calls.append("sync_folder")
            super().sync_folder(folder)

    class Full(Disk):
        def write(self, descriptor: int, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    with open_witness(tmp_path, W1, [LOG.verifier], disk=Watched()) as witness:
        assert witness.add_checkpoint(ask(0, (), head(5)), at=NOON).status == 200
        assert calls[-3:] == ["sync", "rename", "sync_folder"]
    with open_witness(tmp_path, W1, [LOG.verifier], disk=Full()) as witness:
        with pytest.raises(LogFault, match="No space left"):
            witness.add_checkpoint(ask(5, proof(5, 6), head(6)), at=NOON)
        assert witness.add_checkpoint(ask(6, proof(6, 7), head(7)), at=NOON).body == b"5\n"


def test_of_many_requests_at_once_one_is_cosigned_per_size(witness: Witness) -> None:
    witness.add_checkpoint(ask(0, (), head(5)), at=NOON)
    answers: list[int] = []
    bodies = [ask(5, proof(5, size), head(size)) for size in range(6, 22)]
    threads = [
        threading.Thread(target=lambda b=b: answers.append(witness.add_checkpoint(b, at=NOON).status))
        for b in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 15


# over HTTP


@contextmanager
def serving(folder: Path, signer: SignerKey, vkey: str) -> Iterator[str]:
    folder.mkdir(exist_ok=True)
    with open_witness(folder, signer, [VerifierKey.parse(vkey)]) as witness:
        server = WitnessServer(("127.0.0.1", 0), witness, clock=lambda: float(NOON))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def test_a_log_and_two_witnesses_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "log"
    vkey = create_log(folder, origin=LOG.name)
    both = WitnessPolicy.of(2, [W1.verifier.encode(), W2.verifier.encode()])
    one = WitnessPolicy.of(1, [W1.verifier.encode(), W2.verifier.encode()])
    with serving(tmp_path / "w1", W1, vkey) as first, serving(tmp_path / "w2", W2, vkey) as second:
        at = [WitnessAddress(W1.verifier, first), WitnessAddress(W2.verifier, f"{second}/", timeout=3)]
        with open_log(folder, witnesses=at) as log:
            for number in range(3):  # from the second on, the log is told 409 and proves from there
                (receipt,) = log.append([b"%d" % number], at=NOON)
                assert log.outages == ()
                verify_receipt(receipt, b"%d" % number, vkey=vkey, witness_policy=both)
    policy_checked = read_log(folder, vkey=vkey)
    both.check(policy_checked.note(), policy_checked.key)
    # the second witness is away: the log goes on, and says so
    with serving(tmp_path / "w1", W1, vkey) as first:
        at = [WitnessAddress(W1.verifier, first), WitnessAddress(W2.verifier, second, timeout=3)]
        with open_log(folder, witnesses=at) as log:
            (receipt,) = log.append([b"alone"], at=NOON + 5)
            assert [(outage.witness, outage.at) for outage in log.outages] == [(W2.name, NOON + 5)]
    verify_receipt(receipt, b"alone", vkey=vkey, witness_policy=one)
    with pytest.raises(ProofFailed, match="not enough for quorum"):
        verify_receipt(receipt, b"alone", vkey=vkey, witness_policy=both)
    assert policy_checked.verify() == 4


def test_a_witness_that_is_ahead_or_lies_is_an_outage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "log"
    vkey = create_log(folder, origin=LOG.name, seed=LOG.seed)
    with serving(tmp_path / "w1", W1, vkey) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        connection.request("POST", "/add-checkpoint", ask(0, (), head(9)))
        assert connection.getresponse().read().startswith("—".encode())
        connection.close()
        with open_log(folder, witnesses=[WitnessAddress(W1.verifier, url)]) as log:
            log.append([b"behind"], at=1)
            assert "has cosigned 9 entries, this log holds 1" in log.outages[0].why.en
        with open_log(folder, witnesses=[WitnessAddress(W2.verifier, url)]) as log:  # not the key we know
            log.append([b"x"] * 10, at=1)
            assert len(log.outages) == 1


def test_the_server_is_bounded_and_keeps_connections(tmp_path: Path) -> None:
    with serving(tmp_path / "w1", W1, LOG.verifier.encode()) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)

        def status(method: str, path: str, body: bytes | None = None, **headers: str) -> int:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status

        origin_hash = hashlib.sha256(LOG.name.encode()).hexdigest()
        assert status("GET", f"/{origin_hash}/checkpoint") == 404
        assert status("POST", "/add-checkpoint", ask(0, (), head(5))) == 200
        assert status("GET", f"/{origin_hash}/checkpoint") == 200
        assert status("GET", "/../etc/passwd") == 404
        assert status("POST", "/elsewhere", b"") == 404
        assert status("PUT", "/add-checkpoint", b"") == 501
        assert status("POST", "/add-checkpoint", b"", **{"Content-Length": str(MAX_BODY + 1)}) == 413
        assert status("POST", "/add-checkpoint", b"", **{"Content-Length": "-1"}) == 411
        assert status("POST", "/add-checkpoint", b"", **{"Transfer-Encoding": "chunked"}) == 411
        connection.close()
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with socket.create_connection(address, timeout=5) as cut:  # a client that goes in the middle
            cut.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nold")
        assert status("GET", f"/{origin_hash}/checkpoint") == 200
        connection.close()
