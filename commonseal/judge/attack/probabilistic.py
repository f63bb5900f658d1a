"""Link by probabilities: an attacker whose table has errors and gaps still finds people.

Fellegi and Sunter's model, computed by Splink 5 on DuckDB: how often a column agrees by chance is counted in the
two tables; how often it disagrees among true pairs is assumed. (Splink can estimate that by EM, without
labels. On columns of few values, such as quasi-identifiers are, it does not find the true pairs: on the
adult data it fitted noise.) Known values are first written as the label they stand behind, so like is
compared with like; what fits no label stays, and may be a slip of the pen.

Splink gives the odds w of each pair of tuples. A known person has one place at most, and so has a released
one: the probability of a pair is w over 1 plus the odds of all its rivals, the poorer of both sides.
Sources: Fellegi, Sunter, "A theory for record linkage", JASA 64 (1969); moj-analytical-services/splink.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from commonseal.errors import BadInput
from commonseal.judge.attack.blocking import blocking
from commonseal.judge.attack.codes import Ints
from commonseal.judge.attack.labels import Fit
from commonseal.judge.attack.sides import Linkable, Side
from commonseal.model import Text

FEW_LABELS = 50  # a column of fewer labels is compared for equality only: a slip would hit another label
SHORT = 5  # and so is one with shorter values
SLIP = 0.05  # what the attacker believes beforehand: one cell in twenty that he knows is wrong,
PRESENT = 0.5  # and every second person that he knows is in the release
SAMPLE = 1_000_000  # pairs of chance values whose distance is measured
RAREST = 1e-6
_SURE = 1 - 1e-12


def probable_candidates(tables: Linkable, *, claim_at: float, seed: int) -> pl.DataFrame:
    """Return who may be whom with at least `claim_at`: (known, released, probability).

    Args: seed: of the random sampling.
    Raises: BadInput where Splink is not installed, or fewer than two columns agree.
    """
    if len(tables.fits) < 2:
        raise BadInput(
            Text(
                en="a probabilistic attack weighs columns against each other: it needs at least two that agree; "
                "use --method exact",
                zh="概率攻击需权衡多列：至少需要两列相符；请用 --method exact",
            )
        )
    names = [f"c{place}" for place in range(len(tables.fits))]
    released, known = _released(tables, names), _known(tables, names)
    return _persons(_weigh(_predict(released, known, names, seed), tables), tables, claim_at)


def _released(tables: Linkable, names: Sequence[str]) -> pl.DataFrame:
    """Write each class with its labels; what is hidden becomes null, which Splink passes over."""
    columns = []
    for name, (labels, _), fit, codes in zip(
        names, tables.texts, tables.fits, tables.release.tuples.T, strict=True
    ):
        hidden = np.isin(np.arange(len(labels)), list(fit.open_labels))
        shown = pl.select(pl.when(~pl.Series(hidden)).then(labels)).to_series()
        columns.append(shown[codes].alias(name))
    return pl.DataFrame(columns).with_row_index("unique_id")


def _known(tables: Linkable, names: Sequence[str]) -> pl.DataFrame:
    """Write each known tuple with the labels that its values stand behind, the commonest where several fit."""
    columns = []
    for name, (labels, values), fit, codes, of in zip(
        names, tables.texts, tables.fits, tables.auxiliary.tuples.T, tables.release.tuples.T, strict=True
    ):
        upward = _upward(fit, np.bincount(of, minlength=len(labels)))
        told = pl.select(
            pl.when(pl.Series(upward >= 0)).then(labels[np.maximum(upward, 0)]).otherwise(values)
        )
        columns.append(told.to_series()[codes].alias(name))
    return pl.DataFrame(columns).with_row_index("unique_id")


def _upward(fit: Fit, often: Ints) -> Ints:
    """Choose for each value the commonest label that tells something; -1 where there is none."""
    value = np.repeat(np.arange(len(fit.start) - 1), np.diff(fit.start))
    telling = ~np.isin(fit.label, list(fit.open_labels))
    value, label = value[telling], fit.label[telling]
    order = np.lexsort((label, often[label], value))
    chosen = np.full(len(fit.start) - 1, -1, dtype=np.int64)
    chosen[value[order]] = label[order]
    return chosen


def _predict(released: pl.DataFrame, known: pl.DataFrame, names: Sequence[str], seed: int) -> pl.DataFrame:
    """Fit the model and return the odds of the pairs that a blocking rule makes: (tuple, class, odds)."""
    try:
        import duckdb  # all of an extra, and slow to load
        import splink
    except ImportError as fault:
        raise _not_installed() from fault
    random = np.random.default_rng(seed)
    rules = blocking(released, known, names)
    with tempfile.TemporaryDirectory(
        prefix="commonseal-"
    ) as spool:  # DuckDB spills clear data: keep it private
        connection = duckdb.connect(":memory:", config={"temp_directory": spool})
        comparisons = [_comparison(connection, released[name], known[name], random) for name in names]
        settings = splink.SettingsCreator(
            link_type="link_only",
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=[splink.block_on(*rule) for rule in rules],
            probability_two_random_records_match=PRESENT / max(2, released.height),
            retain_matching_columns=False,
        )
        database = splink.DuckDBAPI(connection)
        sides = [
            database.register(frame.to_arrow(), dataset_display_name=name)
            for name, frame in (("known", known), ("released", released))
        ]
        linker = splink.Linker(sides, settings, log_level="CRITICAL")
        found = linker.inference.predict(threshold_match_probability=1e-6, warning_mode="never")
        pairs: Any = pl.from_arrow(found.as_pyarrow_table())  # type: ignore[no-untyped-call]
        connection.close()
    turned = pl.col("source_dataset_l") == "released"
    left, right = pl.col("unique_id_l").cast(pl.Int64), pl.col("unique_id_r").cast(pl.Int64)
    sure = pl.col("match_probability").clip(0, _SURE)
    frame: pl.DataFrame = pairs.select(
        pl.when(turned).then(right).otherwise(left).alias("tuple"),
        pl.when(turned).then(left).otherwise(right).alias("class"),
        (sure / (1 - sure)).alias("odds"),
    )
    return frame


def _comparison(connection: Any, released: pl.Series, known: pl.Series, random: np.random.Generator) -> Any:
    """Compare a column: long text of many values letter by letter, all else for equality only.

    Chance agreement is counted, not sampled: Splink's sample is not the same twice for one seed, and its
    noise alone turned every claim on the adult data into none (seen with 5.0.0).
    """
    from splink import comparison_library as compare  # an extra, and slow to load

    often = [side.drop_nulls().value_counts(name="often") for side in (released, known)]
    places = max(1, released.drop_nulls().len()) * max(1, known.drop_nulls().len())
    both = often[0].join(often[1], on=released.name)
    agree = float((both["often"].cast(pl.Float64) * both["often_right"]).sum() or 0) / places
    agree = min(max(agree, RAREST), 1 - RAREST)
    short = bool((released.str.len_chars() < SHORT).any())
    if often[0].height <= FEW_LABELS or short:
        exact = compare.ExactMatch(released.name)
        return exact.configure(m_probabilities=[1 - SLIP, SLIP], u_probabilities=[agree, 1 - agree])
    one, two = _near(connection, released, known, random)
    return compare.LevenshteinAtThresholds(released.name, [1, 2]).configure(
        m_probabilities=[1 - SLIP, SLIP / 2, SLIP / 4, SLIP / 4],
        u_probabilities=[agree, one, two, max(RAREST, 1 - agree - one - two)],
    )


def _near(
    connection: Any, released: pl.Series, known: pl.Series, random: np.random.Generator
) -> tuple[float, float]:
    """Return how often two chance values are one, and two letters apart, by a sample of pairs."""
    sides = [side.drop_nulls() for side in (released, known)]
    here, there = (side[random.integers(0, len(side), SAMPLE)].alias("text") for side in sides)
    pairs = pl.DataFrame({"here": here, "there": there}).group_by("here", "there").len().to_arrow()
    connection.register("chance", pairs)
    apart = connection.execute(
        "SELECT levenshtein(here, there) AS apart, sum(len) FROM chance GROUP BY apart"
    ).fetchall()
    connection.unregister("chance")
    count = {int(letters): int(often) for letters, often in apart}
    return max(RAREST, count.get(1, 0) / SAMPLE), max(RAREST, count.get(2, 0) / SAMPLE)


def _weigh(odds: pl.DataFrame, tables: Linkable) -> pl.DataFrame:
    """Turn odds into probabilities, each person having one place: (tuple, class, probability)."""
    sizes = [
        side.held.group_by("tuple").agg(size=pl.len().cast(pl.Float64))
        for side in (tables.release, tables.auxiliary)
    ]
    both = odds.join(sizes[0].rename({"tuple": "class", "size": "released"}), on="class").join(
        sizes[1].rename({"size": "known"}), on="tuple"
    )
    rivals = pl.max_horizontal(
        (pl.col("odds") * pl.col("released")).sum().over("tuple"),
        (pl.col("odds") * pl.col("known")).sum().over("class"),
    )
    return both.select("tuple", "class", probability=pl.col("odds") / (1 + rivals))


def _persons(pairs: pl.DataFrame, tables: Linkable, claim_at: float) -> pl.DataFrame:
    """Say the same of persons, where it is likely enough to be claimed."""
    likely = pairs.filter(pl.col("probability") >= claim_at)
    named = likely.join(_of(tables.auxiliary, "known", "tuple"), on="tuple")
    named = named.join(_of(tables.release, "released", "class"), on="class")
    best = named.group_by("known", "released").agg(pl.col("probability").max())
    return best.select("known", "released", "probability")


def _of(side: Side, person: str, tuples: str) -> pl.DataFrame:
    return side.held.select(pl.col("person").alias(person), pl.col("tuple").alias(tuples))


def _not_installed() -> BadInput:
    return BadInput(
        Text(
            en="a probabilistic attack needs Splink: pip install 'commonseal[attack]', or use --method exact",
            zh="概率攻击需要 Splink：请执行 pip install 'commonseal[attack]'，或使用 --method exact",
        )
    )
