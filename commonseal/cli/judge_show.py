"""Show a judgement: the documented JSON, and tables for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from commonseal.cli.judge_config import Asked
from commonseal.cli.show import OUT, show_table
from commonseal.cli.words import read, say
from commonseal.judge import Judgement
from commonseal.judge.identifiability import CITATION
from commonseal.judge.models import Held
from commonseal.judge.reidentification import Attacker
from commonseal.judge.wp216 import TABLE_6, Question


def judgement_json(found: Judgement, asked: Asked, *, classified: bool) -> dict[str, Any]:
    """Return the documented JSON of `judge --json`."""
    risks = found.reidentification
    return {
        "table": asked.table,
        "quasi": list(found.quasi),
        "rows": found.rows,
        "persons": found.persons,
        "classes": found.classes,
        "smallest_class": found.smallest_class,
        "sample_uniques": found.sample_uniques,
        "highest_risk": found.highest_risk,
        "average_risk": found.average_risk,
        "class_sizes": [list(pair) for pair in found.class_sizes],
        "risk_threshold": risks.threshold,
        "prosecutor": _attacker(risks.prosecutor),
        "journalist": {**_attacker(risks.journalist), "basis": risks.basis},
        "marketer": {"average": risks.marketer, "basis": risks.basis},
        "population_uniqueness": _uniqueness(found),
        "sensitive": [_sensitive(found, number) for number in range(len(found.sensitive))],
        "identifiability": {**_identifiability(found), "direct_by": "classify" if classified else "given"},
        "wp216": {
            **{question.name: _question(question) for question in found.questions},
            "confidence": asked.terms.wp216.confidence,
            "table_6": [
                dict(zip(("technique", "singling_out", "linkability", "inference"), row, strict=True))
                for row in TABLE_6
            ],
        },
        "models": [_held(held) for held in found.models],
        "holds": found.holds,
    }


def _attacker(attacker: Attacker) -> dict[str, float]:
    return {
        "highest": attacker.highest,
        "average": attacker.average,
        "at_risk": attacker.at_risk,
        "at_risk_rate": attacker.at_risk_rate,
    }


def _uniqueness(found: Judgement) -> dict[str, Any] | None:
    estimate = found.uniqueness
    if estimate is None:
        return None
    return {
        "population": estimate.population,
        "sampling_fraction": estimate.sampling_fraction,
        "zayatz": estimate.zayatz,
        "snb": estimate.snb,
        "pitman": estimate.pitman,
        "dankar": estimate.dankar,
        "dankar_choice": estimate.choice,
        "copula": None if found.copula is None else found.copula.uniqueness,
        "copula_standard_error": None if found.copula is None else found.copula.standard_error,
    }


def _sensitive(found: Judgement, number: int) -> dict[str, Any]:
    figures = found.sensitive[number]
    return {
        "column": figures.column,
        "smallest_l": figures.smallest_l,
        "smallest_entropy_l": figures.smallest_entropy_l,
        "highest_t": figures.highest_t,
        "homogeneous_classes": figures.homogeneous_classes,
        "homogeneous_rate": figures.homogeneous_rate,
        "highest_confidence": figures.highest_confidence,
        "baseline": figures.baseline,
    }


def _identifiability(found: Judgement) -> dict[str, Any]:
    graded = found.identifiability
    return {
        "level": graded.level,
        "risk": graded.risk,
        "r_a": graded.r_a,
        "r_b": graded.r_b,
        "r_c": graded.r_c,
        "tau": graded.tau,
        "threshold": graded.threshold,
        "sharing": graded.sharing,
        "context": graded.context,
        "direct": list(graded.direct),
        "rule": CITATION.rule,
        "instrument": read(CITATION.instrument),
        "status": graded.status,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "answer": question.answer,
        "share": question.share,
        "threshold": question.threshold,
        "column": question.column,
        "measure": read(question.measure),
        "means": read(question.means),
    }


def _held(held: Held) -> dict[str, Any]:
    return {
        "model": held.model,
        "column": held.column,
        "passed": held.passed,
        "worst": held.worst if math.isfinite(held.worst) else None,
        "relation": held.relation,
        "threshold": held.threshold,
        "classes_failing": held.classes_failing,
        "note": held.note,
    }


def show_judgement(found: Judgement, asked: Asked, *, classified: bool) -> None:
    """Print a judgement for people."""
    head = [say("measure", "度量"), say("value", "值")]
    show_table(asked.table.replace("[", r"\["), head, _figures(found))
    _show_attackers(found)
    if found.uniqueness is not None:
        _show(say("unique in the population", "总体唯一性"), head, _estimates(found))
    for figures in found.sensitive:
        title = say(f"sensitive: {figures.column}", f"敏感字段：{figures.column}").replace("[", r"\[")
        rows = [
            (say("fewest values in a class", "等价类中最少的取值数"), figures.smallest_l),
            (say("effective values (entropy)", "有效取值数（熵）"), f"{figures.smallest_entropy_l:.3f}"),
            (say("farthest from the whole (t)", "与全表的最大距离 (t)"), f"{figures.highest_t:.4f}"),
            (
                say("persons in classes of one value", "所在等价类仅一种取值的人"),
                _percent(figures.homogeneous_rate),
            ),
        ]
        _show(title, head, rows)
    _show_questions(found.questions)
    _show_level(found, classified)
    if found.models:
        _show_models(found.models)


def _show(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    OUT.print()
    show_table(title, headings, rows)


def _percent(rate: float) -> str:
    return f"{100 * rate:.4g}%"


def _figures(found: Judgement) -> list[tuple[str, Any]]:
    return [
        (say("rows", "行数"), f"{found.rows:,}"),
        (say("persons", "人数"), f"{found.persons:,}"),
        (say("classes", "等价类"), f"{found.classes:,}"),
        (say("smallest class", "最小等价类"), f"{found.smallest_class:,}"),
        (say("alone in their class", "独自一类的人"), f"{found.sample_uniques:,}"),
        (say("highest risk", "最高风险"), f"{found.highest_risk:.4g}"),
        (say("average risk", "平均风险"), f"{found.average_risk:.4g}"),
    ]


def _show_attackers(found: Judgement) -> None:
    risks = found.reidentification
    basis = {
        "population_table": say("counted in the population", "按总体表统计"),
        "estimate": say("estimated from the population's size", "按总体人数估计"),
        "sample": say("no population: the worst case", "无总体信息：按最坏情况"),
    }[risks.basis]
    rows = [
        _attacker_row(say("prosecutor", "检察官"), risks.prosecutor),
        _attacker_row(say("journalist", "记者"), risks.journalist),
        (say("marketer", "营销者"), "", f"{risks.marketer:.4g}", "", ""),
    ]
    heads = [
        say("attacker", "攻击者"),
        say("highest", "最高"),
        say("average", "平均"),
        say("at risk", "处于风险的人"),
        say("share", "占比"),
    ]
    title = say(f"at risk above {risks.threshold:.3g}; {basis}", f"风险阈值 {risks.threshold:.3g}；{basis}")
    _show(title, heads, rows)


def _attacker_row(name: str, attacker: Attacker) -> tuple[str, str, str, str, str]:
    return (
        name,
        f"{attacker.highest:.4g}",
        f"{attacker.average:.4g}",
        f"{attacker.at_risk:,}",
        _percent(attacker.at_risk_rate),
    )


def _estimates(found: Judgement) -> list[tuple[str, str]]:
    told = found.uniqueness
    if told is None:
        return []
    none = say("none here", "此处无解")
    rows = [
        (name, none if rate is None else _percent(rate))
        for name, rate in (("Zayatz", told.zayatz), ("SNB", told.snb), ("Pitman", told.pitman))
    ]
    rows.append((say("Dankar's choice", "Dankar 规则所选"), told.choice))
    if found.copula is not None:
        rows.append(
            ("Copula", f"{_percent(found.copula.uniqueness)} ± {_percent(found.copula.standard_error)}")
        )
    return rows


def _show_questions(questions: Sequence[Question]) -> None:
    names = {
        "singling_out": say("singling out", "识别出个人"),
        "linkability": say("linkability", "可关联"),
        "inference": say("inference", "可推断"),
    }
    answers = {
        "yes": say("yes", "是"),
        "no": say("not found", "未发现"),
        "not_judged": say("not judged", "未评判"),
    }
    heads = [
        say("WP216 asks", "WP216 之问"),
        say("answer", "回答"),
        say("share", "占比"),
        say("means", "含义"),
    ]
    rows = [
        (
            names[question.name],
            answers[question.answer],
            "" if question.share is None else _percent(question.share),
            read(question.means),
        )
        for question in questions
    ]
    _show(say("three questions", "三个问题"), heads, rows)


def _show_level(found: Judgement, classified: bool) -> None:
    graded = found.identifiability
    risk = "-" if graded.risk is None else f"{graded.risk:.4g}"
    by = say("found by classify", "由识别得出") if classified else say("as given", "按给定")
    direct = ", ".join(graded.direct) or say("none", "无")
    OUT.print()
    OUT.print(
        say(
            f"identifiability in the manner of GB/T 42460-2023: level {graded.level}, risk {risk} "
            f"(threshold {graded.threshold:g}, tau {graded.tau:.3g}, {graded.sharing}); "
            f"direct identifiers {by}: {direct}. The standard's text was not read: needs review.",
            f"参照 GB/T 42460-2023 的可识别性：{graded.level} 级，风险 {risk}"
            f"（阈值 {graded.threshold:g}，τ {graded.tau:.3g}，{graded.sharing}）；"
            f"直接标识符（{by}）：{direct}。未读标准原文：待核。",
        ),
        markup=False,
    )


def _show_models(models: Sequence[Held]) -> None:
    heads = [
        say("model", "模型"),
        say("column", "列"),
        say("holds", "成立"),
        say("worst", "最差"),
        say("must be", "应"),
        say("classes that fail", "不符的等价类"),
    ]
    rows = [
        (
            held.model,
            held.column or "",
            say("yes", "是") if held.passed else say("NO", "否"),
            f"{held.worst:.6g}",
            f"{held.relation} {held.threshold:.6g}",
            "" if held.classes_failing is None else f"{held.classes_failing:,}",
        )
        for held in models
    ]
    _show(say("models", "模型"), heads, rows)
