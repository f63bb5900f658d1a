"""Of any table, each model says what its definition says, written out here in fractions over plain lists."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.judge import measure
from commonseal.judge.models import (
    AverageRisk,
    BasicBetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    RecursiveCLDiversity,
    SampleUniqueness,
    TCloseness,
    count_table,
    holds,
)
from commonseal.judge.models.closeness import distances, exact_distance, in_order
from commonseal.judge.models.closeness_exact import read_tree
from commonseal.judge.models.diversity import enough_entropy
from commonseal.judge.models.held import Model
from commonseal.table import ROWS

Rows = list[tuple[str, str]]
VALUES = "uvwxyz"
TREE = tuple((value, "uvw" if value in "uvw" else "xyz", "*") for value in VALUES)

rows_of = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(VALUES)), min_size=1, max_size=40)
tenths = st.integers(1, 30).map(lambda n: n / 10)


def frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["q", "s"], orient="row")


def classes(rows: Rows) -> list[Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for q, s in rows:
        found[q][s] += 1
    return list(found.values())


def shares(counts: Counter[str]) -> dict[str, Fraction]:
    return {value: Fraction(count, counts.total()) for value, count in counts.items()}


def passes(model: Model, rows: Rows, *, reference: Rows | None = None) -> bool:
    table = None if reference is None else frame(reference)
    return holds(frame(rows), ["q"], model, reference=table).passed


@given(rows_of, st.integers(1, 6))
@settings(deadline=None)
def test_sizes_and_distinct_values(rows: Rows, least: int) -> None:
    assert passes(KAnonymity(least), rows) == all(c.total() >= least for c in classes(rows))
    assert passes(DistinctLDiversity("s", least), rows) == all(len(c) >= least for c in classes(rows))
    average = Fraction(len(classes(rows)), len(rows))
    assert passes(AverageRisk(least / 6), rows) == (float(average) <= least / 6)
    alone = sum(c.total() == 1 for c in classes(rows))
    assert passes(SampleUniqueness(least / 6), rows) == (alone / len(rows) <= least / 6)


@given(rows_of, st.integers(10, 60).map(lambda n: n / 10))
@settings(deadline=None)
def test_entropy(rows: Rows, least: float) -> None:
    written = Fraction(str(least))
    exact = []
    for counts in classes(rows):
        n = counts.total()
        product = math.prod(c**c for c in counts.values())
        exact.append(n**n * written.denominator**n >= written.numerator**n * product)
    assert passes(EntropyLDiversity("s", least), rows) == all(exact)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 6), st.integers(1, 50))
@settings(deadline=None)
def test_entropy_is_of_shares(counts: list[int], least: int, times: int) -> None:
    whole = enough_entropy(tuple(counts), Fraction(least))
    assert whole == enough_entropy(tuple(count * times for count in counts), Fraction(least))
    entropy = -sum(c / sum(counts) * math.log(c / sum(counts)) for c in counts)
    assert whole == (entropy >= math.log(least) - 1e-12)


@given(rows_of, tenths, st.integers(1, 5))
@settings(deadline=None)
def test_recursive(rows: Rows, c: float, l: int) -> None:  # noqa: E741
    written = Fraction(str(c))
    exact = []
    for counts in classes(rows):
        ranked = sorted(counts.values(), reverse=True)
        exact.append(ranked[0] < written * sum(ranked[l - 1 :]))
    assert passes(RecursiveCLDiversity("s", c, l), rows) == all(exact)


def transport(p: dict[str, Fraction], q: dict[str, Fraction], order: list[str], kind: str) -> Fraction:
    """Move earth greedily where greed is optimal: in order along a line, nearest first in a tree."""
    if kind == "equal":
        return sum((abs(p.get(v, Fraction(0)) - q.get(v, Fraction(0))) for v in order), Fraction(0)) / 2
    if kind == "ordered":
        left = [p.get(v, Fraction(0)) for v in order]
        want = [q.get(v, Fraction(0)) for v in order]
        moved, i, j = Fraction(0), 0, 0
        while i < len(order) and j < len(order):
            step = min(left[i], want[j])
            moved += step * abs(i - j)
            left[i] -= step
            want[j] -= step
            i, j = (i + 1, j) if left[i] == 0 else (i, j + 1)
        return moved / max(len(order) - 1, 1)
    moved = Fraction(0)
    left, want = dict(p), dict(q)
    for height in range(3):  # first what lies on itself, then in one branch, then anywhere
        for one in left:
            for two in want:
                near = 0 if one == two else 1 if (one in "uvw") == (two in "uvw") else 2
                if near == height:
                    step = min(left[one], want[two])
                    moved += step * height
                    left[one] -= step
                    want[two] -= step
    return moved / 2


@given(rows_of, rows_of, st.sampled_from(["equal", "ordered", "hierarchical"]), st.integers(0, 20))
@settings(deadline=None)
def test_closeness(rows: Rows, others: Rows, kind: str, twentieths: int) -> None:
    reference = rows + others
    order = sorted({s for _, s in reference})
    whole = shares(Counter(s for _, s in reference))
    far = [transport(shares(c), whole, order, kind) for c in classes(rows)]
    t = twentieths / 20
    model = TCloseness("s", t, kind, TREE)  # type: ignore[arg-type]
    held = holds(frame(rows), ["q"], model, reference=frame(reference))
    assert held.passed == (max(far) <= Fraction(str(t)))
    assert held.classes_failing == sum(d > Fraction(str(t)) for d in far)
    assert abs(held.worst - float(max(far))) < 1e-12


@given(rows_of, rows_of, st.sampled_from(["equal", "ordered", "hierarchical"]))
@settings(deadline=None)
def test_the_two_computations_of_a_distance_agree(rows: Rows, others: Rows, kind: str) -> None:
    spread = count_table(frame(rows), ["q"]).spread("s", frame(rows + others))
    tree = read_tree(spread.values, TREE, "s")
    spread = in_order(spread)
    for number, far in enumerate(distances(spread, kind, tree)):  # type: ignore[arg-type]
        assert abs(far - float(exact_distance(spread, number, kind, tree))) < 1e-12  # type: ignore[arg-type]


@given(rows_of, rows_of, tenths)
@settings(deadline=None)
def test_delta_and_beta(rows: Rows, others: Rows, limit: float) -> None:
    reference = rows + others
    q = shares(Counter(s for _, s in reference))
    p = [shares(c) for c in classes(rows)]
    delta = all(all(v in c and abs(math.log(c[v] / q[v])) < limit for v in q) for c in p)
    assert passes(DeltaDisclosure("s", limit), rows, reference=reference) == delta
    present = all(all(abs(math.log(c[v] / q[v])) < limit for v in c) for c in p)
    assert passes(DeltaDisclosure("s", limit, present_only=True), rows, reference=reference) == present
    beta = Fraction(str(limit))
    basic = all(all((c[v] - q[v]) / q[v] <= beta for v in c) for c in p)
    assert passes(BasicBetaLikeness("s", limit), rows, reference=reference) == basic
    capped = all(all((c[v] - q[v]) / q[v] <= -math.log(q[v]) for v in c) for c in p)
    assert passes(EnhancedBetaLikeness("s", limit), rows, reference=reference) == (basic and capped)


@given(rows_of, rows_of, st.integers(1, 6), st.integers(1, 10))
@settings(deadline=None)
def test_models_against_a_population(rows: Rows, others: Rows, k: int, tenth: int) -> None:
    people = rows + others
    inside, everybody = Counter(q for q, _ in rows), Counter(q for q, _ in people)
    k_map = holds(frame(rows), ["q"], KMap(k), population=frame(people))
    assert k_map.passed == all(everybody[q] >= k for q in inside)
    presence = holds(frame(rows), ["q"], DeltaPresence(0.1, tenth / 10), population=frame(people))
    share = [Fraction(inside[q], number) for q, number in everybody.items()]
    assert presence.passed == all(Fraction(1, 10) <= each <= Fraction(tenth, 10) for each in share)


@given(rows_of)
@settings(deadline=None)
def test_the_release_measures_agree(rows: Rows) -> None:
    """`measure` and the models count by different means."""
    counted = frame(rows).group_by("q", "s").agg(pl.len().alias(ROWS))
    risk = measure(counted, ["q"], sensitive="s")
    assert risk.smallest_class == holds(counted, ["q"], KAnonymity(1)).worst
    assert risk.smallest_l == holds(counted, ["q"], DistinctLDiversity("s", 1)).worst
    assert risk.highest_t is not None
    assert abs(risk.highest_t - holds(counted, ["q"], TCloseness("s", 1)).worst) < 1e-12
