"""Law as data: which rules apply to an agreement, a column or a release today, and what they say.

    book = load_book()                                        # lawbook/cn and lawbook/city
    decision = decide(book, "column", facts, as_of=day, adopted=frozenset({"city"}))
    treatment(decision)                                       # what must happen to the column
    thresholds(book, facts, as_of=day, adopted=...)           # what a release must measure up to
    replay(decision_json(decision, "en"), book) == decision   # the same answer, any time

One rule is one YAML file (docs/law.md), its condition a small part of CEL over declared facts
(docs/facts.md). A refusal by law is a value; only a fault in a pack or in the facts is an exception.
"""

from commonseal.law.decision import decide, thresholds
from commonseal.law.facts import FACTS, FactType, Kind
from commonseal.law.load import OUR_PACKS, load_book
from commonseal.law.record import DecisionJson, decision_json, replay
from commonseal.law.rule import Book, Case, Parameter, Period, Rule
from commonseal.law.treat import stronger, treatment
from commonseal.law.why import told

__all__ = [
    "FACTS",
    "OUR_PACKS",
    "Book",
    "Case",
    "DecisionJson",
    "FactType",
    "Kind",
    "Parameter",
    "Period",
    "Rule",
    "decide",
    "decision_json",
    "load_book",
    "replay",
    "stronger",
    "thresholds",
    "told",
    "treatment",
]
