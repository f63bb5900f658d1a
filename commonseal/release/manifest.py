"""Write down what was decided and done: the manifest of a package, and the record of a refusal.

Both are canonical JSON (RFC 8785), sealed by the log; decisions are kept with their facts, in both
languages, so that they can be read and replayed. Nothing personal: counts, rates and names of columns.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import commonseal
from commonseal.law import Book, decision_json
from commonseal.model import Check, Column, Decision, Lang, Risk, Treatment, Verdict
from commonseal.release.agreement import Agreement
from commonseal.release.pipeline import Made, Refusal
from commonseal.seal.canonical import canonical_json, file_hash
from commonseal.source import Table

FORMAT = "commonseal-package-v1"
REFUSAL_FORMAT = "commonseal-refusal-v1"


def manifest(
    made: Made, agreement: Agreement, book: Book, *, data: Path, table: Table, engine: str, as_of: date
) -> dict[str, Any]:
    """Return the manifest of a package; `docs/package.md` documents every field."""
    schema = pl.read_parquet_schema(data)
    return {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "agreement": _agreement(agreement),
        "table": table.name,
        "left_behind": [name for name in table.columns if name not in schema],
        "data": {
            "file": data.name,
            "sha256": file_hash(data),
            "rows": made.rows_out,
            "schema": {name: str(dtype) for name, dtype in schema.items()},
        },
        "columns": [_column(made, column) for column in made.ready.columns],
        "anonymization": _anonymization(made),
        "verdict": verdict_json(made.verdict, "en"),
        "decisions": _decisions(made.decisions),
        "rules": _rules(made.decisions, book),
        "made_with": {"engine": engine, **_versions()},
    }


def refusal(refused: Refusal, agreement: Agreement, book: Book, *, table: str, as_of: date) -> dict[str, Any]:
    """Return the record of a refusal, sealed like a manifest."""
    return {
        "format": REFUSAL_FORMAT,
        "as_of": as_of.isoformat(),
        "agreement": _agreement(agreement),
        "table": table,
        "verdict": verdict_json(refused.verdict, "en") if refused.verdict else None,
        "decisions": _decisions(refused.decisions),
        "rules": _rules(refused.decisions, book),
        "made_with": _versions(),
    }


def verdict_json(verdict: Verdict, lang: Lang) -> dict[str, Any]:
    """Return a verdict in its documented JSON form."""
    return {
        "passed": verdict.passed,
        "before": risk_json(verdict.before),
        "after": risk_json(verdict.after),
        "trace_unicity": verdict.trace_unicity,
        "checks": [_check(check, lang) for check in verdict.checks],
    }


def risk_json(risk: Risk) -> dict[str, Any]:
    """Return measured risk in its documented JSON form."""
    return {**asdict(risk), "class_sizes": [list(pair) for pair in risk.class_sizes]}


def treatment_json(treatment: Treatment | None) -> dict[str, Any] | None:
    """Return a treatment in its documented JSON form."""
    return None if treatment is None else {"operator": treatment.operator, "params": dict(treatment.params)}


def _agreement(agreement: Agreement) -> dict[str, Any]:
    source = dict(agreement.source)
    return {"id": agreement.id, "sha256": hashlib.sha256(canonical_json(source)).hexdigest(), "terms": source}


def _column(made: Made, column: Column) -> dict[str, Any]:
    uses = {agreed.name: agreed.use for agreed in made.ready.agreement.columns}
    return {
        "name": column.name,
        "use": uses.get(column.name, "plain"),
        "category": column.category.id,
        "level": int(column.category.level),
        "confidence": column.confidence,
        "treatment": treatment_json(made.ready.treatments.get(column.name)),
        "bad_values": made.bad_values.get(column.name, 0),
    }


def _anonymization(made: Made) -> dict[str, Any] | None:
    plan, asked = made.plan, made.ready.agreement.asked
    if plan is None:
        return None
    return {
        "asked": asdict(asked),
        "quasi": list(plan.quasi),
        "levels": dict(zip(plan.quasi, plan.levels, strict=True)),
        "heights": {hierarchy.column: hierarchy.height for hierarchy in plan.hierarchies},
        "score": plan.score,
        "suppressed_rows": plan.suppressed_rows,
        "classes": plan.classes,
        "nodes_total": plan.nodes_total,
        "nodes_checked": plan.nodes_checked,
        "optimal": plan.optimal,
    }


def _check(check: Check, lang: Lang) -> dict[str, Any]:
    threshold = check.threshold
    return {
        "measure": threshold.measure,
        "got": check.got,
        "limit": threshold.limit,
        "at_least": threshold.at_least,
        "passed": check.passed,
        "rule": threshold.citation.rule,
        "instrument": threshold.citation.instrument.in_(lang),
        "instrument_zh": threshold.citation.instrument.zh,
        "article": threshold.citation.article,
        "status": threshold.citation.status,
    }


def _decisions(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Keep each decision in English with the Chinese sentences beside it."""
    kept = []
    for decision in decisions:
        stored: dict[str, Any] = dict(decision_json(decision, "en"))
        other = decision_json(decision, "zh")
        stored["findings"] = [
            {
                **english,
                "instrument_zh": chinese["instrument"],
                "message_zh": chinese["message"],
                "remedy_zh": chinese["remedy"],
            }
            for english, chinese in zip(stored["findings"], other["findings"], strict=True)
        ]
        stored["considered"] = [note for note in stored["considered"] if note["applied"]]
        kept.append(stored)
    return kept


def _rules(decisions: Sequence[Decision], book: Book) -> dict[str, Any]:
    """Say which version of the law spoke: the book's digest, and each rule with its effective date."""
    spoke = {finding.citation.rule for decision in decisions for finding in decision.findings}
    spoke |= {note.rule for decision in decisions for note in decision.considered if note.applied}
    return {
        "packs": list(book.packs),
        "digest": book.digest,
        "applied": {
            rule.id: {"pack": rule.pack, "effective_from": rule.effective.start.isoformat()}
            for rule in book.rules
            if rule.id in spoke
        },
    }


def _versions() -> Mapping[str, str]:
    return {
        "commonseal": commonseal.__version__,
        "polars": pl.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
