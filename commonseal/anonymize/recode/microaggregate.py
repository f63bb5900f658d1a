"""Microaggregation: groups of alike records, each number replaced by its group's mean or median.

For numeric quasi-identifiers that shall stay numbers. Other quasi-identifiers stand at their levels, and
groups are made within each class of them. A null stays null: records with nulls in the same columns are
grouped by the other columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commonseal.anonymize.loss import Tuples
from commonseal.anonymize.models.classes import Units
from commonseal.anonymize.models.size import Model
from commonseal.anonymize.recode.local_search import class_count, dense, least_rows, refused_classes
from commonseal.anonymize.recode.microaggregate_loss import By, replaced, result, standardized
from commonseal.anonymize.recode.recoded import Recoded
from commonseal.anonymize.recode.ways import Floats, Ints, checked_levels
from commonseal.errors import BadInput, ColumnMissing
from commonseal.model import Text
from commonseal.table import group_codes

Method = Literal["mdav", "optimal", "fixed"]
Mask = NDArray[np.bool_]

LARGEST = (
    20_000  # records that MDAV sees together, its time being quadratic; more are parted at medians first
)


def microaggregate(
    tuples: Tuples,
    units: Units,
    models: Sequence[Model],
    columns: Sequence[str],
    *,
    levels: Sequence[int] | None = None,
    method: Method = "mdav",
    by: By = "mean",
    suppressed_max: int = 0,
) -> Recoded:
    """Replace numbers by the mean or median of groups that keep all models.

    Before: any tuples; the values of `columns` are numbers or null. After: each of `columns` holds its
    group's mean or median (Float64, null where it was null), the others their label at `levels`; no class
    of equal released tuples fails a model. Deterministic. `optimal` is of least squared error for one
    column and k-anonymity over rows; the others are heuristics.

    Args: levels: one a quasi-identifier, read for those not in `columns`; 0 where None. method: `mdav`;
    `optimal`, one column only; `fixed`, runs along the first principal axis. suppressed_max: rows that may
    leave, because their class of other labels and nulls fails even as one group.
    Raises: BadInput; ColumnMissing.
    """
    at, _ = checked_levels(tuples, levels, None)
    value = _values(tuples, columns, method)
    chosen = [h.column in columns for h in tuples.hierarchies]
    labels = [
        h.codes[:, level][codes]
        for h, codes, level, numeric in zip(tuples.hierarchies, tuples.codes, at, chosen, strict=True)
        if not numeric
    ]
    sizes = [
        len(h.labels[level]) for h, level, n in zip(tuples.hierarchies, at, chosen, strict=True) if not n
    ]
    nulls = [np.isnan(column).astype(np.int64) for column in value.T]
    outer = group_codes([*labels, *nulls], [*sizes, *([2] * len(nulls))])
    scaled = standardized(value, tuples.rows)
    of = _grouped(scaled, tuples.rows, outer.of, least_rows(models), method)
    of = _until_kept(models, tuples, units, _in_order(of, outer.of, scaled), outer.of)
    while True:
        numbers = replaced(value, tuples.rows, of, by)
        public = _public(labels, sizes, numbers, of)
        refused = refused_classes(models, tuples.rows, units, public, class_count(public))
        if not refused.any():
            break
        of = np.where((public >= 0) & refused[public], -1, of)
    suppressed = int(tuples.rows[of < 0].sum())
    if suppressed > suppressed_max:
        raise BadInput(_too_many_leave(suppressed, tuples.total, suppressed_max))
    return result(
        tuples, value, numbers, of, at, chosen, class_count(public), f"microaggregation ({method}, {by})"
    )


def _grouped(value: Floats, rows: Ints, outer: Ints, k: int, method: Method) -> Ints:
    """Return groups within each class of `outer`: int64[m], dense."""
    # numba takes half a second to import: only who microaggregates pays for it
    from commonseal.anonymize.recode import microaggregate_kernels as kernels

    of = np.zeros(len(rows), dtype=np.int64)
    count = 0
    order = np.argsort(outer, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(outer[order])) + 1):
        known = value[members][:, ~np.isnan(value[members[0]])]
        if known.shape[1] == 0:
            of[members] = count
            count += 1
            continue
        for part in _parts(known, rows[members]) if method == "mdav" else [np.arange(len(members))]:
            weight = rows[members[part]]
            if method == "mdav":
                group = kernels.mdav(np.ascontiguousarray(known[part]), weight, k)
            else:
                along = np.argsort(_along(known[part]), kind="stable")
                run = weight[along]
                group = np.empty(len(part), dtype=np.int64)
                group[along] = (
                    kernels.fixed_groups(run, k)
                    if method == "fixed"
                    else kernels.optimal_groups(known[part][along, 0], run, k)
                )
            of[members[part]] = count + group
            count += class_count(group)
    return of


def _parts(value: Floats, rows: Ints) -> list[Ints]:
    """Part records at the median of their widest column until none holds more than `LARGEST`."""
    done: list[Ints] = []
    todo = [np.arange(len(value))]
    while todo:
        part = todo.pop()
        widest = int(np.argmax(np.ptp(value[part], axis=0)))
        if len(part) <= LARGEST or np.ptp(value[part, widest]) == 0:
            done.append(part)
            continue
        ordered = part[np.argsort(value[part, widest], kind="stable")]
        todo += [ordered[len(part) // 2 :], ordered[: len(part) // 2]]
    return done


def _along(value: Floats) -> Floats:
    """Return where each record lies along the first principal axis, the largest weight taken positive."""
    if value.shape[1] == 1:
        return value[:, 0]
    _, axes = (
        np.linalg.eigh(np.cov(value, rowvar=False)) if len(value) > 1 else (None, np.eye(value.shape[1]))
    )
    axis = axes[:, -1]
    return np.asarray(value @ (axis * np.sign(axis[np.argmax(np.abs(axis))])))


def _in_order(of: Ints, outer: Ints, value: Floats) -> Ints:
    """Number groups anew, so that those of one class follow each other along the first principal axis."""
    count = class_count(of)
    known = np.nan_to_num(value)
    size = np.bincount(of)
    mean = np.stack([np.bincount(of, weights=column, minlength=count) / size for column in known.T], axis=1)
    outer_of = np.empty(count, dtype=np.int64)
    outer_of[of] = outer
    number = np.empty(count, dtype=np.int64)
    number[np.lexsort([_along(mean), outer_of])] = np.arange(count)
    return np.asarray(number[of])


def _until_kept(models: Sequence[Model], tuples: Tuples, units: Units, of: Ints, outer: Ints) -> Ints:
    """Join neighbouring groups of a class two by two until none fails; -1 where one group is too few.

    Groups are numbered so that neighbours within an outer class follow each other.
    """
    while True:
        refused = refused_classes(models, tuples.rows, units, of, class_count(of))
        if not refused.any():
            return of
        outer_of = np.full(class_count(of), -1)
        outer_of[of[of >= 0]] = outer[of >= 0]
        into = np.arange(len(outer_of))
        for group in np.flatnonzero(refused):
            for other in (group - 1, group + 1):
                if 0 <= other < len(into) and outer_of[other] == outer_of[group] and into[other] == other:
                    into[group] = other
                    break
        while (into != into[into]).any():
            into = into[into]
        if (into == np.arange(len(into))).all():
            return dense(np.where((of >= 0) & refused[of], -1, of))
        of = dense(np.where(of < 0, -1, into[of]))


def _values(tuples: Tuples, columns: Sequence[str], method: Method) -> Floats:
    """Return the numbers: float64[m, d], NaN where null. Raises: BadInput, ColumnMissing."""
    names = [hierarchy.column for hierarchy in tuples.hierarchies]
    missing = [column for column in columns if column not in names]
    if missing or not columns:
        raise ColumnMissing(_no_such_columns(missing, names))
    if method == "optimal" and len(columns) != 1:
        raise BadInput(
            Text(
                en=f"method 'optimal' groups one column, got {len(columns)}; use mdav",
                zh=f"optimal 方法只适用于一列，现有 {len(columns)} 列；请用 mdav",
            )
        )
    value = np.empty((len(tuples.rows), len(columns)))
    for place, column in enumerate(columns):
        position = names.index(column)
        try:
            numbers = np.array([float(v) if v else np.nan for v in tuples.hierarchies[position].labels[0]])
        except ValueError:
            raise BadInput(_not_numeric(column)) from None
        if np.isinf(numbers).any():
            raise BadInput(_not_numeric(column))
        value[:, place] = numbers[tuples.codes[position]]
    return value


def _public(labels: Sequence[Ints], sizes: Sequence[int], replaced: Floats, of: Ints) -> Ints:
    """Return the public class of each tuple: groups of one class that became equal are one."""
    if not len(replaced):
        return of
    codes, spans = list(labels), list(sizes)
    for column in replaced.T:
        distinct, code = np.unique(column, return_inverse=True)
        codes.append(code[np.maximum(of, 0)])
        spans.append(len(distinct))
    return dense(np.where(of < 0, -1, group_codes(codes, spans).of))


def _no_such_columns(missing: Sequence[str], names: Sequence[str]) -> Text:
    return Text(
        en=f"microaggregation: no quasi-identifiers {', '.join(missing) or '(none named)'}; there are {', '.join(names)}",
        zh=f"微聚集：没有准标识符 {'、'.join(missing) or '（未指定）'}；现有 {'、'.join(names)}",
    )


def _not_numeric(column: str) -> Text:
    return Text(
        en=f"microaggregation: column '{column}' holds what is no finite number; generalize it instead",
        zh=f"微聚集：列“{column}”含有非数值；请改用泛化",
    )


def _too_many_leave(rows: int, total: int, limit: int) -> Text:
    return Text(
        en=f"microaggregation: {rows} of {total} rows stand in classes of other labels or nulls that do not keep "
        f"the models even as one group; {limit} may leave; raise the levels of the other columns",
        zh=f"微聚集：{total} 行中有 {rows} 行所在的类（按其他列标签与空值划分）即使合为一组也不满足模型，"
        f"而最多可抑制 {limit} 行；请提高其他列的层级",
    )
