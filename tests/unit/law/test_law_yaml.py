from __future__ import annotations

import pytest

from commonseal.law.yaml_file import MAX_BYTES, read_yaml


def test_days_stay_iso_text_and_lines_are_kept() -> None:
    file = read_yaml(b"a: 2021-11-01\nb:\n  - from: x\n    to: null\n")
    assert file.data == {"a": "2021-11-01", "b": [{"from": "x", "to": None}]}
    assert file.line(("b", 0, "to")) == 4
    assert not file.faults


@pytest.mark.parametrize(
    "content",
    [
        b"a: &x [1]\nb: *x",
        b"a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]",
        b"a: !!python/object/apply:os.system [x]",
        b"[" * 60_000,
        b"{a: " * 30 + b"}" * 30,
        b"a: 1\n---\nb: 2",
        b"a: 1\na: 2",
        b"a: [1",
        b"\xff\xfe\x00",
        b"#" * (MAX_BYTES + 1),
    ],
)
def test_bombs_tags_and_broken_files_are_faults(content: bytes) -> None:
    assert len(read_yaml(content).faults) == 1


def test_numbers_are_read_as_they_stand() -> None:
    assert read_yaml(b"[10, 010, 1:30, 0x1F, 1_000, 0.5, yes]").data == [
        10,
        "010",
        "1:30",
        "0x1F",
        "1_000",
        0.5,
        True,
    ]
