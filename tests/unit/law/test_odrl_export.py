"""The export says what the law says: judged by it, each rule's own tests come out as the rule has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.term import Literal, Node, URIRef

from commonseal.errors import BadPack
from commonseal.law import Book, Rule, load_book
from commonseal.law.facts import typed_facts
from commonseal.law.odrl.check import check_policies
from commonseal.law.odrl.constraints import CEL, node_of
from commonseal.law.odrl.evaluate import evaluate
from commonseal.law.odrl.export import KINDS, SUBJECTS, action_of, export_rules, policy_name, rule_name
from commonseal.law.odrl.file import Form, read_back, written
from commonseal.law.odrl.names import CN, DPV, GDPR, ODRL, RDF, RDFS, SKOS
from commonseal.law.odrl.vocabulary import EMPTY, operand_of
from commonseal.law.rule import Case
from commonseal.law.subjects import FACTS
from commonseal.model import Outcome

BOOK = load_book()
DAY = date(2026, 3, 2)
REQUEST = URIRef("urn:request")


def on_data(rule: Rule) -> bool:
    return (
        rule.subject in SUBJECTS
        and rule.kind in KINDS
        and rule.citation.status != "needs_review"
        and rule.stands != "conflicts"
    )


def only(rule: Rule) -> Book:
    return replace(BOOK, rules=(rule,))


def state_of(rule: Rule, case: Case) -> Graph:
    """The facts of a case as values of the operands; null, and a list with nothing in it, are values too."""
    state = Graph()
    for name, value in typed_facts(rule.subject, case.given, as_of=case.as_of).items():
        declared, operand = FACTS[rule.subject][name], operand_of(rule.subject, name)
        many: list[Any] = value if isinstance(value, list) else [value]
        for each in many:
            state.add((operand, RDF.value, node_of(each, declared)))
        if not many:
            state.add((operand, RDF.value, EMPTY.iri))
    return state


def request_of(rule: Rule) -> Graph:
    graph, asked = Graph(), URIRef("urn:asked")
    graph.add((REQUEST, RDF.type, ODRL.Request))
    graph.add((REQUEST, ODRL.permission, asked))
    graph.add((asked, ODRL.action, action_of(rule)))
    graph.add((asked, ODRL.target, SUBJECTS[rule.subject].iri))
    return graph


@pytest.mark.slow
def test_judged_by_its_own_tests_each_rule_is_active_where_it_applies() -> None:
    judged, graphs = 0, dict[tuple[str, date], Graph]()
    wrong = []
    for rule in filter(on_data, BOOK.rules):
        for case in rule.cases:
            if case.as_of not in rule.effective:
                continue
            key = (rule.id, case.as_of)
            graph = graphs.setdefault(key, export_rules(only(rule), as_of=case.as_of)[0])
            if (None, ODRL.leftOperand, CEL) in graph:
                continue  # a part of it stands as CEL
            (report,) = evaluate(
                graph, policy_name(rule), request_of(rule), REQUEST, state_of(rule, case)
            ).rules
            limits = rule.then.measured is not None
            active = case.outcome == rule.then.outcome if limits else case.applies
            unsure = case.outcome == Outcome.UNDETERMINED
            unknown = (
                report.undetermined and rule.kind != "permission"
            )  # a permission that cannot be told is not used
            if (report.active, unknown) != (active, unsure):
                wrong.append((rule.id, case.name, report.active, report.undetermined))
            judged += 1
    assert wrong == []
    assert judged > 1500, judged


EXPORT, TOLD = export_rules(BOOK, as_of=DAY)

# each was looked up in the published files of DPV 2.3 (dpv/modules/*.ttl and *.csv, legal/eu/gdpr/modules/legal_basis.ttl)
DPV_TERMS = {
    "AccessControlMethod", "ActivityMonitoring", "Anonymisation", "ApprovalProcedure", "Assessment", "Audit",
    "AuthenticationProtocols", "BackgroundChecks", "Certification", "Collect", "CommercialPurpose", "Consent", "Contract",
    "ContractPerformance", "CrossBorderTransfer", "Data", "DataBackupProtocols", "DataTransferLegalBasis",
    "Deidentification", "Encryption", "EnforceSecurity", "Erase", "GovernanceProcedures", "LegalBasis", "LegalObligation",
    "Notice", "OfficialAuthorityOfController", "OrganisationGovernance", "Processing", "Pseudonymise", "PublicBenefit",
    "PublicInterest", "Purpose", "ResearchAndDevelopment", "Share", "Store", "Transform", "Use",
    "VitalInterestOfNaturalPerson", "hasProcessing", "hasTechnicalOrganisationalMeasure",
}  # fmt: skip
GDPR_TERMS = {f"A6-1-{letter}" for letter in "abcdef"}


def names_in(graph: Graph, space: str) -> set[str]:
    terms: set[Node] = {term for triple in graph for term in triple}
    return {
        str(term).removeprefix(space)
        for term in terms
        if isinstance(term, URIRef) and str(term).startswith(space)
    }


@pytest.mark.parametrize("form", ["turtle", "json-ld"])
def test_what_is_written_reads_back_the_same(form: Form) -> None:
    small = export_rules(replace(BOOK, rules=BOOK.by_subject["share_request"]), as_of=DAY)[0]
    content = written(small, form)
    assert isomorphic(read_back(content, form), small)
    assert written(small, form) == content


def test_what_is_not_sound_is_not_written() -> None:
    graph = Graph()
    graph.add((URIRef("urn:p"), RDF.type, ODRL.Set))
    with pytest.raises(BadPack, match="0 uids"):
        written(graph, "turtle")


def test_every_policy_is_sound() -> None:
    count, faults = check_policies(EXPORT)
    assert faults == []
    assert (
        count
        == TOLD.policies
        == len({rule.pack for rule in BOOK.rules if on_data(rule) and DAY in rule.effective})
    )


def test_rules_and_what_is_left_out_add_up_to_the_book() -> None:
    assert TOLD.rules + sum(TOLD.left_out.values()) == len(BOOK.rules)
    assert TOLD.rules > 300


def test_nearly_every_constraint_maps_and_the_others_keep_their_cel() -> None:
    opaque = list(EXPORT.subjects(ODRL.leftOperand, CEL))
    assert len(opaque) == TOLD.opaque
    assert TOLD.opaque <= 0.02 * TOLD.constraints
    for node in opaque:
        assert "No operator of ODRL" in str(EXPORT.value(node, RDFS.comment))


def test_every_term_of_dpv_is_one_of_dpv_2_3() -> None:
    assert names_in(EXPORT, str(DPV)) <= DPV_TERMS
    assert names_in(EXPORT, str(GDPR)) <= GDPR_TERMS


def test_every_term_of_ours_is_described_in_both_languages() -> None:
    used = names_in(EXPORT, str(CN)) - {"status", "rank", "kind"}
    for name in used:
        labels = {
            label.language for label in EXPORT.objects(CN[name], SKOS.prefLabel) if isinstance(label, Literal)
        }
        assert labels == {"en", "zh"}, name


def test_a_rule_carries_its_article_and_words_in_both_languages() -> None:
    rule = BOOK.rule("cn.gds.25-1.no-third-party")
    assert rule is not None
    node = rule_name(rule)
    assert {label.language for label in EXPORT.objects(node, URIRef("http://purl.org/dc/terms/title"))} == {
        "en",
        "zh",
    }
    assert (node, ODRL.action, CN.provide) in EXPORT
    assert (policy_name(rule), ODRL.prohibition, node) in EXPORT


def test_the_same_book_and_day_give_the_same_file() -> None:
    rules = replace(BOOK, rules=BOOK.by_subject["agreement"])
    first, second = (export_rules(rules, as_of=DAY)[0].serialize(format="turtle") for _ in range(2))
    assert first == second


def test_a_policy_without_uid_target_or_a_known_action_is_found() -> None:
    graph = Graph().parse(
        data="""@prefix odrl: <http://www.w3.org/ns/odrl/2/>.
        <urn:p> a odrl:Set; odrl:permission [ odrl:action <urn:dance>; odrl:constraint <urn:c> ].
        <urn:c> odrl:leftOperand <urn:mood>; odrl:operator odrl:like; odrl:rightOperand 1 .""",
        format="turtle",
    )
    _, faults = check_policies(graph)
    told = " ".join(fault.en for fault in faults)
    for part in ("0 uids", "no action of ODRL", "no target", "operator is none", "left operand is none"):
        assert part in told
