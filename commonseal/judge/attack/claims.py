"""Choose whom the attacker claims to have found.

A known person who agrees with f released persons is one of them with probability 1/f; a released person
who agrees with F known persons is one of those with probability 1/F. Whoever sees both lists takes the
smaller: 1 / max(f, F). Nobody is claimed twice, and nobody claims twice.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.judge.attack.sides import Linkable

_ROUNDING = 1e-9


def exact_candidates(linkable: Linkable, near: pl.DataFrame, far: pl.Series, limit: int) -> pl.DataFrame:
    """Return who may be whom, with the probability that the attacker gives it.

    Args:
        near: every pair (tuple, class) of a class of at most `limit` persons.
        far: tuples that fit a larger class too: nobody behind them is claimed.
        limit: candidates that a claim may choose among.
    Returns: distinct (known, released, probability), probability in [1/limit, 1].
    """
    released = linkable.release.held.rename({"person": "released", "tuple": "class"})
    known = linkable.auxiliary.held.rename({"person": "known"})
    crowd = near.join(known, on="tuple").group_by("class").agg(crowd=pl.col("known").n_unique())
    alone = near.join(far.alias("tuple").to_frame(), on="tuple", how="anti").join(released, on="class")
    few = (
        alone.group_by("tuple").agg(fitting=pl.col("released").n_unique()).filter(pl.col("fitting") <= limit)
    )
    pairs = alone.join(few, on="tuple").join(crowd, on="class")
    pairs = pairs.group_by("tuple", "released").agg(size=pl.max_horizontal("fitting", "crowd").max())
    pairs = pairs.join(known, on="tuple").group_by("known", "released").agg(pl.col("size").min())
    claimed_by = pl.len().over("released").cast(pl.Int64)
    sized = pairs.with_columns(size=pl.max_horizontal(pl.col("size").cast(pl.Int64), claimed_by))
    return sized.filter(pl.col("size") <= limit).select("known", "released", probability=1 / pl.col("size"))


def choose(candidates: pl.DataFrame, *, claim_at: float, seed: int) -> pl.DataFrame:
    """Choose the claims: the likeliest first, at random among equals.

    Args: candidates: (known, released, probability). claim_at: the least probability, in (0, 1].
    Returns: the same columns; no `known` and no `released` stands twice.
    """
    open_ = candidates.filter(pl.col("probability") >= claim_at - _ROUNDING).sort("known", "released")
    chance = np.random.default_rng(seed).random(open_.height)
    open_ = open_.with_columns(chance=pl.Series(chance)).sort("probability", "chance", descending=True)
    chosen = []
    while open_.height:
        one = open_.unique("known", keep="first", maintain_order=True)
        one = one.unique("released", keep="first", maintain_order=True)
        chosen.append(one)
        open_ = open_.join(one, on="known", how="anti", maintain_order="left")
        open_ = open_.join(one, on="released", how="anti", maintain_order="left")
    return pl.concat([open_, *chosen]).drop("chance")
