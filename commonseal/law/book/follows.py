"""Tell what follows where a rule's condition holds: its limit, deadline, authority, sanction, treatment."""

from __future__ import annotations

from collections.abc import Iterator

from commonseal.law.book.phrases import number, parameter_value
from commonseal.law.book.terms import AUTHORITIES, MEASURES, ON, OPERATORS, ROLES, TIERS, fact_title, word
from commonseal.law.consequence import Authority, Deadline, Measure, Penalty
from commonseal.law.rule import Rule
from commonseal.law.subjects import FACTS
from commonseal.model import Text

Pair = tuple[Text, Text]


def follows(rule: Rule) -> Iterator[Pair]:
    """Yield what follows, as names and values."""
    then = rule.then
    if then.defines is not None:
        yield Text(en="defines", zh="定义的术语"), then.defines
    if then.measured is not None:
        yield from _measured(then.measured, rule)
    if then.deadline is not None:
        yield from _deadline(then.deadline, rule)
    if then.authority is not None:
        yield from _authority(then.authority)
    if then.sanction is not None:
        yield from _sanction(then.sanction, rule)
    if then.treatment is not None:
        asked = ", ".join(f"{name} {value}" for name, value in then.treatment.params.items())
        done = word(OPERATORS, then.treatment.operator)
        more = f" ({asked})" if asked else ""
        yield (
            Text(en="treatment of the column", zh="字段处理方式"),
            Text(en=done.en + more, zh=done.zh + more),
        )
    if then.unless_treated:
        yield (
            Text(en="falls away", zh="不适用的情形"),
            Text(en="where another rule says how to treat the column", zh="另有规则规定该字段的处理方式"),
        )


def _measured(measure: Measure, rule: Rule) -> Iterator[Pair]:
    if measure.what is not None:
        yield Text(en="what is kept", zh="保存对象"), measure.what
    limit, title = (
        parameter_value(rule.parameters[measure.limit]),
        fact_title(FACTS[rule.subject][measure.fact]),
    )
    yield (
        title,
        Text(en=f"at least {limit.en}", zh=f"不少于 {limit.zh}")
        if measure.at_least
        else Text(en=f"at most {limit.en}", zh=f"不超过 {limit.zh}"),
    )


def _deadline(deadline: Deadline, rule: Rule) -> Iterator[Pair]:
    declared = FACTS[rule.subject]
    yield Text(en="what is owed", zh="应履行的事项"), deadline.what
    yield Text(en="who owes it", zh="义务主体"), word(ROLES, deadline.by)
    within, event = parameter_value(rule.parameters[deadline.within]), fact_title(declared[deadline.start])
    yield (
        Text(en="time limit", zh="期限"),
        Text(en=f"{within.en} before: {event.en}", zh=f"{event.zh}之前 {within.zh}")
        if deadline.before
        else Text(en=f"{within.en}, from: {event.en}", zh=f"自{event.zh}起 {within.zh}"),
    )
    if deadline.extension is not None:
        more = parameter_value(rule.parameters[deadline.extension])
        flag = fact_title(declared[deadline.extended]) if deadline.extended is not None else None
        yield (
            Text(en="extension", zh="延长"),
            Text(
                en=f"{more.en} more" + (f", where so: {flag.en}" if flag else ""),
                zh=f"再加 {more.zh}" + (f"（{flag.zh}）" if flag else ""),
            ),
        )
    if deadline.paused is not None:
        yield Text(en="the clock stands still", zh="不计入期限"), fact_title(declared[deadline.paused])


def _authority(authority: Authority) -> Iterator[Pair]:
    who, tier = word(AUTHORITIES, authority.who), word(TIERS, authority.tier)
    yield (
        Text(en="competent authority", zh="主管部门"),
        Text(en=f"{who.en}, {tier.en}", zh=f"{who.zh}（{tier.zh}）"),
    )
    yield Text(en="for", zh="职权事项"), authority.purpose


def _sanction(penalty: Penalty, rule: Rule) -> Iterator[Pair]:
    yield Text(en="falls on", zh="处罚对象"), word(ON, penalty.on)
    least, most = _sum(penalty.fine_min, rule, penalty), _sum(penalty.fine_max, rule, penalty)
    if least is not None or most is not None:
        yield Text(en="fine", zh="罚款"), _range(least, most)
    declared = FACTS[rule.subject]
    if penalty.turnover_rate is not None:
        rate, base = (
            float(rule.parameters[penalty.turnover_rate].values[-1].value),
            fact_title(declared[penalty.turnover]),
        )
        share = f"{rate * 100:.4g}%"
        yield (
            Text(en="or, where higher", zh="或者（以较高者为准）"),
            Text(en=f"up to {share} of: {base.en}", zh=f"{base.zh}的 {share} 以下"),
        )
    times = [_times(name, rule) for name in (penalty.times_gain_min, penalty.times_gain_max)]
    if any(times):
        base = fact_title(declared[penalty.times_of])
        span = " – ".join(each for each in times if each)
        yield (
            Text(en="fine in times", zh="倍数罚款"),
            Text(en=f"{span} times: {base.en}", zh=f"{base.zh}的 {span} 倍"),
        )
    if penalty.measures:
        done = [word(MEASURES, measure) for measure in penalty.measures]
        yield (
            Text(en="measures", zh="措施"),
            Text(en=", ".join(t.en for t in done), zh="、".join(t.zh for t in done)),
        )


def _sum(name: str | None, rule: Rule, penalty: Penalty) -> Text | None:
    if name is None:
        return None
    amount = number(rule.parameters[name].values[-1].value)
    return (
        Text(en=f"EUR {amount}", zh=f"{amount} 欧元")
        if penalty.currency == "EUR"
        else Text(en=f"CNY {amount}", zh=f"{amount} 元")
    )


def _times(name: str | None, rule: Rule) -> str | None:
    return number(rule.parameters[name].values[-1].value) if name is not None else None


def _range(least: Text | None, most: Text | None) -> Text:
    if least is None and most is not None:
        return Text(en=f"up to {most.en}", zh=f"{most.zh}以下")
    if least is not None and most is None:
        return Text(en=f"from {least.en}", zh=f"{least.zh}以上")
    if least is None or most is None:
        raise AssertionError("asked only where one is set")
    return Text(en=f"{least.en} to {most.en}", zh=f"{least.zh}以上 {most.zh}以下")
