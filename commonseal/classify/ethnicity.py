"""Recognize ethnic groups: the 56 of GB/T 3304, and race as other countries record it."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import CODE, Names, Recognizer, category, folded_is, one_of
from commonseal.model import Level, Role

CATEGORY = category("ethnicity", "Ethnic group or race", "民族", Level.PERSONAL, Role.QUASI)
_GROUPS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 "
    "裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
_RACES = (
    "white black asian asianpacislander amerindianeskimo hispanic latino hispaniclatino africanamerican caucasian "
    "blackorafricanamerican nativeamerican americanindian pacificislander mixed mixedrace han hui zang uyghur manchu"
)

RECOGNIZER = Recognizer(
    category=CATEGORY,
    names=Names(words="ethnicity ethnic race nation_?group minzu mz", han="民族|族别|种族"),
    speaks=one_of(_RACES) | one_of(" ".join(f"{group}族" for group in _GROUPS.split())),
    fits=one_of(_GROUPS) | folded_is(rf"{CODE}|[a-z]{{2}}|other|others|其他|其它|unknown"),
    alone=0.85,
)
