"""Law as data: which rules apply to a case today, what they say, what is owed by when, and to whom.

    book = load_book()                                        # lawbook/cn, lawbook/city and lawbook/eu
    decision = decide(book, "share_request", facts, as_of=day, adopted=frozenset())
    decision.outcome, decision.findings, decision.obligations, decision.authorities, decision.sanctions
    treatment(decision)                                       # what must happen to a column
    thresholds(book, facts, as_of=day, adopted=...)           # what a release must measure up to
    replay(decision_json(decision, "en"), book) == decision   # the same answer, any time

One rule is one YAML file (docs/law.md), its condition a small part of CEL over declared facts
(docs/facts.md). A refusal by law is a value; only a fault in a pack or in the facts is an exception.

    load > yaml_file, schema, build (scan, condition, consequence_of), trial for strangers
    decide > question (facts, docket: gate, simple; CEL) > conflict > finding, effect (counting)
"""

from commonseal.law.compare import Comparison, compare_laws
from commonseal.law.coverage import Article, Coverage, coverage_of
from commonseal.law.decision import decide, thresholds
from commonseal.law.diff import Changed, InstrumentDiff, diff_days
from commonseal.law.fact import FactType, Kind
from commonseal.law.load import OUR_PACKS, load_book
from commonseal.law.overlay import Overlay, lay_over
from commonseal.law.record import DecisionJson, decision_json, replay
from commonseal.law.rule import Book, Case, Parameter, Period, Rule
from commonseal.law.simulate import OUTCOMES, Shift, Simulation, simulate_change
from commonseal.law.stored import Shelf, Stored, read_decisions
from commonseal.law.subjects import FACTS
from commonseal.law.treat import stronger, treatment
from commonseal.law.why import missing_facts, told

__all__ = [
    "FACTS",
    "OUR_PACKS",
    "OUTCOMES",
    "Article",
    "Book",
    "Case",
    "Changed",
    "Comparison",
    "Coverage",
    "DecisionJson",
    "FactType",
    "InstrumentDiff",
    "Kind",
    "Overlay",
    "Parameter",
    "Period",
    "Rule",
    "Shelf",
    "Shift",
    "Simulation",
    "Stored",
    "compare_laws",
    "coverage_of",
    "decide",
    "decision_json",
    "diff_days",
    "lay_over",
    "load_book",
    "missing_facts",
    "read_decisions",
    "replay",
    "simulate_change",
    "stronger",
    "thresholds",
    "told",
    "treatment",
]
