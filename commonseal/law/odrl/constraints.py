"""Write a condition as ODRL constraints; what has no operator there stays as it is, and is counted.

A part that does not map becomes one constraint on an operand of its own, `cn:cel`, with the CEL beside it. So the
rule means the same: whoever cannot read CEL cannot satisfy it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import BNode, Graph
from rdflib.collection import Collection
from rdflib.term import Literal, Node, URIRef

from commonseal.law.fact import FactType
from commonseal.law.odrl.names import CN, ODRL, ODRL_AND, ODRL_OR, RDF, RDFS, XSD
from commonseal.law.odrl.vocabulary import ABSENT, EMPTY, operand_of, term_of
from commonseal.law.rule import Number
from commonseal.law.subjects import FACTS
from commonseal.law.tree import (
    MIRRORED,
    TURNED,
    And,
    Bound,
    Call,
    Clause,
    Compare,
    FactOf,
    Items,
    Literally,
    Loop,
    Not,
    Or,
    ParamOf,
    Sign,
    Within,
)

_SIGNS: Mapping[Sign, URIRef] = {
    "==": ODRL.eq,
    "!=": ODRL.neq,
    "<": ODRL.lt,
    "<=": ODRL.lteq,
    ">": ODRL.gt,
    ">=": ODRL.gteq,
}
CEL = CN.cel


class NoOperatorError(ValueError):
    """ODRL has no operator for it."""


@dataclass(slots=True)
class Written:
    """What was written of one rule's condition."""

    constraints: int = 0
    opaque: int = 0
    facts: set[str] = field(default_factory=set)
    values: set[Node] = field(default_factory=set)


