"""What the ODRL test suite leaves out: other operators, unknown values, xone, collections, compact policies."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rdflib.term import URIRef

from commonseal.errors import BadInput
from commonseal.law.odrl.evaluate import PolicyReport, evaluate
from commonseal.law.odrl.names import RDF, REPORT
from commonseal.law.odrl.policy import read_policy
from commonseal.law.odrl.report import report_graph

HEAD = """@prefix odrl: <http://www.w3.org/ns/odrl/2/>. @prefix ex: <http://example.org/>. @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>.
@prefix xsd: <http://www.w3.org/2001/XMLSchema#>. @prefix dct: <http://purl.org/dc/terms/>. @prefix skos: <http://www.w3.org/2004/02/skos/core#>.
@prefix report: <https://w3id.org/force/compliance-report#>.
"""
ASK = "ex:r a odrl:Request; odrl:permission [ odrl:assignee ex:alice; odrl:action odrl:read; odrl:target ex:x {more} ]."


def graph(text: str) -> Graph:
    return Graph().parse(data=HEAD + text, format="turtle")


def judge(policy: str, state: str = "", more: str = "") -> PolicyReport:
    ex = "http://example.org/"
    return evaluate(
        graph(policy), URIRef(ex + "p"), graph(ASK.replace("{more}", more)), URIRef(ex + "r"), graph(state)
    )


def with_constraint(constraint: str, kind: str = "permission") -> str:
    return f"ex:p a odrl:Set; odrl:uid ex:p; odrl:{kind} [ odrl:action odrl:use; odrl:target ex:x; odrl:constraint {constraint} ]."


def one(left: str, operator: str, right: str) -> str:
    return f"[ odrl:leftOperand odrl:{left}; odrl:operator odrl:{operator}; odrl:rightOperand {right} ]"


@pytest.mark.parametrize(
    ("operator", "right", "value", "met"),
    [
        ("eq", "ex:research", "ex:research", True),
        ("neq", "ex:research", "ex:research", False),
        ("isAnyOf", "ex:research, ex:traffic", "ex:traffic", True),
        ("isAnyOf", "(ex:research ex:traffic)", "ex:sale", False),
        ("isNoneOf", "ex:research, ex:traffic", "ex:sale", True),
        ("isAllOf", "ex:research, ex:traffic", "ex:research, ex:traffic", True),
        ("isAllOf", "ex:research, ex:traffic", "ex:research", False),
        ("isA", "ex:research", "ex:academic", True),
        ("isPartOf", "ex:research", "ex:academic", True),
        ("isPartOf", "ex:academic", "ex:research", False),
        ("hasPart", "ex:academic", "ex:research", True),
    ],
)
def test_purposes(operator: str, right: str, value: str, met: bool) -> None:
    state = f"odrl:purpose rdf:value {value} . ex:academic skos:broader ex:research ."
    (rule,) = judge(with_constraint(one("purpose", operator, right)), state).rules
    assert rule.active is met


@pytest.mark.parametrize(
    ("operator", "right", "met"),
    [("lt", "10", True), ("lteq", "5.0", True), ("gt", "5", False), ("gteq", '"many"', None)],
)
def test_counts(operator: str, right: str, met: bool | None) -> None:
    (rule,) = judge(with_constraint(one("count", operator, right)), "odrl:count rdf:value 5 .").rules
    assert rule.active is (met is True)
    assert rule.undetermined is (met is None)


def test_a_request_may_say_its_purpose_itself() -> None:
    policy = with_constraint(one("purpose", "eq", "ex:research"))
    said = "; odrl:constraint [ odrl:leftOperand odrl:purpose; odrl:operator odrl:eq; odrl:rightOperand ex:research ]"
    assert judge(policy, more=said).permitted
    assert not judge(policy).permitted


def test_an_operand_may_be_held_against_another() -> None:
    constraint = (
        "[ odrl:leftOperand odrl:dateTime; odrl:operator odrl:lteq; odrl:rightOperandReference ex:until ]"
    )
    clock = '<http://example.com/request/currentTime> dct:issued "2026-03-02T09:00:00+08:00"^^xsd:dateTime .'
    assert judge(with_constraint(constraint), clock + 'ex:until rdf:value "2026-03-03"^^xsd:date .').permitted
    assert not judge(
        with_constraint(constraint), clock + 'ex:until rdf:value "2026-03-01"^^xsd:date .'
    ).permitted
    assert judge(with_constraint(constraint), clock).rules[0].undetermined


def test_a_moment_is_the_same_in_two_zones() -> None:
    clock = '<http://example.com/request/currentTime> dct:issued "2026-03-02T09:00:00+08:00"^^xsd:dateTime .'
    policy = with_constraint(one("dateTime", "eq", '"2026-03-02T01:00:00Z"^^xsd:dateTime'))
    assert judge(policy, clock).permitted


def test_a_prohibition_that_cannot_be_told_counts_as_one_that_holds() -> None:
    policy = (
        "ex:p a odrl:Set; odrl:uid ex:p; odrl:permission [ odrl:action odrl:use ]; "
        f"odrl:prohibition [ odrl:action odrl:use; odrl:constraint {one('spatial', 'neq', 'ex:china')} ]."
    )
    report = judge(policy)
    assert [rule.active for rule in report.rules] == [True, False]
    assert not report.permitted
    assert judge(policy, "odrl:spatial rdf:value ex:china .").permitted
    assert not judge(policy, "odrl:spatial rdf:value ex:elsewhere .").permitted


@pytest.mark.parametrize(
    ("count", "place", "met"), [(1, "ex:a", True), (1, "ex:b", True), (9, "ex:b", False), (9, "ex:a", True)]
)
def test_one_of_two_at_least(count: int, place: str, met: bool) -> None:
    both = f"[ odrl:or ({one('count', 'lt', '5')} {one('spatial', 'eq', 'ex:a')}) ]"
    state = f"odrl:count rdf:value {count} . odrl:spatial rdf:value {place} ."
    assert judge(with_constraint(both), state).permitted is met


@pytest.mark.parametrize(
    ("count", "place", "met"), [(1, "ex:a", False), (1, "ex:b", True), (9, "ex:b", False), (9, "ex:a", True)]
)
def test_exactly_one_of_two(count: int, place: str, met: bool) -> None:
    both = f"[ odrl:xone ({one('count', 'lt', '5')} {one('spatial', 'eq', 'ex:a')}) ]"
    state = f"odrl:count rdf:value {count} . odrl:spatial rdf:value {place} ."
    assert judge(with_constraint(both), state).permitted is met


def test_what_stands_at_the_policy_holds_for_its_rules() -> None:
    policy = "ex:p a odrl:Set; odrl:uid ex:p; odrl:target ex:y; odrl:permission [ odrl:action odrl:read ]."
    assert not judge(policy).permitted
    assert judge(policy.replace("ex:y", "ex:x")).permitted


def test_a_refined_action_is_allowed_only_as_refined() -> None:
    action = f"[ rdf:value odrl:read; odrl:refinement {one('count', 'lteq', '3')} ]"
    policy = f"ex:p a odrl:Set; odrl:uid ex:p; odrl:permission [ odrl:action {action} ]."
    assert judge(policy, "odrl:count rdf:value 3 .").permitted
    assert not judge(policy, "odrl:count rdf:value 4 .").permitted


def test_selling_is_no_use_and_showing_is_playing() -> None:
    for allowed, asked, met in (
        ("use", "sell", False),
        ("transfer", "sell", True),
        ("play", "display", True),
        ("use", "display", True),
    ):
        policy = f"ex:p a odrl:Set; odrl:uid ex:p; odrl:permission [ odrl:action odrl:{allowed} ]."
        request = graph(f"ex:r a odrl:Request; odrl:permission [ odrl:action odrl:{asked} ].")
        ex = "http://example.org/"
        assert evaluate(graph(policy), URIRef(ex + "p"), request, URIRef(ex + "r"), Graph()).permitted is met


def test_the_report_writes_the_terms_of_the_model() -> None:
    written = report_graph(judge(with_constraint(one("count", "lt", "10")), "odrl:count rdf:value 5 ."))
    (node,) = written.subjects(RDF.type, REPORT.PermissionReport)
    assert written.value(node, REPORT.activationState) == REPORT.Active
    assert len(list(written.objects(node, REPORT.premiseReport))) == 3


@pytest.mark.parametrize(
    "constraint",
    ["[ odrl:leftOperand odrl:count ]", "[ odrl:leftOperand odrl:count; odrl:operator odrl:eq ]"],
)
def test_half_a_constraint_is_a_fault(constraint: str) -> None:
    with pytest.raises(BadInput):
        read_policy(graph(with_constraint(constraint)), URIRef("http://example.org/p"))


def test_constraints_without_end_are_a_fault() -> None:
    deep = one("count", "eq", "1")
    for _ in range(20):
        deep = f"[ odrl:and ({deep}) ]"
    with pytest.raises(BadInput):
        read_policy(graph(with_constraint(deep)), URIRef("http://example.org/p"))
