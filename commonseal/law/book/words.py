"""The sentences of the lawbook's pages that come from no rule."""

from __future__ import annotations

from dataclasses import dataclass

from commonseal.model import Lang, Text

_WORDS = {
    "book": Text(en="The lawbook", zh="法规库"),
    "lead": Text(
        en="Every rule that Commonseal decides by: its article, its dates, its numbers, and the tests it is held to.",
        zh="公章系统据以判定的全部规则：条文、时效、数值，以及每条规则所受的检验。",
    ),
    "other_lang": Text(en="中文", zh="English"),
    "search": Text(en="Search", zh="检索"),
    "search_hint": Text(en="Word, article or number of a rule", zh="关键词、条文号或规则编号"),
    "found": Text(en="rules", zh="条规则"),
    "nothing": Text(en="No rule has these words. Try fewer, or clear a filter.", zh="没有符合的规则。请减少关键词或取消筛选。"),
    "clear": Text(en="Clear", zh="清除"),
    "more": Text(en="Show more", zh="显示更多"),
    "all_rules": Text(en="All rules", zh="全部规则"),
    "instrument": Text(en="Instrument", zh="法规"),
    "kind": Text(en="Kind", zh="类别"),
    "subject": Text(en="Subject", zh="对象"),
    "status": Text(en="Status", zh="状态"),
    "article": Text(en="Article", zh="条文"),
    "rule": Text(en="Rule", zh="规则"),
    "rank": Text(en="Rank", zh="位阶"),
    "source": Text(en="Read in", zh="出处"),
    "effective": Text(en="In force", zh="时效"),
    "from": Text(en="from {day}", zh="自 {day} 起施行"),
    "span": Text(en="{day} to {end}", zh="{day} 至 {end}"),
    "in force": Text(en="In force", zh="有效"),
    "to come": Text(en="Not yet in force", zh="尚未施行"),
    "ended": Text(en="No longer in force", zh="已失效"),
    "pack": Text(en="Pack", zh="规则包"),
    "file": Text(en="File", zh="文件"),
    "id": Text(en="Id", zh="编号"),
    "standing": Text(en="Beside national law", zh="与国家法的关系"),
    "matter": Text(en="Matter", zh="事项"),
    "when": Text(en="When it applies", zh="适用条件"),
    "cel": Text(en="The condition as the engine reads it (CEL)", zh="引擎读取的条件（CEL）"),
    "then": Text(en="What follows", zh="法律后果"),
    "outcome": Text(en="outcome", zh="判定结果"),
    "broken": Text(en="where the limit is broken", zh="超出限值时"),
    "informs": Text(en="None: it informs, and changes no outcome.", zh="无：仅提供信息，不影响判定结果。"),
    "remedy": Text(en="What would pass", zh="如何满足"),
    "numbers": Text(en="Numbers", zh="数值"),
    "value": Text(en="Value", zh="取值"),
    "since": Text(en="From", zh="自"),
    "reference": Text(en="Where it stands", zh="依据"),
    "tests": Text(en="Tests", zh="检验"),
    "tests_lead": Text(
        en="Each runs on every change of the lawbook.", zh="法规库每次变更均须通过。"
    ),
    "on_day": Text(en="on {day}", zh="{day}"),
    "given": Text(en="given", zh="已知事实"),
    "fires": Text(en="applies", zh="适用"),
    "silent": Text(en="does not apply", zh="不适用"),
    "relies": Text(en="Who relies on it", zh="谁依据本规则"),
    "same_matter": Text(en="Rules on the same matter", zh="同一事项的规则"),
    "same_matter_note": Text(
        en="Where they disagree, the higher rank stands, then the more special, then the later.",
        zh="相互不一致时，依次适用位阶更高的、更特别的、更新的规则。",
    ),
    "read_by": Text(en="Read by", zh="由下列命令读取"),
    "facts": Text(en="Facts it reads", zh="读取的事实"),
    "before": Text(en="Before it", zh="上一条"),
    "after": Text(en="After it", zh="下一条"),
    "day": Text(en="Shown as of {day}. Book {digest}.", zh="按 {day} 的时效显示。法规库版本 {digest}。"),
    "skip": Text(en="To the content", zh="跳到正文"),
    "any": Text(en="any", zh="不限"),
    "none": Text(en="No condition: it always holds.", zh="无条件适用。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BookWords:
    """The words in one language: `t("from", day="2026-01-01")`."""

    lang: Lang

    def __call__(self, name: str, **put: str) -> str:
        """Return one sentence, filled in."""
        return _WORDS[name].in_(self.lang).format(**put)
