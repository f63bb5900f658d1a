"""Name people: surnames by their shares, given names by sex and generation, some with a middle dot.

A name is three places in three tuples (`FIRST`, `MIDDLE`, `LAST`), joined: 王 + 秀 + 英, or
古丽 + · + 买买提. Shares of surnames follow the order the Ministry of Public Security publishes,
rounded; the lists are short on purpose and hold nobody's full name.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from commonseal.city.draw import Flags, Ints, weighted

# (surname, its letters for e-mail, share in thousandths)
SURNAMES = (
    ("王", "wang", 72), ("李", "li", 71), ("张", "zhang", 67), ("刘", "liu", 51), ("陈", "chen", 45),
    ("杨", "yang", 31), ("赵", "zhao", 25), ("黄", "huang", 25), ("周", "zhou", 20), ("吴", "wu", 20),
    ("徐", "xu", 16), ("孙", "sun", 15), ("胡", "hu", 13), ("朱", "zhu", 13), ("高", "gao", 12),
    ("林", "lin", 12), ("何", "he", 12), ("郭", "guo", 12), ("马", "ma", 11), ("罗", "luo", 10),
    ("梁", "liang", 9), ("宋", "song", 8), ("郑", "zheng", 8), ("谢", "xie", 8), ("韩", "han", 7),
    ("唐", "tang", 7), ("冯", "feng", 7), ("于", "yu", 7), ("董", "dong", 6), ("萧", "xiao", 5),
    ("程", "cheng", 6), ("曹", "cao", 6), ("袁", "yuan", 5), ("邓", "deng", 5), ("许", "xu", 5),
    ("傅", "fu", 5), ("沈", "shen", 5), ("曾", "zeng", 5), ("彭", "peng", 5), ("吕", "lv", 5),
    ("苏", "su", 5), ("卢", "lu", 5), ("蒋", "jiang", 5), ("蔡", "cai", 5), ("贾", "jia", 4),
    ("丁", "ding", 4), ("魏", "wei", 4), ("薛", "xue", 4), ("叶", "ye", 4), ("阎", "yan", 4),
    ("余", "yu", 4), ("潘", "pan", 4), ("杜", "du", 4), ("戴", "dai", 3), ("夏", "xia", 3),
    ("钟", "zhong", 3), ("汪", "wang", 3), ("田", "tian", 3), ("任", "ren", 3), ("姜", "jiang", 3),
    ("范", "fan", 3), ("方", "fang", 3), ("石", "shi", 3), ("姚", "yao", 3), ("谭", "tan", 3),
    ("廖", "liao", 3), ("邹", "zou", 3), ("熊", "xiong", 3), ("金", "jin", 3), ("陆", "lu", 3),
    ("郝", "hao", 2), ("孔", "kong", 2), ("白", "bai", 2), ("崔", "cui", 2), ("康", "kang", 2),
    ("欧阳", "ouyang", 1), ("上官", "shangguan", 0.3), ("司徒", "situ", 0.2),
)  # fmt: skip
_ELDER_MEN = tuple("建国志明德文华军平生福贵林海山永忠庆荣昌宝树振兴光祖世清富民卫东")
_ELDER_WOMEN = tuple("秀英桂兰玉珍凤淑芳翠花素梅春香月琴美菊彩霞爱莲惠云金娥巧丽红")
_YOUNG_MEN = tuple("浩宇轩子涵俊杰博文睿泽晨阳天佑嘉豪鑫磊铭昊奕辰毅鹏程峻熙逸凡一诺")
_YOUNG_WOMEN = tuple("欣怡雨婷梓涵诗琪思佳慧雅静可心语嫣若曦晓萌依诺馨月悦宁娜倩颖璐瑶")
GIVEN = _ELDER_MEN + _ELDER_WOMEN + _YOUNG_MEN + _YOUNG_WOMEN
_POOLS = np.cumsum([0, *map(len, (_ELDER_MEN, _ELDER_WOMEN, _YOUNG_MEN, _YOUNG_WOMEN))])
_DOTTED_MEN = (
    "艾尔肯",
    "买买提",
    "阿不都",
    "吐尔逊",
    "库尔班",
    "叶尔兰",
    "努尔兰",
    "玉素甫",
    "艾力",
    "帕尔哈提",
)
_DOTTED_WOMEN = ("阿依古丽", "古丽娜尔", "热依汗", "帕提古丽", "阿依努尔", "迪丽努尔", "玛依拉", "阿娜尔")

FIRST = (*(surname for surname, _, _ in SURNAMES), *_DOTTED_MEN, *_DOTTED_WOMEN)
MIDDLE = (*GIVEN, "·")
LAST = ("", *GIVEN, *_DOTTED_MEN)


def draw_surnames(rng: np.random.Generator, count: int) -> Ints:
    """Draw places in SURNAMES by their shares."""
    return weighted(rng, [share for _, _, share in SURNAMES], count)


def draw_given(rng: np.random.Generator, women: Flags, ages: Ints) -> tuple[Ints, Ints]:
    """Draw the middle and the last part by sex and generation; one name in six has one character."""
    young = ages + rng.integers(-8, 9, len(ages)) < 42
    pool = women.astype(np.int64) + 2 * young
    sizes = np.diff(_POOLS)[pool]
    middle = _POOLS[pool] + rng.integers(0, 2**31, len(ages)) % sizes
    last = 1 + _POOLS[pool] + rng.integers(0, 2**31, len(ages)) % sizes
    return middle, np.where(rng.random(len(ages)) < 1 / 6, 0, last)


def draw_dotted(rng: np.random.Generator, women: Flags) -> tuple[Ints, Ints, Ints]:
    """Draw the three parts of names such as Uyghur and Kazakh ones: own name, dot, father's name."""
    men = len(_DOTTED_MEN)
    own = np.where(
        women, men + rng.integers(0, len(_DOTTED_WOMEN), len(women)), rng.integers(0, men, len(women))
    )
    father = 1 + len(GIVEN) + rng.integers(0, men, len(women))
    return len(SURNAMES) + own, np.full(len(women), len(MIDDLE) - 1), father


def full_names(first: Ints, middle: Ints, last: Ints) -> pl.Series:
    """Join the three parts of each name."""
    return pick(FIRST, first) + pick(MIDDLE, middle) + pick(LAST, last)


def pick(words: tuple[str, ...], places: Ints) -> pl.Series:
    """Look places up in a tuple; a negative place is null."""
    found = pl.Series(words, dtype=pl.String).gather(np.maximum(places, 0).astype(np.uint32))
    if len(places) and places.min() < 0:
        return found.to_frame("w").select(pl.when(pl.Series(places >= 0)).then("w")).to_series()
    return found
