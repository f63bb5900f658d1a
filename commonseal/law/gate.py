"""Tell at a glance which conditions hold: their simple tests in one table a fact, made once for a day.

Most conditions join simple tests by `&&`, `||` and `!`: a flag, a choice, null or not, a number against a
parameter, a text in a list. They need no CEL: for each fact and each value the table has the conditions that stay possible and the
choices (`a || b`) that are met, as the bits of whole numbers. A condition that no test rules out, that is simple
throughout and whose facts are all given, holds. All others go to CEL. The answer is CEL's, which keeps
`false && missing` false (tests/unit/law/test_law_gate.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commonseal.law.fact import FactType, Value
from commonseal.law.simple import Among, Holds, Limit, simple_tests

_Passed = tuple[int, int]
_OTHER = "\x00"  # stands for every value that no test names


@dataclass(frozen=True, slots=True)
class Gates:
    """The tables. Bit n is the n-th condition, or the n-th choice among several tests."""

    every: int  # all conditions
    open: int  # conditions with a part that is not simple
    reads: Mapping[str, int]  # by fact: the conditions with a simple test of it
    # fact, and by value what stays possible and which choices are met; then the same for all other values
    tables: tuple[tuple[str, Mapping[Value, _Passed], _Passed], ...]
    others: tuple[tuple[Limit | Holds, int, int], ...]  # the condition, the choice or 0: numbers and lists
    choices: tuple[int, ...]  # of each choice: its condition's bit

    def sift(self, values: Mapping[str, Value]) -> tuple[int, int]:
        """Return the conditions that hold for sure, and those that CEL must be asked about."""
        alive, unsure, met = self.every, self.open, 0
        for name, table, other in self.tables:
            if name in values:
                possible, choices = table.get(values[name], other)
                alive &= possible
                met |= choices
            else:
                unsure |= self.reads[name]
        for test, condition, choice in self.others:
            holds = test.holds(values.get(test.fact))
            if holds is None:
                unsure |= condition
            elif holds:
                met |= choice
            elif not choice:
                alive &= ~condition
        if self.choices:
            for place, condition in enumerate(self.choices):
                if not met >> place & 1 and not unsure & condition:
                    alive &= ~condition
        return alive & ~unsure, alive & unsure


def gates(
    conditions: Sequence[tuple[str, Mapping[str, object]]], subject: str, declared: Mapping[str, FactType]
) -> Gates:
    """Build the tables for conditions that `scan` has found sound, each with its parameters on the day."""
    open_, reads = 0, dict[str, int]()
    single: list[tuple[Among, int]] = []
    several: list[tuple[Among, int]] = []
    others: list[tuple[Limit | Holds, int, int]] = []
    choices: list[int] = []
    for position, (source, params) in enumerate(conditions):
        bit = 1 << position
        for clause in simple_tests(source, subject, declared, params):
            if clause is None:
                open_ |= bit
                continue
            choice = 1 << len(choices) if len(clause) > 1 else 0
            choices += [bit] if choice else []
            for test in clause:
                if isinstance(test, Among):
                    reads[test.fact] = reads.get(test.fact, 0) | bit
                    (several if choice else single).append((test, choice or bit))
                else:
                    others.append((test, bit, choice))
    every = (1 << len(conditions)) - 1
    tables = tuple((name, *_table(name, every, single, several)) for name in reads)
    return Gates(every, open_, reads, tables, tuple(others), tuple(choices))


def _table(
    fact: str, every: int, single: Sequence[tuple[Among, int]], several: Sequence[tuple[Among, int]]
) -> tuple[dict[Value, _Passed], _Passed]:
    """Return what stays possible and what is met for each value that a test names, and for all others."""
    alone = [(test, bit) for test, bit in single if test.fact == fact]
    chosen = [(test, bit) for test, bit in several if test.fact == fact]

    def passed(value: Value) -> _Passed:
        possible, met = every, 0
        for test, bit in alone:
            possible &= every if test.holds(value) else ~bit
        for test, bit in chosen:
            met |= bit if test.holds(value) else 0
        return possible, met

    named = frozenset[Value]().union(*(test.values for test, _ in (*alone, *chosen)))
    return {value: passed(value) for value in named}, passed(_OTHER)
