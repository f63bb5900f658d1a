"""What the distributed engine does on a worker: cells to Arrow and back, and the work on one batch.

Spark carries fewer types than Polars. Each column crosses as a type that both hold exactly (`carried`)
and becomes its own again before any work is done on it; a type that has no such carrier is refused.
Nothing here names Spark: its `mapInArrow` hands over Arrow batches and takes Arrow batches.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import polars as pl
import pyarrow as pa

from commonseal import __version__
from commonseal.errors import BadInput, CommonsealError
from commonseal.model import Text
from commonseal.source.engine import ORDER, Kernel, order_words
from commonseal.source.faults import bad_table, shown

ROW = "row"  # a row's index in its file
PART = "part"  # the file's address, where there are several
BUCKET = "bucket"
SIGN = -(2**63)  # Spark has no unsigned long: with the top bit flipped the order of the words stays
MARK = "commonseal-fault:"

_SAME = (
    pl.Boolean,
    pl.Int8,
    pl.Int16,
    pl.Int32,
    pl.Int64,
    pl.Float32,
    pl.Float64,
    pl.String,
    pl.Binary,
    pl.Date,
)
_WIDER: dict[type[pl.DataType], type[pl.DataType]] = {
    pl.UInt8: pl.Int16,
    pl.UInt16: pl.Int32,
    pl.UInt32: pl.Int64,
    pl.Float16: pl.Float32,
}


class Relayed(Exception):
    """A fault on its way from a worker to the driver; its text holds no cell."""


def carried(dtype: pl.DataType) -> pl.DataType | None:
    """Return the type as which a column crosses Spark without loss; None: there is none."""
    match dtype:
        case pl.Datetime(time_unit="us"):
            return pl.Datetime("us", "UTC" if dtype.time_zone else None)
        case pl.Datetime() | pl.Duration() | pl.Time() | pl.UInt64():
            return pl.Int64()  # the bits themselves
        case pl.Decimal():
            return dtype
    wider = _WIDER.get(type(dtype))
    return wider() if wider else dtype if isinstance(dtype, _SAME) else None


def carried_schema(schema: pl.Schema, where: str) -> pl.Schema:
    """Return the carrier of each column, named by position (`c0`, `c1`, ...), so that no name is special.

    Raises: BadTable naming each column, with its type, that has none.
    """
    refused = [f"{shown(name)} ({dtype})" for name, dtype in schema.items() if carried(dtype) is None]
    if refused:
        names = ", ".join(refused[:10])
        raise bad_table(
            where,
            f"Spark cannot carry columns {names} unchanged; cast them to text or a 64-bit number, or use "
            "the embedded engine (--engine polars)",
            f"Spark 无法原样承载列 {names}；请转为文本或 64 位数字，或使用嵌入式引擎（--engine polars）",
        )
    kinds = (carried(dtype) for dtype in schema.dtypes())
    return pl.Schema({f"c{number}": kind for number, kind in enumerate(kinds) if kind is not None})


def pack(schema: pl.Schema) -> list[pl.Expr]:
    """Return the expressions that turn columns of `schema` into their carriers."""
    return [_packed(pl.col(name), dtype).alias(f"c{i}") for i, (name, dtype) in enumerate(schema.items())]


def unpack(schema: pl.Schema) -> list[pl.Expr]:
    """Return the expressions that turn the carriers back into columns of `schema`."""
    return [_unpacked(pl.col(f"c{i}"), dtype).alias(name) for i, (name, dtype) in enumerate(schema.items())]


def _packed(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    kind = carried(dtype)
    if isinstance(dtype, pl.UInt64):
        return cell.reinterpret(signed=True)
    if isinstance(dtype, pl.Datetime) and isinstance(kind, pl.Datetime):
        return cell.dt.convert_time_zone("UTC") if dtype.time_zone else cell
    if isinstance(kind, pl.Int64) and dtype.is_temporal():
        return cell.to_physical()
    return cell if kind is None or kind == dtype else cell.cast(kind)


def _unpacked(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.UInt64):
        return cell.reinterpret(signed=False)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone and dtype.time_unit == "us":
        return cell.dt.convert_time_zone(dtype.time_zone)
    return cell if carried(dtype) == dtype else cell.cast(dtype)


@dataclass(frozen=True, slots=True)
class Kept:
    """Let through the rows that meet `where`, as they came."""

    schema: pl.Schema
    where: pl.Expr

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Filter one batch of carriers."""
        return batch.select(unpack(self.schema)).filter(self.where).select(pack(self.schema))


