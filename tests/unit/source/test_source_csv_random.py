"""Any table that Python's csv module writes opens as the same cells, whatever the chunk's size."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonseal.source import csv_scan, open_table

CELLS = st.text(alphabet=st.sampled_from('ab"\n\r,;|\t 张é😀'), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@pytest.mark.parametrize("chunk", [1 << 20, 7])
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=TABLES,
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_reads_what_csv_writes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
    rows: list[list[str]],
    separator: str,
    end: str,
    quoting: int,
) -> None:
    monkeypatch.setattr(csv_scan, "CHUNK", chunk)
    if quoting == csv.QUOTE_MINIMAL:  # which leaves a CR bare, so that before LF it is no cell's
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    names = [f"c{number}" for number in range(len(rows[0]))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([names, *rows])
    path = tmp_path / "t.csv"
    path.write_bytes(text.getvalue().encode())
    table = open_table(path)
    expected = [tuple(cell or None for cell in row) for row in rows]
    assert table.frame.collect().rows() == expected


FRAGMENTS = st.lists(st.sampled_from(['"', ",", "\n", "\r\n", "x", "\r", "张", '""', "x,y\n"]), max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(fragments=FRAGMENTS)
def test_chunks_do_not_change_the_answer(
    fragments: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fragments.csv"
    path.write_bytes(("a,b\n" + "".join(fragments)).encode())
    answers = []
    whole = csv_scan.CHUNK
    try:
        for csv_scan.CHUNK in (1, 2, 3, 5, 1 << 20):
            try:
                answers.append(repr(csv_scan.scan(path, ",", 2)))
            except csv_scan.Broken as fault:
                answers.append(f"{fault.problem} {fault.offset} {fault.got} {fault.opened}")
    finally:
        csv_scan.CHUNK = whole
    assert len(set(answers)) == 1, answers
    if "Extent" in answers[0] and "records=0" not in answers[0]:  # Polars sees the rows that were counted
        table = open_table(path)
        assert table.frame.collect().height == table.rows
