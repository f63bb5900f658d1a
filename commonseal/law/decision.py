"""Ask a lawbook: which rules apply to these facts today, and what do they say together?

The invariants:
- the same book, facts, day and adopted packs give the same decision: no clock, no randomness;
- every rule of the subject stands in `considered`, with the reason why it did or did not apply;
- `model` rules decide only where their pack is adopted, and never where they conflict with national
  law; `needs_review` rules warn: their findings are CONDITIONAL and leave the outcome alone;
- a rule that cannot be told (a fact is missing) makes the outcome UNDETERMINED, which counts as no;
- a permission that cannot be told is not needed, so it makes nothing undetermined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commonseal.errors import BadInput
from commonseal.law.cel_core import cel
from commonseal.law.conflict import settle
from commonseal.law.facts import Value, typed_facts
from commonseal.law.message import fill
from commonseal.law.rule import Book, Number, Rule
from commonseal.law.why import reason
from commonseal.model import Considered, Decision, Fact, Finding, Outcome, Text, Threshold

MAX_STEPS = 100_000
_GRAVITY = (Outcome.FORBIDDEN, Outcome.UNDETERMINED, Outcome.CONDITIONAL, Outcome.ALLOWED)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: typed facts of a subject on a day, under the packs that are adopted."""

    subject: str
    facts: Mapping[str, Value]
    as_of: date
    adopted: frozenset[str]
    covered: frozenset[str]  # the book's packs that are adopted, by name or with one around them
    context: cel.Context

    def holds(self, rule: Rule) -> bool | None:
        """Say whether a rule's condition holds; None where it cannot be told."""
        if rule.condition.params:
            self.context.add_variable("param", rule.params_on(self.as_of))
        return rule.condition.holds(self.context)

    def why_silent(self, rule: Rule) -> str | None:
        """Return why a rule has no say on that day, or None where it has."""
        period = rule.effective
        if self.as_of < period.start:
            return reason("not yet", day=period.start.isoformat())
        if period.end is not None and self.as_of > period.end:
            return reason("ended", day=period.end.isoformat())
        if rule.citation.status != "model":
            return None
        if rule.pack not in self.covered:
            return reason("not adopted", pack=rule.pack)
        return reason("conflicts") if rule.stands == "conflicts" else None


def ask(
    book: Book, subject: str, facts: Mapping[str, Fact], as_of: date, adopted: frozenset[str]
) -> Question:
    """Check the facts and make them ready for conditions. Raises: BadInput."""
    values = typed_facts(subject, facts, as_of=as_of)
    longest = max((len(value) for value in values.values() if isinstance(value, list)), default=0)
    deepest = max((rule.condition.nesting for rule in book.by_subject[subject]), default=0)
    if longest ** max(deepest, 1) > MAX_STEPS:
        raise BadInput(
            Text(
                en=f"{subject}: a list of {longest} entries in rules that loop {max(deepest, 1)} deep, "
                f"expected at most {MAX_STEPS} steps; split the agreement",
                zh=f"{subject}：列表有 {longest} 项，规则循环 {max(deepest, 1)} 层，最多 {MAX_STEPS} 步；请拆分协议",
            )
        )
    covered = frozenset(pack for pack in book.packs if _covered(pack, adopted))
    return Question(subject, values, as_of, adopted, covered, cel.Context({subject: values}))


def decide(
    book: Book, subject: str, facts: Mapping[str, Fact], *, as_of: date, adopted: frozenset[str]
) -> Decision:
    """Decide on one subject: `agreement`, `column` or `release`.

    Args:
        facts: by name, of the types in `FACTS`; a fact left out is missing, not false.
        as_of: the day whose law decides.
        adopted: packs whose model rules decide; `city` adopts all packs under it.

    Returns: the outcome (the gravest: forbidden, undetermined, conditional, allowed), findings gravest
        first, and every rule considered, in the order of the book. A release is measured against its
        thresholds: a measure that is missing or null makes it undetermined.
    Raises: BadInput: a fact that is not declared or not of its type.
    """
    question = ask(book, subject, facts, as_of, adopted)
    notes: dict[str, Considered] = {}
    fired: list[Rule] = []
    findings: list[Finding] = []
    for rule in book.by_subject[subject]:
        silent = question.why_silent(rule)
        holds = question.holds(rule) if silent is None else False
        if silent is not None:
            notes[rule.id] = Considered(rule.id, False, silent)
        elif holds is None:
            notes[rule.id] = Considered(rule.id, False, _untold(rule, question))
            if rule.kind != "permission" and rule.citation.status != "needs_review":
                findings.append(_undetermined(rule, question))
        elif not holds:
            notes[rule.id] = Considered(rule.id, False, reason("not met"))
        elif rule.citation.status == "needs_review":
            notes[rule.id] = Considered(rule.id, True, reason("warns"))
            findings.append(_finding(rule, question, Outcome.CONDITIONAL))
        elif rule.kind == "threshold":
            notes[rule.id], broken = _measure(rule, question)
            findings += [broken] if broken is not None else []
        else:
            notes[rule.id] = Considered(rule.id, True, reason("applies"))
            fired.append(rule)
    standing, yielded = settle(fired)
    notes.update({note.rule: note for note in yielded})
    findings += [_finding(rule, question, rule.then.outcome) for rule in standing]
    return Decision(
        outcome=_together(findings),
        as_of=as_of,
        findings=tuple(sorted(findings, key=lambda found: _GRAVITY.index(found.outcome))),
        considered=tuple(notes[rule.id] for rule in book.by_subject[subject]),
        facts={subject: _kept(question.facts), "adopted": tuple(sorted(adopted))},
    )


