"""The sentences of the page and picture of a change that was tried on past decisions, in both languages."""

from __future__ import annotations

from commonseal.model import Lang
from commonseal.release.report_words import Words, words_table

_WORDS = words_table(
    kind=("A change tried on past decisions", "在以往判定上试行修改"),
    alone=("A change tried on past decisions: {name}", "在以往判定上试行修改：{name}"),
    lead=(
        "Under this change {turned} of {all} decisions turn: {graver} to a graver outcome, {milder} to a milder one.",
        "试行修改后，{all} 项判定中有 {turned} 项结论改变：{graver} 项从严，{milder} 项从宽。",
    ),
    lead_none=(
        "Under this change none of {all} decisions turns.",
        "试行修改后，{all} 项判定的结论均不改变。",
    ),
    drifted=(
        "{count} decisions were already answered otherwise under the book as it is; what is shown is the doing of the change alone.",
        "另有 {count} 项判定在现行法规库下已与所存结论不同；此处只显示本次修改的影响。",
    ),
    fig_all=("decisions tried again", "重新判定"),
    fig_all_beside=("each on its own day and facts", "按各自日期和事实"),
    fig_graver=("become stricter", "从严"),
    fig_milder=("become milder", "从宽"),
    fig_share=("{share} of all", "占 {share}"),
    fig_rules=("rules changed", "修改规则"),
    fig_rules_beside=("{replaced} replaced, {added} added", "替换 {replaced} 条，新增 {added} 条"),
    flow=("From outcome to outcome", "结论的变化"),
    flow_desc=(
        "Left the outcomes as the law stands, right those under the change; {turned} of {all} decisions change sides.",
        "左为现行法下的结论，右为修改后的结论；{all} 项判定中 {turned} 项改变。",
    ),
    flow_before=("as the law stands", "现行"),
    flow_after=("under the change", "修改后"),
    flow_graver=("▲ {count} stricter", "▲ {count} 项从严"),
    flow_milder=("▼ {count} milder", "▼ {count} 项从宽"),
    flow_one=("{before} to {after}: {count}", "{before} 至 {after}：{count} 项"),
    outcome_allowed=("allowed", "允许"),
    outcome_conditional=("conditional", "附条件"),
    outcome_undetermined=("undetermined", "无法判定"),
    outcome_forbidden=("forbidden", "禁止"),
    rules=("Which rule makes it", "由哪条规则引起"),
    rule=("Rule", "规则"),
    graver=("Stricter", "从严"),
    milder=("Milder", "从宽"),
    replaced=("replaced", "替换"),
    added=("added", "新增"),
    no_turn=("turns none", "未改变任何结论"),
    turns=("Which decisions turn", "结论改变的判定"),
    where=("Decision", "判定"),
    day=("Day", "日期"),
    before=("Before", "修改前"),
    after=("After", "修改后"),
    shifts=("Which duties, authorities and sanctions change", "期限、主管部门和处罚的变化"),
    shift_kind=("What", "内容"),
    shift_kind_obligation=("due", "期限"),
    shift_kind_authority=("authority", "主管部门"),
    shift_kind_sanction=("sanction", "处罚"),
    nothing=("none", "无"),
    first_of=(
        "The first {shown} of {all}; the command's --json lists every one.",
        "仅列前 {shown} 项，共 {all} 项；用命令的 --json 可列出全部。",
    ),
    count=("Decisions", "判定数"),
)


def change_words(lang: Lang) -> Words:
    """Return the words of the page in one language."""
    return Words(lang, _WORDS)
