"""Every sentence of the report's page, in both languages: nothing else on the page is our own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from commonseal.model import Lang, Text


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language; `own` are those that only one page uses.

    >>> Words("en")("level_of", level=2, height=5)
    'level 2 of 5'
    """

    lang: Lang
    own: Mapping[str, Text] = field(default_factory=dict)

    def __call__(self, word: str, **parts: object) -> str:
        """Return a sentence, its places filled. Raises: KeyError for a word that is not in the table."""
        return (self.own.get(word) or WORDS[word]).in_(self.lang).format(**parts)

    def of(self, prefix: str, value: object) -> str:
        """Return what a code of the manifest means, or the code itself where nobody knows."""
        known = self.own.get(f"{prefix}_{value}") or WORDS.get(f"{prefix}_{value}")
        return known.in_(self.lang) if known else str(value)


def words_table(**words: tuple[str, str]) -> Mapping[str, Text]:
    """Return a table of words from (English, Chinese) pairs."""
    return MappingProxyType({word: Text(en=en, zh=zh) for word, (en, zh) in words.items()})


WORDS = words_table(
    # the head
    kind_released=("Release report", "发布报告"),
    kind_refused=("Refusal report", "拒绝发布报告"),
    released=("Released", "已发布"),
    refused=("Refused", "拒绝发布"),
    decided_on=("under the law in force on {day}", "适用 {day} 有效的法律"),
    lang_name=("English", "中文"),
    lead_released=(
        "{out} of {all} rows of {table} left under this agreement. What left is sealed as entry {index} of the log.",
        "{table} 共 {all} 行，依本协议发布 {out} 行；所发布内容封存为日志第 {index} 条。",
    ),
    lead_refused=(
        "Nothing of {table} left. The refusal is recorded as entry {index} of the log.",
        "{table} 没有任何数据流出。本次拒绝记录为日志第 {index} 条。",
    ),
    # the seal and its proof
    seal_entry=("LOG ENTRY", "日志存证"),
    seal_title=("Seal: entry {index} of the log {origin}", "印记：日志 {origin} 第 {index} 条"),
    proof=("The proof", "存证证明"),
    proof_checked=(
        "When this page was written, the record was what the entry commits to, and the path led from "
        "the entry to the checkpoint's root. Not checked: the log's signature, for the log's public key must "
        "come to you by another way. The command below checks all of it, offline.",
        "生成本页时已核对：所封存的记录与日志条目一致，路径可由条目推至检查点的根哈希。未核对：日志的签名，"
        "因为日志公钥须由您从其他途径取得。以下命令可离线核对全部内容。",
    ),
    data_checked=("The data file had the sealed hash.", "数据文件的哈希与封存时一致。"),
    data_absent=("The data file was not there, so it was not checked.", "数据文件不在文件夹中，未核对。"),
    command=("Check it without this page", "不依赖本页的核对命令"),
    command_where=(
        "Run it beside the folder {folder}; log.pub is the public key of {origin}.",
        "请在文件夹 {folder} 的上一级目录执行；log.pub 为 {origin} 的公钥文件。",
    ),
    origin=("Log", "日志"),
    index=("Entry number", "条目序号"),
    tree_size=("Entries at the checkpoint", "检查点条目数"),
    entry=("Entry (HMAC-SHA-256, base64)", "条目（HMAC-SHA-256，base64）"),
    nonce=("Nonce of the entry (hex)", "条目随机数（十六进制）"),
    path=("Path of hashes, leaf to root", "哈希路径（由叶至根）"),
    path_none=("none: the entry is the tree's only leaf", "无：该条目是树中唯一的叶"),
    signers=("Signature lines of", "签名行所属"),
    checkpoint=("Checkpoint", "检查点"),
    # the figures at the top
    fig_rows=("rows leave", "发布行数"),
    fig_rows_of=("of {all}", "共 {all} 行"),
    fig_suppressed=("rows suppressed", "抑制行数"),
    fig_columns=("columns leave", "发布字段"),
    fig_columns_of=("of {all} asked for", "共申请 {all} 个"),
    fig_class=("persons in the smallest class", "最小等价类人数"),
    fig_risk=("highest risk of re-identification", "最高重标识风险"),
    fig_was=("before: {value}", "处理前：{value}"),
    # the agreement
    terms=("The agreement", "共享协议"),
    provider=("Provider", "数据提供部门"),
    recipient=("Recipient", "数据需求方"),
    recipient_of_kind=("{name} ({kind})", "{name}（{kind}）"),
    kind_department=("department", "部门"),
    kind_authorised_body=("authorised body", "法律法规授权的组织"),
    kind_enterprise=("enterprise", "企业"),
    kind_research=("research body", "研究机构"),
    kind_public=("the public", "社会公众"),
    purpose=("Purpose", "使用目的"),
    basis=("Legal basis", "合法性基础"),
    basis_pipl13_1=("PIPL art. 13(1)(1): consent", "《个人信息保护法》第十三条第一款第一项：个人同意"),
    basis_pipl13_2=(
        "PIPL art. 13(1)(2): contract or human resources",
        "《个人信息保护法》第十三条第一款第二项：订立、履行合同或人力资源管理所必需",
    ),
    basis_pipl13_3=(
        "PIPL art. 13(1)(3): statutory duty or obligation",
        "《个人信息保护法》第十三条第一款第三项：履行法定职责或法定义务所必需",
    ),
    basis_pipl13_4=(
        "PIPL art. 13(1)(4): public-health or other emergency",
        "《个人信息保护法》第十三条第一款第四项：应对突发公共卫生事件或紧急情况所必需",
    ),
    basis_pipl13_5=(
        "PIPL art. 13(1)(5): news reporting in the public interest",
        "《个人信息保护法》第十三条第一款第五项：为公共利益实施新闻报道、舆论监督",
    ),
    basis_pipl13_6=(
        "PIPL art. 13(1)(6): lawfully public already",
        "《个人信息保护法》第十三条第一款第六项：已合法公开的个人信息",
    ),
    basis_pipl13_7=(
        "PIPL art. 13(1)(7): other law",
        "《个人信息保护法》第十三条第一款第七项：法律、行政法规规定的其他情形",
    ),
    reference=("Statute cited", "所依条文"),
    valid=("In force", "有效期"),
    valid_span=("{start} to {end}", "{start} 至 {end}"),
    mode=("Sharing mode", "共享方式"),
    mode_public=("public", "完全公开共享"),
    mode_controlled=("controlled", "受控公开共享"),
    mode_enclave=("enclave", "领地公开共享"),
    assessment=("Impact assessment", "个人信息保护影响评估"),
    not_measured=("does not apply", "不适用"),
    not_stated=("not stated", "未写明"),
    # marks and law
    mark_kept=("kept", "符合"),
    mark_watch=("to watch", "须注意"),
    mark_broken=("in the way", "不符合"),
    status_model=("model text", "示范文本"),
    status_needs_review=("needs review", "待复核"),
    law=("What the law says", "法律依据"),
    by_thresholds=(
        "No rule of its own: it is counted among the quasi-identifiers and held by the thresholds.",
        "无单独规则：作为准标识符计入等价类，由下列限值约束。",
    ),
    no_rule=("No rule spoke on this column.", "没有规则针对该字段。"),
    to_pass=("Smallest change that would pass: {remedy}", "可行的最小改动：{remedy}"),
    to_do=("What to do: {remedy}", "建议：{remedy}"),
    # refusal
    in_the_way=("What stands in the way", "不予发布的原因"),
    facts=("What was decided on", "判定所依据的事实"),
    facts_none=(
        "The terms of the agreement itself, shown above; no table was measured.",
        "协议条款本身（见上）；未对数据进行测量。",
    ),
    facts_of_agreement=("The agreement", "协议"),
    facts_of_column=("Column {name}", "字段 {name}"),
    facts_of_release=("The copy, as measured", "拟发布数据的测量结果"),
    fact_purpose=("what the data are for", "使用目的"),
    fact_legal_basis=("legal basis", "合法性基础"),
    fact_today=("the day decided on", "判定日"),
    period_none=("does not change", "不更换"),
    period_week=("a week", "每周"),
    period_day=("a day", "每天"),
    yes=("yes", "是"),
    no=("no", "否"),
    and_more=("and {count} more", "等另 {count} 项"),
    # columns
    columns=("What was found, what was done, and why", "识别结果、处理方式与依据"),
    columns_refused=("What was found", "识别结果"),
    column=("Column", "字段"),
    found=("Found", "识别"),
    level=("Level", "级别"),
    level_1=("general", "一般"),
    level_2=("personal", "个人"),
    level_3=("semi-private", "半私密"),
    level_4=("highly private", "高度私密"),
    confidence=("Sure to", "置信度"),
    declared=("declared", "管理员声明"),
    done=("Done", "处理"),
    bad=("Unreadable", "无法解读"),
    bad_note=(
        "Unreadable: cells that the treatment could not read; they left empty.",
        "“无法解读”：处理方式无法解读的单元格数，发布时置空。",
    ),
    use_plain=("plain", "普通字段"),
    use_quasi=("quasi-identifier", "准标识符"),
    use_sensitive=("sensitive attribute", "敏感属性"),
    use_person=("tells persons apart", "区分人员"),
    generalized=("generalized to {level}", "泛化：{level}"),
    level_of=("level {level} of {height}", "第 {level} 级，共 {height} 级"),
    level_only=("level {level}", "第 {level} 级"),
    as_it_was=("left as it was", "未泛化"),
    own_treatment=("the agreement's own, at least as strong", "协议自定，不弱于规则"),
    # conditions and verdict
    conditions=("What goes with this copy", "随附条件"),
    verdict=("The verdict", "评判结论"),
    verdict_pass=("Every threshold holds.", "全部限值均符合。"),
    verdict_fail=("{failed} of {all} thresholds do not hold.", "{all} 项限值中有 {failed} 项不符合。"),
    verdict_none=("No threshold applies to this copy.", "没有适用于本次发布的限值。"),
    measure=("Measure", "指标"),
    got=("Measured", "实测"),
    limit=("Limit", "限值"),
    result=("Result", "结果"),
    at_least=("at least {limit}", "不小于 {limit}"),
    at_most=("at most {limit}", "不大于 {limit}"),
    measure_smallest_class=("Persons in the smallest class (k)", "最小等价类人数（k）"),
    measure_highest_risk=("Highest risk of re-identification", "最高重标识风险"),
    measure_average_risk=("Average risk of re-identification", "平均重标识风险"),
    measure_sample_uniques=("Persons alone in their class", "唯一可辨人数"),
    measure_homogeneous_classes=("Classes of one sensitive value", "敏感值单一的等价类数"),
    measure_smallest_l=("Sensitive values in the poorest class (l)", "最少敏感值个数（l）"),
    measure_highest_t=("Farthest class from the whole (t)", "与总体分布的最大距离（t）"),
    measure_suppression_rate=("Rows suppressed", "抑制率"),
    measure_trace_unicity=("Persons named by four points", "四点可识别率"),
    # pictures
    risk=("Risk, before and after", "处理前后的风险"),
    no_classes=(
        "No column is a quasi-identifier, so there are no classes to picture.",
        "没有准标识符字段，因此没有等价类可供图示。",
    ),
    before=("before", "处理前"),
    after=("after", "处理后"),
    limit_line=("limit {limit}", "限值 {limit}"),
    hist=("Persons by the size of their class", "按等价类人数统计"),
    hist_desc=(
        "How many persons stand in classes of which size, before and after. Alone in their class: {before} "
        "before, {after} after.",
        "处理前后各规模等价类中的人数。独自成类者：处理前 {before} 人，处理后 {after} 人。",
    ),
    hist_axis=("persons in a class", "每类人数"),
    hist_line=("at least {k} asked", "要求不少于 {k} 人"),
    persons_before=("Persons before", "处理前人数"),
    persons_after=("Persons after", "处理后人数"),
    dots=("Risk of being told apart", "被重标识的风险"),
    dots_desc=(
        "Each measure before and after on a scale from 0 to 100%, with its limit where the law sets one.",
        "各指标处理前后在 0 至 100% 上的位置，法律设有限值者一并标出。",
    ),
    levels=("How far each column was generalized", "各准标识符的泛化程度"),
    levels_desc=(
        "The level chosen for each quasi-identifier, and the share of rows suppressed.",
        "每个准标识符所选的泛化级别，以及被抑制行的比例。",
    ),
    height=("Levels in all", "总级数"),
    table_behind=("The figures", "查看数据"),
    classes=("Classes", "等价类数"),
    rows=("Rows", "行数"),
    persons=("Persons", "人数"),
    uniques=("Alone in their class", "独自成类者"),
    optimal=(
        "Proved to lose least among the choices that keep what was asked ({checked} of {total} looked at).",
        "在满足要求的组合中，经证明损失最小（共 {total} 种，实际检查 {checked} 种）。",
    ),
    not_optimal=(
        "The best found that keeps what was asked ({checked} of {total} looked at); not proved to lose least.",
        "已找到的满足要求且损失较小的组合（共 {total} 种，实际检查 {checked} 种）；未证明损失最小。",
    ),
    # how it was made
    made=("How it was made", "生成信息"),
    table=("Table", "源数据表"),
    rows_in=("Rows in", "输入行数"),
    rows_out=("Rows out", "输出行数"),
    rows_suppressed=("Rows suppressed", "抑制行数"),
    left_behind=("Columns that stayed", "未发布的字段"),
    engine=("Engine", "计算引擎"),
    versions=("Versions", "软件版本"),
    hash_data=("Data, SHA-256", "数据 SHA-256"),
    hash_document=("Manifest, SHA-256", "清单 SHA-256"),
    hash_refusal=("Refusal record, SHA-256", "拒绝记录 SHA-256"),
    hash_agreement=("Agreement, SHA-256", "协议 SHA-256"),
    hash_law=("Lawbook, SHA-256", "法规库 SHA-256"),
    packs=("Rule packs", "规则包"),
    rules=("Rules that spoke", "适用的规则"),
    rule=("Rule", "规则"),
    article=("Article", "条文"),
    effective=("In force from", "施行日期"),
)
