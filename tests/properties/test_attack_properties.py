"""What must hold of any attack; the answers are found again by looking at every pair."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.errors import BadInput
from commonseal.judge.attack import attack
from commonseal.judge.attack.link import link
from commonseal.judge.attack.sides import make_linkable

AGES = [str(age) for age in range(20, 28)]
ZIPS = ["101", "102", "201", "202"]
ILLNESSES = ["flu", "hiv", "cold", None]


def shown_age(age: str, level: int) -> str | None:
    low = int(age) // (2 * level) * 2 * level if level else 0
    return [age, f"[{low}, {low + 2})", f"[{low}, {low + 4}[", "*"][level] if level < 3 else "*"


def shown_zip(code: str, level: int) -> str | None:
    return [code, code[:2] + "*", code[0] + "**", None][level]


def holds(label: str | None, value: str | None) -> bool:
    """Read a label as a person does; shares no code with the engine."""
    if value is None or label is None or set(label) == {"*"}:
        return True
    if label.startswith("["):
        low, high = label[1:-1].split(", ")
        return int(low) <= int(value) < int(high)
    if label.endswith("*") and label.count("*") == 1:
        return value.startswith(label[:-1])
    return len(label) == len(value) and all(a in ("*", b) for a, b in zip(label, value, strict=True))


people = st.lists(
    st.tuples(
        st.sampled_from(AGES),
        st.sampled_from(ZIPS),
        st.sampled_from(ILLNESSES),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=25,
)
strangers = st.lists(
    st.tuples(st.sampled_from([*AGES, None]), st.sampled_from([*ZIPS, None])), min_size=0, max_size=8
)


@st.composite
def attacks(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw a release at mixed levels (rows may share a person), and an attacker's table."""
    drawn = draw(people)
    who = draw(st.lists(st.integers(0, 15), min_size=len(drawn), max_size=len(drawn)))
    release = pl.DataFrame(
        [
            (f"p{person}", shown_age(age, a), shown_zip(code, z), illness)
            for person, (age, code, illness, a, z) in zip(who, drawn, strict=True)
        ],
        schema={"id": pl.String, "age": pl.String, "zip": pl.String, "illness": pl.String},
        orient="row",
    )
    rows = [(f"p{person}", age, code) for person, (age, code, *_) in zip(who, drawn, strict=True)]
    rows = [row for row in rows if draw(st.booleans())] or rows[:1]
    known = pl.DataFrame(
        [*rows, *((None, age, code) for age, code in draw(strangers))],
        schema={"id": pl.String, "age": pl.String, "zip": pl.String},
        orient="row",
    )
    return release, known


def by_looking(release: pl.DataFrame, known: pl.DataFrame) -> dict[str, int]:
    """Score an attack of certain claims by every pair of rows."""
    shown = [
        row for row in release.iter_rows(named=True) if not (holds_all(row["age"]) and holds_all(row["zip"]))
    ]
    classes = {(row["age"], row["zip"]) for row in shown}
    members = {of: {row["id"] for row in shown if (row["age"], row["zip"]) == of} for of in classes}
    values: dict[str, set[str]] = {}
    for row in shown:
        values.setdefault(row["id"], set())
        if row["illness"] is not None:
            values[row["id"]].add(row["illness"])
    asked = [(row["id"] or f"stranger {place}", row) for place, row in enumerate(known.iter_rows(named=True))]
    fits = [
        (
            who,
            (row["age"], row["zip"]),
            {of for of in classes if holds(of[0], row["age"]) and holds(of[1], row["zip"])},
        )
        for who, row in asked
    ]
    crowd = {of: {who for who, _, found in fits if of in found} for of in classes}
    pairs = set()
    for who, _, found in fits:
        candidates = set().union(*(members[of] for of in found)) if found else set()
        if len(candidates) == 1 and any(len(crowd[of]) == 1 for of in found):
            pairs.add((who, next(iter(candidates)), max(len(crowd[of]) for of in found)))
    sure = {(who, whom) for who, whom, size in pairs if size == 1}
    every = {(who, whom) for who, whom, _ in pairs} | {
        (who, next(iter(set().union(*(members[of] for of in found)))))
        for who, _, found in fits
        if found and len(set().union(*(members[of] for of in found))) == 1
    }
    claimants: dict[str, set[str]] = {}
    for who, whom in every:
        claimants.setdefault(whom, set()).add(who)
    sure = {(who, whom) for who, whom in sure if len(claimants[whom]) == 1}
    right = {who for who, whom in sure if who == whom}
    learners, rightly = set(), set()
    for who, _, found in fits:
        candidates = set().union(*(members[of] for of in found)) if found else set()
        common = set.intersection(*(values[one] for one in candidates)) if candidates else set()
        learners |= {who} if common else set()
        rightly |= {who} if common & values.get(who, set()) else set()
    insiders = set(release["id"])
    return {
        "claims": len(sure),
        "right": len(right),
        "learners": len(learners),
        "learned": len((rightly - right) & insiders),
    }


