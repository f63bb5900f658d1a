"""Claim: a governed release costs at most 1.5 times the CPU of a bare pipeline, in under 2 GiB.

The bare pipeline is Polars copying the same file while `polars-hash` hashes two columns (hex), in the
same run. The release classifies, decides, masks 3 columns, hashes 2, anonymizes 4 quasi-identifiers at
k = 5, deals the rows into a keyed order, judges what it wrote, seals and logs it.

    python benchmarks/release_10m.py [ROWS]     # 10,000,000; needs about 2 GB of disk under build/
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.log import create_log
from commonseal.seal.keyfile import new_key

BUILD = Path(__file__).resolve().parents[1] / "build" / "bench"
PART = 250_000
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])

BARE = """
import sys, polars as pl, polars_hash as plh
frame = pl.scan_parquet(sys.argv[1])
hashed = [plh.col(c).chash.hmac_sha256(key="k" * 43) for c in ("resident_id", "name")]
frame.with_columns(hashed).sink_parquet(sys.argv[2], engine="streaming")
"""

AGREEMENT = """
id: bench-10m
provider: A
recipient: {name: B, kind: department}
purpose: benchmark
legal_basis: {basis: pipl13_3, reference: none}
valid: {from: 2026-01-01, to: 2026-12-31}
sharing_mode: controlled
impact_assessment: PIA-1
packs: [city]
columns:
- {name: resident_id}
- {name: name}
- {name: phone}
- {name: email}
- {name: plate}
- {name: age, use: quasi}
- {name: sex, use: quasi}
- {name: district, use: quasi}
- {name: education, use: quasi}
anonymity: {k: 5, suppression_rate_max: 0.02, hierarchies: hierarchies}
key: agreement.key
log: log
"""


def people(rows: int) -> pl.LazyFrame:
    """Nine columns of made-up people; the divisions of the numbers were revoked before numbers existed."""
    schema = dict.fromkeys(
        ["resident_id", "name", "phone", "email", "plate", "age", "sex", "district", "education"], pl.String
    )

    def parts(with_columns, predicate, n_rows, batch_size):
        for start in range(0, rows, PART):
            yield _part(np.arange(start, min(rows, start + PART)))

    return register_io_source(parts, schema=schema)


def _part(number: np.ndarray) -> pl.DataFrame:
    random = np.random.default_rng(int(number[0]))
    born = number % 25_000  # 1940 to 2008, and no number stands twice
    day = pl.Series(born).cast(pl.Int32).cast(pl.Date).dt.offset_by("-10950d")
    body = pl.select(
        pl.lit("110101")
        + pl.lit(day).dt.strftime("%Y%m%d")
        + pl.lit(pl.Series(number // 25_000)).cast(pl.String).str.zfill(3)
    ).to_series()
    digits = np.frombuffer("".join(body).encode(), dtype=np.uint8).reshape(-1, 17).astype(np.int64) - 48
    check = pl.Series(list("10X98765432")).gather((digits @ WEIGHTS) % 11)
    surname = pl.Series(list("王李张刘陈杨黄赵吴周")).gather(random.integers(0, 10, len(number)))
    given = pl.Series(list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华")).gather
    return pl.DataFrame(
        {
            "resident_id": body + check,
            "name": surname
            + given(random.integers(0, 24, len(number)))
            + given(random.integers(0, 24, len(number))),
            "phone": "154" + pl.Series(random.integers(0, 10**8, len(number))).cast(pl.String).str.zfill(8),
            "email": "user" + pl.Series(number).cast(pl.String) + "@mail.example",
            "plate": _plates(number),
            "age": (2026 - day.dt.year()).cast(pl.String),
            "sex": pl.Series(["男", "女"]).gather(random.integers(0, 2, len(number))),
            "district": pl.Series([f"{c}区" for c in "东西南北中山海河湖江林泉"]).gather(
                random.integers(0, 12, len(number))
            ),
            "education": pl.Series(["小学", "初中", "高中", "大专", "本科", "硕士", "博士"]).gather(
                random.integers(0, 7, len(number))
            ),
        }
    )


def _plates(number: np.ndarray) -> pl.Series:
    """Return a plate a row: a region that issues none, and five serials in base 32."""
    serials = pl.Series(list("0123456789ABCDEFGHJKLMNPQRSTUVWX"))
    plates = pl.Series(["宁X"]).new_from_index(0, len(number))
    for place in range(5):
        plates = plates + serials.gather(number // 32**place % 32)
    return plates


def _folder(rows: int) -> Path:
    source = BUILD / f"people-{rows}.parquet"
    BUILD.mkdir(parents=True, exist_ok=True)
    if not source.exists():
        people(rows).sink_parquet(source, row_group_size=PART)
    return source


def _agreed(folder: Path, source: Path) -> Path:
    (folder / "hierarchies").mkdir()
    for column in ("age", "sex", "district", "education"):
        values = pl.scan_parquet(source).select(pl.col(column).unique().sort()).collect()[column]
        built = build_hierarchy(column, values.to_list())
        write_hierarchy(built, folder / "hierarchies" / f"bench_hierarchy_{column}.csv")
    new_key(folder / "agreement.key")
    create_log(folder / "log", origin="commonseal.example/bench")
    path = folder / "agreement.yaml"
    path.write_text(AGREEMENT, encoding="utf-8")
    return path


def measured(command: list[str]) -> tuple[float, float, str]:
    """Run a command; return CPU seconds, peak GiB (anonymous and mapped pages) and what it printed."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        said.seek(0)
        text = said.read().decode()
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(text)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20, text


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    source = _folder(rows)
    print(f"{rows:,} rows, {source.stat().st_size / 1e6:.0f} MB")
    print(f"{'':28}{'CPU s':>9}{'peak GiB':>10}{'MB out':>9}")
    with tempfile.TemporaryDirectory(dir=BUILD) as name:
        folder = Path(name)
        agreement = _agreed(folder, source)
        bare: list[float] = []
        ours: list[float] = []
        for turn in range(3):
            out = folder / "bare.parquet"
            cpu, peak, _ = measured([sys.executable, "-c", BARE, str(source), str(out)])
            bare.append(cpu)
            print(f"bare Polars, 2 hashes        {cpu:8.1f}{peak:10.2f}{out.stat().st_size / 1e6:9.0f}")
            package = folder / f"package-{turn}"
            command = [
                sys.executable,
                "-m",
                "commonseal",
                "release",
                str(source),
                "--agreement",
                str(agreement),
            ]
            cpu, peak, _ = measured([*command, "--out", str(package), "--as-of", "2026-06-01", "--json"])
            ours.append(cpu)
            size = (package / "data.parquet").stat().st_size
            print(
                f"commonseal release           {cpu:8.1f}{peak:10.2f}{size / 1e6:9.0f}   ratio {cpu / bare[-1]:.2f}"
            )
    ratio = float(np.median(np.array(ours) / np.array(bare)))
    print(f"median ratio {ratio:.2f} (claim: at most 1.50)")


if __name__ == "__main__":
    main()
