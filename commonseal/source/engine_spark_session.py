"""Start a Spark session fit for personal data, stop it, and word what it says when it fails.

Spark's own messages and logs quote cells and paths, so none of them passes: a fault of ours that
happened on a worker comes back as itself, any other names its kind and what to look at.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commonseal import errors
from commonseal.errors import BadInput, CommonsealError
from commonseal.model import Text
from commonseal.source.engine_spark_rows import MARK

_MASTER = re.compile(r"local(\[(\d+|\*)(, *\d+)?\])?|spark://[^\s/]+|yarn|k8s://\S+")
_ADDRESS = re.compile(r"\[?([^\]]+)\]?:(\d+)")
_HERE = ("127.0.0.1", "localhost", "::1")
_WAIT = 60.0  # seconds for a first executor
_FIXED = {
    "spark.app.name": "commonseal",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.io.encryption.enabled": "true",  # what Spark spills holds clear rows and the kernel's key
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    "spark.sql.legacy.parquet.nanosAsLong": "true",  # else a nanosecond column stops the whole read
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # old dates stand as written
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",  # a task has one core
}
# without an appender, or a word on its gateway, Spark falls back on a configuration of its own
_QUIET = """rootLogger.level = off
rootLogger.appenderRef.silent.ref = silent
appender.silent.type = Console
appender.silent.name = silent
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""


def start(master: str, folder: Path, settings: Mapping[str, str]) -> Any:
    """Start a session on `master`.

    Args:
        master: local[N], spark://host:port, yarn or k8s://...
        folder: the engine's own; the log configuration goes there.
        settings: further Spark settings; those that keep cells as they are cannot be changed.

    Raises: BadInput: pyspark or Java is missing, the master is no master, does not answer or gives
        no executor, or a session runs already.
    """
    _check_master(master)
    pyspark, sql = _pyspark()
    if pyspark.SparkContext._active_spark_context is not None:
        raise BadInput(
            Text(
                en="a Spark session runs already in this program; close it before starting another",
                zh="本程序中已有 Spark 会话；请先关闭再启动新的会话",
            )
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    log = folder / "log4j2.properties"
    log.write_text(_QUIET, encoding="utf-8")
    given = {**settings, **_loopback(master), **_FIXED}
    java = f"{settings.get('spark.driver.extraJavaOptions', '')} -Dlog4j2.configurationFile={log.as_uri()}"
    given["spark.driver.extraJavaOptions"] = java.strip()
    with worded("spark"):
        session = sql.SparkSession.builder.master(master).config(map=given).getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        try:
            _wait_for_executor(session, master)
        except BaseException:
            session.stop()
            raise
    return session


def _pyspark() -> tuple[Any, Any]:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        raise BadInput(
            Text(
                en="the Spark engine needs Java 17 or 21, and there is none: install it (Debian: apt-get install "
                "openjdk-17-jre-headless) or set JAVA_HOME",
                zh="Spark 引擎需要 Java 17 或 21，但未找到：请安装（Debian：apt-get install "
                "openjdk-17-jre-headless）或设置 JAVA_HOME",
            )
        )
    try:
        import pyspark
        from pyspark import sql
    except ImportError:
        raise BadInput(
            Text(
                en="the Spark engine needs pyspark: pip install 'commonseal[spark]'",
                zh="Spark 引擎需要 pyspark：pip install 'commonseal[spark]'",
            )
        ) from None
    return pyspark, sql


def _check_master(master: str) -> None:
    if not _MASTER.fullmatch(master):
        raise BadInput(
            Text(
                en=f"--master: got '{master}', expected local[N], spark://host:port, yarn or k8s://...",
                zh=f"--master：得到“{master}”，应为 local[N]、spark://主机:端口、yarn 或 k8s://…",
            )
        )
    if master.startswith("spark://") and not any(map(_answers, _addresses(master))):
        raise BadInput(
            Text(
                en=f"--master: nothing answers at {master}; check host and port, and that the master runs",
                zh=f"--master：{master} 无应答；请检查主机与端口，并确认主节点已启动",
            )
        )


def _addresses(master: str) -> list[tuple[str, int]]:
    matches = [_ADDRESS.fullmatch(part) for part in master.removeprefix("spark://").split(",")]
    return [(found[1], int(found[2])) for found in matches if found and int(found[2]) < 65536]


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=5.0):
            return True
    except OSError:
        return False


def _loopback(master: str) -> dict[str, str]:
    """Listen on this machine alone where everything runs on it."""
    here = master.startswith("local") or all(host in _HERE for host, _ in _addresses(master) or [("", 0)])
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if here else {}


def _wait_for_executor(session: Any, master: str) -> None:
    """Without an executor Spark would wait for ever, and say so only in its log."""
    context = session.sparkContext
    dynamic = context.getConf().get("spark.dynamicAllocation.enabled", "false") == "true"
    if not master.startswith("spark://") or dynamic:
        return
    deadline = time.monotonic() + _WAIT
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:  # the driver counts as one
        if time.monotonic() > deadline:
            raise BadInput(
                Text(
                    en=f"{master} gave no executor in {_WAIT:.0f} s; check that workers are alive and have a free "
                    "core and the memory of spark.executor.memory",
                    zh=f"{master} 在 {_WAIT:.0f} 秒内未分配执行器；请检查工作节点是否存活，"
                    "是否有空闲核心以及 spark.executor.memory 所需内存",
                )
            )
        time.sleep(0.1)


@contextmanager
def worded(where: str) -> Iterator[None]:
    """Turn what Spark raises in the block into a fault of ours; its own text never passes."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as fault:
        raise _meant(where, fault) from None


def _meant(where: str, fault: Exception) -> CommonsealError:
    said = re.search(re.escape(MARK) + "([A-Za-z0-9+/=]+);", str(fault))
    told = json.loads(base64.b64decode(said[1])) if said else []
    if len(told) == 3:
        kind = getattr(errors, told[0], None)
        known = isinstance(kind, type) and issubclass(kind, CommonsealError)
        return (kind if known else BadInput)(Text(en=told[1], zh=told[2]))  # type: ignore[misc]
    if "ModuleNotFoundError" in str(fault):
        return BadInput(
            Text(
                en=f"{where}: a worker's Python lacks a package; install commonseal[spark] there, in the version "
                "of the driver, and set PYSPARK_PYTHON to that Python (see docs/engines.md)",
                zh=f"{where}：工作节点的 Python 缺少软件包；请在该处安装与驱动端同版本的 commonseal[spark]，"
                "并将 PYSPARK_PYTHON 指向该 Python（见 docs/engines.md）",
            )
        )
    condition = getattr(fault, "getCondition", lambda: None)()
    name = told[0] if told else condition or type(fault).__name__
    return BadInput(
        Text(
            en=f"{where}: Spark could not finish ({name}); check that every worker is alive, has memory and "
            "disk left, runs this version of commonseal and reaches the same folders, then look into "
            "the executors' logs",
            zh=f"{where}：Spark 未能完成（{name}）；请检查各工作节点是否存活、内存与磁盘是否充足、"
            "是否装有相同版本的 commonseal 并能访问相同文件夹，再查看执行器日志",
        )
    )
