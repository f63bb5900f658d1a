"""What a rule alone makes of a case of its file, and where that differs from what the file expects."""

from __future__ import annotations

from datetime import date, datetime

from commonseal.law import FACTS, Book, Case, Rule, decide
from commonseal.model import Decision


def decided(rule: Rule, case: Case) -> Decision:
    """Decide a case with the rule alone, its pack adopted, under the law that it belongs to."""
    by_subject = {subject: (rule,) if rule.subject == subject else () for subject in FACTS}
    book = Book(packs=(rule.pack,), rules=(rule,), digest="", by_subject=by_subject)
    law = "eu" if rule.pack.split("/")[0] == "eu" else "cn"
    return decide(
        book, rule.subject, case.given, as_of=case.as_of, adopted=frozenset({rule.pack}), jurisdiction=law
    )


def difference(rule: Rule, case: Case) -> str | None:
    """Say where a case comes out otherwise than its file expects, or None."""
    decision = decided(rule, case)
    treated = [found.treatment for found in decision.findings if found.treatment is not None]
    got: dict[str, object] = {
        "applies": decision.considered[0].applied,
        "outcome": str(decision.outcome),
        "treatment": treated,
        **_effects(decision),
    }
    want: dict[str, object] = {
        "applies": case.applies,
        "outcome": str(case.outcome),
        "treatment": [case.treatment] if case.treatment is not None else [],
        **case.expect,
    }
    if case.limit is not None:
        got["limit"] = rule.parameters[rule.then.limit].on(case.as_of) if rule.then.limit else None
        want["limit"] = case.limit
    if "due_at" in want:
        want["due_at"] = _moment(str(want["due_at"]))
    differing = [
        f"{name}: got {got[name]}, expected {want[name]}" for name in want if got[name] != want[name]
    ]
    return "; ".join(differing) or None


def comes_out(rule: Rule, case: Case) -> bool:
    """Say whether a case comes out as its file expects."""
    return difference(rule, case) is None


def needs(rule: Rule) -> list[str]:
    """Say what the tests of a rule lack for its kind."""
    fired = [case for case in rule.cases if case.applies]
    sanction = rule.then.sanction
    reviewed = rule.citation.status == "needs_review"
    wanted = {
        "due_at": rule.kind == "deadline" and not reviewed,
        "authority": rule.kind == "competence" and not reviewed,
        "fine_max": sanction is not None and (sanction.fine_max or sanction.times_gain_max) and not reviewed,
    }
    missing = [f"a firing test must expect {name}" for name, is_so in wanted.items()
               if is_so and not any(name in case.expect for case in fired)]  # fmt: skip
    if rule.kind in ("threshold", "retention") and not reviewed:
        if len({case.outcome for case in fired}) < 2:
            missing.append("one firing test must keep the limit and one break it")
        if not any(case.limit is not None for case in fired):
            missing.append("a firing test must expect limit")
    return missing


def _effects(decision: Decision) -> dict[str, object]:
    owed = decision.obligations[0] if decision.obligations else None
    named = decision.authorities[0] if decision.authorities else None
    costs = decision.sanctions[0] if decision.sanctions else None
    return {
        "due_at": owed.due_at if owed else None,
        "provisional": owed.provisional if owed else None,
        "authority": {"who": named.who, "tier": named.tier} if named else None,
        "fine_min": costs.fine_min if costs else None,
        "fine_max": costs.fine_max if costs else None,
    }


def _moment(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
