"""Measure what an anonymization left, for the page of pictures."""

from __future__ import annotations

import importlib.util

import numpy as np

from commonseal.anonymize import Plan
from commonseal.anonymize.recode.boxes import Boxes
from commonseal.anonymize.recode.recoded import Recoded
from commonseal.anonymize.utility.prediction import Accuracy, accuracy
from commonseal.classify import spread
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.release.anonymize_config import Config
from commonseal.release.anonymized import Anonymized, nulls_alike, require
from commonseal.release.transformed import with_ends
from commonseal.release.utility_facts import UtilityFacts, utility_facts
from commonseal.source import open_table

PREDICTED_ROWS = 50_000  # rows on which a target is predicted, spread over the table
PREDICTION_SEED = 1
_ROW = "__row__"


def utility(config: Config, anonymized: Anonymized) -> UtilityFacts:
    """Measure what is left of a finished anonymization, and what every other k would have brought.

    Raises: BadInput for a transformation whose labels stand in no hierarchy (`require_measurable` tells), or without the
        extra that predicts a target.
    """
    done = anonymized.done
    if isinstance(done, Boxes):
        raise BadInput(_unmeasurable(config.transformation))
    if anonymized.input is None:
        raise ValueError("the compressed input was not kept: anonymize(..., keep=True)")
    k = max((int(m.params["k"]) for m in config.asked.models if m.name == "k_anonymity"), default=None)
    trial = _predicted(config, done) if config.target is not None else None
    return utility_facts(
        anonymized.table,
        anonymized.input.tuples,
        anonymized.input.units,
        done,
        config.asked,
        k=k,
        accuracy=trial,
        aids=anonymized.input.aids,
    )


def require_measurable(config: Config) -> None:
    """Raise BadInput, before any work, where a report cannot be made of what is asked."""
    if config.transformation in ("mondrian", "microaggregation"):
        raise BadInput(_unmeasurable(config.transformation))
    if config.target is not None and importlib.util.find_spec("sklearn") is None:
        raise BadInput(
            Text(
                en="target: predicting needs scikit-learn: pip install 'commonseal[utility]'",
                zh="target：预测需要 scikit-learn：pip install 'commonseal[utility]'",
            )
        )


def _unmeasurable(transformation: str) -> Text:
    return Text(
        en=f"a report weighs labels by their hierarchies; those of {transformation} stand in none",
        zh=f"报告按泛化层级衡量标签；{transformation} 的标签不在层级中",
    )


def _predicted(config: Config, done: Plan | Recoded) -> Accuracy:
    target = str(config.target)
    table = open_table(config.table)
    require(table, [target])
    table, _ = with_ends(config, nulls_alike(table, config.quasi))
    wanted = list(dict.fromkeys([*config.quasi, target]))
    original = spread(table.frame.select(wanted), PREDICTED_ROWS, seekable=table.kind == "parquet")
    released = done.apply(original.with_row_index(_ROW))
    kept = np.zeros(original.height, dtype=bool)
    kept[released[_ROW].to_numpy()] = True
    features = [column for column in config.quasi if column != target]
    return accuracy(original, released.drop(_ROW), features, target, seed=PREDICTION_SEED, kept=kept)
