"""Claim: at least 20,000 full decisions a second on one core over the rules on sharing, and all packs load in under 1 s.

A full decision has its outcome, findings in both languages, obligations with their last day, authorities, and
every rule considered with the reason. Cedar (`cedarpy`, a policy engine in Rust that answers allow or deny) runs its
batch over the same conditions and facts in the same run, in an environment of its own, for scale.

    python benchmarks/law_decisions.py [--cedar]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import date

from release_10m import BUILD

from commonseal.law import FACTS, Book, Kind, Rule, decide, load_book
from commonseal.law.fact import FactType

SUBJECT = "share_request"
DAY = date(2026, 3, 2)
CITY = frozenset({"city"})
DECISIONS = 20_000
CEDAR = """
import json, sys, time, cedarpy
policies, requests, entities = json.load(sys.stdin)
cedarpy.is_authorized_batch(requests[:100], policies, entities)
started = time.perf_counter()
answers = cedarpy.is_authorized_batch(requests, policies, entities)
print(len(answers) / (time.perf_counter() - started))
"""


COURSE = {
    "received_at",
    "answered_at",
    "agreed_at",
    "delivered_at",
}  # what happens to every request; the rest is null
LATER = {"refusal_reason", "bar_reference"}

# facts that are true of a request in good order; every other flag is false, every count enough
GOOD = {
    "head_approved", "answer_approved", "material_complete", "missing_told_once", "extension_told", "on_platform",
    "provider_consent", "leak_measures", "disposed", "change_filed", "returned", "entrust_approved", "entrust_supervised",
    "negotiated", "good_reason",
}  # fmt: skip


def request(turn: int) -> dict[str, object]:
    """Return a request with every fact given, in good order but for the two facts that the turn picks."""
    facts = {name: _value(fact, turn) for name, fact in FACTS[SUBJECT].items()}
    names = list(facts)
    for step in (2_654_435_761, 40_503):
        name = names[turn * step // 128 % len(names)]
        fact = FACTS[SUBJECT][name]
        if fact.kind == Kind.FLAG:
            facts[name] = not facts[name]
        elif fact.nullable:
            facts[name] = None
    return facts


def _value(fact: FactType, turn: int) -> object:
    if fact.choices:
        return fact.choices[turn % len(fact.choices)]
    if fact.kind == Kind.FLAG:
        return fact.name in GOOD
    if fact.name in LATER or (fact.nullable and fact.name.endswith("_at") and fact.name not in COURSE):
        return None
    return {Kind.COUNT: 0 if fact.name.startswith("paused") else 2000, Kind.AMOUNT: 2000.0, Kind.RATE: 1.0, Kind.TEXT: "x", Kind.DATE: "2026-02-27",
            Kind.MOMENT: f"2026-02-{turn % 27 + 1:02}T{turn % 24:02}:{turn % 60:02}:00+08:00", Kind.LIST: ("x",), Kind.LEVEL: 3}[fact.kind]  # fmt: skip


def ours(book: Book, cases: list[dict[str, object]]) -> float:
    """Decisions a second of CPU time, the median of five turns."""
    speeds = []
    for _ in range(5):
        started = time.process_time()
        for facts in cases:
            decide(book, SUBJECT, facts, as_of=DAY, adopted=CITY)  # type: ignore[arg-type]
        speeds.append(len(cases) / (time.process_time() - started))
    return statistics.median(speeds)


def load_seconds() -> float:
    """Seconds of a fresh process that imports and loads all packs, less one that imports."""

    def run(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - started

    return min(run("import commonseal.law as l; l.load_book()") for _ in range(3)) - min(
        run("import commonseal.law") for _ in range(3)
    )


def cedar_text(rules: list[Rule]) -> str:
    """Write the conditions that Cedar can read as `forbid` policies; the rest are counted out."""
    lines = ["permit(principal, action, resource);"]
    for rule in rules:
        words = rule.condition.source.replace(f"{SUBJECT}.", "context.")
        for name, value in rule.params_on(DAY).items():
            words = words.replace(f"param.{name}", str(value))
        if any(sign in words for sign in ("null", "size", "exists", " in ")):
            continue
        lines.append(f"forbid(principal, action, resource) when {{ {words} }};")
    return "\n".join(lines)


def cedar_speed(policies: str, cases: list[dict[str, object]]) -> float:
    venv = BUILD / "cedarpy"
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", "cedarpy"], check=True)
    requests = [
        {"principal": 'User::"a"', "action": 'Action::"share"', "resource": 'Data::"d"',
         "context": {n: v for n, v in facts.items() if isinstance(v, str | bool | int)}}
        for facts in cases
    ]  # fmt: skip
    said = subprocess.run([venv / "bin/python", "-W", "ignore", "-c", CEDAR], check=True, capture_output=True,
                          text=True, input=json.dumps([policies, requests, []]))  # fmt: skip
    return float(said.stdout.split()[-1])


def main() -> None:
    book = load_book()
    rules = [rule for rule in book.by_subject[SUBJECT] if not rule.pack.startswith("eu")]
    cases = [request(turn) for turn in range(DECISIONS)]
    first = decide(book, SUBJECT, cases[0], as_of=DAY, adopted=CITY)  # type: ignore[arg-type]
    print(
        f"{len(rules)} rules, {len(cases[0])} facts; the first case: {first.outcome}, {len(first.findings)} findings, "
        f"{len(first.obligations)} obligations, {len(first.considered)} considered"
    )
    speed = ours(book, cases)
    print(f"full decisions a second, one core: {speed:,.0f} (claim: 20,000)")
    print(f"load of all packs, {len(book.rules)} rules: {load_seconds():.2f} s (claim: under 1)")
    if "--cedar" in sys.argv:
        policies = cedar_text(rules)
        theirs = cedar_speed(policies, cases)
        print(
            f"cedarpy, batch, {policies.count('forbid')} of the conditions, allow or deny only: {theirs:,.0f} a second; "
            f"ours / theirs: {speed / theirs:.2f}"
        )


if __name__ == "__main__":
    main()
