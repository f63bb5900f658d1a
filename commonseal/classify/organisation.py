"""Recognize names of organisations, and those that a person works or studies at."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import Names, Recognizer, category, ends_with, label
from commonseal.model import Level, Role

_CHINESE = (
    "公司|集团|工厂|厂|医院|卫生院|诊所|学校|小学|中学|大学|学院|幼儿园|局|厅|委员会|政府|中心|银行|支行|分行|协会|学会|商会|"
    "事务所|研究院|研究所|办事处|派出所|居委会|村委会|合作社|有限合伙|基金会|法院|检察院|大队|工作室|经营部|门市部"
)
_LATIN = (
    r"(?i:(?-u:\b)(?:inc|ltd|llc|llp|plc|corp|corporation|company|co|gmbh|ag|group|holdings|university|hospital|bank"
    r"|institute|college|school|foundation|association|agency|ministry)\.?)"
)
_NAMED = ends_with(f".{{2,}}(?:{_CHINESE})|..[ ,]{_LATIN}", 60)
_NO_NAME = "(?:^|_)(?:id|no|code|num|type|kind|size)(?:_|$)|编号|代码|性质|类型"

ORGANISATION = Recognizer(
    category=category("organisation", "Organisation", "组织机构名称", Level.GENERAL, Role.NONE),
    names=Names(
        words="organi[sz]ation org company company_?name corp institution hospital school agency bank bank_name firm vendor "
        "supplier department dept gongsi gsmc dwmc danwei danweimingcheng jigou jgmc xuexiao yiyuan kaihuhang khh",
        unless=f"{_NO_NAME}|工作单位|就读|毕业|所在单位",
        han="单位|公司|企业|机构|组织|医院|学校|部门|银行|开户行|供应商",
    ),
    speaks=_NAMED,
    fits=label(),
    alone=0.85,
)
# An employer narrows a person down (GB/T 42460-2023, annex B), a company register does not.
EMPLOYER = Recognizer(
    category=category(
        "employer", "Employer or school of a person", "工作或就读单位", Level.PERSONAL, Role.QUASI
    ),
    names=Names(
        words="employer workplace work_?unit gongzuodanwei gzdw jiuduxuexiao my_school alma_mater",
        unless=_NO_NAME,
        han="工作单位|就读学校|毕业院校|毕业学校|所在单位|服务处所",
    ),
    speaks=_NAMED,
    fits=label(),
    alone=0.7,
)