def holds_all(label: str | None) -> bool:
    return label is None or set(label) == {"*"}


@settings(deadline=None, max_examples=150)
@given(attacks())
def test_the_score_is_what_every_pair_says(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    release, known = tables
    if not any(
        holds(label, value) and not holds_all(label)
        for name in ("age", "zip")
        for label in release[name]
        for value in known[name]
        if value is not None
    ):
        return  # nothing agrees: refused, and tested elsewhere
    columns = make_linkable(
        release, known, {"age": "age", "zip": "zip"}, person=None, truth="id", hierarchies={}
    ).columns
    if not all(column.used for column in columns):
        return
    found = attack(release, known, truth="id", sensitive=["illness"], quasi=["age", "zip"])
    seen = by_looking(release, known)
    (homogeneity,) = found.homogeneity
    assert (found.claims, found.right_claims) == (seen["claims"], seen["right"])
    assert (homogeneity.precision.of, homogeneity.learned.hits) == (seen["learners"], seen["learned"])


@settings(deadline=None, max_examples=100)
@given(attacks(), st.sampled_from([1.0, 0.5, 0.2]), st.integers(0, 5))
def test_bounds_of_any_score(tables: tuple[pl.DataFrame, pl.DataFrame], claim_at: float, seed: int) -> None:
    release, known = tables
    try:
        found = attack(release, known, truth="id", sensitive=["illness"], claim_at=claim_at, seed=seed)
    except BadInput:
        return  # nothing agrees, or nothing is known: tested elsewhere
    assert (
        0 <= found.right_claims <= found.claims <= min(found.released_people, found.people + found.outsiders)
    )
    assert found.right_claims <= found.people
    for rate in (found.precision, found.reidentified, found.of_released):
        assert rate.value is None or (0 <= rate.low <= rate.value <= rate.high <= 1)
    learned = [each.precision.of for each in (*found.homogeneity, *found.background)]
    assert learned == sorted(learned)  # who rules more out learns no less
    assert (found.claims, found.precision) == (
        (again := attack(release, known, truth="id", claim_at=claim_at, seed=seed)).claims,
        again.precision,
    )


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.sampled_from(AGES), st.sampled_from(ZIPS)), min_size=2, max_size=20),
    st.integers(2, 4),
    st.data(),
)
def test_a_k_anonymous_release_has_no_certain_claim(
    tuples: list[tuple[str, str]], k: int, data: st.DataObject
) -> None:
    rows = [(f"{age}-{code}-{copy}", age, code) for age, code in dict.fromkeys(tuples) for copy in range(k)]
    release = pl.DataFrame(rows, schema=["id", "age", "zip"], orient="row")
    listed = [row for row in rows if data.draw(st.booleans())] or rows[:1]
    known = pl.DataFrame(listed, schema=["id", "age", "zip"], orient="row")
    assert attack(release, known, truth="id").claims == 0
    assert attack(release, known, truth="id", claim_at=1 / k).claims > 0


@settings(deadline=None, max_examples=50)
@given(attacks(), st.integers(1, 7))
def test_blocks_of_any_size_find_the_same_pairs(
    tables: tuple[pl.DataFrame, pl.DataFrame], block: int
) -> None:
    release, known = tables
    try:
        both = make_linkable(
            release, known, {"age": "age", "zip": "zip"}, person=None, truth="id", hierarchies={}
        )
    except BadInput:
        return
    whole = [
        pair
        for blocks in link(both.auxiliary.tuples, both.release.tuples, both.fits)
        for pair in zip(*blocks, strict=True)
    ]
    parts = [
        pair
        for blocks in link(both.auxiliary.tuples, both.release.tuples, both.fits, block=block)
        for pair in zip(*blocks, strict=True)
    ]
    assert sorted(whole) == sorted(parts)
    assert len(set(whole)) == len(whole)
