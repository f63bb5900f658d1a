"""The same cases on both engines: what is counted, summed and written, cell for cell and row for row."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from polars.testing import assert_frame_equal

from commonseal.errors import BadHierarchy, BadInput, BadTable
from commonseal.log import create_log
from commonseal.model import Text
from commonseal.release import release
from commonseal.seal.keyfile import new_key
from commonseal.source import Table, from_frame, open_table
from commonseal.source.engine import ORDER, Engine, PolarsEngine, order_words
from commonseal.source.engine_spark import SparkEngine
from commonseal.table import ROWS

# pyspark leaves its sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
KEY = bytes(range(32))
NAME = "姓 名.`x`"
ROWS_COUNT = 700  # rows of a small table


def people(rows: int, seed: int) -> pl.DataFrame:
    """Draw a table with nulls, duplicates, empty text, Chinese text and a name that SQL would trip on."""
    draw = np.random.default_rng(seed)
    words = pl.Series(["张伟", "", "李 娜", "O'Brien\n", "007", None, "𠮷野家"], dtype=pl.String)
    return pl.DataFrame(
        {
            NAME: words.gather(draw.integers(0, 7, rows)),
            "name": words.gather(draw.integers(0, 7, rows)),
            "Name": draw.integers(0, 5, rows),  # differs from the one before by case alone
            "age": pl.Series(draw.integers(0, 90, rows)).replace({7: None}),
            "flag": pl.Series(draw.integers(0, 3, rows)).replace_strict({0: True, 1: False, 2: None}),
            "_metadata": [f"m{number % 3}" for number in range(rows)],
        }
    )


@pytest.fixture(scope="module", params=["one file", "parts", "csv", "frame"])
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("数据 100%")
    frame = people(ROWS_COUNT, seed=7)
    match request.param:
        case "one file":
            frame.write_parquet(folder / "p [a] *.parquet", row_group_size=100)
            return open_table(folder / "p [a] *.parquet")
        case "parts":
            for number, start in enumerate((0, 300, 301)):
                length = (300, 1, 399)[number]
                home = folder / "parts" / f"from {2 - number}"  # the parts' order is that of their names
                home.mkdir(parents=True)
                frame[start : start + length].write_parquet(home / f"{number}.parquet", row_group_size=64)
            return open_table(folder / "parts")
        case "csv":
            frame.write_csv(folder / "people.csv")
            return open_table(folder / "people.csv")
        case _:
            return from_frame(frame)


def shout(batch: pl.DataFrame) -> pl.DataFrame:
    """A kernel: drops rows, changes a text, hashes nothing, keeps the order word."""
    done = batch.filter(pl.col("name") != "007").with_columns(pl.col(NAME) + "！").drop("flag")
    return done.select(pl.all().exclude(ORDER), pl.col(ORDER)) if ORDER in batch.columns else done


def here(work):  # type: ignore[no-untyped-def]
    """Return `work` as a closure: workers cannot import a test, so it travels by value."""
    order, name = ORDER, NAME

    def kernel(batch: pl.DataFrame) -> pl.DataFrame:
        done = batch.filter(pl.col("name") != "007").with_columns(pl.col(name) + "！").drop("flag")
        return done.select(pl.all().exclude(order), pl.col(order)) if order in batch.columns else done

    return kernel if work is shout else (lambda batch: batch)


@pytest.mark.parametrize("where", [None, pl.col("Name") != "3"], ids=["all", "some"])
def test_count(engine: Engine, table: Table, where: pl.Expr | None) -> None:
    where = where if where is None else pl.col("Name").cast(pl.String) != "3"
    by = ["name", "Name", NAME]
    rows = table.frame.collect()
    rows = rows if where is None else rows.filter(where)
    expected = rows.group_by(by).agg(pl.len().alias(ROWS)).sort(by)
    got = engine.count(table, by, where)
    assert_frame_equal(got, expected)
    assert got[ROWS].sum() == rows.height


def test_total(engine: Engine, table: Table) -> None:
    where = pl.col("name").is_not_null()
    sums = [
        (pl.col(NAME) == "").alias("empty"),
        pl.col("_metadata").is_null().sum().alias("none"),
        pl.len().alias(ROWS),
    ]
    rows = table.frame.collect().filter(where)
    got = engine.total(table, sums, where)
    assert got == {"empty": (rows[NAME] == "").sum() or 0, "none": 0, ROWS: rows.height}
    assert engine.total(table, [], None) == {}
    assert engine.total(table, sums, pl.lit(value=False))[ROWS] == 0


def test_rewrite(engine: Engine, table: Table, tmp_path: Path) -> None:
    where = pl.col("Name").cast(pl.String) != "4"
    out = tmp_path / "out.parquet"
    written = engine.rewrite(table, here(shout), where, KEY, out)
    rows = table.frame.collect()
    words = pl.Series(ORDER, order_words(KEY, 0, rows.height))
    expected = shout(rows.with_columns(words).filter(where)).sort(ORDER).drop(ORDER)
    assert_frame_equal(pl.read_parquet(out), expected)
    assert (written.rows_in, written.rows_out) == (ROWS_COUNT, expected.height)
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]
    PolarsEngine().rewrite(table, here(shout), where, KEY, tmp_path / "other.parquet")
    assert _digest(out) == _digest(tmp_path / "other.parquet")


def test_rewrite_in_several_buckets(engine: Engine, tmp_path: Path) -> None:
    frame = people(600_000, seed=3)
    frame.write_parquet(tmp_path / "in.parquet", row_group_size=100_000)
    table = open_table(tmp_path / "in.parquet")
    engine.rewrite(table, here(shout), None, KEY, tmp_path / "out.parquet")
    PolarsEngine().rewrite(table, here(shout), None, KEY, tmp_path / "other.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "out.parquet"), pl.read_parquet(tmp_path / "other.parquet"))
    assert _digest(tmp_path / "out.parquet") == _digest(tmp_path / "other.parquet")


def test_rewrite_that_keeps_no_row(engine: Engine, tmp_path: Path) -> None:
    table = from_frame(people(10, seed=1))
    written = engine.rewrite(table, here(shout), pl.lit(value=False), KEY, tmp_path / "out.parquet")
    assert (written.rows_in, written.rows_out) == (10, 0)
    made = shout(table.frame.head(0).collect()).schema
    assert pl.read_parquet(tmp_path / "out.parquet").schema == made


def every_type() -> pl.DataFrame:
    """Hold one column of each type, edges of its range and a null."""
    day = pl.Series([date(1, 1, 1), date(1582, 10, 10), None, date(9999, 12, 31)])
    times = pl.Series([-62_135_596_800_000_000, -1, None, 253_402_300_799_999_999])
    nanoseconds = pl.Series([-(2**63), -1, None, 2**63 - 1])
    columns = {
        "bool": pl.Series([True, False, None, True]),
        "binary": pl.Series([b"\x00\xff", b"", None, "中".encode()]),
        "text": pl.Series(["", "\x00", None, "中"]),
        "date": day,
        "decimal": pl.Series([Decimal("1.10"), Decimal("-0.01"), None, Decimal("9" * 34 + ".99")]).cast(
            pl.Decimal(38, 2)
        ),
        "us": times.cast(pl.Datetime("us")),
        "us zone": times.cast(pl.Datetime("us", "Asia/Shanghai")),
        "ms": (times // 1000).cast(pl.Datetime("ms")),
        "ms far": nanoseconds.cast(pl.Datetime("ms")),
        "ns": nanoseconds.cast(pl.Datetime("ns")),
        "ns zone": nanoseconds.cast(pl.Datetime("ns", "Europe/Berlin")),
        "time": pl.Series([0, 1, None, 86_399_999_999_999]).cast(pl.Time),
        "span": nanoseconds.cast(pl.Duration("ms")),
        "none": pl.Series([None] * 4, dtype=pl.Int32),
    }
    for kind in (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64):
        least, most = (pl.select(bound).item() for bound in (kind.min(), kind.max()))
        columns[str(kind)] = pl.Series([least, most, None, 1], dtype=kind)
    for kind in (pl.Float16, pl.Float32, pl.Float64):
        columns[str(kind)] = pl.Series([float("nan"), float("-inf"), None, 0.1], dtype=kind)
    return pl.DataFrame(columns)


@pytest.mark.parametrize("kind", ["parquet", "frame"])
def test_every_type_comes_back_as_it_was(engine: Engine, tmp_path: Path, kind: str) -> None:
    frame = every_type()
    if kind == "parquet":
        frame = frame.select(pl.exclude("Float16"))  # read_parquet of a half float needs no test of ours
        frame.write_parquet(tmp_path / "in.parquet")
    table = open_table(tmp_path / "in.parquet") if kind == "parquet" else from_frame(frame)
    engine.rewrite(table, here(None), None, KEY, tmp_path / "out.parquet")
    PolarsEngine().rewrite(table, here(None), None, KEY, tmp_path / "other.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "out.parquet"), pl.read_parquet(tmp_path / "other.parquet"))
    assert_frame_equal(
        engine.count(table, frame.columns, None), PolarsEngine().count(table, frame.columns, None)
    )


def test_types_that_spark_reads_where_they_lie(engine: Engine, tmp_path: Path) -> None:
    far = ["time", "span", "ms", "ms far", "UInt64", "Float16"]
    frame = every_type().drop(far)
    frame.write_parquet(tmp_path / "in.parquet")
    table = open_table(tmp_path / "in.parquet")
    engine.rewrite(table, here(None), None, KEY, tmp_path / "out.parquet")
    if isinstance(engine, SparkEngine):
        assert list(engine._copy_of(table).iterdir()) == []  # no working copy was needed
    order = order_words(KEY, 0, 4).argsort()
    assert_frame_equal(pl.read_parquet(tmp_path / "out.parquet"), frame[order])


def test_parquet_of_others_that_spark_would_read_otherwise(engine: Engine, tmp_path: Path) -> None:
    """INT96 keeps its nanoseconds, seconds stay seconds, a date64 a datetime."""
    stored = pa.table(
        {
            "ns": pa.array([1, None, 10**18 + 1], pa.timestamp("ns")),
            "span": pa.array([1, None, 3], pa.duration("s")),
            "day": pa.array([0, None, 86_400_000], pa.date64()),
            "text": pa.array(["a", None, "b"]).dictionary_encode(),
        }
    )
    pq.write_table(stored, tmp_path / "in.parquet", use_deprecated_int96_timestamps=True)
    table = open_table(tmp_path / "in.parquet")
    engine.rewrite(table, here(None), None, KEY, tmp_path / "out.parquet")
    order = order_words(KEY, 0, 3).argsort()
    assert_frame_equal(pl.read_parquet(tmp_path / "out.parquet"), table.frame.collect()[order])


def test_a_type_without_a_carrier_is_named(engine: Engine, tmp_path: Path) -> None:
    if isinstance(engine, PolarsEngine):
        pytest.skip("the embedded engine carries every type")
    table = from_frame(pl.DataFrame({"好": pl.Series([1, 2], dtype=pl.Int128)}))
    with pytest.raises(BadTable, match=r'"好" \(Int128\)'):
        engine.count(table, ["好"], None)
    with pytest.raises(BadTable, match=r'"n" \(List\(Int64\)\)'):
        engine.rewrite(
            from_frame(pl.DataFrame({"n": [1]})),
            lambda batch: batch.with_columns(pl.col("n").implode().over("n")),
            None,
            KEY,
            tmp_path / "o",
        )
    assert list(tmp_path.iterdir()) == []


def test_our_own_fault_on_a_worker_comes_back_as_itself(engine: Engine, tmp_path: Path) -> None:
    said = Text(en="the hierarchy of 'age' misses a value", zh="“age”的层级缺少取值")

    def kernel(batch: pl.DataFrame) -> pl.DataFrame:
        if batch.height:
            raise BadHierarchy(said)
        return batch

    with pytest.raises(BadHierarchy, match="misses a value") as caught:
        engine.rewrite(from_frame(people(10, seed=1)), kernel, None, KEY, tmp_path / "out.parquet")
    assert caught.value.message == said
    assert list(tmp_path.iterdir()) == []


def test_another_fault_on_a_worker_names_its_kind_and_no_cell(engine: Engine, tmp_path: Path) -> None:
    if isinstance(engine, PolarsEngine):
        pytest.skip("in one process the fault itself arrives")
    with pytest.raises(BadInput, match="InvalidOperationError") as caught:
        engine.rewrite(
            from_frame(pl.DataFrame({"secret": ["110101199003070000x"]})),
            lambda batch: batch.with_columns(pl.col("secret").cast(pl.Int64)),
            None,
            KEY,
            tmp_path / "out.parquet",
        )
    assert "1101" not in str(caught.value) + str(caught.value.__cause__) + caught.value.message.zh
    assert list(tmp_path.iterdir()) == []


def test_working_copies_go_with_their_table(engine: Engine) -> None:
    if isinstance(engine, PolarsEngine):
        pytest.skip("the embedded engine makes none")
    table = from_frame(pl.DataFrame({"a": [1, 1, 2]}))
    engine.count(table, ["a"], None)
    copy = engine._copy_of(table)
    assert copy.exists()
    assert copy.stat().st_mode & 0o077 == 0
    del table
    assert not copy.exists()


@pytest.mark.shared
@pytest.mark.slow
def test_a_whole_release_is_the_same(engine: Engine, shared: Path, tmp_path: Path) -> None:
    adult = shared / "data" / "tables" / "adult"
    agreement = _agreement(tmp_path, adult)
    packages = [
        release(adult / "adult.csv", agreement, out=tmp_path / name, as_of=date(2026, 6, 1), engine=used)
        for name, used in (("here", PolarsEngine()), ("there", engine))
    ]
    assert [done.outcome for done in packages] == ["released", "released"]
    here_, there = (next(tmp_path.joinpath(name).glob("*.parquet")) for name in ("here", "there"))
    assert_frame_equal(pl.read_parquet(there), pl.read_parquet(here_))
    assert _digest(there) == _digest(here_)
    verdicts = [done.verdict for done in packages]
    assert verdicts[0] == verdicts[1]
    assert verdicts[0] is not None
    assert verdicts[0].after.smallest_class >= 5
    assert pl.read_parquet(there).height < 30_162


def _agreement(folder: Path, adult: Path) -> Path:
    new_key(folder / "key")
    create_log(folder / "log", origin="example.org/engines")
    quasi = (
        "sex",
        "age",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "salary-class",
    )
    columns = [{"name": name, "use": "quasi"} for name in quasi]
    document = {
        "id": "engines-1",
        "provider": "statistics",
        "recipient": {"name": "university", "kind": "research"},
        "purpose": "a study of income",
        "legal_basis": {"basis": "pipl13_3", "reference": "a statute"},
        "valid": {"from": "2026-01-01", "to": "2026-12-31"},
        "sharing_mode": "controlled",
        "impact_assessment": "PIA-1",
        "columns": [*columns, {"name": "occupation", "use": "sensitive", "category": "occupation"}],
        "packs": ["cn", "city"],
        "anonymity": {"k": 5, "suppression_rate_max": 0.05, "hierarchies": str(adult)},
        "key": "key",
        "log": "log",
    }
    path = folder / "agreement.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
