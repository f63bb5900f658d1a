"""Read an ODRL policy or request out of a graph: its rules, with what each asks for.

A property that stands at the policy (target, assignee, action) holds for its rules that have none of their own
(ODRL Information Model 2.2, section 2.7.1). A refinement of an action is read as a constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import Graph
from rdflib.collection import Collection
from rdflib.term import Node, URIRef

from commonseal.errors import BadInput
from commonseal.law.odrl.names import ODRL, ODRL_AND, ODRL_OR, RDF
from commonseal.model import Text

LOGICAL = (ODRL_AND, ODRL_OR, ODRL.xone, ODRL.andSequence)
POLICIES = (
    ODRL.Set,
    ODRL.Policy,
    ODRL.Offer,
    ODRL.Agreement,
    ODRL.Request,
    ODRL.Privacy,
    ODRL.Assertion,
    ODRL.Ticket,
)
MAX_DEPTH = 16  # of constraints inside constraints


@dataclass(frozen=True, slots=True)
class Constraint:
    """One comparison. `right`: one value, or several for `isAnyOf` and its like.

    `referred`: `right` names where the value stands (rightOperandReference), such as another operand.
    """

    node: Node
    left: Node
    operator: Node
    right: tuple[Node, ...]
    referred: bool = False


@dataclass(frozen=True, slots=True)
class Logical:
    """Constraints joined by and, or, xone or andSequence."""

    node: Node
    operand: Node
    parts: tuple[Constraint | Logical, ...]


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A permission, prohibition or duty; `kind` is its class. None: it asks for nothing in particular."""

    node: Node
    kind: URIRef
    assignee: Node | None
    action: URIRef | None
    target: Node | None
    constraints: tuple[Constraint | Logical, ...]
    duties: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy or a request with its rules."""

    node: Node
    rules: tuple[PolicyRule, ...]


def read_policy(graph: Graph, node: Node) -> Policy:
    """Return a policy of the graph. Raises: BadInput: it has a constraint that cannot be read."""
    rules = [
        _rule(graph, node, rule, kind)
        for name, kind in (
            (ODRL.permission, ODRL.Permission),
            (ODRL.prohibition, ODRL.Prohibition),
            (ODRL.obligation, ODRL.Duty),
        )
        for rule in sorted(graph.objects(node, name), key=str)
    ]
    return Policy(node, tuple(rules))


def policies_of(graph: Graph) -> tuple[Node, ...]:
    """Return the policies and requests of a graph, in the order of their names."""
    found = {node for kind in POLICIES for node in graph.subjects(RDF.type, kind)}
    return tuple(sorted(found, key=str))


def _rule(graph: Graph, policy: Node, rule: Node, kind: URIRef) -> PolicyRule:
    action, refined = _action(graph, graph.value(rule, ODRL.action) or graph.value(policy, ODRL.action))
    constraints = (*refined, *sorted(graph.objects(rule, ODRL.constraint), key=str))
    return PolicyRule(
        node=rule,
        kind=kind,
        assignee=graph.value(rule, ODRL.assignee) or graph.value(policy, ODRL.assignee),
        action=action,
        target=graph.value(rule, ODRL.target) or graph.value(policy, ODRL.target),
        constraints=tuple(_constraint(graph, each, 0) for each in constraints),
        duties=tuple(sorted(graph.objects(rule, ODRL.duty), key=str)),
    )


def _action(graph: Graph, action: Node | None) -> tuple[URIRef | None, tuple[Node, ...]]:
    if action is None:
        return None, ()
    named = graph.value(action, RDF.value) or action
    if not isinstance(named, URIRef):
        raise _bad(action, "no action is named", "未写明行为")
    return named, tuple(sorted(graph.objects(action, ODRL.refinement), key=str))


def _constraint(graph: Graph, node: Node, depth: int) -> Constraint | Logical:
    if depth > MAX_DEPTH:
        raise _bad(node, f"constraints nest over {MAX_DEPTH} deep", f"约束嵌套超过 {MAX_DEPTH} 层")
    for operand in LOGICAL:
        parts = tuple(_parts(graph, node, operand))
        if parts:
            return Logical(node, operand, tuple(_constraint(graph, part, depth + 1) for part in parts))
    left, operator = graph.value(node, ODRL.leftOperand), graph.value(node, ODRL.operator)
    stated = tuple(_parts(graph, node, ODRL.rightOperand))
    right = stated or tuple(_parts(graph, node, ODRL.rightOperandReference))
    if left is None or operator is None or not right:
        raise _bad(
            node,
            "expected leftOperand, operator and rightOperand",
            "应有 leftOperand、operator 和 rightOperand",
        )
    return Constraint(node, left, operator, right, referred=not stated)


def _parts(graph: Graph, node: Node, name: URIRef) -> Iterator[Node]:
    """Yield the values of a property, of an RDF list its entries."""
    for value in sorted(graph.objects(node, name), key=str):
        if (value, RDF.first, None) in graph:
            yield from Collection(graph, value)
        elif value != RDF.nil:
            yield value


def _bad(node: Node, en: str, zh: str) -> BadInput:
    return BadInput(Text(en=f"ODRL {node}: {en}", zh=f"ODRL {node}：{zh}"))
