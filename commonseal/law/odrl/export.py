"""Write the rules on data that are in force on a day as ODRL policies, one a pack.

A rule that forbids is a prohibition while its condition holds; one that asks for something is an obligation; one
that permits is a permission. A limit (threshold, retention) is a constraint on what it measures. Policies carry
`odrl:conflict odrl:prohibit`: where rules disagree, the prohibition stands, as in the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from rdflib import Graph
from rdflib.term import Literal, Node, URIRef

from commonseal.law.finding import limit_of
from commonseal.law.odrl.constraints import CEL, Writer
from commonseal.law.odrl.names import CN, DCTERMS, DPV, ODRL, ODRL_AND, RDF, RDFS, XSD, new_graph
from commonseal.law.odrl.vocabulary import ACTIONS, MEASURES, VALUES, Term, describe, operand_term
from commonseal.law.rule import Book, Rule
from commonseal.law.subjects import FACTS
from commonseal.law.tree import Literally, read_clause
from commonseal.model import Outcome, Text

SUBJECTS: Mapping[str, Term] = {
    "agreement": Term(
        CN.SharedData, Text(en="data shared under an agreement", zh="依协议共享的数据"), (DPV.Data,)
    ),
    "column": Term(CN.Column, Text(en="a column of a release", zh="发布数据的字段"), (DPV.Data,)),
    "release": Term(CN.ReleasedTable, Text(en="a table that is released", zh="发布的数据表"), (DPV.Data,)),
    "collection": Term(CN.CollectedData, Text(en="data that are collected", zh="所采集的数据"), (DPV.Data,)),
    "dataset": Term(CN.HeldData, Text(en="data that somebody holds", zh="持有的数据"), (DPV.Data,)),
    "share_request": Term(CN.GovernmentData, Text(en="government data", zh="政务数据"), (DPV.Data,)),
}
KINDS = ("prohibition", "duty", "permission", "threshold", "retention")
_RULES = "https://commonseal.invalid/rule/"
_POLICIES = "https://commonseal.invalid/policy/"
_ABROAD = ("exported", "overseas", "export_basis", "export_way", "stored_abroad")
_OF_TREATMENT = {
    "drop": ODRL.delete,
    "null": ODRL.delete,
    "hmac_sha256": CN.pseudonymize,
    "hmac_sm3": CN.pseudonymize,
    "keep": ODRL.distribute,
}
_OF_SUBJECT = {
    "agreement": CN.provide,
    "column": ODRL.distribute,
    "release": ODRL.distribute,
    "collection": CN.collect,
    "dataset": ODRL.use,
    "share_request": CN.provide,
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and what was left out and why."""

    policies: int
    rules: int
    constraints: int
    opaque: int  # constraints that ODRL has no operator for
    rules_with_opaque: int
    left_out: Mapping[str, int]


def export_rules(book: Book, *, as_of: date) -> tuple[Graph, Exported]:
    """Return the policies of a book on a day, and what was counted.

    Rules that never decide (needs_review, and models that conflict with national law) are left out.
    """
    graph, left_out = new_graph(), Counter[str]()
    counted, used = Counter[str](), _Used()
    for rule in book.rules:
        reason = _left_out(rule, as_of)
        if reason is not None:
            left_out[reason] += 1
            continue
        written = _rule(graph, rule, as_of, used)
        counted["rules"] += 1
        counted["constraints"] += written[0]
        counted["opaque"] += written[1]
        counted["with_opaque"] += bool(written[1])
    describe(graph, used.terms())
    policies = len(set(graph.subjects(RDF.type, ODRL.Set)))
    told = Exported(
        policies,
        counted["rules"],
        counted["constraints"],
        counted["opaque"],
        counted["with_opaque"],
        dict(left_out),
    )
    return graph, told


class _Used:
    """The terms of ours that the rules used."""

    def __init__(self) -> None:
        self._terms: dict[Node, Term] = {
            CEL: Term(CEL, Text(en="the condition in CEL", zh="以 CEL 书写的条件"), (), ODRL.LeftOperand)
        }

    def add(self, *terms: Term | None) -> None:
        self._terms |= {term.iri: term for term in terms if term is not None}

    def terms(self) -> list[Term]:
        return [self._terms[iri] for iri in sorted(self._terms, key=str)]


def rule_name(rule: Rule) -> URIRef:
    """Return the name of a rule in the export."""
    return URIRef(_RULES + rule.id)


def policy_name(rule: Rule) -> URIRef:
    """Return the name of the policy that a rule stands in."""
    return URIRef(_POLICIES + quote(rule.pack))


def _left_out(rule: Rule, as_of: date) -> str | None:
    if rule.subject not in SUBJECTS:
        return f"not on data: {rule.subject}"
    if rule.kind not in KINDS:
        return f"no permission, prohibition or duty: {rule.kind}"
    if as_of not in rule.effective:
        return "not in force on the day"
    if rule.citation.status == "needs_review" or rule.stands == "conflicts":
        return "decides nothing: needs review, or conflicts with national law"
    return None


