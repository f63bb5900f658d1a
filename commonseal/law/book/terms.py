"""The words of the lawbook's pages for what the packs say in codes: kinds, ranks, authorities, units, operators."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commonseal.law.fact import FactType
from commonseal.model import Text

# what a title says to who writes facts down: codes, and what null means
_NOTE = re.compile(r"( \(codes: .*\)|: [a-z_]+(, [a-z_]+)+)$")


def _table(*rows: tuple[str, str, str]) -> Mapping[str, Text]:
    return {code: Text(en=en, zh=zh) for code, en, zh in rows}


KINDS = _table(
    ("prohibition", "Prohibition", "禁止"),
    ("duty", "Duty", "义务"),
    ("permission", "Permission", "许可"),
    ("threshold", "Threshold", "阈值"),
    ("deadline", "Deadline", "期限"),
    ("retention", "Retention", "保存期限"),
    ("competence", "Competence", "职权"),
    ("sanction", "Sanction", "处罚"),
    ("definition", "Definition", "定义"),
)
SUBJECTS = _table(
    ("agreement", "Sharing agreement", "共享协议"),
    ("column", "Column of a release", "发布数据的字段"),
    ("release", "Release", "数据发布"),
    ("device_application", "Device application", "设备安装申请"),
    ("collection", "Collection", "数据采集"),
    ("dataset", "Dataset", "数据集"),
    ("share_request", "Share request", "共享申请"),
    ("incident", "Incident", "数据安全事件"),
    ("inspection", "Inspection", "检查"),
    ("credit_entry", "Credit entry", "信用记录"),
)
STATUS = _table(
    ("verified", "Verified", "已核对"),
    ("needs_review", "Needs review", "待复核"),
    ("model", "Model text", "示范文本"),
)
STATUS_NOTES = _table(
    ("verified", "The article was read in its source. It decides.", "条文已与原文核对，作为判定依据。"),
    (
        "needs_review",
        "The article was not read in its source. It warns, and never decides.",
        "条文未与原文核对，仅作提示，不作判定依据。",
    ),
    (
        "model",
        "A text that a city can adopt. It decides only where its pack is adopted.",
        "供城市采用的示范文本，仅在采用该规则包时作为判定依据。",
    ),
)
RANKS = _table(
    ("law", "Law", "法律"),
    ("administrative_regulation", "Administrative regulation", "行政法规"),
    ("departmental_rule", "Departmental rule", "部门规章"),
    ("normative_document", "Normative document", "规范性文件"),
    ("standard", "Standard", "标准"),
    ("model", "Model text", "示范文本"),
)
STANDS = _table(
    ("adds", "adds to national law", "补充国家法"),
    ("fills", "fills what national law leaves open", "填补国家法的空白"),
    ("conflicts", "conflicts with national law, and so decides nothing", "与国家法抵触，不作判定依据"),
)
OUTCOMES = _table(
    ("forbidden", "Forbidden", "禁止"),
    ("conditional", "Conditional", "附条件"),
    ("allowed", "Allowed", "允许"),
    ("undetermined", "Undetermined: counts as no", "无法判定，视为不允许"),
)
AUTHORITIES = _table(
    ("cyberspace_administration", "cyberspace administration", "网信部门"),
    ("public_security", "public security", "公安机关"),
    ("market_supervision", "market supervision", "市场监管部门"),
    ("industry_information", "industry and information technology", "工业和信息化部门"),
    ("share_authority", "share authority", "政务数据共享主管部门"),
    ("source_department", "source department", "数源部门"),
    ("people_government", "people's government", "人民政府"),
    ("state_council", "State Council", "国务院"),
    ("protection_department", "protection department", "保护工作部门"),
    ("data_protection_authority", "data protection authority", "数据保护监管机构"),
    ("provider_department", "provider department", "数据提供部门"),
    ("court", "court", "人民法院"),
    ("procuratorate", "procuratorate", "人民检察院"),
    ("finance", "finance", "财政部门"),
    ("health", "health", "卫生健康部门"),
    ("transport", "transport", "交通运输部门"),
)
TIERS = _table(
    ("township", "township", "乡级"),
    ("county", "county", "县级"),
    ("municipal", "municipal", "市级"),
    ("provincial", "provincial", "省级"),
    ("national", "national", "国家级"),
    ("same_level", "of the same level", "同级"),
    ("upper_level", "of the next higher level", "上一级"),
    ("common_upper", "of the common higher level", "共同上级"),
    ("any", "of any level", "各级"),
    ("eu_member_state", "of the Member State", "欧盟成员国"),
)
ON = _table(
    ("unit", "the unit", "单位"),
    ("responsible_person", "the persons responsible", "直接责任人员"),
    ("person", "the person", "个人"),
    ("department", "the department", "部门"),
    ("any", "whoever is in breach", "违法者"),
)
MEASURES = _table(
    ("correct", "order to correct", "责令改正"),
    ("warn", "warning", "警告"),
    ("confiscate", "confiscation of gains", "没收违法所得"),
    ("suspend", "suspension", "责令暂停"),
    ("close", "closure", "停业整顿或者关闭"),
    ("revoke", "revocation of licence", "吊销许可或者执照"),
    ("discipline", "discipline", "处分"),
    ("circulate", "public criticism", "通报批评"),
    ("detain", "detention", "拘留"),
    ("delete", "deletion", "责令删除"),
)
UNITS = _table(
    ("minute", "minutes", "分钟"),
    ("hour", "hours", "小时"),
    ("day", "days", "日"),
    ("working_day", "working days", "个工作日"),
    ("week", "weeks", "周"),
    ("month", "months", "个月"),
    ("year", "years", "年"),
    ("CNY", "CNY", "元"),
    ("EUR", "EUR", "欧元"),
    ("minutes", "minutes", "分钟"),
    ("months", "months", "个月"),
    ("years", "years", "年"),
    ("years of age", "years of age", "周岁"),
    ("persons", "persons", "人"),
    ("times", "times", "倍"),
    ("per cent", "per cent", "%"),
    ("devices_per_1000_households", "devices per 1,000 households", "台/千户"),
    ("share, 0 to 1", "share, 0 to 1", "比例，0 至 1"),
    ("share of turnover", "share of turnover", "占营业额比例"),
    ("share of persons", "share of persons", "占人数比例"),
    ("share of rows", "share of rows", "占行数比例"),
    ("share of the range", "share of the range", "占值域比例"),
    ("share of certainty, 1/k", "share of certainty, 1/k", "确定性比例，1/k"),
    ("distance, 0 to 1", "distance, 0 to 1", "距离，0 至 1"),
    ("items", "items", "项"),
    ("classes", "classes", "个等价类"),
    ("distinct values", "distinct values", "个不同取值"),
    ("users", "users", "名用户"),
    ("users a month", "users a month", "名月活用户"),
    ("views", "views", "次浏览"),
    ("cases", "cases", "件"),
    ("parties", "parties", "方"),
    ("shares", "shares", "次共享"),
    ("authorities", "authorities", "个部门"),
    ("counties or districts", "counties or districts", "个县区"),
    ("audits in a row", "audits in a row", "次连续审计"),
    ("penalties within a year", "penalties within a year", "次（一年内）"),
    ("days of detention", "days of detention", "日拘留"),
    ("day of the calendar", "day of the calendar", "日期"),
    ("points of 100", "points of 100", "分（百分制）"),
    ("level, 1 to 5", "level, 1 to 5", "级，1 至 5"),
    ("persons since 1 January", "persons since 1 January", "人（当年 1 月 1 日起）"),
    ("persons since 1 January of the year before", "persons since 1 January of the year before", "人（上年 1 月 1 日起）"),
)  # fmt: skip
OPERATORS = _table(
    ("keep", "keep it as it is", "原样保留"),
    ("generalize", "make it coarser", "泛化"),
    ("mask_text", "mask what names somebody in the text", "遮蔽文本中的标识信息"),
    ("mask", "hide part of it", "部分遮蔽"),
    ("hmac_sha256", "replace it by a keyed hash (HMAC-SHA-256)", "以带密钥的哈希替换（HMAC-SHA-256）"),
    ("hmac_sm3", "replace it by a keyed hash (HMAC-SM3)", "以带密钥的哈希替换（HMAC-SM3）"),
    ("null", "empty it", "置空"),
    ("drop", "leave it out", "删除字段"),
)
FACT_KINDS = _table(
    ("text", "text", "文本"),
    ("choice", "one of a few", "选项"),
    ("flag", "yes or no", "是或否"),
    ("level", "level 1 to 4", "级别 1 至 4"),
    ("count", "whole number", "整数"),
    ("rate", "share, 0 to 1", "比例，0 至 1"),
    ("amount", "amount", "数额"),
    ("date", "day", "日期"),
    ("moment", "moment or day", "时刻或日期"),
    ("list", "list", "列表"),
)
ROLES = _table(
    ("handler", "the handler", "处理者"),
    ("provider", "the provider", "提供方"),
    ("requester", "the requester", "需求方"),
    ("lead_authority", "the lead authority", "牵头部门"),
    ("credit_officer", "the credit officer", "信用管理人员"),
    ("police", "the police", "公安机关"),
    ("registry", "the registry", "登记机构"),
    ("authority", "the authority", "主管部门"),
    ("operator", "the operator", "运营者"),
    ("applicant", "the applicant", "申请人"),
    ("coordination_team", "the coordination team", "协调小组"),
    ("reviewer", "the reviewer", "审核人员"),
    ("holder", "the holder", "持有者"),
    ("controller", "the controller", "控制者"),
    ("platform", "the platform", "平台"),
    ("other_authorities", "the other authorities", "其他部门"),
    ("committee", "the committee", "委员会"),
    ("inspected", "who was inspected", "被检查单位"),
    ("releaser", "who released the data", "发布方"),
    ("discoverer", "who discovered it", "发现者"),
    ("technology_provider", "the technology provider", "技术提供方"),
    ("operating_unit", "the operating unit", "运营单位"),
    ("provincial_administration", "the provincial administration", "省级网信部门"),
    ("national_administration", "the national administration", "国家网信部门"),
    ("court", "the court", "人民法院"),
    ("department_cyberspace_body", "the department's cyberspace body", "部门网信机构"),
    ("provincial_cyberspace_administration", "the provincial cyberspace administration", "省级网信部门"),
    ("protection_department", "the protection department", "保护工作部门"),
)


def word(table: Mapping[str, Text], code: str) -> Text:
    """Return the words of a code; of one that no table has, the code with spaces.

    >>> word(UNITS, "working_day").in_("zh"), word(ROLES, "ship_owner").in_("en")
    ('个工作日', 'ship owner')
    """
    plain = code.replace("_", " ")
    return table.get(code) or Text(en=plain, zh=plain)


def fact_title(declared: FactType) -> Text:
    """Return what a fact is, without the notes for who writes it down.

    >>> from commonseal.law.fact import texts
    >>> fact_title(texts("t", "what it states: name, rights; null: nothing", "载明的事项；null 表示无")).en
    'what it states'
    """
    title = declared.title
    return Text(en=_NOTE.sub("", title.en.partition("; ")[0]), zh=title.zh.partition("；")[0])
