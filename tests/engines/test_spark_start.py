"""What must hold before Spark is there: nothing needs it, and what is missing is named."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from commonseal.errors import BadInput, BadTable, CommonsealError, ProofFailed
from commonseal.model import Text
from commonseal.source.engine import ORDER, order_words
from commonseal.source.engine_spark import _join, spark_engine
from commonseal.source.engine_spark_rows import (
    SIGN,
    Relayed,
    carried,
    carried_schema,
    check_made,
    on_batches,
    pack,
    relay,
    unpack,
    words_of,
)
from commonseal.source.engine_spark_session import _meant

KEY = bytes(32)
TEXT = Text(en="one", zh="一")


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_nothing_else_loads_spark() -> None:
    code = (
        "import sys, commonseal.release, commonseal.source.engine_spark\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('pyspark', 'py4j')])"
    )
    assert _run(code).strip() == "[]"


def test_without_pyspark_the_extra_is_named(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['pyspark'] = None\n"
        "from commonseal.errors import BadInput\n"
        "from commonseal.source import engine_spark_session as session\n"
        "session.shutil.which = lambda name: '/usr/bin/java'\n"
        "from commonseal.source.engine_spark import spark_engine\n"
        "try:\n"
        "    spark_engine('local[1]')\n"
        "except BadInput as fault:\n"
        "    print(fault.message.en, fault.message.zh)\n"
    )
    assert _run(code).count("pip install 'commonseal[spark]'") == 2


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadInput, match="Java 17 or 21"):
        spark_engine("local[1]", spool=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("master", ["", "polars", "local[0x]", "local[2", "http://127.0.0.1:7077"])
def test_what_is_no_master_is_refused(master: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"expected local\[N\]"):
        spark_engine(master, spool=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "127.0.0.1:99999", "127.0.0.1"])
def test_a_master_that_does_not_answer_is_refused(address: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # taken, but nobody listens
        port = free.getsockname()[1]
        with pytest.raises(BadInput, match="nothing answers"):
            spark_engine(f"spark://{address.format(port=port)}", spool=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_master_that_gives_no_executor_is_left(lonely_master: str, tmp_path: Path) -> None:
    """In a process of its own: a program has one session."""
    spool = tmp_path / "spool"
    spool.mkdir()
    code = (
        "from pathlib import Path\n"
        "from commonseal.errors import BadInput\n"
        "from commonseal.source import engine_spark_session as session\n"
        "from commonseal.source.engine_spark import spark_engine\n"
        "session._WAIT = 2.0\n"
        "try:\n"
        f"    spark_engine({lonely_master!r}, spool=Path({str(spool)!r}))\n"
        "except BadInput as fault:\n"
        "    print(fault.message.en)\n"
    )
    assert "gave no executor in 2 s" in _run(code)
    assert list(spool.iterdir()) == []


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    run = on_batches(lambda batch: batch, pl.Schema({"c0": pl.Int64()}))
    monkeypatch.setattr(pl, "__version__", "2.0.0")
    with pytest.raises(Relayed) as caught:
        list(run(iter(())))
    meant = _meant("t", caught.value)
    assert "a worker has commonseal" in meant.message.en
    assert "polars 2.0.0" in meant.message.en


def test_a_bucket_out_of_order_is_not_written(tmp_path: Path) -> None:
    made = pl.Schema({"a": pl.Int64()})
    told = pl.Schema({"c0": pl.Int64(), ORDER: pl.Int64(), "bucket": pl.Int32()})
    home = tmp_path / "dealt" / "bucket=0"
    home.mkdir(parents=True)
    pl.DataFrame({"c0": [1, 2], ORDER: [5, 4]}).write_parquet(home / "part-0.parquet")
    with pytest.raises(ProofFailed, match="out of order"):
        _join(tmp_path / "dealt", made, told, 1, tmp_path / "out.parquet")


def test_the_signed_word_sorts_as_the_unsigned_one() -> None:
    words = order_words(KEY, 0, 1000)
    frame = pl.DataFrame({"w": words}).with_columns(s=pl.col("w").reinterpret(signed=True) ^ SIGN)
    assert frame.sort("w")["s"].is_sorted()
    assert frame["s"].min() < 0 < frame["s"].max()


def test_words_of_rows_that_do_not_follow_each_other() -> None:
    words = order_words(KEY, 0, 100)
    places = np.array([5, 6, 7, 90, 91, 3, 3, 0])
    assert words_of(KEY, places).tolist() == words[places].tolist()
    assert words_of(KEY, places[:0]).size == 0


def test_types_cross_and_come_back_or_are_refused() -> None:
    frame = pl.DataFrame({"u": pl.Series([2**64 - 1, None, 0], dtype=pl.UInt64), "a": ["x", None, ""]})
    carriers = carried_schema(frame.schema, "t")
    packed = frame.select(pack(frame.schema))
    assert packed.schema == carriers
    assert packed.select(unpack(frame.schema)).equals(frame)
    assert carried(pl.Int128()) is None
    with pytest.raises(BadTable, match=r't: .*"p" \(List\(Int8\)\), "q" \(UInt128\)'):
        carried_schema(pl.Schema({"p": pl.List(pl.Int8), "ok": pl.Date(), "q": pl.UInt128()}), "t")


def test_a_kernel_that_changes_its_type_is_named() -> None:
    with pytest.raises(BadTable, match='columns "a" change'):
        check_made(pl.Schema({"a": pl.String()}), pl.Schema({"a": pl.Int64()}))


def test_a_fault_of_a_worker_arrives_without_a_cell() -> None:
    def work(batch: pl.DataFrame) -> pl.DataFrame:
        raise ValueError(batch["a"].item())

    run = on_batches(work, pl.Schema({"c0": pl.String()}))
    with pytest.raises(Relayed) as caught:
        list(run(iter(pl.DataFrame({"a": ["110101199003070000"]}).to_arrow().to_batches())))
    assert "1101" not in str(caught.value)
    assert caught.value.__suppress_context__
    meant = _meant("table.csv", Exception(f"Traceback\n  {caught.value}\n"))
    assert type(meant) is BadInput
    assert "ValueError" in meant.message.en


def test_only_faults_of_ours_are_rebuilt() -> None:
    fault = _meant("t", Exception(relay(ProofFailed(TEXT))))
    assert type(fault) is ProofFailed
    assert fault.message == TEXT
    assert isinstance(_meant("t", Exception("no module: ModuleNotFoundError")), CommonsealError)
