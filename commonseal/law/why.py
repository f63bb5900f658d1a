"""The reasons why a rule did or did not apply. Stored in English, told in either language."""

from __future__ import annotations

import re
from functools import lru_cache

from commonseal.model import Lang, Text

REASONS: dict[str, Text] = {
    "applies": Text(en="applies", zh="适用"),
    "not met": Text(en="its condition does not hold", zh="条件不成立"),
    "not yet": Text(en="not yet in force: from {day}", zh="尚未生效：{day} 起施行"),
    "ended": Text(en="no longer in force: ended {day}", zh="已失效：{day} 止"),
    "not adopted": Text(en="pack not adopted: {pack}", zh="未采用规则包：{pack}"),
    "conflicts": Text(en="conflicts with national law and decides nothing", zh="与国家法抵触，不作判定依据"),
    "warns": Text(en="needs review: it warns and decides nothing", zh="待复核：仅作提示，不作判定依据"),
    "missing": Text(en="cannot be told; not given: {facts}", zh="无法判定；缺少：{facts}"),
    "not started": Text(en="its clock has not started: no {fact}", zh="期限尚未起算：没有 {fact}"),
    "higher": Text(en="yields to {rule}: of higher rank", zh="让位于 {rule}：位阶更高"),
    "special": Text(en="yields to {rule}: more special", zh="让位于 {rule}：特别规定优先"),
    "later": Text(en="yields to {rule}: later", zh="让位于 {rule}：新规定优先"),
    "stronger": Text(en="yields to {rule}: asks for more", zh="让位于 {rule}：要求更严"),
    "strict": Text(en="yields to {rule}: stricter", zh="让位于 {rule}：阈值更严"),
    "treated": Text(en="met: {rule} says how to treat it", zh="已满足：{rule} 规定了处理方式"),
    "held": Text(en="holds: {measure} {got}, limit {limit}", zh="符合：{measure} 为 {got}，限值 {limit}"),
    "broken": Text(en="broken: {measure} {got}, limit {limit}", zh="不符：{measure} 为 {got}，限值 {limit}"),
}


def reason(name: str, **put: str) -> str:
    """Return one reason in English, as it is stored.

    >>> reason("not adopted", pack="city/agreement")
    'pack not adopted: city/agreement'
    """
    return REASONS[name].en.format_map(put) if put else REASONS[name].en


def missing_facts(why: str) -> tuple[str, ...]:
    """Return the facts that a stored reason says are missing; none for any other reason.

    >>> missing_facts("cannot be told; not given: incident.level, incident.persons")
    ('incident.level', 'incident.persons')
    """
    before = REASONS["missing"].en.removesuffix("{facts}")
    return tuple(why.removeprefix(before).split(", ")) if why.startswith(before) else ()


def told(why: str, lang: Lang) -> str:
    """Return a stored reason in a language; one that is not known is returned as it is.

    >>> told("pack not adopted: city/agreement", "zh")
    '未采用规则包：city/agreement'
    """
    if lang == "en":
        return why
    for pattern, text in _patterns():
        found = pattern.fullmatch(why)
        if found:
            return text.zh.format_map(found.groupdict())
    return why


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Text], ...]:
    made = []
    for text in REASONS.values():
        parts = re.split(r"\{(\w+)\}", text.en)
        pattern = "".join(f"(?P<{p}>.+)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
        made.append((re.compile(pattern), text))
    return tuple(made)
