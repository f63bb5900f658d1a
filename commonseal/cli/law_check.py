"""Put a case to the law, and tell how a stored decision came about: `law check`, `law explain`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.law_check_show import explain_decision, show_decision
from commonseal.cli.law_facts import read_case
from commonseal.cli.law_options import AsJson, Packs, book_with
from commonseal.cli.show import show_json
from commonseal.cli.words import LANG, say
from commonseal.errors import BadInput
from commonseal.law import Book, decide, decision_json, read_decisions, replay
from commonseal.model import Decision, Text


class Law(StrEnum):
    """Whose law decides."""

    CN = "cn"
    CITY = "city"
    EU = "eu"


def check_command(
    facts: Annotated[
        Path,
        typer.Argument(
            metavar="FACTS",
            help=say('JSON: {"subject": ..., "facts": {...}}', 'JSON：{"subject": ..., "facts": {...}}'),
        ),
    ],
    as_of: Annotated[
        datetime,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help=say("the day whose law decides", "适用哪一天的法律")
        ),
    ],
    jurisdiction: Annotated[
        Law,
        typer.Option(
            "--jurisdiction",
            help=say(
                "cn: national law; city: with the city's packs; eu: Union law",
                "cn：国家法；city：加上城市规则包；eu：欧盟法",
            ),
        ),
    ] = Law.CN,
    adopt: Annotated[
        list[str] | None,
        typer.Option(
            "--adopt", help=say("a pack that is adopted; may be repeated", "已采用的规则包，可重复")
        ),
    ] = None,
    pack: Packs = None,
    as_json: AsJson = False,
    every: Annotated[
        bool, typer.Option("--all", help=say("list every rule considered", "列出全部考虑过的规则"))
    ] = False,
) -> None:
    """Decide on a case: the outcome, what must be done by when, who is competent, what a breach may cost."""
    case = read_case(facts)
    book = book_with(pack)
    unknown = [
        name for name in adopt or () if not any(p == name or p.startswith(f"{name}/") for p in book.packs)
    ]
    if unknown:
        raise BadInput(
            Text(
                en=f"--adopt {', '.join(unknown)}: no such pack; the book holds {', '.join(book.packs)}",
                zh=f"--adopt {'、'.join(unknown)}：没有这个规则包；现有：{'、'.join(book.packs)}",
            )
        )
    decision = decide(
        book,
        case.subject,
        case.facts,
        as_of=as_of.date(),
        adopted=frozenset(adopt or ()),
        jurisdiction=jurisdiction.value,
    )
    if as_json:
        show_json({"subject": case.subject, **decision_json(decision, LANG)})
    else:
        show_decision(case.subject, decision, every=every)


def explain_command(
    decision: Annotated[
        Path, typer.Argument(metavar="DECISION", help=say("a stored decision, JSON", "已存判定，JSON"))
    ],
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """Take a stored decision again and tell which facts made each rule apply, or not."""
    stored = read_decisions(decision).decisions
    if len(stored) != 1:
        raise BadInput(
            Text(
                en=f"{decision}: got {len(stored)} decisions, expected one; name the file of one",
                zh=f"{decision}：共 {len(stored)} 份判定，应为一份；请指定单份文件",
            )
        )
    book = book_with(pack)
    again = replay(stored[0].document, book)
    before = str(stored[0].document.get("outcome"))
    if as_json:
        because = {
            found.citation.rule: because_of(book, again, found.citation.rule) for found in again.findings
        }
        show_json(
            {
                "same": before == again.outcome,
                "stored_outcome": before,
                **decision_json(again, LANG),
                "because": because,
                "book": book.digest,
            }
        )
    else:
        explain_decision(again, before, {n.rule: because_of(book, again, n.rule) for n in again.considered})


def because_of(book: Book, decision: Decision, rule_id: str) -> dict[str, object]:
    """Return the facts that a rule reads, as they stood; one that was not given is left out."""
    rule = book.rule(rule_id)
    given = next((facts for name, facts in decision.facts.items() if name != "adopted"), None)
    if rule is None or not isinstance(given, Mapping):
        return {}
    return {name: given[name] for name in sorted(rule.reads) if name in given}
