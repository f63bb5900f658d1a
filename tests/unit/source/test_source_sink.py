"""What is written depends on the rows and their order alone, and reads as if Polars had written it."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonseal.source import engine as engines
from commonseal.source import from_frame, packing
from commonseal.source.engine import ORDER, PolarsEngine, order_words
from commonseal.source.packing import Packer
from commonseal.source.sink import sink_batches

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = dt.datetime(2026, 1, 31, 23, 59)
TYPES = {
    "Int8": [1, -2],
    "UInt16": [1, 65_535],
    "UInt64": [1, 2**64 - 1],
    "Float32": [0.5, float("nan")],
    "Float64": [0.1, float("-inf")],
    "Boolean": [True, False],
    "Date": [DAY.date(), dt.date(1, 1, 1)],
    "Time": [dt.time(1, 2, 3), dt.time(23, 59, 59, 999_999)],
    "Binary": [b"", b"\x00\xff"],
    "String": ["", "区"],
    "Int128": [1, 2**100],
    "UInt128": [1, 2**127],
}
OF_TYPES = {
    "ms": pl.Series([DAY, None, DAY], dtype=pl.Datetime("ms")),
    "ns": pl.Series([DAY, None, DAY], dtype=pl.Datetime("ns")),
    "zone": pl.Series([DAY, None, DAY], dtype=pl.Datetime("us", "Asia/Shanghai")),
    "span": pl.Series([dt.timedelta(1), None, dt.timedelta(-3, 5)], dtype=pl.Duration("us")),
    "money": pl.Series([Decimal("1.20"), None, Decimal("-3.00")], dtype=pl.Decimal(10, 2)),
    "a.b": pl.Series(["x", None, "y"]),
    **{name: pl.Series([cells[0], None, cells[1]], dtype=getattr(pl, name)) for name, cells in TYPES.items()},
}


def rewritten(frame: pl.DataFrame, out: Path, key: bytes = KEY) -> pl.DataFrame:
    PolarsEngine().rewrite(from_frame(frame), lambda batch: batch, None, key, out)
    return pl.read_parquet(out)


def in_order(frame: pl.DataFrame, key: bytes = KEY) -> pl.DataFrame:
    words = pl.Series(ORDER, order_words(key, 0, frame.height))
    return frame.with_columns(words).sort(ORDER).drop(ORDER)


def a_table(rows: int, seed: int = 1) -> pl.DataFrame:
    """Text that repeats, text that does not, pseudonyms of both kinds, and nulls in most columns."""
    draw = np.random.default_rng(seed)
    some = draw.integers(0, 40, rows)
    digests = [bytes([n]) * 32 for n in range(40)]
    return pl.DataFrame(
        {
            "few": [f"区 {n}" if n else None for n in some],
            "many": [f"user {n}" for n in range(rows)],
            "name": pl.Series([digests[n] for n in some], dtype=pl.Binary),
            "person": pl.Series([draw.bytes(32) for _ in range(rows)], dtype=pl.Binary),
            "gaps": pl.Series([draw.bytes(32) if n % 5 else None for n in range(rows)], dtype=pl.Binary),
            "none": pl.Series([None] * rows, dtype=pl.String),
            "age": draw.integers(0, 100, rows),
        }
    )


@pytest.mark.parametrize("name", OF_TYPES)
@pytest.mark.parametrize("bucket_rows", [512 * 1024, 20], ids=["in hand", "spilled"])
def test_a_column_of_any_type_reads_as_if_polars_had_written_it(
    name: str, bucket_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUCKET_ROWS", bucket_rows)
    monkeypatch.setattr(engines, "BATCH_ROWS", 30)
    frame = pl.DataFrame({name: pl.concat([OF_TYPES[name]] * 33)})
    got = rewritten(frame, tmp_path / "a.parquet")
    assert got.schema == frame.schema
    assert got.equals(in_order(frame))
    if not name.endswith("128"):  # other libraries cannot read what Polars writes of these
        polars = io.BytesIO()
        frame.write_parquet(polars)
        assert pq.read_schema(tmp_path / "a.parquet").types == pq.read_schema(polars).types


@pytest.mark.parametrize("most", [packing.MOST_VALUES, 20, 1], ids=["numbered", "run out", "never"])
def test_the_way_of_the_rows_does_not_show(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = a_table(20_000)
    monkeypatch.setattr(engines, "BUCKET_ROWS", 6000)
    rewritten(frame, tmp_path / "whole.parquet")
    monkeypatch.setattr(packing, "MOST_VALUES", most)
    monkeypatch.setattr(engines, "BATCH_ROWS", 700)
    got = rewritten(frame, tmp_path / "pieces.parquet")
    assert got.equals(in_order(frame))
    assert (tmp_path / "pieces.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    rows = in_order(frame)
    sizes = [pq.read_metadata(tmp_path / "whole.parquet").row_group(n).num_rows for n in range(4)]
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    batches = (rows.slice(start, size) for start, size in zip(starts, sizes, strict=True))
    sink_batches(batches, frame.schema, tmp_path / "frames.parquet")
    assert (tmp_path / "frames.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_dictionary_does_not_tell_the_order_of_the_input(tmp_path: Path) -> None:
    """Two recipients' dictionaries in the order of the input would pair their pseudonyms, one for one."""
    frame = a_table(5000)
    rewritten(frame, tmp_path / "a.parquet")
    for name in ("few", "name"):
        table = pq.read_table(tmp_path / "a.parquet", columns=[name], read_dictionary=[name])
        values = table[name].chunk(0).dictionary.to_pylist()
        assert values == sorted(values)
        assert set(values) == set(frame[name].drop_nulls())


