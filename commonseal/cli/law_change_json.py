"""What `law_change` finds, as documented JSON (docs/reference/cli.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from commonseal.cli.words import LANG, read
from commonseal.law import (
    OUTCOMES,
    Changed,
    Comparison,
    Coverage,
    InstrumentDiff,
    Overlay,
    Rule,
    Shelf,
    Simulation,
    decision_json,
)

_Json = Mapping[str, object]


def diff_json(first: date, second: date, found: Sequence[InstrumentDiff]) -> _Json:
    """Return a diff as JSON."""
    return {
        "from": first.isoformat(),
        "to": second.isoformat(),
        "instruments": [
            {
                "instrument": read(part.instrument),
                "begins": [_rule(rule) for rule in part.begins],
                "ends": [_rule(rule) for rule in part.ends],
                "replaces": [_changed(pair) for pair in part.replaces],
                "changes": [_changed(change) for change in part.changes],
            }
            for part in found
        ],
    }


def simulation_json(name: str, overlay: Overlay, found: Simulation, shelf: Shelf) -> _Json:
    """Return a simulation as JSON: every turn, every consequence that changes."""
    return {
        "change": name,
        "replaced": list(overlay.replaced),
        "added": list(overlay.added),
        "decisions": found.decisions,
        "turned": len(found.turns),
        "flows": [
            {"before": str(before), "after": str(after), "count": found.flows[before, after]}
            for before in OUTCOMES
            for after in OUTCOMES
            if (before, after) in found.flows
        ],
        "by_rule": [
            {"rule": rule, "graver": graver, "milder": milder}
            for rule, (graver, milder) in found.by_rule.items()
        ],
        "turns": [
            {
                "where": turn.where,
                "subject": turn.subject,
                "as_of": turn.as_of.isoformat(),
                "before": str(turn.before),
                "after": str(turn.after),
                "rules": list(turn.rules),
            }
            for turn in found.turns
        ],
        "shifts": [
            {"where": s.where, "kind": s.kind, "rule": s.rule, "before": s.before, "after": s.after}
            for s in found.shifts
        ],
        "drifted": list(found.drifted),
        "passed_over": list(shelf.passed_over),
    }


def coverage_json(found: Coverage) -> _Json:
    """Return the coverage as JSON."""
    return {
        "articles": len(found.articles),
        "covered": len(found.articles) - len(found.uncovered),
        "uncovered": [
            {
                "row": article.row,
                "instrument": read(article.instrument),
                "article": article.article,
                "reason": read(article.reason) if article.reason is not None else None,
            }
            for article in found.uncovered
        ],
        "sections": [
            {"section": s.section, "title": read(s.title), "rules": list(s.rules)} for s in found.sections
        ],
        "facts": found.facts,
        "unread": [
            {"subject": subject, "fact": fact.name, "title": read(fact.title)}
            for subject, fact in found.unread
        ],
        "faults": [read(fault) for fault in found.faults],
    }


def comparison_json(found: Comparison) -> _Json:
    """Return a comparison as JSON: each decision as `law check` prints it."""
    return {
        "subject": found.subject,
        "as_of": found.as_of.isoformat(),
        "agrees": found.agrees,
        "decisions": [decision_json(decision, LANG) for decision in found.decisions],
    }


def _rule(rule: Rule) -> _Json:
    end = rule.effective.end
    return {
        "rule": rule.id,
        "article": rule.citation.article,
        "title": read(rule.title),
        "status": rule.citation.status,
        "from": rule.effective.start.isoformat(),
        "to": end.isoformat() if end is not None else None,
    }


def _changed(change: Changed) -> _Json:
    return {
        **_rule(change.rule),
        "before": _rule(change.before) if change.before is not None else None,
        "parameters": [
            {
                "name": number.name,
                "unit": number.unit,
                "before": number.before,
                "after": number.after,
                "since": number.since.isoformat(),
                "reference": [reference.title for reference in number.references],
            }
            for number in change.numbers
        ],
    }
