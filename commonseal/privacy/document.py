"""Write a question and its answer as JSON documents: what the ledger keeps and `--json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commonseal.privacy.ledger import Account, Refusal, decimal_text
from commonseal.privacy.measure import Estimate, Measured
from commonseal.privacy.query import Count, Histogram, Quantile, Query, Statistic

RANDOMNESS = "OpenDP: OpenSSL's generator, seeded by the operating system; no seed"


def query_document(query: Query) -> dict[str, Any]:
    """Return a question whole, so that its hash names it."""
    return {
        "dataset": query.dataset,
        "recipient": query.recipient,
        "by": {name: list(values) for name, values in query.by},
        "person": query.person,
        "max_rows_per_person": query.max_rows,
        "max_groups_per_person": query.max_groups,
        "seed": query.seed,
        "statistics": [_asked(statistic) for statistic in query.statistics],
    }


def answer_document(
    query: Query, measured: Sequence[Measured], account: Account, entry: int
) -> dict[str, Any]:
    """Return the documented JSON of an answer (docs/privacy.md)."""
    return {
        "outcome": "answered",
        "dataset": query.dataset,
        "recipient": query.recipient,
        "entry": entry,
        "privacy": _privacy(query),
        "budget": budget_document(account),
        "statistics": [_told(each, query) for each in measured],
    }


def refusal_document(refusal: Refusal) -> dict[str, Any]:
    """Return the documented JSON of a refusal."""
    return {
        "outcome": "refused",
        "dataset": refusal.account.dataset,
        "recipient": refusal.account.recipient,
        "asked": float(refusal.asked),
        "budget": budget_document(refusal.account),
    }


def budget_document(account: Account) -> dict[str, float]:
    """Return an account's numbers; exact in the ledger, the nearest floats here."""
    return {
        "granted": float(account.granted),
        "spent": float(account.spent),
        "left": float(account.left),
    }


def _privacy(query: Query) -> dict[str, Any]:
    rows = "all rows of one person" if query.person is not None else "one row"
    return {
        "definition": "pure differential privacy",
        "epsilon": float(query.epsilon),
        "unit": "row" if query.person is None else "person",
        "neighbours": f"tables of which one holds {rows} more",
        "max_rows_per_person": query.max_rows,
        "max_groups_per_person": query.max_groups,
        "composition": "statistics add up; disjoint groups cost once",
        "randomness": RANDOMNESS,
    }


def _asked(statistic: Statistic) -> dict[str, Any]:
    told: dict[str, Any] = {
        "statistic": type(statistic).__name__.lower(),
        "epsilon": decimal_text(statistic.epsilon),
    }
    if isinstance(statistic, Count):
        return {**told, "of": statistic.of}
    told["column"] = statistic.column
    if isinstance(statistic, Histogram):
        edges, categories = list(statistic.edges), list(statistic.categories)
        return {**told, "of": statistic.of, "edges": edges, "categories": categories}
    told["bounds"] = [statistic.lower, statistic.upper]
    if isinstance(statistic, Quantile):
        return {**told, "at": list(statistic.at), "candidates": statistic.candidates}
    return told


def _told(measured: Measured, query: Query) -> dict[str, Any]:
    statistic = measured.statistic
    return {
        "statistic": type(statistic).__name__.lower(),
        "column": None if isinstance(statistic, Count) else statistic.column,
        "of": measured.of,
        "epsilon": float(statistic.epsilon),
        "noise": [
            {
                "part": noise.part,
                "mechanism": noise.mechanism,
                "epsilon": noise.epsilon,
                "sensitivity": noise.sensitivity,
                "scale": noise.scale,
            }
            for noise in measured.noise
        ],
        "values": [_value(estimate, query) for estimate in measured.estimates],
    }


def _value(estimate: Estimate, query: Query) -> dict[str, Any]:
    names = [name for name, _ in query.by]
    told: dict[str, Any] = {"group": dict(zip(names, estimate.group, strict=True))}
    if estimate.bin is not None:
        told["bin"] = estimate.bin
    if estimate.at is not None:
        told["at"] = estimate.at
    told["value"] = estimate.value
    if estimate.rank_within is not None:
        return {**told, "rank_accuracy_95": estimate.rank_within}
    low, high = estimate.low, estimate.high
    accuracy = None if low is None or high is None else max(high - estimate.value, estimate.value - low)
    return {**told, "accuracy_95": accuracy, "low_95": low, "high_95": high}
