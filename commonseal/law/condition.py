"""Compile a rule's condition and ask it, once `scan` has found nothing wrong with its words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonseal.law.cel_core import cel
from commonseal.law.fact import Kind, Value
from commonseal.law.scan import scan_condition
from commonseal.law.subjects import FACTS
from commonseal.model import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: the facts and parameters it reads, and how deep it loops."""

    source: str
    reads: frozenset[str]
    params: frozenset[str]
    steps: tuple[int, ...]
    program: cel.Program

    def holds(self, context: cel.Context) -> bool | None:
        """Say whether the condition holds; None where a fact is missing or cannot be compared.

        CEL keeps `false && missing` false and `true || missing` true: only a fact that matters counts.
        """
        try:
            answer = self.program.execute(context)
        except (KeyError, TypeError, RuntimeError, ValueError):
            return None
        return answer if isinstance(answer, bool) else None


def read_condition(source: str, subject: str, params: Sequence[str]) -> tuple[Condition | None, list[Text]]:
    """Check a condition and compile it; return it, or None and every fault found."""
    scan, faults = scan_condition(source, subject, params)
    if faults:
        return None, faults
    try:
        program = cel.compile(source)
    except ValueError:
        return None, [Text(en="when: not a valid CEL expression", zh="when：不是合法的 CEL 表达式")]
    return Condition(source, scan.reads, scan.params, scan.steps, program), []


def trial_facts(subject: str, reads: Collection[str]) -> Iterator[dict[str, Value]]:
    """Yield made-up facts for a dry run: every nullable fact once null, every flag both ways.

    Only of those that a condition reads.
    """
    plain: dict[Kind, Value] = {
        Kind.TEXT: "x",
        Kind.LEVEL: 3,
        Kind.COUNT: 5,
        Kind.RATE: 0.5,
        Kind.AMOUNT: 1000.0,
        Kind.DATE: "2025-08-01",
        Kind.MOMENT: "2025-08-01T01:00:00+00:00",
        Kind.LIST: ["x"],
    }
    for flag in (True, False):
        for null in (True, False):
            facts: dict[str, Value] = {}
            for name in reads:
                declared = FACTS[subject][name]
                facts[name] = declared.choices[0] if declared.choices else plain.get(declared.kind, flag)
                if null and declared.nullable:
                    facts[name] = None
            yield facts


def dry_run(
    program: cel.Program, subject: str, params: Mapping[str, float | int | str], reads: Collection[str]
) -> Text | None:
    """Run a condition on made-up facts; return the fault, if it is not true or false on all of them."""
    for facts in trial_facts(subject, reads):
        try:
            answer = program.execute({subject: facts, "param": dict(params)})
        except (KeyError, TypeError, RuntimeError, ValueError):
            return Text(
                en="when: fails on facts of the declared types; guard a nullable fact with `!= null`",
                zh="when：在合乎类型的事实上出错；可空的事实须先判断 `!= null`",
            )
        if not isinstance(answer, bool):
            return Text(en="when: got no truth value, expected true or false", zh="when：结果应为真或假")
    return None
