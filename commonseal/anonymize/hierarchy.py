"""Generalization hierarchies, read and written in ARX's CSV form.

One row a value, one column a level, separated by `;`: `Bachelors;Undergraduate;Higher education;*`.
Level 0 is the value itself. The first cell may be empty: that row is what becomes of a null.

Faults name the file, the line and the label: hierarchies are public tables, not people's cells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonseal.errors import BadHierarchy
from commonseal.model import Text

SUFFIX = "_hierarchy_"
LARGEST_FILE = 256 * 1024 * 1024
INTERVAL = re.compile(r"^([\[\]])\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*([\[\]])$")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One column's ways up. `labels[level]` are the distinct labels; `codes` int64[values, levels].

    `codes[v, 0] == v`: the values are `labels[0]`, in the order of the file. `cover[level]`
    float64[labels]: the share that each label covers of the `domain`, the rows of the file.
    """

    column: str
    labels: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    cover: tuple[NDArray[np.float64], ...]
    domain: int

    @property
    def height(self) -> int:
        """Number of levels, the original values included."""
        return len(self.labels)

    def share(self, level: int) -> NDArray[np.float64]:
        """Return for each value the share of the domain that its label at `level` covers: float64[values]."""
        return self.cover[level][self.codes[:, level]]

    def label_of(self, level: int) -> dict[str, str]:
        """Return the lookup value -> label at `level`."""
        names = self.labels[level]
        return dict(zip(self.labels[0], (names[code] for code in self.codes[:, level]), strict=True))

    def rows(self) -> list[list[str]]:
        """Return the rows of the CSV form."""
        return [[self.labels[level][code] for level, code in enumerate(row)] for row in self.codes]


def hierarchy_from_rows(column: str, rows: Sequence[Sequence[str]], where: str) -> Hierarchy:
    """Build a hierarchy; `where` names its origin in faults. Raises: BadHierarchy, all faults at once.

    A value named twice is a fault, but for overlapping intervals that both hold it, as ARX's
    interval builder writes them: there the last row stands, as in ARX, and all rows count in `cover`.
    """
    faults = _faults(rows)
    if faults:
        raise BadHierarchy(
            Text(
                en="\n".join(f"{where}{line}: {en}" for line, en, _ in faults),
                zh="\n".join(f"{where}{line}：{zh}" for line, _, zh in faults),
            )
        )
    last = {row[0]: row for row in rows}
    labels: list[tuple[str, ...]] = []
    cover: list[NDArray[np.float64]] = []
    codes = np.empty((len(last), len(rows[0])), dtype=np.int64)
    for level in range(len(rows[0])):
        used = {label: code for code, label in enumerate(dict.fromkeys(row[level] for row in last.values()))}
        codes[:, level] = [used[row[level]] for row in last.values()]
        covered = Counter(row[level] for row in rows)
        labels.append(tuple(used))
        cover.append(np.array([covered[label] for label in used]) / len(rows))
    return Hierarchy(column, tuple(labels), codes, tuple(cover), len(rows))


def read_hierarchy(path: Path, column: str) -> Hierarchy:
    """Read one ARX hierarchy file. Raises: BadHierarchy."""
    if not path.is_file():
        raise BadHierarchy(Text(en=f"{path}: no such hierarchy file", zh=f"{path}：没有这个泛化层级文件"))
    if path.stat().st_size > LARGEST_FILE:
        raise BadHierarchy(
            Text(en=f"{path}: larger than {LARGEST_FILE} bytes", zh=f"{path}：超过 {LARGEST_FILE} 字节")
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter=";") if row]
    except UnicodeDecodeError as fault:
        raise BadHierarchy(
            Text(
                en=f"{path}: not UTF-8 at byte {fault.start}; save the file as UTF-8",
                zh=f"{path}：第 {fault.start} 字节不是 UTF-8；请另存为 UTF-8",
            )
        ) from fault
    return hierarchy_from_rows(column, rows, f"{path}:")


def read_hierarchies(folder: Path, columns: Sequence[str]) -> dict[str, Hierarchy]:
    """Read `*_hierarchy_COLUMN.csv` (or `COLUMN.csv`) of `folder` for each column. Raises: BadHierarchy."""
    return {column: read_hierarchy(_file_of(folder, column), column) for column in columns}


def write_hierarchy(hierarchy: Hierarchy, path: Path) -> None:
    """Write the CSV form that ARX reads, UTF-8, `;`, one row a value."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(hierarchy.rows())


def _file_of(folder: Path, column: str) -> Path:
    if not folder.is_dir():
        raise BadHierarchy(
            Text(en=f"{folder}: no such folder of hierarchies", zh=f"{folder}：没有这个层级文件夹")
        )
    found = sorted(file for file in folder.iterdir() if file.name.endswith(f"{SUFFIX}{column}.csv"))
    plain = folder / f"{column}.csv"
    if plain.is_file():
        found.append(plain)
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "-"
        raise BadHierarchy(
            Text(
                en=f"{folder}: column '{column}': got {len(found)} hierarchy files ({names}), "
                f"expected one named *{SUFFIX}{column}.csv",
                zh=f"{folder}：列“{column}”：找到 {len(found)} 个层级文件（{names}），"
                f"应有且只有一个名为 *{SUFFIX}{column}.csv 的文件",
            )
        )
    return found[0]


def _faults(rows: Sequence[Sequence[str]]) -> list[tuple[int, str, str]]:
    if not rows:
        return [(1, "empty; expected one row a value", "空文件；应为每个值一行")]
    width = len(rows[0])
    faults: list[tuple[int, str, str]] = []
    line_of: dict[str, int] = {}
    parent: list[dict[str, tuple[str, int]]] = [{} for _ in range(width)]
    for line, row in enumerate(rows, start=1):
        if len(row) != width:
            faults.append(
                (line, f"got {len(row)} levels, expected {width}", f"有 {len(row)} 级，应为 {width} 级")
            )
            continue
        if (first := line_of.setdefault(row[0], line)) != line and not (
            _all_hold(row) and _all_hold(rows[first - 1])
        ):
            faults.append(
                (
                    line,
                    f"value '{row[0]}' already stands on line {first}",
                    f"值“{row[0]}”已在第 {first} 行出现",
                )
            )
        for level in range(1, width - 1):
            above, at = parent[level].setdefault(row[level], (row[level + 1], line))
            if above != row[level + 1]:
                faults.append(
                    (
                        line,
                        f"label '{row[level]}' goes up to '{row[level + 1]}' here but to '{above}' on line {at}",
                        f"标签“{row[level]}”在此上归“{row[level + 1]}”，在第 {at} 行却上归“{above}”",
                    )
                )
    return faults


def _all_hold(row: Sequence[str]) -> bool:
    """Tell whether every label of a row is an interval that holds its value (or the `*` at the top)."""
    try:
        value = float(row[0])
    except ValueError:
        return False
    for label in row[1:]:
        if label == "*" and label is row[-1]:
            continue
        interval = INTERVAL.match(label)
        if interval is None:
            return False
        opens, low, high, closes = interval.groups()
        above = value >= float(low) if opens == "[" else value > float(low)
        below = value <= float(high) if closes == "]" else value < float(high)
        if not (above and below):
            return False
    return len(row) > 1
