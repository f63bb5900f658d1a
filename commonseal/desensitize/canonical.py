"""Give a cell one text, one date or one number, whatever type its column has.

The same person must get the same pseudonym whether an ID came as text, as an integer or, through a
spreadsheet, as a float: so whole floats lose their ".0". Nulls stay null everywhere.
"""

from __future__ import annotations

import polars as pl

from commonseal.errors import BadInput
from commonseal.model import Text

EXACT = 2**53  # above it a float no longer holds every whole number

# A time may follow a date ("2024/1/31 0:00:00" as spreadsheets write it); other text may not.
_TIME = r"(?:[T\s]\s*[0-9]{1,2}:[0-9]{2}[0-9:.,]*\s?(?:Z|[A-Z]{2,5}|[+-][0-9:]{2,6})?)?"
_PARTED = r"^\s*([0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2})日?" + _TIME + r"\s*$"
_PACKED = r"^\s*([0-9]{8})(?:[0-9]{6})?\s*$"


def column_of(name: str) -> pl.Expr:
    """Return the column called exactly `name`, even where it reads like a pattern ("*", "^a$")."""
    return pl.selectors.by_name(name).as_expr()


def as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return the canonical text of a column.

    Whole numbers carry no decimals, dates are ISO, datetimes ISO with microseconds (in UTC where they
    have a zone), decimals carry no trailing zeros, truth is "true" or "false"; text is left as it is.

    Raises: BadInput where a cell of that type has no text (bytes, lists, structs, objects).
    """
    cell = column_of(column)
    if dtype.is_float():
        whole = cell.is_finite() & (cell == cell.floor()) & (cell.abs() < EXACT)
        integer = cell.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(integer).otherwise(cell.cast(pl.String))
    if dtype.is_decimal():
        trimmed = cell.cast(pl.String).str.replace(r"(\.[0-9]*?)0+$", "${1}")
        return trimmed.str.strip_suffix(".")
    if isinstance(dtype, pl.Datetime):
        moment = cell.dt.cast_time_unit("us")
        if dtype.time_zone is not None:
            moment = moment.dt.convert_time_zone("UTC")
        return moment.dt.to_string("iso:strict")
    if dtype.is_temporal():
        return cell.dt.to_string("iso:strict")
    if dtype == pl.Binary or dtype == pl.Object or dtype.is_nested():
        raise BadInput(
            Text(
                en=f"column {column!r}: a cell of type {dtype} has no text to treat; expected text, a number "
                "or a date. Use the treatment null or drop, or flatten the column at the source.",
                zh=f"列 {column!r}：类型 {dtype} 的单元格没有可处理的文本；应为文本、数字或日期。"
                "请改用 null 或 drop，或在数据源中展开该列。",
            )
        )
    return cell if dtype == pl.String else cell.cast(pl.String)


def as_date(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return the date of each cell; what is no real date becomes null.

    Read: dates and datetimes (their local day), and text or numbers written 2024-01-31, 2024/1/31,
    2024.1.31, 2024年1月31日 or 20240131, each with or without a time behind it.
    """
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return column_of(column).dt.date()
    return parse_date(as_text(column, dtype))


def parse_date(text: pl.Expr) -> pl.Expr:
    """Return the date that a text writes; null where it writes none."""
    parted = text.str.extract(_PARTED, 1).str.replace_all(r"[/.年月]", "-")
    packed = text.str.extract(_PACKED, 1)
    return pl.coalesce(
        parted.str.to_date("%Y-%m-%d", strict=False), packed.str.to_date("%Y%m%d", strict=False)
    )


def as_number(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return each cell as a Float64; text that is no number, infinities and NaN become null.

    Raises: BadInput for a type that is neither number nor text.
    """
    if not (
        dtype.is_numeric() or dtype.is_decimal() or dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null)
    ):
        raise BadInput(
            Text(
                en=f"column {column!r}: type {dtype} holds no numbers; expected a number or text. "
                "Choose another treatment for this column.",
                zh=f"列 {column!r}：类型 {dtype} 不含数字；应为数字或文本。请为该列选择其他处理方式。",
            )
        )
    if dtype.is_numeric():
        number = column_of(column).cast(pl.Float64)
    else:
        number = column_of(column).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite() & (number.abs() < EXACT)).then(number)
