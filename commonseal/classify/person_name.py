"""Recognize names of people: Chinese ones by their surname, Latin ones by a known given or family name."""

from __future__ import annotations

import polars as pl

from commonseal.classify._internal.recognizer import Names, Recognizer, category, value_is
from commonseal.model import Level, Role

CATEGORY = category("person_name", "Person's name", "姓名", Level.HIGHLY_PRIVATE, Role.DIRECT)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶"
    "洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛"
    "童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑"
    "邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲"
    "乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和闫阚晁麻占吾买"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|端木|宇文|长孙|南宫|独孤"
CHINESE = (
    rf"(?:{_DOUBLE})\p{{Han}}{{1,2}}|[{_SURNAMES}]\p{{Han}}{{1,2}}|\p{{Han}}{{2,12}}(?:·\p{{Han}}{{2,12}})+"
)
# What looks like a name and is a place, an office or a thing.
_THING = r"(?:[省市县镇乡村路街厂店院校病炎癌症族汉教语色品系部科局处司委会员师工]|公司|集团|大学|银行|中心)$"
_GIVEN = (
    "james john robert michael william david richard joseph thomas charles daniel matthew anthony mark paul steven "
    "andrew george peter edward henry alice mary patricia jennifer linda elizabeth barbara susan jessica sarah "
    "karen nancy lisa margaret emily anna emma olivia sophia maria jose carlos juan luis ana laura marta pierre "
    "jean marie hans anna klaus mohammed muhammad ahmed ali fatima omar ivan olga sergey elena yuki hiroshi kenji "
    "raj priya amit grace helen jane kate laura lucy martin simon stephen brian kevin jason eric frank scott"
)
_PINYIN = (
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang "
    "feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lu su jiang cai jia ding wei xue ye yan pan du dai "
    "xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng "
    "smith johnson williams brown jones garcia miller davis rodriguez martinez wilson anderson taylor moore jackson "
    "lee thompson white harris clark lewis robinson walker hall young king wright scott green baker adams nelson"
)
_LATIN = r"[A-Z][\p{L}'’.\-]+(?: [A-Z][\p{L}'’.\-]*){1,3}"
_WORDS = pl.col("value").str.to_lowercase().str.split(" ").list
_KNOWN = _WORDS.first().is_in((_GIVEN + " " + _PINYIN).split()) | _WORDS.last().is_in(_PINYIN.split())

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(
        words="full_?name person_?name real_?name true_?name surname given_?name first_?name last_?name family_?name "
        "patient_?name customer_?name student_?name contact_?name owner_?name xingming xm mingzi contact_person "
        "maiden_name middle_name",
        only="name names person people owner contact patient",
        han="姓名|名字|联系人|户主|法定代表人|法人代表|负责人|收件人|寄件人|患者|监护人|申请人|当事人",
    ),
    speaks=(value_is(CHINESE) & ~pl.col("value").str.contains(_THING)) | (value_is(_LATIN) & _KNOWN),
    fits=value_is(
        r"\p{Han}{2,4}|\p{L}[\p{L}'’.\-]*(?:[ ·,]+\p{L}[\p{L}'’.\-]*){0,4}|\p{Han}{1}[*某○×]{1,3}\p{Han}?"
    ),
    alone=0.7,
    # A name in running text is found by the word beside it.
    text=(
        r"(?:姓名|联系人|患者|收件人|寄件人|户主|当事人|申请人|报案人|监护人)[:： ]{1,3}\p{Han}[\p{Han}·]{1,11}"
        rf"|(?:{_DOUBLE}|[{_SURNAMES}])\p{{Han}}{{0,2}}(?:先生|女士|同志|小姐|大爷|阿姨)"
    ),
)
