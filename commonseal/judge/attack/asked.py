"""Check what an attack was asked, all faults at once, and choose the columns to link by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from commonseal.errors import BadInput, BadTable
from commonseal.judge.attack.codes import is_opaque
from commonseal.judge.attack.sides import readable, require
from commonseal.model import Text


def matched_columns(
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    quasi: Sequence[str] | Mapping[str, str] | None,
    *,
    leave: Sequence[str | None],
) -> dict[str, str]:
    """Return the columns to link by, release name to auxiliary name.

    Without `quasi`: all that both tables have and that can be read, but for those in `leave`.
    Raises: ColumnMissing, BadInput.
    """
    if quasi is None:
        match = {
            name: name
            for name in release.columns
            if name in auxiliary.columns
            and name not in leave
            and not is_opaque(release.schema[name])
            and not is_opaque(auxiliary.schema[name])
        }
    else:
        match = dict(quasi) if isinstance(quasi, Mapping) else {name: name for name in quasi}
    if not match:
        raise BadInput(
            Text(
                en="release and auxiliary table have no column in common to link by; "
                "name pairs with --quasi release_name=auxiliary_name",
                zh="发布数据与辅助表没有可用于链接的共同列；请用 --quasi 发布列名=辅助列名 指定",
            )
        )
    require(release, list(match), "release")
    require(auxiliary, list(match.values()), "auxiliary")
    return match


def check(
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    original: pl.DataFrame | None,
    match: Mapping[str, str],
    *,
    truth: str,
    person: str | None,
    sensitive: Sequence[str],
    claim_at: float,
    ruled_out: int,
    confidence: float,
) -> None:
    """Refuse what cannot be attacked or scored. Raises: BadInput, BadTable, ColumnMissing."""
    for table, name in ((release, "release"), (auxiliary, "auxiliary")):
        if not table.height:
            raise BadTable(Text(en=f"{name}: has no rows", zh=f"{name}：没有数据行"))
    require(release, [*sensitive, *([person] if person else [])], "release")
    _require_truth(release, auxiliary, original, truth)
    if original is not None and not readable(release, truth):
        require(original, list(dict.fromkeys([*match, *sensitive])), "original")
    faults = [
        *_columns(release, auxiliary, match, truth, person, sensitive),
        *_numbers(claim_at, ruled_out, confidence),
    ]
    if faults:
        raise BadInput(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))


def _require_truth(
    release: pl.DataFrame, auxiliary: pl.DataFrame, original: pl.DataFrame | None, truth: str
) -> None:
    if not readable(auxiliary, truth):
        raise BadInput(
            Text(
                en=f"auxiliary: no readable column {truth!r}; it must say who each row is, or no claim can be scored",
                zh=f"辅助表：没有可读的列“{truth}”；须由它说明每行是谁，否则无法评判任何断言",
            )
        )
    if original is not None:
        require(original, [truth], "original")
    elif not readable(release, truth):
        raise BadInput(
            Text(
                en=f"release: no readable column {truth!r} (a keyed hash is none), and no original was given: nobody "
                "can tell which claims are right. Give the table before release with --original.",
                zh=f"发布数据：没有可读的列“{truth}”（带密钥的哈希不可读），也未提供原始数据：无法判断断言是否正确。"
                "请用 --original 提供发布前的表。",
            )
        )


def _columns(
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    match: Mapping[str, str],
    truth: str,
    person: str | None,
    sensitive: Sequence[str],
) -> list[Text]:
    faults = []
    for name in sorted(set(match) & {truth, person, *sensitive}):
        faults.append(
            Text(
                en=f"column {name}: is linked by and is truth, person or sensitive column too; leave it out of one",
                zh=f"列 {name}：既用于链接，又是真值列、个人列或敏感列；请只选其一",
            )
        )
    for table, names, where in (
        (release, list(match), "release"),
        (auxiliary, list(match.values()), "auxiliary"),
    ):
        opaque = [name for name in names if is_opaque(table.schema[name])]
        hollow = [name for name in names if table[name].null_count() == table.height]
        if opaque:
            listed = ", ".join(opaque)
            faults.append(
                Text(
                    en=f"{where}: column {listed}: holds bytes, nothing to link by",
                    zh=f"{where}：列 {listed}：是字节串，无法链接",
                )
            )
        if hollow and len(hollow) == len(names):
            listed = ", ".join(hollow)
            faults.append(
                Text(
                    en=f"{where}: column {listed}: all cells are null, nothing to link by",
                    zh=f"{where}：列 {listed}：全为空值，无法链接",
                )
            )
    for name in sensitive:
        if is_opaque(release.schema[name]):
            faults.append(
                Text(
                    en=f"release: sensitive column {name}: holds bytes, nothing to learn",
                    zh=f"release：敏感列 {name}：是字节串，无可得知",
                )
            )
    if auxiliary[truth].null_count() == auxiliary.height:
        faults.append(
            Text(
                en=f"auxiliary: column {truth}: all cells are null, so nobody could be named",
                zh=f"auxiliary：列 {truth}：全为空值，无人可被指认",
            )
        )
    return faults


def _numbers(claim_at: float, ruled_out: int, confidence: float) -> list[Text]:
    found = [
        (not 0 < claim_at <= 1, "claim_at", claim_at, "> 0, <= 1"),
        (not 0 <= ruled_out <= 20, "ruled_out", ruled_out, "0..20"),
        (not 0 < confidence < 1, "confidence", confidence, "> 0, < 1"),
    ]
    return [
        Text(en=f"{name}: got {got}, expected {expected}", zh=f"{name}：得到 {got}，应为 {expected}")
        for wrong, name, got, expected in found
        if wrong
    ]
