"""The facts of one agreement on one day."""

from __future__ import annotations

from commonseal.law.fact import choice, day, flag, or_null, subject, text, texts
from commonseal.law.subjects.choices import (
    EXPORT_BASES,
    GDPR_BASES,
    GDPR_EXCEPTIONS,
    RECIPIENTS,
    SHARING_MODES,
    TRANSFER_GROUNDS,
)

AGREEMENT = subject(
    text("id", "the agreement's number", "协议编号"),
    text("provider", "who provides", "数据提供部门"),
    text("recipient", "who receives", "数据需求方"),
    choice("recipient_kind", "what the recipient is", "接收方类别", RECIPIENTS),
    text("purpose", "what the data are for; empty: not stated", "使用目的；空表示未写明"),
    or_null(text("legal_basis", "pipl13_1 to pipl13_7; null: none", "合法性基础")),
    or_null(text("basis_reference", "the statute that gives the duty", "法定依据条文")),
    or_null(day("valid_from", "first day in force", "生效日")),
    or_null(day("valid_to", "last day in force", "截止日（含）")),
    day("today", "the day decided on; filled from as_of", "判定日；由 as_of 填入"),
    choice("sharing_mode", "how the copy is shared", "共享方式", SHARING_MODES),
    flag("separate_consent", "each person consented separately", "是否取得单独同意"),
    flag("guardian_consent", "guardians consented (under 14)", "是否取得监护人同意"),
    or_null(text("minor_rules", "reference of the dedicated rules", "未成年人专门规则编号")),
    or_null(text("impact_assessment", "reference of the assessment", "影响评估编号")),
    flag("overseas", "anybody abroad receives or reads it", "是否向境外提供"),
    or_null(choice("export_basis", "the way of PIPL 38", "出境路径", EXPORT_BASES)),
    texts("columns_agreed", "the columns it names", "约定的字段"),
    flag("has_sensitive", "it names sensitive information", "是否含敏感个人信息"),
    flag("has_minors", "it holds people under 14", "是否含不满十四周岁未成年人"),
    flag("persons_repeat", "a direct identifier stands on several rows", "直接标识符是否多行重复"),
    flag("person_named", "it names the person column", "是否指明人员字段"),
    texts("adopted_packs", "the packs it adopts", "采用的规则包"),
    or_null(choice("gdpr_basis", "the basis of GDPR 6(1); null: none", "GDPR 第六条的依据", GDPR_BASES)),
    flag("special_categories", "it holds the special categories of GDPR 9(1)", "是否含 GDPR 第九条的特殊类别数据"),
    or_null(choice("gdpr_exception", "the exception of GDPR 9(2); null: none", "GDPR 第九条第二款的例外", GDPR_EXCEPTIONS)),
    or_null(choice("transfer_ground", "the ground of GDPR 45, 46, 49", "GDPR 向第三国传输的依据", TRANSFER_GROUNDS)),
    flag("recipient_is_processor", "the recipient processes by order", "接收方是否受托处理"),
    texts("processor_terms", "what that order settles", "受托处理合同载明的事项"),
)  # fmt: skip
