"""A real Spark master with two workers on the loopback, and the engines that the suite runs on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from commonseal.source.engine import Engine, PolarsEngine
from commonseal.source.engine_spark import SparkEngine

_PACKAGE = "org.apache.spark.deploy"


@pytest.fixture(
    scope="session",  # so that pytest runs all cases of one engine before it starts the next
    params=[
        "polars",
        pytest.param("local[2]", marks=pytest.mark.slow),
        pytest.param("cluster", marks=pytest.mark.slow),
    ],
)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine; Spark in this process; Spark on a master with two workers."""
    if request.param == "polars":
        yield PolarsEngine()
        return
    with ExitStack() as stack:
        settings = {"spark.sql.shuffle.partitions": "4"}  # small tables
        master = request.param
        if master == "cluster":
            master = stack.enter_context(cluster(tmp_path_factory.mktemp("cluster")))
            settings["spark.executor.memory"] = "512m"
        yield stack.enter_context(
            SparkEngine(master, spool=tmp_path_factory.mktemp("spool"), settings=settings)
        )


@pytest.fixture
def lonely_master(tmp_path: Path) -> Iterator[str]:
    """A master without a worker."""
    with cluster(tmp_path / "cluster", workers=0) as master:
        yield master


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """Run a standalone master and workers of one core each; all are gone afterwards."""
    with ExitStack() as stack:
        here = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        log = stack.enter_context(_running(folder / "master", f"{_PACKAGE}.master.Master", *here))
        master = _told(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
        for number in range(workers):
            home = folder / f"worker-{number}"
            size = ["--cores", "1", "--memory", "512m", "--work-dir", str(home / "work")]
            log_of = stack.enter_context(_running(home, f"{_PACKAGE}.worker.Worker", *here, *size, master))
            _told(log_of, "Successfully registered with master")
        yield master


@contextmanager
def _running(home: Path, main: str, *arguments: str) -> Iterator[Path]:
    """Run one of Spark's own programs in a process group of its own; end the group."""
    import pyspark

    spark = Path(pyspark.__file__).parent
    home.mkdir(parents=True)
    log = home / "log"
    environment = {
        **os.environ,
        "SPARK_HOME": str(spark),
        "SPARK_CONF_DIR": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(home / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    (home / "log4j2.properties").write_text(
        "rootLogger.level = info\nrootLogger.appenderRef.out.ref = out\nappender.out.type = Console\n"
        "appender.out.name = out\nappender.out.layout.type = PatternLayout\nappender.out.layout.pattern = %m%n\n"
    )
    with log.open("wb") as written:
        process = subprocess.Popen(
            [spark / "bin" / "spark-class", main, *arguments],
            stdout=written,
            stderr=written,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=home,
            start_new_session=True,
        )
        try:
            yield log
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=20)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _told(log: Path, pattern: str, wait: float = 90.0) -> str:
    """Wait until a log says `pattern`; return its group, or all that matched."""
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text(errors="replace"))
        if found:
            return found[1] if found.groups() else found[0]
        time.sleep(0.1)
    raise AssertionError(f"Spark did not start: {log.read_text(errors='replace')[-3000:]}")
