"""Our vocabulary for China, and how its terms stand to DPV 2.3 and ODRL 2.2.

DPV has extensions for the law of the Union and others, none for China. What is here is our own, under
https://commonseal.invalid/ns/cn# (a name that never resolves): terms of Chinese law, each with its nearest broader
term of DPV where there is one. Every term of DPV and ODRL that stands here was looked up in its published form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import Graph
from rdflib.term import Literal, Node, URIRef

from commonseal.law.book.choices import choice_word
from commonseal.law.fact import FactType, Kind
from commonseal.law.odrl.names import CN, DPV, GDPR, ODRL, RDF, SKOS
from commonseal.law.subjects import FACTS
from commonseal.law.subjects.choices import GDPR_BASES, PURPOSES
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Term:
    """One term of ours: its words, and the terms of others that are broader."""

    iri: URIRef
    title: Text
    broader: tuple[URIRef, ...] = ()
    kind: URIRef | None = None


ABSENT = Term(CN.absent, Text(en="known to be absent (null)", zh="已知不存在（null）"))
EMPTY = Term(CN.empty, Text(en="a list with nothing in it", zh="空列表"))

# PIPL article 13(1): the seven bases
_BASES: Mapping[str, tuple[URIRef, ...]] = {
    "pipl13_1": (DPV.Consent,),
    "pipl13_2": (DPV.ContractPerformance,),
    "pipl13_3": (DPV.LegalObligation, DPV.OfficialAuthorityOfController),
    "pipl13_4": (DPV.VitalInterestOfNaturalPerson, DPV.PublicInterest),
    "pipl13_5": (DPV.PublicInterest,),
    "pipl13_6": (DPV.LegalBasis,),
    "pipl13_7": (DPV.LegalBasis,),
}
_PURPOSES: Mapping[str, tuple[URIRef, ...]] = {
    "public_security": (DPV.EnforceSecurity, DPV.PublicBenefit),
    "traffic": (DPV.PublicBenefit,),
    "public_service": (DPV.PublicBenefit,),
    "algorithm_training": (DPV.ResearchAndDevelopment,),
    "attendance": (DPV.OrganisationGovernance,),
    "other": (DPV.Purpose,),
}
_SAME: Mapping[str, URIRef] = {"commercial": DPV.CommercialPurpose, "research": DPV.ResearchAndDevelopment}
_ROUTES: Mapping[str, tuple[URIRef, ...]] = {  # PIPL article 38
    "security_assessment": (DPV.DataTransferLegalBasis, DPV.Assessment),
    "certification": (DPV.DataTransferLegalBasis, DPV.Certification),
    "standard_contract": (DPV.DataTransferLegalBasis, DPV.Contract),
}

ACTIONS: Mapping[str, Term] = {
    "collect": Term(CN.collect, Text(en="collect", zh="收集"), (DPV.Collect,), ODRL.Action),
    "provide": Term(CN.provide, Text(en="provide to another handler", zh="向其他处理者提供"), (DPV.Share,), ODRL.Action),
    "provideAbroad": Term(
        CN.provideAbroad, Text(en="provide abroad", zh="向境外提供"), (DPV.CrossBorderTransfer,), ODRL.Action
    ),
    "entrust": Term(CN.entrust, Text(en="entrust with processing", zh="委托处理"), (DPV.Processing,), ODRL.Action),
    "putRight": Term(
        CN.putRight, Text(en="do what the rule says", zh="按规则要求办理"), (DPV.Processing,), ODRL.Action
    ),
    "pseudonymize": Term(
        CN.pseudonymize, Text(en="replace by a keyed hash", zh="以带密钥的哈希替换"), (DPV.Pseudonymise,), ODRL.Action
    ),
    "desensitize": Term(CN.desensitize, Text(en="desensitize", zh="脱敏"), (DPV.Transform,), ODRL.Action),
}  # fmt: skip

# facts that tell of a measure, and the measure in DPV
MEASURES: Mapping[str, URIRef] = {
    "encrypted": DPV.Encryption,
    "access_controlled": DPV.AccessControlMethod,
    "authenticated": DPV.AuthenticationProtocols,
    "backed_up": DPV.DataBackupProtocols,
    "anonymous": DPV.Anonymisation,
    "de_identified": DPV.Deidentification,
    "log_days": DPV.ActivityMonitoring,
    "staff_checked": DPV.BackgroundChecks,
    "impact_assessment": DPV.Assessment,
    "assessed_on": DPV.Assessment,
    "assessed_days_ago": DPV.Assessment,
    "audited_on": DPV.Audit,
    "audited_days_ago": DPV.Audit,
    "head_approved": DPV.ApprovalProcedure,
    "rules_made": DPV.GovernanceProcedures,
    "notice_given": DPV.Notice,
    "certificate": DPV.Certification,
}


def operand_of(subject: str, fact: str) -> URIRef:
    """Return the left operand for a fact: ODRL's where it has one of the same meaning, else ours."""
    declared = FACTS[subject][fact]
    if fact == "purpose" and declared.choices == PURPOSES:
        return ODRL.purpose
    return CN[f"{subject}.{fact}"]


def term_of(value: str) -> Node:
    """Return the term for a choice: DPV's, ours, or the plain text."""
    if value in _SAME:
        return _SAME[value]
    if value in GDPR_BASES:
        return GDPR[f"A6-1-{value[-1]}"]
    ours = _OURS.get(value)
    return ours.iri if ours is not None else Literal(value)


def operand_term(subject: str, declared: FactType) -> Term:
    """Return the declaration of a left operand."""
    kind = {Kind.DATE: (ODRL.dateTime,), Kind.MOMENT: (ODRL.dateTime,)}.get(declared.kind, ())
    return Term(CN[f"{subject}.{declared.name}"], declared.title, kind, ODRL.LeftOperand)


def describe(graph: Graph, terms: Iterator[Term] | list[Term]) -> None:
    """Add the declarations of our terms to a graph."""
    scheme = URIRef(str(CN).removesuffix("#"))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, SKOS.prefLabel, Literal("Commonseal: terms of Chinese data law", lang="en")))
    graph.add((scheme, SKOS.prefLabel, Literal("公章：中国数据法律术语", lang="zh")))
    for term in terms:
        graph.add((term.iri, RDF.type, SKOS.Concept))
        graph.add((term.iri, SKOS.inScheme, scheme))
        graph.add((term.iri, SKOS.prefLabel, Literal(term.title.en, lang="en")))
        graph.add((term.iri, SKOS.prefLabel, Literal(term.title.zh, lang="zh")))
        for broader in term.broader:
            graph.add((term.iri, SKOS.broadMatch, broader))
        if term.kind is not None:
            graph.add((term.iri, RDF.type, term.kind))
        if term.kind == ODRL.Action:
            graph.add(
                (term.iri, ODRL.includedIn, ODRL.distribute if "provide" in str(term.iri) else ODRL.use)
            )


def _choices(table: Mapping[str, tuple[URIRef, ...]]) -> Iterator[tuple[str, Term]]:
    for code, broader in table.items():
        yield code, Term(CN[code.replace("_", "-")], choice_word(code), broader)


_OURS: Mapping[str, Term] = dict(
    pair
    for table in (_BASES, {k: v for k, v in _PURPOSES.items() if k != "other"}, _ROUTES)
    for pair in _choices(table)
)
VALUES: Mapping[URIRef, Term] = {term.iri: term for term in (*_OURS.values(), ABSENT, EMPTY)}