@dataclass(frozen=True, slots=True)
class Summed:
    """Sum each expression over one batch; one row comes out: `c0`, `c1`, ... as Int64."""

    schema: pl.Schema
    where: pl.Expr | None
    sums: tuple[pl.Expr, ...]

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the partial sums of one batch of carriers."""
        rows = batch.select(unpack(self.schema))
        kept = rows if self.where is None else rows.filter(self.where)
        return kept.select(
            expr.sum().fill_null(0).cast(pl.Int64).alias(f"c{i}") for i, expr in enumerate(self.sums)
        )


@dataclass(frozen=True, slots=True)
class Treated:
    """Apply the kernel to rows that carry their order word; out come carriers, word and bucket.

    `offsets`: each part's path and the number of rows before it; of one file, nothing.
    `made`: what the kernel gives, order word left out.
    """

    schema: pl.Schema
    where: pl.Expr | None
    kernel: Kernel
    key: bytes
    made: pl.Schema
    buckets: int
    offsets: Mapping[str, int]

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Treat one batch of carriers with the row's place (`ROW`, and `PART` where there are several)."""
        place = pl.col(ROW)
        if self.offsets:
            before = {name: self.offsets[local_path(name)] for name in batch[PART].unique()}
            place += pl.col(PART).replace_strict(before, return_dtype=pl.Int64)
        words = words_of(self.key, batch.select(place).to_series().to_numpy())
        rows = batch.select(unpack(self.schema)).with_columns(pl.Series(ORDER, words))
        done = self.kernel(rows if self.where is None else rows.filter(self.where))
        check_made(pl.Schema({n: t for n, t in done.schema.items() if n != ORDER}), self.made)
        word = pl.col(ORDER)
        bucket = word // (2**64 // self.buckets + 1) if self.buckets > 1 else pl.lit(0)
        return done.select(
            *pack(self.made),
            (word.reinterpret(signed=True) ^ SIGN).alias(ORDER),
            bucket.cast(pl.Int32).alias(BUCKET),
        )


def local_path(name: str) -> str:
    """Return the path behind an address as Spark writes it: `file:/a%20b` or `file:///a%20b`."""
    return unquote(urlsplit(name).path)


def words_of(key: bytes, places: np.ndarray) -> np.ndarray:
    """Return the order word of each place: uint64[n]. Rows of one file follow each other, so runs are few."""
    cuts = np.flatnonzero(np.diff(places) != 1) + 1
    runs = np.split(places, cuts) if places.size else []
    words = [order_words(key, int(run[0]), run.size) for run in runs]
    return np.concatenate(words) if words else np.empty(0, dtype=np.uint64)


def check_made(got: pl.Schema, expected: pl.Schema) -> None:
    """Hold what a kernel gave for one batch against what it gives for none."""
    if got != expected:
        wrong = [name for name in (*expected, *got) if got.get(name) != expected.get(name)]
        names = ", ".join(shown(name) for name in dict.fromkeys(wrong or expected))
        raise bad_table(
            "spark",
            f"columns {names} change their type from batch to batch; state the type of their treatment",
            f"列 {names} 的类型随批次变化；请明确其处理结果的类型",
        )


def on_batches(
    work: Callable[[pl.DataFrame], pl.DataFrame], schema: pl.Schema
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Turn work on a frame into what `mapInArrow` asks for; whatever fails leaves as a `Relayed`."""

    expected = _versions()

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        target = arrow_schema(schema)
        try:
            _check_versions(_versions(), expected)
            for batch in batches:
                frame = pl.from_arrow(batch)
                yield from work(frame).to_arrow().cast(target).to_batches()  # type: ignore[arg-type]
        except CommonsealError as fault:
            raise Relayed(relay(fault)) from None
        except Exception as fault:  # its text may quote a cell: the kind of fault is all that leaves
            raise Relayed(relay(type(fault).__name__)) from None

    return run


def _versions() -> dict[str, str]:
    return {"commonseal": __version__, "polars": pl.__version__, "polars-hash": version("polars-hash")}


def _check_versions(got: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Refuse a worker that might compute other cells."""
    if got != expected:
        raise BadInput(
            Text(
                en=f"a worker has {_said(got)}, the driver {_said(expected)}; install the same on all",
                zh=f"工作节点为 {_said(got)}，驱动端为 {_said(expected)}；请统一版本",
            )
        )


def _said(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def arrow_schema(schema: pl.Schema) -> Any:
    """Return the Arrow schema of carriers in the types that Spark takes."""
    plain = {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}
    fields = pl.DataFrame(schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    return pa.schema([pa.field(f.name, plain.get(f.type, f.type)) for f in fields])


def relay(fault: CommonsealError | str) -> str:
    """Write a fault of ours, or the mere kind of another, so that it survives Spark's own wording."""
    said: Sequence[str] = (
        [fault] if isinstance(fault, str) else [type(fault).__name__, fault.message.en, fault.message.zh]
    )
    return f"{MARK}{base64.b64encode(json.dumps(said).encode()).decode()};"