def _rule(graph: Graph, rule: Rule, as_of: date, used: _Used) -> tuple[int, int]:
    node, policy = rule_name(rule), policy_name(rule)
    _policy(graph, policy, rule)
    writer = Writer(graph, node, rule.subject, rule.params_on(as_of))
    constraint = _constraint(writer, rule, as_of)
    kind, name = _kind(rule)
    action = action_of(rule)
    graph.add((policy, name, node))
    graph.add((node, RDF.type, kind))
    graph.add((node, ODRL.target, SUBJECTS[rule.subject].iri))
    graph.add((node, ODRL.action, action))
    if constraint is not None:
        graph.add((node, ODRL.constraint, constraint))
    if kind == ODRL.Permission and rule.then.outcome == Outcome.CONDITIONAL:
        duty = URIRef(f"{node}#duty")
        graph.add((node, ODRL.duty, duty))
        graph.add((duty, RDF.type, ODRL.Duty))
        graph.add((duty, ODRL.action, CN.putRight))
        used.add(ACTIONS["putRight"])
    _describe_rule(graph, node, rule)
    done = writer.written
    for fact in sorted(done.facts & MEASURES.keys()):
        graph.add((node, DPV.hasTechnicalOrganisationalMeasure, MEASURES[fact]))
    used.add(
        SUBJECTS[rule.subject],
        *(VALUES.get(URIRef(str(value))) for value in done.values if isinstance(value, URIRef)),
    )
    used.add(*(term for term in ACTIONS.values() if term.iri == action))
    used.add(*(operand_term(rule.subject, FACTS[rule.subject][fact]) for fact in done.facts))
    return done.constraints, done.opaque


def _policy(graph: Graph, policy: URIRef, rule: Rule) -> None:
    graph.add((policy, RDF.type, ODRL.Set))
    graph.add((policy, ODRL.uid, policy))
    graph.add((policy, ODRL.profile, URIRef(str(CN).removesuffix("#"))))
    graph.add((policy, ODRL.conflict, ODRL.prohibit))
    graph.add((policy, DCTERMS.title, Literal(rule.pack)))
    graph.add((policy, DCTERMS.source, Literal(rule.citation.instrument.en, lang="en")))
    graph.add((policy, DCTERMS.source, Literal(rule.citation.instrument.zh, lang="zh")))


def _describe_rule(graph: Graph, node: URIRef, rule: Rule) -> None:
    then = rule.then
    for text, name in ((rule.title, DCTERMS.title), (then.message, DCTERMS.description)):
        graph.add((node, name, Literal(text.en, lang="en")))
        graph.add((node, name, Literal(text.zh, lang="zh")))
    graph.add(
        (node, DCTERMS.source, Literal(f"{rule.citation.instrument.en}, {rule.citation.article}", lang="en"))
    )
    graph.add((node, CN.status, Literal(rule.citation.status)))
    graph.add((node, CN.rank, Literal(rule.rank)))
    graph.add((node, CN.kind, Literal(rule.kind)))
    graph.add((node, DCTERMS.valid, Literal(rule.effective.start.isoformat(), datatype=XSD.date)))
    graph.add((node, RDFS.comment, Literal(f"CEL: {rule.condition.source}")))
    graph.add((node, DPV.hasProcessing, _processing(action_of(rule))))


def _constraint(writer: Writer, rule: Rule, as_of: date) -> Node | None:
    """Write the condition, and for a limit also that it is broken; None where the rule always holds."""
    clause, measure = read_clause(rule.condition.source, rule.subject), rule.then.measured
    always = clause == Literally(True)
    when = None if always else writer.write(clause, rule.condition.source)
    if measure is None:
        return when
    limit = limit_of(measure, rule.params_on(as_of))
    broken = writer.compared(measure.fact, ODRL.lt if measure.at_least else ODRL.gt, [Literal(limit)])
    return broken if when is None else writer.joined(ODRL_AND, [when, broken])


def _kind(rule: Rule) -> tuple[URIRef, URIRef]:
    if rule.kind == "permission":
        return ODRL.Permission, ODRL.permission
    if rule.then.outcome == Outcome.FORBIDDEN:
        return ODRL.Prohibition, ODRL.prohibition
    return ODRL.Duty, ODRL.obligation


def action_of(rule: Rule) -> URIRef:
    """Return what a rule forbids, asks for or permits, as near as ODRL and our terms can say it."""
    treatment = rule.then.treatment
    if treatment is not None:
        return _OF_TREATMENT.get(treatment.operator, CN.desensitize)
    measure = rule.then.measured
    if rule.kind == "retention" and measure is not None:
        return ODRL.delete if measure.at_least else ODRL.archive
    if _kind(rule)[0] == ODRL.Duty:
        return CN.putRight
    reads = rule.condition.reads
    if reads & set(_ABROAD):
        return CN.provideAbroad
    if any(name.startswith(("entrust", "trustee", "sub_entrust")) for name in reads):
        return CN.entrust
    return CN.provide if "provided_to_others" in reads else _OF_SUBJECT[rule.subject]


def _processing(action: URIRef) -> URIRef:
    ours = next((term for term in ACTIONS.values() if term.iri == action), None)
    if ours is not None:
        return ours.broader[0]
    return {ODRL.delete: DPV.Erase, ODRL.archive: DPV.Store, ODRL.distribute: DPV.Share}.get(action, DPV.Use)
