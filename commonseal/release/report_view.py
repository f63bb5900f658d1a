"""Turn a manifest, or the record of a refusal, into what one page in one language shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonseal.classify import CATEGORIES
from commonseal.desensitize import OPERATORS
from commonseal.release.report_law import Law, about, law_of_check, laws_of
from commonseal.release.report_proof import Proof, Sealed
from commonseal.release.report_terms import FactGroup, Pair, facts_of, listed, measured, share, terms_of
from commonseal.release.report_words import Words

_OPERATORS = {operator.name: operator.says for operator in OPERATORS}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at the top: what it counts, and beside it what it is a part of or was before."""

    value: str
    label: str
    beside: str


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: found, done, why. `level` in 1..4."""

    name: str
    category: str
    use: str | None
    level: int
    level_word: str
    confidence: str
    done: str
    note: str | None
    bad: int | None
    laws: tuple[Law, ...]
    quasi: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One threshold, and what was measured."""

    measure: str
    got: str
    limit: str
    law: Law


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule that spoke: where it stands, and since when."""

    rule: str
    source: str
    effective: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that one page shows, in one language."""

    words: Words
    released: bool
    number: str
    as_of: str
    lead: str
    figures: tuple[Figure, ...]
    terms: tuple[Pair, ...]
    hindrances: tuple[Law, ...]
    facts: tuple[FactGroup, ...]
    columns: tuple[ColumnRow, ...]
    conditions: tuple[Law, ...]
    checks: tuple[CheckRow, ...]
    verdict: str | None
    search: str | None
    made: tuple[Pair, ...]
    hashes: tuple[Pair, ...]
    rules: tuple[RuleRow, ...]
    proof: Proof


def view(sealed: Sealed, words: Words) -> View:
    """Return what the page shows. Raises: KeyError, TypeError, ValueError where a field is not as documented."""
    document, proof = sealed.document, sealed.proof
    laws = laws_of(document, words)
    checks = tuple(_checks(document, words))
    hindrances = tuple(law for law in laws if law.mark == "broken")
    return View(
        words=words,
        released=sealed.released,
        number=str(document["agreement"]["id"]),
        as_of=str(document["as_of"]),
        lead=_lead(sealed, words),
        figures=tuple(_figures(document, words)) if sealed.released else (),
        terms=tuple(terms_of(document["agreement"]["terms"], words)),
        hindrances=hindrances,
        facts=tuple(facts_of(document, words)) if hindrances else (),
        columns=tuple(_columns(document, laws, words)),
        conditions=tuple(law for law in about(laws, None) if law.mark != "broken"),
        checks=checks,
        verdict=_verdict(document, checks, words),
        search=_search(document.get("anonymization"), words),
        made=tuple(_made(document, words)),
        hashes=tuple(_hashes(sealed, words)),
        rules=tuple(_rules(document, laws, checks)),
        proof=proof,
    )


def _lead(sealed: Sealed, words: Words) -> str:
    document, index = sealed.document, sealed.proof.index
    if not sealed.released:
        return words("lead_refused", table=document["table"], index=index)
    out, all_rows = document["data"]["rows"], document["verdict"]["before"]["rows"]
    return words("lead_released", out=f"{out:,}", all=f"{all_rows:,}", table=document["table"], index=index)


def _figures(document: Mapping[str, Any], words: Words) -> Iterator[Figure]:
    before, after = document["verdict"]["before"], document["verdict"]["after"]
    out, rows = document["data"]["rows"], before["rows"]
    yield Figure(f"{out:,}", words("fig_rows"), words("fig_rows_of", all=f"{rows:,}"))
    if document["anonymization"] is None:
        asked, left = len(document["columns"]), len(document["data"]["schema"])
        yield Figure(f"{left:,}", words("fig_columns"), words("fig_columns_of", all=f"{asked:,}"))
        return
    yield Figure(f"{rows - out:,}", words("fig_suppressed"), share((rows - out) / rows if rows else 0.0))
    was = words("fig_was", value=f"{before['smallest_class']:,}")
    yield Figure(f"{after['smallest_class']:,}", words("fig_class"), was)
    was = words("fig_was", value=share(before["highest_risk"]))
    yield Figure(share(after["highest_risk"]), words("fig_risk"), was)


def _columns(document: Mapping[str, Any], laws: Sequence[Law], words: Words) -> Iterator[ColumnRow]:
    facts = [d["facts"]["column"] for d in document["decisions"] if "column" in d["facts"]]
    declared = {fact["name"] for fact in facts if fact["declared"]}
    plan = document.get("anonymization")
    of: dict[str | None, list[Law]] = {}
    for law in laws:
        of.setdefault(law.subject, []).append(law)
    for column in document.get("columns", facts):
        name = str(column["name"])
        spoke = tuple(of.get(name, ()))
        done, note = _done(column, plan, spoke, words)
        category = CATEGORIES.get(column["category"])
        sure = words("declared") if name in declared else f"{column['confidence']:.0%}"
        yield ColumnRow(
            name=name,
            category=category.title.in_(words.lang) if category else str(column["category"]),
            use=words.of("use", column["use"]) if column["use"] != "plain" else None,
            level=int(column["level"]),
            level_word=words.of("level", column["level"]),
            confidence=sure,
            done=done,
            note=note,
            bad=int(column["bad_values"]) if "bad_values" in column else None,
            laws=spoke,
            quasi=column["use"] == "quasi",
        )


