"""The vocabularies: ODRL 2.2, the compliance reports of the ODRL test suite, DPV 2.3, and our own for China."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Namespace
from rdflib.namespace import ODRL2 as ODRL
from rdflib.term import URIRef

REPORT = Namespace("https://w3id.org/force/compliance-report#")
DPV = Namespace("https://w3id.org/dpv#")
GDPR = Namespace("https://w3id.org/dpv/legal/eu/gdpr#")
CN = Namespace("https://commonseal.invalid/ns/cn#")  # ours: DPV has no extension for China
CURRENT_TIME = URIRef("http://example.com/request/currentTime")  # the test suite's clock

# RDFLib's closed namespace lacks these two, which are words of Python
ODRL_AND = URIRef(f"{ODRL}and")
ODRL_OR = URIRef(f"{ODRL}or")

# ODRL Vocabulary 2.2, section 4.8: all other actions are included in `use` directly
_IN_TRANSFER = ("give", "sell")
_IN_PLAY = ("display",)
_IN_REPRODUCE = ("extract",)
INCLUDED_IN: Mapping[URIRef, URIRef] = {
    **{ODRL[name]: ODRL.transfer for name in _IN_TRANSFER},
    **{ODRL[name]: ODRL.play for name in _IN_PLAY},
    **{ODRL[name]: ODRL.reproduce for name in _IN_REPRODUCE},
}

__all__ = [
    "CN",
    "CURRENT_TIME",
    "DCTERMS",
    "DPV",
    "GDPR",
    "INCLUDED_IN",
    "ODRL",
    "ODRL_AND",
    "ODRL_OR",
    "RDF",
    "RDFS",
    "REPORT",
    "SKOS",
    "XSD",
    "includes",
    "new_graph",
]


def includes(broader: URIRef, action: URIRef, graph: Graph) -> bool:
    """Say whether an action is `broader` or included in it, by ODRL or by what the graph says."""
    at: object = action
    seen: set[object] = set()
    while isinstance(at, URIRef) and at not in seen:
        if at == broader:
            return True
        seen.add(at)
        at = graph.value(at, ODRL.includedIn) or _parent(at)
    return False


def _parent(action: URIRef) -> URIRef | None:
    if action in (ODRL.use, ODRL.transfer):
        return None
    own = str(action).startswith(str(ODRL))
    return INCLUDED_IN.get(action, ODRL.use if own else None)


def new_graph() -> Graph:
    """Return an empty graph with our prefixes."""
    graph = Graph()
    for prefix, space in (
        ("odrl", ODRL),
        ("dpv", DPV),
        ("eu-gdpr", GDPR),
        ("cn", CN),
        ("report", REPORT),
        ("dct", DCTERMS),
        ("skos", SKOS),
    ):
        graph.bind(prefix, space, replace=True)
    return graph