def test_a_row_group_lists_only_the_values_it_holds(tmp_path: Path) -> None:
    halves = [pl.DataFrame({"a": [word] * 100}) for word in ("甲", "乙")]
    sink_batches(iter(halves), halves[0].schema, tmp_path / "a.parquet")
    file = pq.ParquetFile(tmp_path / "a.parquet", read_dictionary=["a"])
    held = [file.read_row_group(number)["a"].chunk(0).dictionary.to_pylist() for number in range(2)]
    assert held == [["甲"], ["乙"]]


def test_text_is_compressed_and_coded_and_pseudonyms_are_not(tmp_path: Path) -> None:
    rewritten(a_table(5000), tmp_path / "a.parquet")
    group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
    written = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    plain = {name for name, column in written.items() if column.compression == "UNCOMPRESSED"}
    coded = {name for name, column in written.items() if column.has_dictionary_page}
    assert plain == {"person", "gaps"}
    assert coded == {"few", "name", "none", "age"}


def test_no_batch_and_no_row_still_write_the_schema(tmp_path: Path) -> None:
    schema = a_table(1).schema
    for number, batches in enumerate([[], [pl.DataFrame(schema=schema)]]):
        sink_batches(iter(batches), schema, tmp_path / f"{number}.parquet")
        assert pl.read_parquet(tmp_path / f"{number}.parquet").equals(pl.DataFrame(schema=schema))


def test_long_values_are_not_listed_in_memory() -> None:
    texts = pl.DataFrame({"a": [f"{n % 600}" * 10_000 for n in range(1200)]})
    packer = Packer(texts.schema)
    assert packer.pack(texts.head(0)).column("a").type == packing.CODE
    assert packer.pack(texts.head(3)).column("a").type == packing.CODE
    packed = [packer.pack(texts.head(3)), packer.pack(texts)]
    assert [batch.column("a").type for batch in packed] == [packing.CODE, pa.large_string()]
    assert packer.pack(texts.head(3)).column("a").type == pa.large_string()
    table = packer.unpack(packed, pa.array(range(1203)))
    assert pl.DataFrame(table)["a"].to_list() == [*texts["a"].head(3), *texts["a"]]
