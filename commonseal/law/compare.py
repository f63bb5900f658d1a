"""Put the same facts to the law of several jurisdictions, and line up what each says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from commonseal.errors import BadInput
from commonseal.law.decision import decide
from commonseal.law.rule import Book
from commonseal.model import Decision, Fact, Jurisdiction, Text


@dataclass(frozen=True, slots=True)
class Comparison:
    """The decisions on one case, in the order that was asked for."""

    subject: str
    as_of: date
    decisions: tuple[Decision, ...]

    @property
    def agrees(self) -> bool:
        """True where all come to one outcome."""
        return len({decision.outcome for decision in self.decisions}) == 1


def compare_laws(
    book: Book,
    subject: str,
    facts: Mapping[str, Fact],
    jurisdictions: Sequence[str],
    *,
    as_of: date,
    adopted: frozenset[str],
) -> Comparison:
    """Decide on one case under each jurisdiction.

    Args: jurisdictions: two or more of `cn`, `city`, `eu`, each once. adopted: packs whose model rules decide
        under `cn` and `city`.
    Raises: BadInput: fewer than two, one twice or unknown; or facts that are not of the subject's types.
    """
    known: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
    asked = [name for name in known if name in jurisdictions]
    if len(jurisdictions) < 2 or len(asked) != len(jurisdictions):
        got = ", ".join(jurisdictions) or "-"
        raise BadInput(
            Text(
                en=f"jurisdictions: got {got}, expected two or more of {', '.join(known)}, each once",
                zh=f"法域：得到 {got}，应为 {'、'.join(known)} 中的两个以上，不得重复",
            )
        )
    asked.sort(key=jurisdictions.index)
    return Comparison(
        subject,
        as_of,
        tuple(
            decide(book, subject, facts, as_of=as_of, adopted=adopted, jurisdiction=name) for name in asked
        ),
    )
