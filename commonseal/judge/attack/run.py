"""Run an attack: link, claim, settle, and measure what is learned beside.

Pure: Polars frames in, figures out; chance comes from `seed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from commonseal.judge.attack import claims as claiming
from commonseal.judge.attack.asked import check, matched_columns
from commonseal.judge.attack.codes import code_column
from commonseal.judge.attack.confidence import wilson
from commonseal.judge.attack.knowledge import Held, hold
from commonseal.judge.attack.known import Outsiders
from commonseal.judge.attack.labels import Hierarchies
from commonseal.judge.attack.link import link
from commonseal.judge.attack.membership import membership
from commonseal.judge.attack.result import Attack, Learned, Method
from commonseal.judge.attack.sides import Flags, Linkable, make_linkable, persons_of, readable
from commonseal.judge.attack.truth import Judge, Settled, match_original, settled_by

CLAIM_AT: Mapping[Method, float] = {"exact": 1.0, "probabilistic": 0.5}


def attack(
    release: pl.DataFrame,
    auxiliary: pl.DataFrame,
    *,
    truth: str,
    quasi: Sequence[str] | Mapping[str, str] | None = None,
    sensitive: Sequence[str] = (),
    person: str | None = None,
    original: pl.DataFrame | None = None,
    hierarchies: Hierarchies | None = None,
    method: Method = "exact",
    claim_at: float | None = None,
    ruled_out: int = 2,
    confidence: float = 0.95,
    seed: int = 0,
    outsiders_are: Outsiders = "in_auxiliary",
) -> Attack:
    """Attack a released table with another table, and score what was claimed.

    Args:
        release: as the attacker sees it; `truth` may stand beside it, and is never linked by.
        auxiliary: what the attacker knows, one row or more a person; `truth` says who each is. Rows
            whose truth is null, or is nobody of the data, are outsiders.
        quasi: columns to link by, or release name to auxiliary name; None: all that both have.
        sensitive: columns of the release whose values the attacker would like to learn.
        person: column of the release that ties the rows of one person (a pseudonym does); None: `truth`
            where the release carries it, else each row is one person.
        original: the table before release, with `truth`; needed where the release has no readable truth.
        hierarchies: public rows of each release column: the value, then its labels upward.
        claim_at: the least probability to claim at; None: 1 exact, 0.5 probabilistic.
        ruled_out: values that the attacker may rule out, 0 to this many are measured.
    Returns: precision in [0, 1]; claims at most the people of either table.
    Raises: BadInput, ColumnMissing: a truth or column that is not there, tables without rows, nothing that agrees.
    """
    match = matched_columns(release, auxiliary, quasi, leave=[truth, person, *sensitive])
    least = CLAIM_AT[method] if claim_at is None else claim_at
    check(
        release, auxiliary, original, match,
        truth=truth, person=person, sensitive=sensitive, claim_at=least, ruled_out=ruled_out, confidence=confidence,
    )  # fmt: skip
    tables = make_linkable(
        release, auxiliary, match, person=person, truth=truth, hierarchies=hierarchies or {}
    )
    shown = release.filter(pl.Series(tables.kept))
    judge = Judge(
        release, shown, tables, truth, original, match_original(match, sensitive), hierarchies or {}
    )
    held = [hold(tables.release, code_column(shown[name]), name, ruled_out=ruled_out) for name in sensitive]
    found = _walk(tables, held, limit=int(1 / least + 1e-9))
    if method == "exact":
        candidates = claiming.exact_candidates(tables, found.near, found.far, int(1 / least + 1e-9))
    else:
        from commonseal.judge.attack.probabilistic import probable_candidates  # splink is an extra

        candidates = probable_candidates(tables, claim_at=least, seed=seed)
    settled = judge.settle(claiming.choose(candidates, claim_at=least, seed=seed))
    insider = judge.insiders()
    learned = [
        _score(each, of, judge, settled, insider, most=ruled_out, confidence=confidence)
        for each, of in zip(held, found.learned, strict=True)
    ]
    unit = person or (truth if readable(release, truth) else None)
    released_people = persons_of(release, unit)[1]
    people, right = int(insider.sum()), settled.right.height
    return Attack(
        method=method,
        counts="rows" if unit is None else "persons",
        settled_by=settled_by(release, truth, original),
        outsiders_are=outsiders_are,
        confidence=confidence,
        claim_at=least,
        seed=seed,
        columns=tables.columns,
        people=people,
        outsiders=len(insider) - people,
        released_people=released_people,
        blank_rows=int((~tables.kept).sum()),
        unsettled_claims=int(settled.claims["unsettled"].sum()),
        precision=wilson(right, settled.claims.height, confidence),
        reidentified=wilson(right, people, confidence),
        of_released=wilson(right, released_people, confidence),
        homogeneity=tuple(each for of in learned for each in of if each.ruled_out == 0),
        background=tuple(each for of in learned for each in of if each.ruled_out > 0),
        membership=membership(_fitting(tables, found.fits), insider, confidence),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What linking came to: pairs with small classes, tuples with large ones, who fits, what is learned."""

    near: pl.DataFrame
    far: pl.Series
    fits: Flags
    learned: tuple[pl.DataFrame, ...]


