"""What is asked for: addresses, suffixes, options, and files that are not there."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commonseal.errors import BadTable
from commonseal.source import open_table, postgresql


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing.csv", "no such file"),
        ("x.docx", "got the suffix .docx, expected one of"),
        ("x", "got the suffix none"),
        ("x.csv.gz", "unpack it first"),
        ("x.db", "sqlite:///path.db#table"),
        ("x.json", "name it .jsonl"),
        ("folder", "is a folder without Parquet files"),
        ("*.parquet", "is a pattern without Parquet files"),
        ("pipe.csv", "is a device or pipe"),
    ],
)
def test_other_things_are_refused_with_a_way_out(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    if name.startswith("x"):
        (tmp_path / name).write_text("a\n1\n")
    with pytest.raises(BadTable, match=expected.replace("*", r"\*")) as caught:
        open_table(tmp_path / name)
    assert name in caught.value.message.en
    assert name in caught.value.message.zh


@pytest.mark.parametrize(
    ("ref", "options", "expected"),
    [
        ("x.csv", {"query": "SELECT 1"}, "a query needs a database"),
        ("x.csv", {"sheet": "s"}, "a sheet needs an Excel workbook"),
        ("sqlite:///x.db#t", {"sheet": "s"}, "a sheet needs an Excel workbook"),
        ("mysql://u:secret@h/db#t", {}, "mysql://: no such kind of address"),
        ("sqlite:///missing.db#t", {}, "no such file"),
        ("postgresql://u:secret@127.0.0.1:1/db#t", {}, "nothing listens there"),
        ("postgresql://u:secret@h:port/db#t", {}, "cannot connect"),
        ("postgresql://u:secret@nowhere.invalid/db#t", {}, "cannot connect"),
        ("postgresql:///db?nonsense=secret#t", {}, "cannot connect"),
        ("postgresql:///db?host=/nowhere/secret#t", {}, "no server at that socket"),
        ("postgresql://u@h/db#t", {"query": "SELECT 1"}, "got both the table"),
        ("postgresql://u@h/db", {"query": " "}, "the query is empty"),
    ],
)
def test_addresses_and_options(ref: str, options: dict[str, str], expected: str) -> None:
    with pytest.raises(BadTable, match=expected) as caught:
        open_table(ref, **options)  # type: ignore[arg-type]
    assert "secret" not in caught.value.message.en + caught.value.message.zh


@contextmanager
def _nobody() -> Iterator[None]:
    """Act as a user to whom permissions apply: root may read all."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "locked.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    with _nobody(), pytest.raises(BadTable, match="may not be read by this user"):
        open_table(path)


@pytest.mark.slow
def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(BadTable, match="no answer in time"):
            open_table(f"postgresql://u@127.0.0.1:{port}/db#t")
