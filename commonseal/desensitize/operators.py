"""List the operators, weakest first, and turn a treatment into the expression of its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from commonseal.desensitize import generalize as general
from commonseal.desensitize import mask as masks
from commonseal.desensitize import pseudonym as pseudonyms
from commonseal.desensitize.canonical import column_of
from commonseal.desensitize.params import Params
from commonseal.errors import BadInput
from commonseal.model import Text, Treatment

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Operator:
    """What can be done to a cell: `params` are the names it reads; `keyed` if it needs a key."""

    name: str
    says: Text
    params: tuple[str, ...] = ()
    keyed: bool = False


OPERATORS: tuple[Operator, ...] = (
    Operator("keep", Text(en="leave as it is", zh="原样保留")),
    Operator("generalize", Text(en="say less of it", zh="泛化"), general.PARAMS),
    Operator("mask_text", Text(en="hide what is found in free text", zh="隐藏自由文本中发现的信息")),
    Operator("mask", Text(en="show some characters only", zh="只显示部分字符"), masks.PARAMS),
    Operator("hmac_sha256", Text(en="keyed hash, SHA-256", zh="带密钥哈希 SHA-256"), pseudonyms.PARAMS, True),
    Operator("hmac_sm3", Text(en="keyed hash, SM3", zh="带密钥哈希 SM3"), pseudonyms.PARAMS, True),
    Operator("null", Text(en="empty every cell", zh="清空单元格")),
    Operator("drop", Text(en="leave the column out", zh="删除该列")),
)
_BY_NAME = {operator.name: operator for operator in OPERATORS}


def treat(
    column: str,
    dtype: pl.DataType,
    treatment: Treatment,
    *,
    key: bytes | None,
    patterns: Mapping[str, str] = _NONE,
) -> pl.Expr | None:
    """Return the expression that treats one column, under the column's name; None where it is dropped.

    Args:
        column: its name, matched exactly.
        dtype: its type before; afterwards it is the same for keep and null, Binary (32 bytes) for the
            keyed hashes, String for the others.
        treatment: operator and parameters, see `OPERATORS` and docs/desensitize.md.
        key: 32 bytes derived for the agreement; only the keyed hashes read it.
        patterns: category -> regular expression in Rust's syntax; only mask_text reads them.

    Row count and row order stay, nulls stay null. The arguments can be pickled, so that a worker
    elsewhere builds the same expression.

    Raises: BadInput for an unknown operator, bad parameters or a type it cannot treat; KeyFault where
        a key is needed and absent.
    """
    params = _params(column, treatment)
    match treatment.operator:
        case "drop":
            return None
        case "keep":
            made = column_of(column)
        case "null":
            cell = column_of(column)
            made = pl.when(cell.is_null()).then(cell)  # null where null, and null elsewhere
        case "generalize":
            made = general.generalize(column, dtype, params)
        case "mask":
            made = masks.mask(column, dtype, params)
        case "mask_text":
            made = masks.mask_text(column, dtype, patterns)
        case _:
            made = pseudonyms.pseudonym(column, dtype, params, key)
    return made.alias(column)


def bad_count(column: str, dtype: pl.DataType, treatment: Treatment) -> pl.Expr:
    """Return an aggregate: how many cells that were not null could not be read, and so became null.

    For generalize: values that are no date, number, place or address. For a pseudonym with a period:
    values whose row has no readable date. Every other operator treats all values alike: 0.
    """
    params = _params(column, treatment)
    there = column_of(column).is_not_null()
    if treatment.operator == "generalize":
        bad = there & general.generalize(column, dtype, params).is_null()
    elif treatment.params.get("period") is not None:
        when = pseudonyms.period_name(
            params.text("period_column"), params.choice("period", pseudonyms.PERIODS)
        )
        bad = there & when.is_null()
    else:
        bad = there & pl.lit(False)
    return bad.sum().alias(column)


def _params(column: str, treatment: Treatment) -> Params:
    """Return the parameters of a treatment whose operator and parameter names are known."""
    operator = _BY_NAME.get(treatment.operator)
    if operator is None:
        known = ", ".join(_BY_NAME)
        raise BadInput(
            Text(
                en=f"column {column!r}: got treatment {treatment.operator!r}, expected one of: {known}. "
                "Correct it in the rule or agreement that asks for it.",
                zh=f"列 {column!r}：处理方式为 {treatment.operator!r}，应为以下之一：{known}。"
                "请在提出该要求的规则或协议中改正。",
            )
        )
    params = Params(column, treatment.operator, treatment.params)
    params.only(operator.params)
    return params
