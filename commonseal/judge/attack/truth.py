"""Say who a row really is: the judge knows, the attacker does not.

Either the release carries the truth beside it (a column that is never linked by), or the judge holds the
original. Rows of a sealed package are in no order that tells their origin, so a claim is then settled by
the original itself: it is right if a row of that very person may stand behind the row that was claimed,
in the quasi-identifiers and the sensitive columns together. Where somebody else's row may too, nobody
can tell: the claim counts as right, which can only make the risk look higher, and is told as unsettled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from commonseal.judge.attack.codes import code_column, plain
from commonseal.judge.attack.labels import Hierarchies, fit_labels
from commonseal.judge.attack.link import link
from commonseal.judge.attack.sides import Linkable, make_linkable, readable


@dataclass(frozen=True, slots=True)
class Settled:
    """Claims with the columns `right` and `unsettled` (Boolean) added."""

    claims: pl.DataFrame

    @property
    def right(self) -> pl.DataFrame:
        """The claims that name the right person."""
        return self.claims.filter("right")


@dataclass(frozen=True, slots=True)
class Judge:
    """What the judge holds: the released rows that were linked, and the truth about them."""

    whole: pl.DataFrame
    release: pl.DataFrame  # blank rows left out: row i is row i of `linkable.release`
    linkable: Linkable
    truth: str
    original: pl.DataFrame | None
    match: Mapping[str, str]  # columns of the release to columns of the original: quasi and sensitive
    hierarchies: Hierarchies

    def insiders(self) -> pl.Series:
        """Tell of each known person whether the data hold him: Boolean."""
        source = self.whole if self.original is None else self.original
        known = self.linkable.auxiliary.truth
        assert known is not None  # noqa: S101 - attack() has asked for it
        return known.is_in(plain(source[self.truth].unique()).drop_nulls().implode()).fill_null(value=False)

    def settle(self, claims: pl.DataFrame) -> Settled:
        """Say of each claim (known, released) whether it is right."""
        known, released = self.linkable.auxiliary.truth, self.linkable.release.truth
        assert known is not None  # noqa: S101
        if released is not None:
            right = (known[claims["known"]] == released[claims["released"]]).fill_null(value=False)
            return Settled(claims.with_columns(right=right, unsettled=pl.lit(False)))
        return Settled(self._by_original(claims, known))

    def values_of(self, sensitive: str, labels: pl.Series) -> pl.DataFrame:
        """Return what each person really has: distinct (who: String, value: place in `labels`)."""
        if self.original is None or sensitive not in self.original.columns:
            value = code_column(self.release[sensitive])
            place = (
                pl.DataFrame({"text": labels})
                .with_row_index("value")
                .with_columns(pl.col("value").cast(pl.Int64))
            )
            frame = pl.DataFrame({"who": plain(self.release[self.truth]), "text": value.texts[value.of]})
            return frame.drop_nulls().join(place, on="text").select("who", "value").unique()
        coded = code_column(self.original[sensitive])
        fit = fit_labels(coded.texts, labels, self.hierarchies.get(sensitive))
        spread = pl.DataFrame({"v": range(len(coded.texts))}, schema={"v": pl.Int64}).with_columns(
            value=pl.Series(
                [fit.label[fit.start[v] : fit.start[v + 1]] for v in range(len(coded.texts))],
                dtype=pl.List(pl.Int64),
            )
        )
        rows = pl.DataFrame({"who": plain(self.original[self.truth]), "v": coded.of}).drop_nulls().unique()
        return rows.join(spread, on="v").explode("value").select("who", "value").drop_nulls().unique()

    def _by_original(self, claims: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
        who = claims.with_columns(who=known[claims["known"]], claim=pl.int_range(pl.len()))
        origins = self._origins(claims["released"].unique())
        fitting = who.join(origins, on="released")
        own = fitting.filter(pl.col("who") == pl.col("origin")).select("claim").unique()
        several = fitting.group_by("claim").agg(pl.col("origin").n_unique()).filter(pl.col("origin") > 1)
        right = who["claim"].is_in(own["claim"].implode())
        return claims.with_columns(
            right=right, unsettled=right & who["claim"].is_in(several["claim"].implode())
        )

    def _origins(self, released: pl.Series) -> pl.DataFrame:
        """Return who of the original may stand behind each released person: (released, origin)."""
        empty = pl.DataFrame(schema={"released": pl.Int64, "origin": pl.String})
        if not len(released) or self.original is None:
            return empty
        number = pl.Series("released", self.linkable.release.person_of)
        rows = self.release.with_columns(number.alias(_NUMBER))
        rows = rows.filter(pl.col(_NUMBER).is_in(released.implode()))
        both = make_linkable(
            rows,
            self.original,
            self.match,
            person=_NUMBER,
            truth=self.truth,
            hierarchies=self.hierarchies,
            only_whole=True,
        )
        kept = rows[_NUMBER].filter(pl.Series(both.kept))
        of = pl.DataFrame({"person": both.release.person_of, "released": kept}).unique()
        shown = both.release.held.join(of, on="person").select("released", pl.col("tuple").alias("class"))
        truth = both.auxiliary.truth
        assert truth is not None  # noqa: S101
        known = both.auxiliary.held.select("tuple", origin=truth[both.auxiliary.held["person"]])
        found = [
            pl.DataFrame({"tuple": tuples, "class": classes}).join(shown, on="class").join(known, on="tuple")
            for tuples, classes in link(both.auxiliary.tuples, both.release.tuples, both.fits)
        ]
        return pl.concat([empty, *(each.select("released", "origin") for each in found)]).unique()


_NUMBER = "__released__"


def settled_by(release: pl.DataFrame, truth: str, original: pl.DataFrame | None) -> str:
    """Return how claims are settled: `release`, `original`, or `nothing`."""
    if readable(release, truth):
        return "release"
    return "nothing" if original is None else "original"


def match_original(match: Mapping[str, str], sensitive: Sequence[str]) -> dict[str, str]:
    """Return the columns by which the original is held against the release: names as in the release."""
    return {name: name for name in dict.fromkeys([*match, *sensitive])}