def thresholds(
    book: Book, facts: Mapping[str, Fact], *, as_of: date, adopted: frozenset[str]
) -> tuple[Threshold, ...]:
    """Return the limits that a release must meet: for each measure the strictest in force.

    Args: facts: of `release`, known before it is measured (sharing_mode, has_sensitive, linked, ...).
    Raises: BadInput: a fact that is not declared; or one is missing that a threshold in force needs,
        for a limit that cannot be told must not be left out.
    """
    question = ask(book, "release", facts, as_of, adopted)
    strictest: dict[tuple[str, bool], Threshold] = {}
    untold: set[str] = set()
    for rule in book.by_subject["release"]:
        if rule.kind != "threshold" or rule.citation.status == "needs_review":
            continue
        if question.why_silent(rule) is not None:
            continue
        holds = question.holds(rule)
        if holds is None:
            untold |= rule.condition.reads - question.facts.keys()
        elif holds:
            found = _threshold(rule, question)
            other = strictest.get((found.measure, found.at_least))
            if other is None or _stricter(found, other):
                strictest[(found.measure, found.at_least)] = found
    if untold:
        names = ", ".join(f"release.{name}" for name in sorted(untold))
        raise BadInput(
            Text(en=f"thresholds: not given: {names}; give them", zh=f"阈值：缺少事实 {names}，请补充")
        )
    return tuple(strictest.values())


def _covered(pack: str, adopted: frozenset[str]) -> bool:
    """Say whether a pack or one around it is adopted."""
    return any(pack == name or pack.startswith(f"{name}/") for name in adopted)


def _together(findings: list[Finding]) -> Outcome:
    deciding = [found.outcome for found in findings if found.citation.status != "needs_review"]
    return min(deciding, key=_GRAVITY.index, default=Outcome.ALLOWED)


def _untold(rule: Rule, question: Question) -> str:
    missing = sorted(rule.condition.reads - question.facts.keys())
    return reason("missing", facts=", ".join(f"{question.subject}.{name}" for name in missing) or "-")


def _subject_of(question: Question) -> str | None:
    name = question.facts.get("name") if question.subject == "column" else None
    return name if isinstance(name, str) else None


def _finding(rule: Rule, question: Question, outcome: Outcome) -> Finding:
    then, params = rule.then, rule.params_on(question.as_of)
    remedy = then.remedy and fill(then.remedy, question.subject, question.facts, params)
    return Finding(
        citation=rule.citation,
        outcome=outcome,
        message=fill(then.message, question.subject, question.facts, params),
        remedy=remedy,
        subject=_subject_of(question),
        treatment=then.treatment if outcome != Outcome.FORBIDDEN else None,
    )


def _undetermined(rule: Rule, question: Question, measure: str | None = None) -> Finding:
    missing = [measure] if measure else sorted(rule.condition.reads - question.facts.keys())
    names = ", ".join(f"{question.subject}.{name}" for name in missing) or "-"
    title = rule.title
    return Finding(
        citation=rule.citation,
        outcome=Outcome.UNDETERMINED,
        message=Text(
            en=f"cannot be told, not given: {names} ({title.en})",
            zh=f"无法判定，缺少 {names}（{title.zh}）",
        ),
        remedy=Text(en=f"give {names}", zh=f"请补充 {names}"),
        subject=_subject_of(question),
    )


def _measure(rule: Rule, question: Question) -> tuple[Considered, Finding | None]:
    """Hold a release against one threshold."""
    threshold = _threshold(rule, question)
    got = question.facts.get(threshold.measure)
    if not isinstance(got, int | float):
        why = reason("missing", facts=f"release.{threshold.measure}")
        return Considered(rule.id, False, why), _undetermined(rule, question, threshold.measure)
    held = got >= threshold.limit if threshold.at_least else got <= threshold.limit
    why = reason(
        "held" if held else "broken",
        measure=threshold.measure,
        got=f"{got:.6g}",
        limit=f"{'>=' if threshold.at_least else '<='} {threshold.limit:.6g}",
    )
    return Considered(rule.id, True, why), None if held else _finding(rule, question, rule.then.outcome)


def _threshold(rule: Rule, question: Question) -> Threshold:
    params: dict[str, Number] = rule.params_on(question.as_of)
    remedy = rule.then.remedy and fill(rule.then.remedy, "release", question.facts, params)
    return Threshold(
        measure=rule.then.measure or "",
        limit=float(params[rule.then.limit or ""]),
        at_least=rule.then.at_least,
        citation=rule.citation,
        remedy=remedy,
    )


def _stricter(a: Threshold, b: Threshold) -> bool:
    return a.limit > b.limit if a.at_least else a.limit < b.limit


def _kept(values: Mapping[str, Value]) -> dict[str, Fact]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