def _walk(tables: Linkable, held: Sequence[Held], limit: int) -> _Found:
    """Link block by block, and keep only what the questions need."""
    count = len(tables.auxiliary.tuples)
    sizes = np.bincount(tables.release.held["tuple"].to_numpy(), minlength=len(tables.release.tuples))
    small, fits, far = sizes <= limit, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    empty = pl.DataFrame(schema={"tuple": pl.Int64, "class": pl.Int64})
    near, learned = [empty], [[each.learned(empty)] for each in held]
    for tuples, classes in link(tables.auxiliary.tuples, tables.release.tuples, tables.fits):
        pairs = pl.DataFrame({"tuple": tuples, "class": classes})
        few = small[classes]
        fits[tuples] = True
        far[tuples[~few]] = True
        near.append(pairs.filter(pl.Series(few)))
        for each, of in zip(held, learned, strict=True):
            of.append(each.learned(pairs))
    return _Found(
        pl.concat(near),
        pl.Series("tuple", np.flatnonzero(far), dtype=pl.Int64),
        fits,
        tuple(pl.concat(of) for of in learned),
    )


def _fitting(tables: Linkable, fits: Flags) -> pl.Series:
    """Tell of each known person whether anybody released fits."""
    held = tables.auxiliary.held
    fitting = np.zeros(tables.auxiliary.persons, dtype=bool)
    np.logical_or.at(fitting, held["person"].to_numpy(), fits[held["tuple"].to_numpy()])
    return pl.Series(fitting)


def _score(
    held: Held,
    learned: pl.DataFrame,
    judge: Judge,
    settled: Settled,
    insider: pl.Series,
    *,
    most: int,
    confidence: float,
) -> list[Learned]:
    """Count for each number of values ruled out who is learned, and who rightly."""
    truth = judge.linkable.auxiliary.truth
    assert truth is not None  # noqa: S101 - `check` has asked for it
    known = judge.linkable.auxiliary.held.join(learned, on="tuple")
    known = known.group_by("person", "value").agg(pl.col("ruled_out").min())
    known = known.with_columns(who=truth[known["person"]])
    real = judge.values_of(held.column, held.labels).with_columns(right=pl.lit(True))
    known = known.join(real, on=["who", "value"], how="left").with_columns(
        pl.col("right").fill_null(value=False)
    )
    people = int(insider.sum())
    scores = []
    for number in range(most + 1):
        of = known.filter(pl.col("ruled_out") <= number).group_by("person").agg(pl.col("right").any())
        right = of.filter("right")
        unnamed = right.join(settled.right, left_on="person", right_on="known", how="anti")
        beside = int(insider[unnamed["person"]].sum() or 0)
        scores.append(
            Learned(
                held.column,
                number,
                wilson(right.height, of.height, confidence),
                wilson(beside, people, confidence),
            )
        )
    return scores
