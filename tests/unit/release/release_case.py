"""A small table of made-up people, an agreement over it, and a log: what a release needs to run."""

from __future__ import annotations

import copy
import functools
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from commonseal.anonymize import build_hierarchy, write_hierarchy
from commonseal.city import make_city
from commonseal.log import create_log
from commonseal.release import Result, release
from commonseal.seal.keyfile import new_key

DAY = date(2026, 9, 14)
DIRECT = ("resident_id", "name", "phone", "email")
QUASI = ("sex", "age", "district")
DISTRICTS = ("砚湖区", "星屿区", "听潮区")
DISEASES = ("I10", "E11.9", "J45.9", "K29.5", "M54.5")

TERMS: dict[str, Any] = {
    "id": "WL-2026-001",
    "provider": "Wanglan Health Commission",
    "recipient": {"name": "Wanglan Planning Institute", "kind": "department"},
    "purpose": "Plan services by district.",
    "legal_basis": {"basis": "pipl13_3", "reference": "Wanglan City Planning Regulation, art. 12"},
    "valid": {"from": "2026-09-01", "to": "2027-08-31"},
    "sharing_mode": "controlled",
    "impact_assessment": "PIA-2026-014",
    "overseas": False,
    "packs": ["city"],
    "columns": [
        {"name": "resident_id"},
        {"name": "name"},
        {"name": "phone"},
        {"name": "email"},
        {"name": "sex", "use": "quasi"},
        {"name": "age", "use": "quasi"},
        {"name": "district", "use": "quasi"},
        {"name": "icd10", "use": "sensitive"},
    ],
    "anonymity": {"k": 5, "l": 2, "suppression_rate_max": 0.05, "hierarchies": "hierarchies"},
    "key": "agreement.key",
    "log": "log",
}


@functools.cache
def people(residents: int = 900, seed: int = 3) -> pl.DataFrame:
    """Return one row a grown-up: direct identifiers, three quasi-identifiers, a diagnosis, an address."""
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(Path(folder) / "city", residents=residents, seed=seed)
        frame = pl.read_parquet(city.folder / "residents.parquet")
    age = DAY.year - pl.col("birth_date").dt.year()
    grown = frame.filter(age >= 18).select(
        "resident_id", "name", "phone", "email", "sex", age.alias("age"), "district", "address"
    )
    random = np.random.default_rng(seed)
    return grown.with_columns(
        pl.Series("icd10", random.choice(DISEASES, grown.height)),
        pl.Series("district", random.choice(DISTRICTS, grown.height)),
    )


def changed(terms: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return `terms` with dotted fields set; `...` takes a field away."""
    made = copy.deepcopy(terms)
    for path, value in changes.items():
        *way, last = path.split(".")
        at = made
        for step in way:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = value
    return made


@dataclass
class Case:
    """A folder that holds an agreement, its key, its log, its hierarchies, and a table beside them."""

    folder: Path
    frame: pl.DataFrame
    terms: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(TERMS))

    @property
    def agreement(self) -> Path:
        return self.folder / "agreement.yaml"

    @property
    def table(self) -> Path:
        return self.folder / "people.csv"

    @property
    def log_key(self) -> str:
        return (self.folder / "log" / "log.pub").read_text().strip()

    def agree(self, **changes: Any) -> Case:
        """Write the agreement, dotted fields (`__` for the dot) changed."""
        self.terms = changed(self.terms, {name.replace("__", "."): value for name, value in changes.items()})
        self.agreement.write_text(yaml.safe_dump(self.terms, allow_unicode=True, sort_keys=False), "utf-8")
        return self

    def use(self, **uses: str | dict[str, Any] | None) -> Case:
        """Say what columns are used as: a use, a whole entry, or None to leave the column out."""
        columns = [entry for entry in self.terms["columns"] if entry["name"] not in uses]
        for name, use in uses.items():
            if isinstance(use, dict):
                columns.append({"name": name, **use})
            elif use is not None:
                columns.append({"name": name} if use == "plain" else {"name": name, "use": use})
        return self.agree(columns=columns)

    def write_hierarchies(self, *columns: str) -> Case:
        """Build the hierarchies of columns from their values."""
        folder = self.folder / "hierarchies"
        folder.mkdir(exist_ok=True)
        for column in columns:
            built = build_hierarchy(column, self.frame[column].cast(pl.String).unique().to_list())
            write_hierarchy(built, folder / f"people_hierarchy_{column}.csv")
        return self

    def release(self, out: str = "package", **options: Any) -> Result:
        """Release the frame under the agreement."""
        given = {"as_of": DAY, **options}
        return release(given.pop("table", self.frame), self.agreement, out=self.folder / out, **given)

    def left(self, out: str = "package") -> pl.DataFrame:
        """Return what left."""
        return pl.read_parquet(self.folder / out / "data.parquet")


def make_case(folder: Path, frame: pl.DataFrame | None = None, quasi: tuple[str, ...] = QUASI) -> Case:
    """Make a case that passes as it stands."""
    folder.mkdir(parents=True, exist_ok=True)
    case = Case(folder, people() if frame is None else frame)
    case.frame.write_csv(case.table)
    case.write_hierarchies(*quasi)
    new_key(folder / "agreement.key")
    create_log(folder / "log", origin="city.example/log")
    return case.agree()
