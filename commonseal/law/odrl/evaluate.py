"""Judge a request by a policy in a state of the world, and report on every rule.

The report follows the compliance-report model of the ODRL test suite (https://w3id.org/force/compliance-report):
for each rule of the policy and each rule of the request, the premises (target, party, action, constraints) that
are satisfied or not, and whether the rule is active. A rule is active where all its premises are satisfied and no
duty of it is violated.

What the model leaves open, decided here: the value of a left operand is what the state says (`<operand> rdf:value
x`), else what the request says of itself by an `eq` constraint; `dateTime` is the state's clock. A value that is
not given satisfies nothing, and makes the rule `undetermined`; `permitted` counts an undetermined prohibition as
one that holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Graph
from rdflib.term import Literal, Node, URIRef

from commonseal.law.odrl.compare import holds
from commonseal.law.odrl.names import CURRENT_TIME, DCTERMS, ODRL, ODRL_AND, ODRL_OR, RDF, REPORT, includes
from commonseal.law.odrl.policy import Constraint, Logical, Policy, PolicyRule, read_policy


@dataclass(frozen=True, slots=True)
class Premise:
    """One premise of a rule. `kind`: TargetReport, PartyReport, ActionReport or ConstraintReport."""

    kind: URIRef
    satisfied: bool
    constraint: Constraint | Logical | None = None
    got: tuple[Node, ...] = ()  # of a comparison: the left operand's values
    parts: tuple[Premise, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class DutyState:
    """What is known of a duty."""

    rule: Node
    performance: Node
    deontic: Node
    node: Node | None = None  # where the state of the world reports it


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What came of one rule of the policy beside one rule of the request."""

    rule: PolicyRule
    request: PolicyRule
    premises: tuple[Premise, ...]
    duties: tuple[DutyState, ...]
    active: bool
    undetermined: bool


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """The report on a policy. `created`: the state's clock."""

    policy: Node
    request: Node
    created: Node | None
    rules: tuple[RuleReport, ...]

    @property
    def permitted(self) -> bool:
        """True where a permission is active and no prohibition is, or may be."""
        barred = any(r.active or r.undetermined for r in self.rules if r.rule.kind == ODRL.Prohibition)
        return not barred and any(r.active for r in self.rules if r.rule.kind == ODRL.Permission)


def evaluate(policies: Graph, policy: Node, requests: Graph, request: Node, state: Graph) -> PolicyReport:
    """Judge a request by a policy. Raises: BadInput: one of them cannot be read."""
    asked, given = read_policy(requests, request), read_policy(policies, policy)
    return _Judge(policies + state, requests, state).report(given, asked)


class _Judge:
    def __init__(self, known: Graph, requests: Graph, state: Graph) -> None:
        self._known, self._requests, self._state = known, requests, state

    def report(self, policy: Policy, request: Policy) -> PolicyReport:
        rules = tuple(self._rule(rule, asked) for rule in policy.rules for asked in request.rules)
        return PolicyReport(policy.node, request.node, self._now(), rules)

    def _rule(self, rule: PolicyRule, asked: PolicyRule) -> RuleReport:
        premises = tuple(self._premises(rule, asked))
        duties = tuple(self._duty(duty) for duty in rule.duties)
        met = all(premise.satisfied for premise in premises)
        violated = any(duty.deontic == REPORT.Violated for duty in duties)
        possible = all(premise.satisfied or not premise.known for premise in premises)
        return RuleReport(rule, asked, premises, duties, met and not violated, possible and not met)

    def _premises(self, rule: PolicyRule, asked: PolicyRule) -> Sequence[Premise]:
        found = []
        if rule.target is not None:
            found.append(Premise(REPORT.TargetReport, self._is_or_in(asked.target, rule.target)))
        if rule.assignee is not None:
            found.append(Premise(REPORT.PartyReport, self._is_or_in(asked.assignee, rule.assignee)))
        if rule.action is not None:
            fits = asked.action is not None and includes(rule.action, asked.action, self._known)
            found.append(Premise(REPORT.ActionReport, fits))
        return [*found, *(self._constraint(constraint, asked) for constraint in rule.constraints)]

    def _is_or_in(self, asked: Node | None, of: Node) -> bool:
        return asked is not None and (asked == of or (asked, ODRL.partOf, of) in self._known)

    def _constraint(self, constraint: Constraint | Logical, asked: PolicyRule) -> Premise:
        if isinstance(constraint, Logical):
            return self._joined(constraint, tuple(self._constraint(part, asked) for part in constraint.parts))
        got = self._values(constraint.left, asked)
        right = constraint.right
        if constraint.referred:
            right = tuple(value for operand in right for value in self._values(operand, asked))
        answer = holds(got, constraint.operator, right, self._known) if right else None
        return Premise(REPORT.ConstraintReport, answer is True, constraint, got, known=answer is not None)

    def _joined(self, constraint: Logical, parts: tuple[Premise, ...]) -> Premise:
        sure, count = sum(part.satisfied for part in parts), len(parts)
        open_ = sum(not part.satisfied and not part.known for part in parts)
        if constraint.operand == ODRL_OR:
            met, known = sure > 0, sure > 0 or open_ == 0
        elif constraint.operand == ODRL.xone:
            met, known = sure == 1 and open_ == 0, open_ == 0 or sure > 1
        else:  # and, andSequence: in what order they came to hold, nobody reports
            if constraint.operand not in (ODRL_AND, ODRL.andSequence):
                raise AssertionError("read_policy lets no other operand through")
            met, known = sure == count, open_ == 0 or sure + open_ < count
        return Premise(REPORT.ConstraintReport, met, constraint, parts=parts, known=known)

    def _values(self, operand: Node, asked: PolicyRule) -> tuple[Node, ...]:
        said = tuple(sorted(self._state.objects(operand, RDF.value), key=str))
        if said:
            return said
        if operand == ODRL.dateTime:
            now = self._now()
            return () if now is None else (now,)
        own = [
            c
            for c in asked.constraints
            if isinstance(c, Constraint) and c.left == operand and c.operator == ODRL.eq
        ]
        return own[0].right if own else ()

    def _now(self) -> Node | None:
        now = self._state.value(CURRENT_TIME, DCTERMS.issued)
        return now if isinstance(now, Literal) else None

    def _duty(self, duty: Node) -> DutyState:
        for node in sorted(self._state.subjects(REPORT.rule, duty), key=str):
            performance = self._state.value(node, REPORT.performanceState)
            deontic = self._state.value(node, REPORT.deonticState)
            if performance is not None and deontic is not None:
                return DutyState(duty, performance, deontic, node)
        return DutyState(duty, REPORT.Unknown, REPORT.NonSet)