class Writer:
    """Writes the constraints of one rule into a graph, its nodes named after the rule."""

    def __init__(self, graph: Graph, rule: URIRef, subject: str, params: Mapping[str, Number]) -> None:
        self._graph, self._rule, self._subject, self._params = graph, rule, subject, params
        self._declared: Mapping[str, FactType] = FACTS[subject]
        self.written = Written()
        self._nodes = 0

    def write(self, clause: Clause, source: str, *, turn: bool = False) -> Node:
        """Write a clause, or its contrary; a part without an operator stands as CEL, the whole of `source`."""
        if isinstance(clause, Not):
            return self.write(clause.part, source, turn=not turn)
        if isinstance(clause, And | Or):
            operand = ODRL_AND if isinstance(clause, And) != turn else ODRL_OR
            return self.joined(operand, [self.write(part, source, turn=turn) for part in clause.parts])
        try:
            return self._simple(clause, turn=turn)
        except NoOperatorError:
            return self._opaque(clause, source, turn=turn)

    def joined(self, operand: URIRef, parts: Sequence[Node]) -> Node:
        """Write a logical constraint over others."""
        node = self._node()
        self._graph.add((node, RDF.type, ODRL.LogicalConstraint))
        self._graph.add((node, operand, Collection(self._graph, BNode(), list(parts)).uri))
        return node

    def compared(self, fact: str, operator: URIRef, right: Sequence[Node]) -> Node:
        """Write one constraint on a fact."""
        node = self._node()
        self.written.constraints += 1
        self.written.facts.add(fact)
        self.written.values |= set(right)
        self._graph.add((node, RDF.type, ODRL.Constraint))
        self._graph.add((node, ODRL.leftOperand, operand_of(self._subject, fact)))
        self._graph.add((node, ODRL.operator, operator))
        for value in right:
            self._graph.add((node, ODRL.rightOperand, value))
        return node

    def _node(self) -> URIRef:
        self._nodes += 1
        return URIRef(f"{self._rule}#{self._nodes}")

    def _simple(self, clause: Clause, *, turn: bool) -> Node:
        if isinstance(clause, FactOf):
            return self.compared(clause.name, ODRL.eq, [Literal(not turn)])
        if isinstance(clause, Compare):
            return self._comparison(clause, turn=turn)
        if isinstance(clause, Within):
            return self._within(clause, turn=turn)
        if isinstance(clause, Loop):
            return self._loop(clause, turn=turn)
        raise NoOperatorError

    def _comparison(self, clause: Compare, *, turn: bool) -> Node:
        left, sign, right = clause.left, clause.sign, clause.right
        if isinstance(left, Literally | ParamOf):
            left, sign, right = right, MIRRORED[sign], left
        sign = TURNED[sign] if turn else sign
        if isinstance(left, Call) and left.name == "size" and isinstance(left.of, FactOf):
            if isinstance(right, Literally) and right.value == 0 and sign in ("==", "!=", ">"):
                return self.compared(left.of.name, ODRL.eq if sign == "==" else ODRL.neq, [EMPTY.iri])
            raise NoOperatorError
        if not isinstance(left, FactOf):
            raise NoOperatorError
        if isinstance(right, FactOf):
            return self._compared_with(left.name, _SIGNS[sign], right.name)
        return self.compared(left.name, _SIGNS[sign], [self._value(right, left.name)])

    def _compared_with(self, fact: str, operator: URIRef, other: str) -> Node:
        """Write one constraint of a fact on another."""
        node = self.compared(fact, operator, [])
        self.written.facts.add(other)
        self._graph.add((node, ODRL.rightOperandReference, operand_of(self._subject, other)))
        return node

    def _within(self, clause: Within, *, turn: bool) -> Node:
        if isinstance(clause.item, FactOf) and isinstance(clause.items, Items):
            values = [self._value(item, clause.item.name) for item in clause.items.items]
            return self.compared(clause.item.name, ODRL.isNoneOf if turn else ODRL.isAnyOf, values)
        if isinstance(clause.items, FactOf) and isinstance(clause.item, Literally):
            value = self._value(clause.item, clause.items.name)
            return self.compared(clause.items.name, ODRL.isNoneOf if turn else ODRL.hasPart, [value])
        raise NoOperatorError

    def _loop(self, clause: Loop, *, turn: bool) -> Node:
        items, body = clause.items, clause.body
        if isinstance(items, Items) and isinstance(body, Within) and body.item == Bound(clause.variable):
            if not isinstance(body.items, FactOf):
                raise NoOperatorError
            listed, values = body.items.name, [self._value(item, body.items.name) for item in items.items]
            if clause.name == "exists":
                return self.compared(listed, ODRL.isNoneOf if turn else ODRL.isAnyOf, values)
            if not turn:
                return self.compared(listed, ODRL.hasPart, values)
            return self.joined(ODRL_OR, [self.compared(listed, ODRL.isNoneOf, [value]) for value in values])
        if not isinstance(items, FactOf) or clause.name != "exists":
            raise NoOperatorError
        values = self._named(body, clause.variable, items.name)
        return self.compared(items.name, ODRL.isNoneOf if turn else ODRL.isAnyOf, values)

    def _named(self, body: Clause, variable: str, fact: str) -> list[Node]:
        """Return the values that a loop looks for: `x == "a"`, `x in ["a", "b"]`, or a choice of these."""
        if isinstance(body, Or):
            return [value for part in body.parts for value in self._named(part, variable, fact)]
        if isinstance(body, Compare) and body.sign == "==" and body.left == Bound(variable):
            return [self._value(body.right, fact)]
        if isinstance(body, Within) and body.item == Bound(variable) and isinstance(body.items, Items):
            return [self._value(item, fact) for item in body.items.items]
        raise NoOperatorError

    def _value(self, clause: Clause, fact: str) -> Node:
        if isinstance(clause, Literally):
            return node_of(clause.value, self._declared[fact])
        if isinstance(clause, ParamOf):
            return node_of(self._params[clause.name], self._declared[fact])
        raise NoOperatorError

    def _opaque(self, clause: Clause, source: str, *, turn: bool) -> Node:
        node = self._node()
        self.written.opaque += 1
        self._graph.add((node, RDF.type, ODRL.Constraint))
        self._graph.add((node, ODRL.leftOperand, CEL))
        self._graph.add((node, ODRL.operator, ODRL.eq))
        self._graph.add((node, ODRL.rightOperand, Literal(not turn)))
        what = f"No operator of ODRL says this part of the condition, {type(clause).__name__}: {source}"
        self._graph.add((node, RDFS.comment, Literal(what, lang="en")))
        return node


def node_of(value: str | float | int | bool | None, declared: FactType) -> Node:
    """Return a value as a term: days and moments typed, choices as terms where there is one, null as `cn:absent`."""
    if value is None:
        return ABSENT.iri
    if isinstance(value, str) and declared.kind in ("date", "moment"):
        return Literal(value, datatype=XSD.date if len(value) == len("2026-01-01") else XSD.dateTime)
    if isinstance(value, str):
        return term_of(value) if declared.choices or declared.kind == "list" else Literal(value)
    return Literal(value)
