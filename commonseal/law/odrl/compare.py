"""Hold the values of a left operand against a constraint, by ODRL's operators."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from rdflib import Graph
from rdflib.term import Literal, Node

from commonseal.law.odrl.names import ODRL, RDF, RDFS, SKOS

_ORDER: Mapping[Node, Callable[[object, object], bool]] = {
    ODRL.lt: operator.lt,  # type: ignore[dict-item]
    ODRL.lteq: operator.le,  # type: ignore[dict-item]
    ODRL.gt: operator.gt,  # type: ignore[dict-item]
    ODRL.gteq: operator.ge,  # type: ignore[dict-item]
}


def holds(got: Sequence[Node], sign: Node, right: Sequence[Node], graph: Graph) -> bool | None:
    """Say whether the values satisfy the operator; None where they cannot be compared.

    Args: got: the values of the left operand, of which several may be given; none is no answer.
        graph: for what is part or kind of what.
    """
    if not got:
        return None
    if sign in _ORDER:
        return _ordered(_ORDER[sign], got[0], right[0]) if len(got) == len(right) == 1 else None
    if sign == ODRL.eq:
        return len(got) == len(right) and all(any(same(g, r) for g in got) for r in right)
    if sign == ODRL.neq:
        return not holds(got, ODRL.eq, right, graph)
    if sign == ODRL.isAnyOf:
        return any(same(g, r) for g in got for r in right)
    if sign == ODRL.isNoneOf:
        return not any(same(g, r) for g in got for r in right)
    if sign in (ODRL.isAllOf, ODRL.hasPart):
        return all(
            any(same(g, r) or (sign == ODRL.hasPart and _within(r, g, graph)) for g in got) for r in right
        )
    if sign in (ODRL.isPartOf, ODRL.isA):
        return all(any(same(g, r) or _within(g, r, graph) for r in right) for g in got)
    return None


def same(a: Node, b: Node) -> bool:
    """Say whether two terms mean one value: 1 and 1.0, a moment in two zones.

    >>> from rdflib import Literal
    >>> same(Literal(1), Literal(1.0)), same(Literal("a"), Literal("b"))
    (True, False)
    """
    if isinstance(a, Literal) and isinstance(b, Literal):
        left, right = _value(a), _value(b)
        return type(left) is type(right) and left == right
    return a == b


def _ordered(compare: Callable[[object, object], bool], a: Node, b: Node) -> bool | None:
    left, right = _value(a), _value(b)
    if type(left) is not type(right) or not isinstance(left, float | datetime | str):
        return None
    return compare(left, right)


def _value(term: Node) -> object:
    """Return a literal's value: numbers as float, days and moments as moments in UTC, truth values apart."""
    value = term.value if isinstance(term, Literal) else term
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        return str(value) if isinstance(value, Node | str) else float(value)
    except (TypeError, ValueError):
        return str(term)


def _within(part: Node, whole: Node, graph: Graph) -> bool:
    """Say whether a term is part or kind of another, over as many steps as the graph has."""
    steps = (ODRL.partOf, RDF.type, RDFS.subClassOf, SKOS.broader, SKOS.broadMatch)
    todo, seen = [part], set[Node]()
    while todo:
        at = todo.pop()
        if at == whole:
            return True
        if at not in seen:
            seen.add(at)
            todo += [broader for step in steps for broader in graph.objects(at, step)]
    return False
