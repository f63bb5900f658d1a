"""JSON Lines: values as written, keys as they come, bad lines by number."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from commonseal.errors import BadTable
from commonseal.source import open_table

CELL = "三月七日"


def _file(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_values_are_kept_as_written(tmp_path: Path) -> None:
    lines = (
        '\ufeff{"id": 110105194912310021, "x": 1.10, "s": "007", "b": true, "n": null}\n'
        "\n"
        '{"id": 1e400, "x": -0.0, "s": "", "o": {"k": [1.50, "é\\"", null, false]}, "l": []}\r\n'
    )
    table = open_table(_file(tmp_path, lines))
    assert table.columns == ("id", "x", "s", "b", "n", "o", "l")
    assert table.rows == 2
    frame = table.frame.collect()
    assert set(frame.dtypes) == {pl.String()}
    assert frame.rows() == [
        ("110105194912310021", "1.10", "007", "true", None, None, None),
        ("1e400", "-0.0", "", None, None, '{"k":[1.50,"é\\"",null,false]}', "[]"),
    ]


def test_keys_that_appear_late_are_null_before(tmp_path: Path) -> None:
    lines = '{"a": 1}\n' * 5_000 + '{"b": "x", "a": 2}\n' + '{"c": 3}\n' * 5_000
    table = open_table(_file(tmp_path, lines), spool=tmp_path / "spool")
    frame = table.frame.collect()
    assert table.columns == ("a", "b", "c")
    assert frame.height == table.rows == 10_001
    assert frame.row(5_000) == ("2", "x", None)
    assert frame.row(0) == ("1", None, None)
    assert frame.row(10_000) == (None, None, "3")
    assert table.path is not None
    assert [part.name for part in table.path.parent.iterdir()] == ["rows.parquet"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a": "三月七日"', "line 2: got no JSON"),
        ('["三月七日"]', "line 2: got a list"),
        ('"三月七日"', "line 2: got a string"),
        ("17", "line 2: got a number"),
        ("null", "line 2: got a constant"),
        ('{"a": NaN, "b": "三月七日"}', "line 2: got no JSON"),
        ('{"a": "\\ud800三月七日"}', "line 2: got no JSON"),
        ('{"三": "三月七日", "三": 2}', 'line 2: the key "三" stands twice'),
        ('{"a": ' + "[" * 100_000, "line 2: got no JSON"),
        ('{"a": "三\x01月七日"}', "line 2: got no JSON"),
        ('{"": "三月七日"}', "column 2 of 2 has no name"),
    ],
)
def test_bad_lines_are_refused_by_number(tmp_path: Path, line: str, expected: str) -> None:
    with pytest.raises(BadTable) as caught:
        open_table(_file(tmp_path, '{"a": 1}\n' + line + "\n"))
    message = caught.value.message
    assert expected in message.en
    assert message.zh != message.en
    assert CELL not in message.en + message.zh


def test_what_is_no_json_lines_is_refused(tmp_path: Path) -> None:
    for content, expected in (
        (b"", "holds no object"),
        (b"\n\n", "holds no object"),
        (b"{}\n", "got 0 different keys"),
        (b'{"a": "\xff"}\n', "line 1: got no JSON in UTF-8"),
        (b"\x1f\x8b\x08", "line 1"),
    ):
        with pytest.raises(BadTable, match=expected):
            open_table(_file(tmp_path, content))
