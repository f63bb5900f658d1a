"""Whatever the table, what leaves keeps what was promised, and the law's no lets nothing go."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.errors import BadInput
from commonseal.log import create_log
from commonseal.release import release, verify_package
from commonseal.seal.keyfile import new_key

DAY = date(2026, 9, 14)
SLOW_DISK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def agreed(folder: Path, frame: pl.DataFrame, k: int, rate: float) -> Path:
    (folder / "hierarchies").mkdir()
    for column in ("sex", "age"):
        built = build_hierarchy(column, frame[column].cast(pl.String).unique().to_list())
        write_hierarchy(built, folder / "hierarchies" / f"t_hierarchy_{column}.csv")
    new_key(folder / "k.key")
    create_log(folder / "log", origin="city.example/log")
    terms = {
        "id": "P-1",
        "provider": "A",
        "recipient": {"name": "B", "kind": "research"},
        "purpose": "test",
        "legal_basis": {"basis": "pipl13_7", "reference": "a law"},
        "valid": {"from": "2026-01-01", "to": "2026-12-31"},
        "sharing_mode": "controlled",
        "impact_assessment": "PIA",
        "minor_rules": "M-1",
        "packs": ["city"],
        "person": "person",
        "columns": [
            {"name": "person", "use": "person", "category": "record_id"},
            {"name": "sex", "use": "quasi"},
            {"name": "age", "use": "quasi"},
            {"name": "score", "category": "quantity"},
        ],
        "anonymity": {"k": k, "suppression_rate_max": rate, "hierarchies": "hierarchies"},
        "key": "k.key",
        "log": "log",
    }
    path = folder / "agreement.yaml"
    path.write_text(yaml.safe_dump(terms), encoding="utf-8")
    return path


ROWS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["男", "女", None]),
        st.one_of(st.none(), st.integers(20, 70)),
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    ),
    min_size=40,
    max_size=150,
)


@SLOW_DISK
@given(rows=ROWS, k=st.integers(5, 8), rate=st.sampled_from([0.0, 0.05, 0.1]))
def test_what_leaves_keeps_k_persons_in_every_class(
    rows: list[tuple[int, str | None, int | None, float | None]], k: int, rate: float
) -> None:
    schema = {"person": pl.Int64, "sex": pl.String, "age": pl.Int64, "score": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = frame.with_columns(person=pl.format("P{}", pl.col("person")))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        path = agreed(folder, frame, k, rate)
        try:
            result = release(frame, path, out=folder / "out", as_of=DAY)
        except BadInput:
            assert not (folder / "out").exists()
            return
        if result.outcome == "refused":
            assert not list(folder.rglob("*.parquet"))
            return
        sealed = verify_package(folder / "out", log_key=(folder / "log" / "log.pub").read_text().strip())
        left = pl.read_parquet(folder / "out" / "data.parquet")
        classes = left.group_by("sex", "age").agg(pl.col("person").n_unique())
        assert classes["person"].min() >= k  # type: ignore[operator]
        assert left.height >= frame.height * (1 - rate) - 1e-9
        assert sealed.manifest["data"]["rows"] == left.height
        assert left["person"].n_unique() <= frame["person"].n_unique()
        # what is not treated is carried as it is, with its person: a multiset of pairs
        before = frame.group_by("person").agg(pl.col("score").sort(nulls_last=True)).select("score")
        if left.height == frame.height:
            after = left.group_by("person").agg(pl.col("score").sort(nulls_last=True)).select("score")
            assert sorted(map(repr, before["score"].to_list())) == sorted(map(repr, after["score"].to_list()))


@settings(max_examples=40, deadline=None)
@given(
    byte=st.integers(0, 10**9), bit=st.integers(0, 7), part=st.sampled_from(["data.parquet", "manifest.json"])
)
def test_no_bit_can_be_changed_unseen(sealed_once: tuple[Path, str], byte: int, bit: int, part: str) -> None:
    from commonseal.errors import ProofFailed

    folder, key = sealed_once
    path = folder / part
    content = path.read_bytes()
    broken = bytearray(content)
    broken[byte % len(broken)] ^= 1 << bit
    try:
        path.write_bytes(broken)
        with pytest.raises(ProofFailed):
            verify_package(folder, log_key=key)
    finally:
        path.write_bytes(content)


@pytest.fixture(scope="module")
def sealed_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("sealed")
    frame = pl.DataFrame(
        {
            "person": [f"P{i}" for i in range(60)],
            "sex": ["男", "女"] * 30,
            "age": [30, 30, 40, 40] * 15,
            "score": [0.5] * 60,
        }
    )
    assert release(frame, agreed(folder, frame, 5, 0.0), out=folder / "out", as_of=DAY).outcome == "released"
    return folder / "out", (folder / "log" / "log.pub").read_text().strip()
