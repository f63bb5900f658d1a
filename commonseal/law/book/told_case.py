"""Tell a rule's test: what is given, and what must come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from commonseal.law.book.choices import choice_word
from commonseal.law.book.phrases import number
from commonseal.law.book.terms import AUTHORITIES, OPERATORS, OUTCOMES, TIERS, fact_title, word
from commonseal.law.rule import Case, Rule
from commonseal.law.subjects import FACTS
from commonseal.model import Fact, Text


def given(case: Case, rule: Rule) -> Iterator[tuple[Text, Text]]:
    """Yield the facts of a test: what each is, and its value."""
    declared = FACTS[rule.subject]
    for name, value in case.given.items():
        if name in declared:
            yield fact_title(declared[name]), _value(value)


def expected(case: Case, rule: Rule) -> Iterator[Text]:
    """Yield what must come out, sentence by sentence."""
    outcome = word(OUTCOMES, case.outcome)
    yield (
        Text(en=f"Applies: {outcome.en.lower()}", zh=f"适用：{outcome.zh}")
        if case.applies
        else Text(en="Does not apply", zh="不适用")
        if case.outcome == "allowed"
        else Text(en=f"Does not apply: {outcome.en.lower()}", zh=f"不适用：{outcome.zh}")
    )
    if case.treatment is not None:
        done = word(OPERATORS, case.treatment.operator)
        yield Text(en=f"treatment: {done.en}", zh=f"处理方式：{done.zh}")
    if case.limit is not None:
        yield Text(en=f"limit: {number(case.limit)}", zh=f"限值：{number(case.limit)}")
    yield from _expected_of_kind(case.expect)


def _expected_of_kind(expect: Mapping[str, object]) -> Iterator[Text]:
    if "due_at" in expect:
        due = _value(expect["due_at"])
        late = expect.get("provisional") is True
        yield Text(
            en=f"due: {due.en}" + (" (provisional)" if late else ""),
            zh=f"最后期限：{due.zh}" + ("（暂定）" if late else ""),
        )
    authority = expect.get("authority")
    if isinstance(authority, Mapping):
        who, tier = word(AUTHORITIES, str(authority.get("who"))), word(TIERS, str(authority.get("tier")))
        yield Text(en=f"authority: {who.en}, {tier.en}", zh=f"主管部门：{tier.zh}{who.zh}")
    for name, en, zh in (("fine_min", "fine from", "罚款下限"), ("fine_max", "fine up to", "罚款上限")):
        fine = expect.get(name)
        if isinstance(fine, int | float):
            yield Text(en=f"{en}: {number(fine)}", zh=f"{zh}：{number(fine)}")


def _value(value: object | Fact) -> Text:
    if value is None:
        return Text(en="none", zh="无")
    if isinstance(value, bool):
        return Text(en="yes", zh="是") if value else Text(en="no", zh="否")
    if isinstance(value, int | float):
        return Text(en=number(value), zh=number(value))
    if isinstance(value, list | tuple):
        each = [_value(item) for item in value]
        return Text(en=", ".join(t.en for t in each) or "none", zh="、".join(t.zh for t in each) or "无")
    if isinstance(value, datetime):
        return Text(en=value.isoformat(), zh=value.isoformat())
    if isinstance(value, date):
        return Text(en=value.isoformat(), zh=value.isoformat())
    return choice_word(str(value)) if value else Text(en="(empty)", zh="（空）")
