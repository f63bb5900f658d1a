"""The ledger never overspends: not between two processes, not after a kill, not with a torn line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from commonseal.errors import BadInput, ProofFailed
from commonseal.privacy import Ledger, Refusal, exact

DAY = date(2026, 11, 24)
QUERY = "0" * 64

SPENDER = """
import sys
from datetime import date
from pathlib import Path
from commonseal.privacy import Ledger, Refusal, exact
ledger, day = Ledger(Path(sys.argv[1])), date(2026, 11, 24)
for number in range(int(sys.argv[2])):
    spent = ledger.spend("visits", "institute", exact("0.02"), query="0" * 64, on=day)
    if isinstance(spent, Refusal):
        continue
    ledger.record(spent, {"number": spent.entry}, on=day)
    print(spent.entry, flush=True)
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "budget.jsonl")
    made.grant("visits", "institute", exact("1"), on=DAY)
    return made


def spender(ledger: Ledger, times: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", SPENDER, str(ledger.path), str(times)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_two_processes_never_spend_the_same_budget(ledger: Ledger) -> None:
    racing = [spender(ledger, 40), spender(ledger, 40)]
    told = [int(line) for process in racing for line in process.communicate(timeout=120)[0].split()]
    assert [process.returncode for process in racing] == [0, 0]
    (account,) = ledger.accounts()
    assert (account.spent, account.left) == (1, 0)
    assert sorted(told) == list(range(1, 51))  # 50 of 80 were answered, each under a number of its own
    assert len(ledger.answers()) == 50


@pytest.mark.parametrize("moment", [3, 11, 30])
def test_a_kill_loses_no_answer_that_was_seen(ledger: Ledger, moment: int) -> None:
    process = spender(ledger, 1_000)
    assert process.stdout is not None
    seen = [int(process.stdout.readline()) for _ in range(moment)]
    os.kill(process.pid, signal.SIGKILL)
    seen += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    recorded = {line["answer"]["number"] for line in ledger.answers()}
    assert set(seen) <= recorded
    (account,) = ledger.accounts()
    assert account.spent * 50 >= len(recorded) >= moment
    after = ledger.spend("visits", "institute", exact("0.01"), query=QUERY, on=DAY)
    assert not isinstance(after, Refusal)  # the lock went with the process
    assert after.entry == account.questions + 1


def test_a_torn_line_is_cut_off_and_was_never_answered(ledger: Ledger) -> None:
    whole = ledger.path.read_bytes()
    with ledger.path.open("ab") as file:
        file.write(b'{"kind":"spend","dataset":"vis')
    assert ledger.accounts()[0].spent == 0
    assert not isinstance(ledger.spend("visits", "institute", exact("0.5"), query=QUERY, on=DAY), Refusal)
    assert ledger.path.read_bytes().startswith(whole + b'{"dataset"')
    assert ledger.accounts()[0].spent == exact("0.5")


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:1] + lines[2:],
        lambda lines: [lines[0].replace(b'"1"', b'"9"'), *lines[1:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0], b"not json", *lines[1:]],
        lambda lines: [lines[0], b"{}", *lines[1:]],
    ],
)
def test_a_changed_line_stops_everything(ledger: Ledger, change: object) -> None:
    for _ in range(3):
        ledger.spend("visits", "institute", exact("0.1"), query=QUERY, on=DAY)
    lines = ledger.path.read_bytes().split(b"\n")[:-1]
    ledger.path.write_bytes(b"\n".join(change(lines)) + b"\n")  # type: ignore[operator]
    for reads in (ledger.accounts, ledger.answers, ledger.head):
        with pytest.raises(ProofFailed, match=r"budget\.jsonl:"):
            reads()
    with pytest.raises(ProofFailed):
        ledger.spend("visits", "institute", exact("0.1"), query=QUERY, on=DAY)


def test_accounts_are_of_dataset_and_recipient(ledger: Ledger) -> None:
    ledger.grant("visits", "company", exact("0.3"), on=DAY)
    ledger.grant("trips", "institute", exact("2"), on=DAY)
    ledger.spend("visits", "company", exact("0.1"), query=QUERY, on=DAY)
    ledger.spend("visits", "company", exact("0.2"), query=QUERY, on=DAY)
    told = [(a.dataset, a.recipient, a.granted, a.spent) for a in ledger.accounts()]
    assert told == [
        ("trips", "institute", 2, 0),
        ("visits", "company", exact("0.3"), exact("0.3")),  # 0.1 + 0.2 is 0.3 here
        ("visits", "institute", 1, 0),
    ]
    assert isinstance(ledger.spend("visits", "company", exact("0.0001"), query=QUERY, on=DAY), Refusal)


def test_a_refusal_is_recorded_and_spends_nothing(ledger: Ledger) -> None:
    assert isinstance(ledger.spend("visits", "institute", exact("1.1"), query=QUERY, on=DAY), Refusal)
    last = json.loads(ledger.path.read_bytes().split(b"\n")[-2])
    assert (last["kind"], last["epsilon"], last["left"]) == ("refusal", "1.1", "1")
    assert ledger.accounts()[0].left == 1


def test_a_budget_may_grow_and_not_shrink_under_what_was_told(ledger: Ledger) -> None:
    ledger.spend("visits", "institute", exact("0.8"), query=QUERY, on=DAY)
    assert ledger.grant("visits", "institute", exact("2"), on=DAY).left == exact("1.2")
    with pytest.raises(BadInput, match=r"0\.8 is spent"):
        ledger.grant("visits", "institute", exact("0.5"), on=DAY)
    with pytest.raises(BadInput, match="recipient"):
        ledger.grant("visits", " ", exact("0.5"), on=DAY)


def test_a_missing_ledger_is_no_empty_one(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "none.jsonl")
    for asks in (ledger.accounts, lambda: ledger.spend("a", "b", exact(1), query=QUERY, on=DAY)):
        with pytest.raises(BadInput, match="no such ledger"):
            asks()
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_the_ledger_takes_the_same_lock(ledger: Ledger, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "link.jsonl").symlink_to(ledger.path)
    linked = Ledger(other / "link.jsonl")
    linked.spend("visits", "institute", exact("0.1"), query=QUERY, on=DAY)
    assert [path.name for path in other.iterdir()] == ["link.jsonl"]


def test_only_its_owner_reads_the_ledger(ledger: Ledger) -> None:
    assert ledger.path.stat().st_mode & 0o077 == 0


def test_a_long_ledger_is_read_in_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "long.jsonl")
    ledger.grant("visits", "institute", exact("1"), on=DAY)
    for _ in range(100):
        ledger.spend("visits", "institute", exact("0.001"), query=QUERY, on=DAY)
    started = time.perf_counter()
    assert ledger.accounts()[0].questions == 100
    assert time.perf_counter() - started < 1
