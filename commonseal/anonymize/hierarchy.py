"""Generalization hierarchies, read and written in ARX's CSV form.

One row a value, one column a level, separated by `;`: `Bachelors;Undergraduate;Higher education;*`.
Level 0 is the value itself. The first cell may be empty: that row is what becomes of a null.

Faults name the file, the line and the label: hierarchies are public tables, not people's cells.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.hierarchy_faults import faults_of
from commonseal.errors import BadHierarchy
from commonseal.model import Text

SUFFIX = "_hierarchy_"
LARGEST_FILE = 256 * 1024 * 1024


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


def hierarchy_from_rows(
    column: str, rows: Sequence[Sequence[str]], where: str, lines: Sequence[int] | None = None
) -> Hierarchy:
    """Build a hierarchy; `where` names its origin in faults. Raises: BadHierarchy, all faults at once.

    `lines`: the line on which each row begins, for the faults; None where row n is line n.
    A value named twice is a fault, but for overlapping intervals that both hold it, as ARX's
    interval builder writes them: there the last row stands, as in ARX, and all rows count in `cover`.
    """
    faults = faults_of(rows, lines)
    if faults:
        raise BadHierarchy(
            Text(
                en="\n".join(f"{where}{fault.line}: {fault.what.en}" for fault in faults),
                zh="\n".join(f"{where}{fault.line}：{fault.what.zh}" for fault in faults),
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
    rows, lines = read_rows(path)
    return hierarchy_from_rows(column, rows, f"{path}:", lines)


def read_rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """Return the rows of a hierarchy file and the line on which each begins. Raises: BadHierarchy."""
    if not path.is_file():
        raise BadHierarchy(Text(en=f"{path}: no such hierarchy file", zh=f"{path}：没有这个泛化层级文件"))
    if path.stat().st_size > LARGEST_FILE:
        raise BadHierarchy(
            Text(en=f"{path}: larger than {LARGEST_FILE} bytes", zh=f"{path}：超过 {LARGEST_FILE} 字节")
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";")
            rows, lines, begins = [], [], 1
            for row in reader:
                if row:
                    rows.append(row)
                    lines.append(begins)
                begins = reader.line_num + 1
    except csv.Error as fault:
        raise BadHierarchy(
            Text(
                en=f"{path}:{begins}: not a cell of CSV (longer than {csv.field_size_limit()} characters?)",
                zh=f"{path}:{begins}：不是合法的 CSV 单元格（是否超过 {csv.field_size_limit()} 个字符？）",
            )
        ) from fault
    except UnicodeDecodeError as fault:
        raise BadHierarchy(
            Text(
                en=f"{path}: not UTF-8 at byte {fault.start}; save the file as UTF-8",
                zh=f"{path}：第 {fault.start} 字节不是 UTF-8；请另存为 UTF-8",
            )
        ) from fault
    return rows, lines


def read_hierarchies(folder: Path, columns: Sequence[str]) -> dict[str, Hierarchy]:
    """Read `*_hierarchy_COLUMN.csv` (or `COLUMN.csv`) of `folder` for each column. Raises: BadHierarchy."""
    return {column: read_hierarchy(_file_of(folder, column), column) for column in columns}


def write_hierarchy(hierarchy: Hierarchy, path: Path) -> None:
    """Write the CSV form that ARX reads, UTF-8, `;`, one row a value."""
    with path.open("w", encoding="utf-8", newline="") as file:
        plain = csv.writer(file, delimiter=";", lineterminator="\n")
        quoted = csv.writer(file, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in hierarchy.rows():
            # Python's writer leaves a carriage return bare, and its reader then ends the row there
            (quoted if any("\r" in label for label in row) else plain).writerow(row)


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
