"""Learn a sensitive value without naming anybody: homogeneity, and background knowledge.

Homogeneity: everybody who may be the target has one value in common, so the target has it.
Background knowledge: the attacker can rule out `b` values, which the target is known not to have; what
is left is one. Persons of one row each: b + 1 distinct values or fewer. A person of several rows is
taken with all of them, since a pseudonym ties them; for b > 0 that count is then a lower bound.

Source: Machanavajjhala, Gehrke, Kifer, Venkitasubramaniam, "l-diversity: privacy beyond k-anonymity",
TKDD 1(1) (2007), sections 2.1 and 2.2. A null says nothing: nobody learns it, and where a candidate
has no value, nothing is certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from commonseal.judge.attack.codes import Coded
from commonseal.judge.attack.sides import Side

_LEARNED = {"tuple": pl.Int64, "value": pl.Int64, "ruled_out": pl.Int64}


@dataclass(frozen=True, slots=True)
class Held:
    """What the classes hold of one sensitive column; values are places in its distinct labels."""

    column: str
    labels: pl.Series
    common: pl.DataFrame  # (class, value): everybody in the class has it
    few: pl.DataFrame  # (class, value): all values of classes that hold at most `most` of them
    most: int

    def learned(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return what the pairs (tuple, class) give away: (tuple, value, ruled_out).

        `ruled_out`: how many values must be ruled out before this one is certain. All pairs of a tuple
        must be there.
        """
        classes = pairs.group_by("tuple").agg(classes=pl.len())
        shared = pairs.join(self.common, on="class").group_by("tuple", "value").agg(shared=pl.len())
        certain = shared.join(classes, on="tuple").filter(pl.col("shared") == pl.col("classes"))
        found = [certain.select("tuple", "value", ruled_out=pl.lit(0, dtype=pl.Int64))]
        if self.most > 1:
            found.append(self._ruled_out(pairs, classes))
        both = pl.concat(found)
        return both.group_by("tuple", "value").agg(pl.col("ruled_out").min()).select(list(_LEARNED))

    def _ruled_out(self, pairs: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
        poor = pairs.join(self.few.select("class").unique(), on="class")
        whole = poor.group_by("tuple").agg(poor=pl.len()).join(classes, on="tuple")
        whole = whole.filter(pl.col("poor") == pl.col("classes")).select("tuple")
        values = poor.join(whole, on="tuple").join(self.few, on="class").select("tuple", "value").unique()
        counted = values.with_columns(ruled_out=pl.len().over("tuple").cast(pl.Int64) - 1)
        return counted.filter(pl.col("ruled_out") < self.most)


def hold(release: Side, sensitive: Coded, column: str, *, ruled_out: int) -> Held:
    """Count what every class of the release holds.

    Args: sensitive: the column, a code for each row of the release. ruled_out: the most values that an
        attacker may rule out, >= 0.
    """
    rows = pl.DataFrame({"person": release.person_of, "value": sensitive.of})
    null = sensitive.texts.is_null().arg_true().cast(pl.Int64)
    has = rows.unique().join(null.alias("value").to_frame(), on="value", how="anti")
    members = release.held.rename({"tuple": "class"})
    size = members.group_by("class").agg(size=pl.len())
    held = (
        members.join(has, on="person").group_by("class", "value").agg(holders=pl.len()).join(size, on="class")
    )
    common = held.filter(pl.col("holders") == pl.col("size")).select("class", "value")
    silent = members.join(has.select("person").unique(), on="person", how="anti").select("class").unique()
    told = held.join(silent, on="class", how="anti")
    few = told.filter(pl.len().over("class") <= ruled_out + 1).select("class", "value")
    return Held(column, sensitive.texts, common, few, ruled_out + 1)