def _done(
    column: Mapping[str, Any], plan: Mapping[str, Any] | None, laws: Sequence[Law], words: Words
) -> tuple[str, str | None]:
    treatment = column.get("treatment")
    if treatment is None:
        if plan is None or column["name"] not in plan["levels"]:
            return "", None
        level = int(plan["levels"][column["name"]])
        return words("as_it_was") if level == 0 else words(
            "generalized", level=level_words(level, height_of(plan, column["name"]), words)
        ), None
    says = _OPERATORS.get(treatment["operator"])
    done = says.in_(words.lang) if says else str(treatment["operator"])
    params = ", ".join(f"{name} = {value}" for name, value in treatment["params"].items())
    asked = [law.treatment for law in laws if law.treatment is not None]
    own = words("own_treatment") if asked and treatment not in asked else None
    return (f"{done} ({params})" if params else done), own


def height_of(plan: Mapping[str, Any], column: str) -> int | None:
    """Return how many levels a column's hierarchy has above the values; None where it was not recorded."""
    height = plan.get("heights", {}).get(column)
    return None if height is None else int(height)


def level_words(level: int, height: int | None, words: Words) -> str:
    """Return a level in words."""
    return (
        words("level_only", level=level) if height is None else words("level_of", level=level, height=height)
    )


def _checks(document: Mapping[str, Any], words: Words) -> Iterator[CheckRow]:
    for check in (document["verdict"] or {}).get("checks", ()):
        measure = str(check["measure"])
        limit = measured(measure, check["limit"])
        yield CheckRow(
            measure=words.of("measure", measure),
            got=measured(measure, check["got"]),
            limit=words("at_least" if check["at_least"] else "at_most", limit=limit),
            law=law_of_check(check, document, words),
        )


def _verdict(document: Mapping[str, Any], checks: Sequence[CheckRow], words: Words) -> str | None:
    if document["verdict"] is None:
        return None
    failed = sum(check.law.mark == "broken" for check in checks)
    if not checks:
        return words("verdict_none")
    return words("verdict_fail", failed=failed, all=len(checks)) if failed else words("verdict_pass")


def _search(plan: Mapping[str, Any] | None, words: Words) -> str | None:
    if plan is None:
        return None
    total, checked = f"{plan['nodes_total']:,}", f"{plan['nodes_checked']:,}"
    return words("optimal" if plan["optimal"] is True else "not_optimal", total=total, checked=checked)


def _made(document: Mapping[str, Any], words: Words) -> Iterator[Pair]:
    yield words("table"), str(document["table"])
    if document["verdict"] is not None:
        rows = int(document["verdict"]["before"]["rows"])
        left = int(document["verdict"]["after"]["rows"])
        yield words("rows_in"), f"{rows:,}"
        if "data" in document:
            yield words("rows_out"), f"{int(document['data']['rows']):,}"
        yield words("rows_suppressed"), f"{rows - left:,} ({share((rows - left) / rows if rows else 0.0)})"
    if document.get("left_behind"):
        yield words("left_behind"), listed(document["left_behind"], words)
    made_with = dict(document["made_with"])
    if "engine" in made_with:
        yield words("engine"), str(made_with.pop("engine"))
    yield words("versions"), ", ".join(f"{name} {version}" for name, version in made_with.items())
    yield words("packs"), ", ".join(map(str, document["rules"]["packs"]))


def _hashes(sealed: Sealed, words: Words) -> Iterator[Pair]:
    document = sealed.document
    if sealed.released:
        yield words("hash_data"), str(document["data"]["sha256"])
    yield words("hash_document" if sealed.released else "hash_refusal"), sealed.proof.sha256
    yield words("hash_agreement"), str(document["agreement"]["sha256"])
    yield words("hash_law"), str(document["rules"]["digest"])


def _rules(document: Mapping[str, Any], laws: Sequence[Law], checks: Sequence[CheckRow]) -> Iterator[RuleRow]:
    """Every rule that spoke, so that each article in the margin has a place to lead to."""
    applied = document["rules"]["applied"]
    cited = {law.rule: law for law in (*laws, *(check.law for check in checks))}
    for rule in sorted({*applied, *cited}):
        law, where = cited.get(rule), applied.get(rule, {})
        source = f"{law.instrument}, {law.article}" if law else ""
        yield RuleRow(rule, source, str(where.get("effective_from", "")))
