"""Replace a value by a keyed hash: the same value gets the same 32 bytes, nobody else can tell which.

The key of an agreement is given; each use hashes under a key text of its own, derived from it, so that
a constant pseudonym, a daily and a weekly one, SHA-256 and SM3 never meet.
Sources: RFC 2104 (HMAC), FIPS 180-4 (SHA-256), GB/T 32905-2016 (SM3), RFC 5869 (derivation).
"""

from __future__ import annotations

from functools import partial

import polars as pl
from cryptography.hazmat.primitives import hashes, hmac
from polars_hash import CryptographicHashingNameSpace

from commonseal.desensitize.canonical import as_text, column_of, parse_date
from commonseal.desensitize.params import Params
from commonseal.desensitize.unhex import unhex
from commonseal.errors import KeyFault
from commonseal.model import Text
from commonseal.seal.keyfile import derive

PARAMS = ("period", "period_column")
PERIODS = ("day", "week")
SAMPLE = 4096
REPEATS = 0.98  # so many of a sample are distinct where a batch of 512 Ki holds about 100,000 values


def key_text(key: bytes, operator: str, period: str | None = None) -> str:
    """Return the HMAC key of one use: 64 hex characters, which are the key's bytes as they stand.

    Text, because the native HMAC takes its key as text; 64, because that is one block of either hash.
    """
    return derive(key, "desensitize", context="/".join((operator, period or "constant"))).hex()


def pseudonym(column: str, dtype: pl.DataType, params: Params, key: bytes | None) -> pl.Expr:
    """Return HMAC(key, value) as 32 bytes; with a `period`, HMAC(key, period's name | value).

    The period's name is of fixed length ("2024-01-31", "2024-W05"), so the two cannot run together.
    Where a row's date cannot be read its pseudonym is null: it belongs to no period.

    Raises: KeyFault without a key of 32 bytes; BadInput for bad parameters.
    """
    period = _period(params)
    secret = key_text(_checked(column, key), params.operator, period)
    value = as_text(column, dtype)
    if period is not None:
        value = pl.concat_str([period_name(params.text("period_column"), period), pl.lit("|"), value])
    if params.operator == "hmac_sm3":
        sm3 = partial(hmac_sm3, key=secret.encode())
        return value.map_batches(sm3, return_dtype=pl.Binary, is_elementwise=True)
    sha256 = partial(hmac_sha256, key=secret)
    return value.map_batches(sha256, return_dtype=pl.Binary, is_elementwise=True)


def period_name(column: str, period: str) -> pl.Expr:
    """Return the day ("2024-01-31") or ISO week ("2024-W05") of a date column of any type."""
    day = parse_date(column_of(column).cast(pl.String))
    return day.cast(pl.String) if period == "day" else day.dt.strftime("%G-W%V")


def hmac_sha256(values: pl.Series, *, key: str) -> pl.Series:
    """Return HMAC-SHA-256 of each text as 32 bytes; nulls stay null.

    Where a sample shows that values repeat (names do), each distinct one is hashed once and looked up.
    """
    if not _repeats(values):
        return _native(values, key)
    text = values.to_arrow(compat_level=pl.CompatLevel.oldest()).dictionary_encode()
    return _native(pl.Series(text.dictionary), key).gather(pl.Series(text.indices)).alias(values.name)


def _native(values: pl.Series, key: str) -> pl.Series:
    digest = CryptographicHashingNameSpace(pl.col("value")).hmac_sha256(key=key)
    return unhex(pl.DataFrame({"value": values}).select(digest).to_series()).alias(values.name)


def _repeats(values: pl.Series) -> bool:
    """Tell from a sample whether looking values up pays: it costs a sixth of hashing them (measured)."""
    if len(values) < 4 * SAMPLE:
        return False
    return values.gather_every(len(values) // SAMPLE).n_unique() < REPEATS * SAMPLE


def hmac_sm3(values: pl.Series, *, key: bytes) -> pl.Series:
    """Return HMAC-SM3 of each text as 32 bytes; nulls stay null.

    No native SM3 is to be had for columns, so each distinct value is hashed once and looked up.
    """
    distinct = values.drop_nulls().unique()
    keyed = hmac.HMAC(key, hashes.SM3())
    digests = pl.Series([_finish(keyed.copy(), value) for value in distinct], dtype=pl.Binary)
    # The cast is for a batch of nulls alone, where there is nothing to look up and the type stays text.
    return values.replace_strict(distinct, digests, return_dtype=pl.Binary).cast(pl.Binary)


def _finish(keyed: hmac.HMAC, value: str) -> bytes:
    keyed.update(value.encode())
    return keyed.finalize()


def _period(params: Params) -> str | None:
    if params.given.get("period") is None and params.given.get("period_column") is None:
        return None
    params.text("period_column")
    return params.choice("period", PERIODS)


def _checked(column: str, key: bytes | None) -> bytes:
    if key is None or len(key) != 32:
        got = "none" if key is None else f"{len(key)} bytes"
        raise KeyFault(
            Text(
                en=f"column {column!r} is to be pseudonymized: got key {got}, expected 32 bytes derived for "
                "the agreement. Make one with `commonseal key new` and name it.",
                zh=f"列 {column!r} 需要假名化：密钥为 {got}，应为按协议派生的 32 字节。"
                "请用 `commonseal key new` 生成并指定密钥文件。",
            )
        )
    return key
