"""Shorten an address to its county-level division, by the words that end such names.

浙江省杭州市西湖区文三路1号 -> 浙江省杭州市西湖区;  广东省东莞市南城街道 -> 广东省东莞市;  else null.
No gazetteer is asked: a name is believed by its ending and its place. So the rules are strict where a
wrong guess would show more than a district: 小区, 园区, 超市 and their like are no divisions, and a name
may not run across a road, a lane or a house number.
"""

from __future__ import annotations

import polars as pl

_NAME = r"[\p{Han}--[街巷号弄幢栋室]]"  # in any part of a county-level name
_REST = r"[\p{Han}--[街巷号弄幢栋室路]]"  # behind its first character: 路北区 is one, 文三路…区 is none
_CITY_NAME = r"[\p{Han}--[街巷号弄幢栋室路区县]]"

_COUNTRY = r"^(?:中华人民共和国|中国)?"
_PROVINCE = r"(?:\p{Han}{2,7}?(?:省|自治区|特别行政区)|内蒙古)?"
_CITY = _CITY_NAME + r"{1,11}?(?:自治州|地区|盟|市)"
_COUNTY = (
    r"(?:梅县区|辉县市|让胡路区|上街区"  # the endings inside these names would cut them short
    rf"|{_NAME}{_REST}{{0,13}}?(?:自治县|自治旗|县)"
    rf"|{_NAME}{_REST}{{0,6}}?(?:市区|林区|特区|区)"
    rf"|{_NAME}{_REST}{{0,4}}?(?:市市|市))"
)
# A banner (旗) only where banners are, or 红旗街 would be cut to one.
_BANNER = rf"{_NAME}{_REST}{{0,9}}?旗"

_BANNERED = (
    _COUNTRY + rf"(内蒙古(?:自治区)?(?:{_CITY})?{_BANNER}|{_PROVINCE}{_CITY_NAME}{{1,11}}?盟{_BANNER})"
)
_WITH_COUNTY = _COUNTRY + rf"({_PROVINCE}(?:{_CITY})?{_COUNTY})"
_CITY_ONLY = _COUNTRY + rf"({_PROVINCE}{_CITY})"

# Words that end like a division and are none, and the divisions that end like such a word.
_NO_DIVISION = (
    r"(?:[小社校园厂景院片库战军灾禁住]区|住宅区|生活区|工业区|开发区|高新区|保税区|商业区|居民区|家属区"
    r"|别墅区|物流区|服务区|示范区|经开区|保护区|度假区|[超菜夜门股闹集都城花书鱼米]市|[本该外各全]市|[本该外各]县)$"
)
_DIVISION = (
    r"(?:^|[省市区州])(?:梁园区|下花园区|绿园区|点军区|天门市|海门市|玉门市|江门市|荆门市|厦门市|成都市|昌都市"
    r"|宜都市|辛集市|[诸韩项禹丰应麻兴潞海宜凤肥塔永邹桐盐运晋聊宣白]城市|共青城市)$"
)
# Said between the parts, or twice, by forms with a field for each level.
_APART = r"[\s,，、/·\-]+|市辖区|市辖县|(?:省|自治区)直辖县级行政区划"
_TWICE = r"^(?:北京市?(北京市)|上海市?(上海市)|天津市?(天津市)|重庆市?(重庆市))"


def district(address: pl.Expr) -> pl.Expr:
    """Return each address up to its district or county, else up to its city, else null.

    Blanks, separators and fillers (市辖区) between the parts go. Romanized addresses have no such words
    and become null.
    """
    joined = address.str.replace_all(_APART, "").str.replace(_TWICE, "${1}${2}${3}${4}")
    found = [joined.str.extract(pattern, 1) for pattern in (_BANNERED, _WITH_COUNTY, _CITY_ONLY)]
    return pl.coalesce(
        pl.when(~part.str.contains(_NO_DIVISION) | part.str.contains(_DIVISION)).then(part) for part in found
    )
