"""Check that a graph of policies is sound ODRL 2.2: what must be there is there, and every term is a known one."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Graph
from rdflib.term import Node, URIRef

from commonseal.errors import BadInput
from commonseal.law.odrl.names import ODRL, RDF
from commonseal.law.odrl.policy import Constraint, Logical, Policy, policies_of, read_policy
from commonseal.model import Text

OPERATORS = frozenset(
    ODRL[name]
    for name in (
        "eq",
        "neq",
        "lt",
        "lteq",
        "gt",
        "gteq",
        "isA",
        "hasPart",
        "isPartOf",
        "isAllOf",
        "isAnyOf",
        "isNoneOf",
    )
)


def check_policies(graph: Graph) -> tuple[int, list[Text]]:
    """Return how many policies a graph holds, and every fault found."""
    faults, found = [], policies_of(graph)
    for node in found:
        try:
            faults += list(_faults(graph, read_policy(graph, node)))
        except BadInput as fault:
            faults.append(fault.message)
    return len(found), faults


def _faults(graph: Graph, policy: Policy) -> Iterator[Text]:
    uids = list(graph.objects(policy.node, ODRL.uid))
    if len(uids) != 1:
        yield _fault(policy.node, f"got {len(uids)} uids, expected 1", f"应有 1 个 uid，实有 {len(uids)} 个")
    if not policy.rules:
        yield _fault(policy.node, "has no rule", "没有规则")
    for rule in policy.rules:
        if rule.action is None or not _is_term(graph, rule.action, ODRL.Action):
            yield _fault(
                rule.node,
                "its action is no action of ODRL or of its profile",
                "行为不是 ODRL 或其扩展中的行为",
            )
        if rule.target is None:
            yield _fault(rule.node, "has no target", "没有对象")
        for constraint in rule.constraints:
            yield from _constraint_faults(graph, constraint)


def _constraint_faults(graph: Graph, constraint: Constraint | Logical) -> Iterator[Text]:
    if isinstance(constraint, Logical):
        if not constraint.parts:
            yield _fault(constraint.node, "joins nothing", "没有子约束")
        for part in constraint.parts:
            yield from _constraint_faults(graph, part)
        return
    if constraint.operator not in OPERATORS:
        yield _fault(constraint.node, "its operator is none of ODRL's", "运算符不属于 ODRL")
    if not _is_term(graph, constraint.left, ODRL.LeftOperand):
        yield _fault(
            constraint.node,
            "its left operand is none of ODRL or of its profile",
            "左操作数不属于 ODRL 或其扩展",
        )


def _is_term(graph: Graph, term: Node, kind: URIRef) -> bool:
    """Say whether a term is ODRL's own, or declared in the graph as of that class."""
    if isinstance(term, URIRef) and term.startswith(str(ODRL)):
        return str(term).removeprefix(str(ODRL)) in ODRL.__annotations__
    return (term, RDF.type, kind) in graph


def _fault(node: Node, en: str, zh: str) -> Text:
    return Text(en=f"ODRL {node}: {en}", zh=f"ODRL {node}：{zh}")
