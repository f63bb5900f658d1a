"""The facts of one entry in a credit file, and of the measure that is to follow from it."""

from __future__ import annotations

from commonseal.law.fact import choice, count, flag, moment, or_null, subject, text

ENTRIES = (
    "administrative_penalty",
    "serious_list",
    "abnormal_list",
    "commitment_broken",
    "wage_arrears_list",
    "market_serious_list",
    "debtor_list",
    "other",
)
BASIS_RANKS = (
    "law",
    "administrative_regulation",
    "local_regulation",
    "departmental_rule",
    "central_policy",
    "normative_document",
)
GRAVITIES = ("minor", "general", "serious")
BREACHED_LAWS = ("pipl", "csl")

CREDIT_ENTRY = subject(
    choice("entry_kind", "what is entered", "信用信息类别", ENTRIES),
    choice("on_whom", "whom it is about", "信用主体", ("unit", "person", "department")),
    choice("gravity", "how grave", "失信程度", GRAVITIES),
    or_null(text("document", "number of the document in legal effect", "生效法律文书编号")),
    or_null(choice("basis_rank", "rank of the text that the entry rests on; null: none", "认定依据的位阶", BASIS_RANKS)),
    or_null(text("basis_reference", "the article that it rests on", "认定依据条文")),
    or_null(choice("measure_basis_rank", "rank of the text that the measure rests on; null: none", "惩戒措施依据的位阶", BASIS_RANKS)),
    flag("burdens", "the measure takes rights or adds duties", "措施是否减损权益或增加义务"),
    flag("in_catalogue", "the information stands in the catalogue", "是否列入信用信息目录"),
    flag("in_measure_list", "the measure stands in the list of measures", "是否列入惩戒措施清单"),
    flag("aggravated", "the measure goes beyond its text", "是否超出依据加重惩戒"),
    flag("non_credit_information", "it holds what is no credit information", "是否纳入非信用信息"),
    flag("private_information", "it holds private information", "是否含私密信息"),
    flag("scores_person", "a natural person is scored", "是否对自然人评分"),
    flag("only_incentive", "the score only serves incentives", "评分是否仅用于激励参考"),
    flag("told_beforehand", "the one concerned was told and heard", "是否事先告知并听取陈述"),
    or_null(moment("document_at", "day of the document, where publicity starts", "文书作出日（公示起算）")),
    count("publicity_days", "days that it has been public", "已公示天数"),
    count("public_months", "full months that it has been public", "已公示整月数"),
    flag("published", "it is public", "是否公示"),
    flag("published_on_national_site", "it is public on the national site", "是否在“信用中国”公示"),
    flag("duties_done", "the duties of the document are done", "是否履行义务"),
    flag("corrected", "the act was corrected", "是否纠正失信行为"),
    flag("promise_made", "a public promise was made", "是否作出信用承诺"),
    or_null(moment("repair_asked_at", "when repair was asked for", "申请信用修复的时间")),
    or_null(moment("repaired_at", "when repair was granted", "准予修复的时间")),
    flag("traceable", "each step is recorded", "是否全程留痕可追溯"),
    flag("other_field", "the measure acts in a field unrelated to the act", "措施是否作用于与行为无关的领域"),
    flag("out_of_proportion", "the measure is out of proportion to the act", "措施是否与行为不相称"),
    flag("joint_punishment", "several departments punish it together", "是否联合惩戒"),
    or_null(moment("entered_at", "when it was entered in the file", "记入档案的时间")),
    or_null(moment("objected_at", "when the one concerned objected", "提出异议的时间")),
    flag("objection_answered", "the objection was answered", "异议是否已答复"),
    count("clean_years", "full years without an entry", "无失信记录的整年数"),
    count("entries_open", "entries not yet repaired", "未修复的条目数"),
    or_null(moment("repair_decided_at", "when the request for repair was decided", "决定修复申请的时间")),
    or_null(moment("repair_passed_on_at", "when all authorities were told of the repair", "通知各部门修复的时间")),
    flag("measures_lifted", "the listing ended and the measures were lifted", "是否已移出名单、解除措施"),
    flag("still_shared", "it is still shared or used somewhere", "是否仍在共享、使用"),
    flag("local_measure", "a locality added the measure", "是否地方补充的措施"),
    count("listed_months", "full months on the list", "已列入名单的整月数"),
    or_null(moment("duties_done_at", "when the duties were done", "履行义务的时间")),
    or_null(choice("breach_of", "the law that was broken; null: another", "违反的法律；null 表示其他", BREACHED_LAWS)),
)  # fmt: skip
