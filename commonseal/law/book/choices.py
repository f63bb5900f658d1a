"""The words of the choices that facts may take, for people; a code that stands in no table is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commonseal.model import Text

_ZH = """
department 政务部门|authorised_body 法律授权的组织|enterprise 企业|research 科研机构|public 公众|controlled 受控共享|enclave 安全域内使用
security_assessment 安全评估|certification 认证|standard_contract 标准合同|other 其他|adequacy 充分性认定|public_instrument 公共机构间文件
binding_rules 约束性公司规则|commission_clauses 委员会标准条款|authority_clauses 监管机构标准条款|code_of_conduct 行为准则|derogation 例外情形
direct 直接标识符|quasi 准标识符|sensitive 敏感属性|text 文本|none 无|unknown 未知|plain 普通|person 个人|week 周|day 日
operating_unit 经营管理单位|security_duty_unit 负有安全防范义务的单位|other_unit 其他单位|camera 摄像头|face_recognition 人脸识别设备
plate_reader 车牌识别设备|microphone 拾音器|wifi_probe Wi-Fi 探针|location_tag 定位标签|sensor 传感器
public_infrastructure 公共基础设施|operated_public_place 经营性公共场所|other_public_place 其他公共场所|private_interior 私密空间
non_public_place 非公共场所|public_security 公共安全|traffic 交通|public_service 公共服务|commercial 商业|algorithm_training 算法训练
attendance 考勤|township 乡级|county 县级|municipal 市级|provincial 省级|national 国家级|verification 身份验证（1:1）|identification 身份辨识（1:N）
online 网上|paper 纸质|state_organ 国家机关|protected_person 受保护人员|illegal_provision 违法提供|device_altered 改动设备|intrusion 侵入
data_obtained 获取数据|data_altered 篡改数据|victims 被害人|threat 威胁|suspect 嫌疑人|law 法律|administrative_regulation 行政法规
local_regulation 地方性法规|government_rule 政府规章|normative_document 规范性文件|departmental_rule 部门规章|household 家庭或个人事务
openly 公开|misleading 误导|fraud 欺诈|coercion 胁迫|access 访问|copy 复制|transfer 转移|correct 更正|delete 删除|explain 解释说明
close_relative 近亲属|contract 合同|explicit_consent 明示同意|general 一般数据|important 重要数据|core 核心数据|work_secret 工作秘密
state_secret 国家秘密|unconditional 无条件共享|conditional 有条件共享|not_shared 不予共享|state_council_decision 国务院决定|obtain 获取
retain 留存|use 使用|leak 泄露|provide 提供|correlate 关联|personnel 人力资源管理|statutory_duty 法定职责或者义务|emergency 紧急情况
transmitted 传输至境外|read_from_abroad 境外访问|processed_abroad 境外处理|purpose_ended 目的已实现|service_stopped 停止服务
period_expired 保存期限届满|consent_withdrawn 撤回同意|breach 违法违约|other_law 其他法律|high 高|mid 中|low 低|very_high 很高|fairly_high 较高
national_security 国家安全|economy 经济运行|social_order 社会秩序|public_interest 公共利益|organisation 组织权益|individual 个人权益
especially_serious 特别严重|serious 严重|same_level 同级|cross_level 跨层级|cross_region 跨地区|service_interface 服务接口|batch_exchange 批量交换
file_download 文件下载|agreed 同意|refused 不同意|more_material 补充材料|failed 失败|central_organ 中央和国家机关|critical 关键信息基础设施运营者
fairly_serious 较大|provincial_portal 省级门户网站|city_portal 市级门户网站|late 迟报|missing 漏报|false 谎报|concealed 瞒报
personal_information 个人信息|crime 犯罪|market 市场|telecom 电信|de_identified 去标识化|anonymized 匿名化|unit 单位|minor 未成年人
ordinary 一般|own 自行开展|ordered 被责令|serious_risk 较大风险|many_persons 涉及众多个人|incident 发生事件|warning 警告|fine 罚款
large_fine 较大数额罚款|confiscation 没收|revocation 吊销|closure 关闭|practice_ban 从业禁止|detention 拘留|regulation 行政法规|rule 规章
other_document 其他规范性文件|reduced 减轻|light 从轻|heavy 从重|routine 日常检查|complaint 投诉举报|recheck 复查
administrative_penalty 行政处罚|serious_list 严重失信主体名单|abnormal_list 经营异常名录|commitment_broken 违反承诺
wage_arrears_list 拖欠工资失信名单|market_serious_list 市场监管严重违法失信名单|debtor_list 失信被执行人名单|central_policy 中央政策文件
image 图像|face 人脸|plate 车牌|sound_level 声级|location 位置|people_count 人数|environment 环境|emotion 情绪|religion 宗教信仰|ethnicity 民族
political_opinion 政治观点|voiceprint 声纹|gait 步态|iris 虹膜|fingerprint 指纹|home_interior 住宅内部|device_identifier 设备标识
contacts 通讯录|messages 短信|call_log 通话记录|installed_apps 已装应用|clipboard 剪贴板|whole_album 全部相册|id_number 身份证号
id_photo 身份证照片|relatives 亲属|location_track 行踪轨迹|operator 运营单位|purpose 目的|permit 许可|alternatives 替代措施|devices 设备|places 位置
reasons 理由|storage_duration 保存期限|enterprise_service 企业服务|enterprise_data 企业数据|government 政府|product 产品|technical_service 技术服务
technology_provider 技术提供方|cyberspace_administration 网信部门|market_supervision 市场监管部门|industry_information 工业和信息化部门
name 名称|contact 联系方式|manner 方式|kinds 种类|retention 保存期限|rights 权利|expiry 到期处理|necessity 必要性|effect 影响|data_items 数据项
format 数据格式|update_frequency 更新频率|share_attribute 共享属性|share_method 共享方式|use_conditions 使用条件|classification 分类分级
share_scope 共享范围|share_use 共享用途|scenario 应用场景|process 处理过程|storage 存储|destruction 销毁|lawfulness 合法性|leak_risk 泄露风险
recipient 接收方|measures 保护措施|handler 处理者|processing 处理活动|risks 风险|providing 提供情况|export 出境情况|releaser 发布方
personal 个人|noise 添加噪声|obstruction 妨碍执法|evidence_tampering 毁灭证据|minors 未成年人|serious_pi_breach 严重侵害个人信息
access_control 访问控制|address 地址|age 年龄|audits 审计|authorisation 授权管理|bar_reason 不予共享理由|biometric_template 生物特征模板
birth_date 出生日期|cause 原因|causes 原因|clues 线索|commercial_use 商业使用|confidentiality 保密|coordinates 坐标|credit_code 统一社会信用代码
device_id 设备号|differential_privacy 差分隐私|district 区县|duties_help 协助履行义务|email 电子邮箱|encryption 数据加密|event 事件情况
face_image 人脸图像|finance 财务数据|function_type 功能类型|government_management 政府管理|harm 危害|hashing 哈希|identity_and_contact 身份和联系方式
income 收入|instructions 按指示处理|intrusion_defence 入侵检测和防御|ip_address IP 地址|k_anonymity k-匿名|l_diversity l-多样性|landline 固定电话
latitude 纬度|longitude 经度|mobile 手机号码|mood 情绪|necessity_and_impact 必要性和影响|outside_attack 外部攻击|password 密码|period 期限
phone_number 电话号码|planned_measures 拟采取措施|protection 保护措施|provider 提供方|pseudonymisation 假名化|purpose_and_manner 目的和方式
qq_id QQ 号|record_id 记录编号|remedies 补救措施|retention_method 保存期限确定方法|return_or_delete 返还或删除|rights_help 协助行使权利
scene_protection 现场保护|security 安全措施|security_audit 安全审计|self_help 自助措施|separate_consent 单独同意|sign 提示标识|storage_period 保存期限
sub_processors 转委托|substitution 替换|trend 发展趋势|unit_and_system 单位和系统|unit_name 单位名称|unit_type 单位类型|wechat_id 微信号
pipl 个人信息保护法|csl 网络安全法|cii 关键信息基础设施安全保护条例|id_card 居民身份证法|pipl_68_2 个人信息保护法第 68 条第 2 款
crim_253_1 刑法第 253 条之一|crypto_27 密码法第 27 条|csl_23_27 网络安全法第 23、27 条|csl_26 网络安全法第 26 条
csl_35_36_38_40 网络安全法第 35、36、38、40 条|csl_37 网络安全法第 37 条|csl_39 网络安全法第 39 条|csl_42_44 网络安全法第 42、44 条
csl_leak 网络安全法：数据泄露|dsl_27_29_30 数据安全法第 27、29、30 条|dsl_31 数据安全法第 31 条|dsl_33 数据安全法第 33 条
dsl_35 数据安全法第 35 条|dsl_36 数据安全法第 36 条|dsl_core 数据安全法：核心数据|ndsr_13 网络数据安全管理条例第 13 条
ndsr_general 网络数据安全管理条例：一般义务|ndsr_important 网络数据安全管理条例：重要数据|gds_provider 政务数据共享条例：提供方
gds_user 政务数据共享条例：使用方|gds_authority 政务数据共享条例：主管部门|gds_42 政务数据共享条例第 42 条
vid_7_3 公共视频条例第 7 条第 3 款|vid_8_1 公共视频条例第 8 条第 1 款|vid_8_2 公共视频条例第 8 条第 2 款|vid_9_1 公共视频条例第 9 条第 1 款
vid_10 公共视频条例第 10 条|vid_14 公共视频条例第 14 条|vid_23 公共视频条例第 23 条|vid_23_2 公共视频条例第 23 条第 2 款
gdpr_83_4 GDPR 第 83 条第 4 款|gdpr_83_5 GDPR 第 83 条第 5 款
"""
_ITEMS = (
    (re.compile(r"pipl13_(\d)"), "PIPL 13(1)({})", "个人信息保护法第十三条第一款第（{}）项"),
    (re.compile(r"gdpr6_1_(\w)"), "GDPR 6(1)({})", "GDPR 第 6 条第 1 款（{}）项"),
    (re.compile(r"gdpr9_2_(\w)"), "GDPR 9(2)({})", "GDPR 第 9 条第 2 款（{}）项"),
)
_LAW = re.compile(r"(pipl|csl|dsl|ndsr|gds|vid)_(\d+(?:_\d+)*)")  # a breach, named after its articles
_NUMERALS = dict(zip("1234567", "一二三四五六七", strict=True))


def _read(table: str) -> Mapping[str, str]:
    found = {}
    for entry in (each for line in table.strip().splitlines() for each in line.split("|")):
        code, words = entry.split(" ", 1)
        found[code] = words
    return found


_WORDS = _read(_ZH)


def choice_word(code: str) -> Text:
    """Return the words of a choice, or the code itself.

    >>> choice_word("not_shared").zh, choice_word("pipl13_3").en, choice_word("csl_23_27").en, choice_word("x_y").zh
    ('不予共享', 'PIPL 13(1)(3)', 'CSL 23, 27', 'x_y')
    """
    for pattern, en, zh in _ITEMS:
        found = pattern.fullmatch(code)
        if found:
            return Text(en=en.format(found[1]), zh=zh.format(_NUMERALS.get(found[1], found[1])))
    zh_word = _WORDS.get(code)
    law = _LAW.fullmatch(code)
    if law:
        return Text(en=f"{law[1].upper()} {law[2].replace('_', ', ')}", zh=zh_word or code)
    return Text(en=code.replace("_", " ") if zh_word else code, zh=zh_word or code)
