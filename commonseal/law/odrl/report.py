"""Write an evaluation's report as RDF, in the compliance-report model."""

from __future__ import annotations

from rdflib import BNode, Graph
from rdflib.term import Node

from commonseal.law.odrl.evaluate import DutyState, PolicyReport, Premise, RuleReport
from commonseal.law.odrl.names import DCTERMS, ODRL, RDF, REPORT, new_graph
from commonseal.law.odrl.policy import Logical

_KINDS = {
    ODRL.Permission: REPORT.PermissionReport,
    ODRL.Prohibition: REPORT.ProhibitionReport,
    ODRL.Duty: REPORT.DutyReport,
}


def report_graph(report: PolicyReport) -> Graph:
    """Return the report as a graph."""
    graph, node = new_graph(), BNode()
    graph.add((node, RDF.type, REPORT.PolicyReport))
    graph.add((node, REPORT.policy, report.policy))
    graph.add((node, REPORT.policyRequest, report.request))
    if report.created is not None:
        graph.add((node, DCTERMS.created, report.created))
    for rule in report.rules:
        graph.add((node, REPORT.ruleReport, _rule(graph, rule)))
    return graph


def _rule(graph: Graph, report: RuleReport) -> Node:
    node = BNode()
    graph.add((node, RDF.type, _KINDS[report.rule.kind]))
    graph.add((node, REPORT.rule, report.rule.node))
    graph.add((node, REPORT.ruleRequest, report.request.node))
    graph.add((node, REPORT.attemptState, REPORT.Attempted))
    graph.add((node, REPORT.activationState, REPORT.Active if report.active else REPORT.Inactive))
    for premise in report.premises:
        graph.add((node, REPORT.premiseReport, _premise(graph, premise)))
    for duty in report.duties:
        graph.add((node, REPORT.conditionReport, _duty(graph, duty)))
    return node


def _premise(graph: Graph, premise: Premise) -> Node:
    node, constraint = BNode(), premise.constraint
    graph.add((node, RDF.type, premise.kind))
    graph.add((node, REPORT.satisfactionState, REPORT.Satisfied if premise.satisfied else REPORT.Unsatisfied))
    if constraint is None:
        return node
    graph.add((node, REPORT.constraint, constraint.node))
    if isinstance(constraint, Logical):
        graph.add((node, REPORT.constraintLogicalOperand, constraint.operand))
        for part in premise.parts:
            graph.add((node, REPORT.premiseReport, _premise(graph, part)))
        return node
    for got in premise.got:
        graph.add((node, REPORT.constraintLeftOperand, got))
    graph.add((node, REPORT.constraintOperator, constraint.operator))
    for right in constraint.right:
        graph.add((node, REPORT.constraintRightOperand, right))
    return node


def _duty(graph: Graph, duty: DutyState) -> Node:
    node = duty.node or BNode()
    graph.add((node, RDF.type, REPORT.DutyReport))
    graph.add((node, REPORT.rule, duty.rule))
    graph.add((node, REPORT.attemptState, REPORT.Attempted))
    graph.add((node, REPORT.performanceState, duty.performance))
    graph.add((node, REPORT.deonticState, duty.deontic))
    return node
